"""What may be typed about delegations. What is allowed is decided by the services."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem import clock
from ecosystem.models import Element, Group, Power, Reach
from ecosystem.spans import Span


def end_of(day: date) -> datetime:
    """The first moment after ``day``, where the environment is."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class UntilForm(forms.Form):
    until = forms.DateField(
        label=_("Until and including"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It stops by itself. We remind you 14 and 3 days before."),
    )


class GrantForm(UntilForm):
    """``offered`` are the powers that the giver may pass on, ``span`` over what."""

    powers = forms.MultipleChoiceField(label=_("What they may do"), widget=forms.CheckboxSelectMultiple)
    reach = forms.ChoiceField(label=_("Over what"), choices=Reach.choices, widget=forms.RadioSelect)
    element = forms.ModelChoiceField(
        label=_("Which course"), queryset=Element.objects.none(), required=False, empty_label=_("no single course")
    )
    group = forms.ModelChoiceField(
        label=_("Which group"), queryset=Group.objects.none(), required=False, empty_label=_("no single group")
    )
    field_order = ("powers", "reach", "element", "group", "until")

    def __init__(self, *args: Any, offered: set[str], reaches: set[str], span: Span, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["powers"].choices = [(power.value, power.label) for power in Power if power.value in offered]  # type: ignore[attr-defined]
        self.fields["reach"].choices = [(one.value, one.label) for one in Reach if one.value in reaches]  # type: ignore[attr-defined]
        courses, groups = Element.objects.filter(kind="course"), Group.objects.all()
        if not span.everything:
            courses, groups = courses.filter(pk__in=span.courses), groups.filter(pk__in=span.groups)
        self.fields["element"].queryset = courses.order_by("title")  # type: ignore[attr-defined]
        self.fields["group"].queryset = groups.order_by("name")  # type: ignore[attr-defined]

    def clean_until(self) -> date:
        """Told here already, and not only after the question whether it is right."""
        day: date = self.cleaned_data["until"]
        if end_of(day) <= clock.now():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reach") == Reach.COURSE and not cleaned.get("element"):
            self.add_error("element", _("Choose the course."))
        if cleaned.get("reach") == Reach.GROUP and not cleaned.get("group"):
            self.add_error("group", _("Choose the group."))
        if cleaned.get("reach") != Reach.COURSE:
            cleaned["element"] = None
        if cleaned.get("reach") != Reach.GROUP:
            cleaned["group"] = None
        return cleaned
