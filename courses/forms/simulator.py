"""What may be typed about sample learners."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.forms.conditions import field_of
from ecosystem.models import Group, Role
from ecosystem.predicates import Ask, moment_of


class LearnerForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    enrolled_on = forms.DateField(
        label=gettext_lazy("Enrols on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    starts_on = forms.DateField(
        label=gettext_lazy("The course starts on"),
        help_text=gettext_lazy("Empty: a course that is always open."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Groups"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.LEARNER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Group.objects.order_by("name").values_list("name", flat=True)[:30]
        self.fields["groups"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]


class ClockForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    hour = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))


class FactForm(forms.Form):
    """One thing that is said of a sample learner (``ecosystem.predicates.Invention``)."""

    def __init__(self, *args: Any, ask: Ask, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask = ask
        self.fields["value"] = field_of(ask)

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if self.ask.sort == "moment" and value and moment_of(value) is None:
            raise forms.ValidationError(_("Choose a day between 1970 and 2199."))
        return value
