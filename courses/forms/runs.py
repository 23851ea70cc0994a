"""What may be typed about runs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Pace


class RunForm(forms.Form):
    """A run: its dates and when the course is completed."""

    title = forms.CharField(label=_("Title"), max_length=200)
    pace = forms.ChoiceField(label=_("Dates"), choices=Pace.choices, widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    lasts_days = forms.IntegerField(
        label=_("Days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("For dates of everybody's own: so many days from the day somebody enrols."),
    )
    complete_at = forms.IntegerField(
        label=_("Completed at percent"),
        min_value=1,
        max_value=100,
        help_text=_("100 is everything that is not optional; less counts by weight."),
    )


class CopyForm(forms.Form):
    title = forms.CharField(label=_("Title of the copy"), max_length=200)
    starts_on = forms.DateField(
        label=_("It starts on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day moves along."),
    )
