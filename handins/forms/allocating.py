"""What may be typed about who marks what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Group, Membership


class AllocationForm(forms.Form):
    """Several markers share what waits; with a group, one marker gets that of the group. ``loads``: how much waits for whom."""

    markers = forms.TypedMultipleChoiceField(label=_("Who marks"), coerce=int, widget=forms.CheckboxSelectMultiple)
    group = forms.ModelChoiceField(
        label=_("Only of a group"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=_("Everybody, shared evenly"),
        help_text=_("With a group, choose one marker, who gets all that waits of it."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        markers: list[Membership],
        loads: dict[int, int],
        groups: QuerySet[Group],
        by_group: bool = True,
    ) -> None:
        super().__init__(data)
        self._markers = {one.pk: one for one in markers}
        self.fields["markers"].choices = [
            (one.pk, gettext("%(name)s (%(n)s waiting)") % {"name": one.person.name, "n": loads[one.person_id]})
            for one in markers
        ]
        self.fields["group"].queryset = groups
        if not by_group:  # without names nobody is told whose work is of which group
            del self.fields["group"]

    def clean_markers(self) -> list[Membership]:
        return [self._markers[pk] for pk in self.cleaned_data["markers"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("group") and len(cleaned.get("markers", ())) > 1:
            self.add_error("markers", gettext("With a group, choose one marker."))
        return cleaned
