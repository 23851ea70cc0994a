from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from memotrainer.enums import Mode
from memotrainer.models import Trainer

HOURS = [(hour, f"{hour:02}:00") for hour in range(5, 23)]
DAYS = [(day + 1, name) for day, name in WEEKDAYS.items()]


KEPT = [
    (0.8, _("80%, the least work")),
    (0.85, _("85%")),
    (0.9, _("90%, as usual")),
    (0.95, _("95%, about twice the work")),
]
# The names that aNewSpring gives its levels.
STREAKS = [
    (1, _("1 right answer (no repetition)")),
    (2, _("2 in a row (sufficient)")),
    (3, _("3 in a row (adequate)")),
    (4, _("4 in a row (good)")),
    (5, _("5 in a row (very good)")),
    (6, _("6 in a row (excellent)")),
]
LEVELS = [("", _("as the course says")), *STREAKS]


class DaysInput(forms.CheckboxSelectMultiple):
    """Days side by side, as many as there is room for."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "days"})


class SettingsForm(forms.Form):
    """When the cards come, and how many."""

    reminders = forms.BooleanField(label=_("Remind me"), required=False)
    reminder_hour = forms.TypedChoiceField(label=_("At"), choices=HOURS, coerce=int)
    weekdays = forms.TypedMultipleChoiceField(label=_("On"), choices=DAYS, coerce=int, widget=DaysInput, required=False)
    session_size = forms.IntegerField(
        label=_("Cards a day, at most"), min_value=3, max_value=50, help_text=_("Twelve cards take about six minutes.")
    )

    easy_days = forms.TypedMultipleChoiceField(
        label=_("Less on"),
        choices=DAYS,
        coerce=int,
        widget=DaysInput,
        required=False,
        help_text=_("Where it makes no difference to your memory, cards move to other days."),
    )
    desired_retention = forms.TypedChoiceField(
        label=_("How much to keep"), choices=KEPT, coerce=float, required=False, empty_value=None
    )
    streak_level = forms.TypedChoiceField(
        label=_("Where cards are learned in a row"), choices=LEVELS, coerce=int, required=False, empty_value=None
    )

    test_minutes = forms.IntegerField(
        label=_("Minutes a day before a test"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Leave it empty to take as long as each course says."),
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
            "easy_days": trainer.easy_days,
            "desired_retention": trainer.desired_retention,
            "streak_level": trainer.streak_level or "",
            "test_minutes": trainer.test_minutes,
        }


class PauseForm(forms.Form):
    """A holiday, or as long as it takes."""

    until = forms.DateField(
        label=_("No cards until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class HolidayForm(forms.Form):
    """A holiday that is planned ahead."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class TrainingForm(forms.Form):
    """How a course is trained."""

    mode = forms.ChoiceField(label=_("Way"), choices=Mode.choices)
    desired_retention = forms.TypedChoiceField(
        label=_("How much to keep"),
        choices=KEPT,
        coerce=float,
        help_text=_("To keep knowledge, and the goal of a test. What each costs is above."),
    )
    test_on = forms.DateField(
        label=_("Day of the test"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only to prepare for a test. From that day on, knowledge is kept."),
    )
    minutes_a_day = forms.IntegerField(
        label=_("Minutes a day"),
        min_value=1,
        max_value=120,
        help_text=_(
            "Only to prepare for a test: what you expect each learner to have. The page then says how far that goes."
        ),
    )
    streak_level = forms.TypedChoiceField(
        label=_("In a row"), choices=STREAKS, coerce=int, help_text=_("Only for right answers in a row.")
    )
    from_day_one = forms.BooleanField(label=_("All questions from the first day"), required=False)
    with_extras = forms.BooleanField(
        label=_("When a step is completed, also questions of its bank that it did not ask"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mode") == Mode.TEST and not data.get("test_on") and "test_on" not in self.errors:
            self.add_error("test_on", _("Say on which day the test is."))
        return data
