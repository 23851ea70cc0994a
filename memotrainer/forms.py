from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from memotrainer.models import Trainer

HOURS = [(hour, f"{hour:02}:00") for hour in range(5, 23)]
DAYS = [(day + 1, name) for day, name in WEEKDAYS.items()]


class SettingsForm(forms.Form):
    """When the cards come, and how many."""

    reminders = forms.BooleanField(label=_("Remind me"), required=False)
    reminder_hour = forms.TypedChoiceField(label=_("At"), choices=HOURS, coerce=int)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"), choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    session_size = forms.IntegerField(
        label=_("Cards a day, at most"), min_value=3, max_value=50, help_text=_("Twelve cards take about six minutes.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reminders") and not data.get("weekdays") and "weekdays" not in self.errors:
            self.add_error("weekdays", _("Choose at least one day, or turn reminders off."))
        return data

    @staticmethod
    def wishes(trainer: Trainer) -> dict[str, Any]:
        return {
            "reminders": not trainer.reminders_off,
            "reminder_hour": trainer.reminder_hour,
            "weekdays": trainer.weekdays,
            "session_size": trainer.session_size,
        }
