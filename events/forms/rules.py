"""Who gets a seat, in what order, and who says yes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Group, Membership
from ecosystem.visibility import elements_for
from events.models import Approval, Event, Fairness
from events.zones import own_clock

MOST_CHOICES = 200
CONDITIONS = {"register_if": ("register_done", "register_group"), "attend_if": ("attend_done", "attend_group")}


class RulesForm(forms.Form):
    """The two conditions are one thing that was finished, one group, or both. Finer ones come over the API, and stay."""

    fairness = forms.ChoiceField(
        label=_("Order"),
        choices=Fairness,
        help_text=_("People read it before they book. It stays once somebody asked."),
    )
    priority_group = forms.ModelChoiceField(
        label=_("Group that goes first"), queryset=Group.objects.order_by("name"), required=False, empty_label=_("none"),
        help_text=_("Only where one group goes first."),
    )  # fmt: skip
    settle_at = forms.DateTimeField(
        label=_("Until when, or when lots are drawn"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    approval = forms.ChoiceField(label=_("Who has to say yes"), choices=Approval)
    approve_hours = forms.IntegerField(
        label=_("Hours to answer a request"), min_value=1, max_value=2160, help_text=_("Then the request runs out.")
    )
    copies_managers = forms.BooleanField(label=_("Managers are told who comes"), required=False)
    allows_substitutes = forms.BooleanField(label=_("People may pass their seat on"), required=False)
    needs_reason = forms.BooleanField(label=_("People say why they cancel"), required=False)
    register_done = forms.TypedChoiceField(
        label=_("To book: has finished"), coerce=int, empty_value=None, required=False
    )
    register_group = forms.ChoiceField(label=_("To book: is in the group"), required=False)
    attend_done = forms.TypedChoiceField(
        label=_("To take part: has finished"), coerce=int, empty_value=None, required=False,
        help_text=_("They may book before, and finish it until they come."),
    )  # fmt: skip
    attend_group = forms.ChoiceField(label=_("To take part: is in the group"), required=False)

    def __init__(self, data: Any = None, *, event: Event, by: Membership) -> None:
        self.event = event
        names = [name for name in self.base_fields if hasattr(event, name) and name != "priority_group"]
        initial = {name: getattr(event, name) for name in names} | {"priority_group": event.priority_group_id}
        for name, (done, group) in CONDITIONS.items():
            parts = simple_parts(getattr(event, name)) or {}
            initial |= {done: parts.get("completed"), group: parts.get("group", "")}
        super().__init__(data, initial=initial)
        self.fields["settle_at"].help_text = own_clock(zone=event.zone)
        things = elements_for(by).exclude(pk=event.element_id).order_by("title").values_list("pk", "title")
        groups = [(name, name) for name in Group.objects.order_by("name").values_list("name", flat=True)[:MOST_CHOICES]]
        for done, group in CONDITIONS.values():
            self.fields[done].choices = [("", gettext("nothing")), *things[:MOST_CHOICES]]
            self.fields[group].choices = [("", gettext("any")), *groups]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_due = cleaned.get("fairness") == Fairness.PRIORITY and self.event.settled_at is None
        if is_due and not cleaned.get("priority_group"):
            self.add_error("priority_group", gettext("Choose the group that goes first."))
        if cleaned.get("fairness") != Fairness.FIRST_COME and cleaned.get("settle_at") is None:
            self.add_error("settle_at", gettext("Say until when, or when lots are drawn."))
        return cleaned

    def finer(self) -> list[str]:
        """The conditions that are too fine for this page; they stay as they are."""
        return [name for name in CONDITIONS if simple_parts(getattr(self.event, name)) is None]

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        said, conditions = dict(self.cleaned_data), {}
        for name, (done, group) in CONDITIONS.items():
            parts = [
                {key: value} for key, value in (("completed", said.pop(done)), ("group", said.pop(group))) if value
            ]
            if simple_parts(getattr(self.event, name)) is not None:
                conditions[name] = {"all": parts} if len(parts) > 1 else (parts[0] if parts else None)
        return {**said, **conditions}


def simple_parts(tree: Any) -> dict[str, Any] | None:
    """The parts by predicate of a condition that this page can say; None of a finer one."""
    parts = [] if tree is None else tree.get("all", [tree])
    found = {key: value for part in parts for key, value in part.items()}
    return found if found.keys() <= {"completed", "group"} and len(found) == len(parts) else None
