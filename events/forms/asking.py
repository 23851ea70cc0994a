"""Questions to who books, how an event repeats, and what people thought of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import MOST_EVENTS, Event, EventQuestion, Frequency, QuestionKind
from events.services.repeating import Reach

REACHES = [
    (Reach.ONE, _("this event only")),
    (Reach.FOLLOWING, _("this event and those after it")),
    (Reach.ALL, _("all events of the series")),
]


class AnswersForm(forms.Form):
    """The questions of an event, as fields."""

    def __init__(
        self, data: Any = None, *, event: Event, questions: Iterable[EventQuestion], asks_town: bool = False
    ) -> None:
        super().__init__(data)
        self.terms: dict[str, bool] = {}
        if event.price is not None or event.needs_code:
            self.fields["code"] = forms.CharField(label=_("Code"), max_length=40, required=event.needs_code)
            self.terms["code"] = not event.needs_code
        if asks_town:
            self.fields["town"] = forms.CharField(
                label=_("Town where you would come"), max_length=80, required=False,
                help_text=_("So that the next one is where people wait for it."),
            )  # fmt: skip
            self.terms["town"] = True
        if event.price:
            self.fields["cost_centre"] = forms.CharField(
                label=_("Cost centre that pays"), max_length=60, required=False,
                help_text=_("Nothing is paid here: the seat is invoiced."),
            )  # fmt: skip
            self.terms["cost_centre"] = False
        self.questions = {f"question-{question.pk}": question for question in questions}
        for name, question in self.questions.items():
            self.fields[name] = _field(question)

    def answers(self) -> dict[int, str]:
        """By id of the question."""
        return {self.questions[name].pk: said for name, said in self.cleaned_data.items() if name in self.questions}

    def terms_said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.terms}

    def rows(self) -> list[tuple[Any, bool]]:
        """(bound field, whether it may be left out)."""
        asked = [(self[name], not question.required) for name, question in self.questions.items()]
        return [*asked, *((self[name], optional) for name, optional in self.terms.items())]


def _field(question: EventQuestion) -> forms.Field:
    common: dict[str, Any] = {"label": question.text, "required": question.required}
    if question.kind == QuestionKind.TEXT:
        return forms.CharField(max_length=500, **common)
    answers = [(one, one) for one in question.choices]
    if question.kind == QuestionKind.YES_NO:
        answers = [("yes", gettext("Yes")), ("no", gettext("No"))]
    return forms.ChoiceField(choices=[("", gettext("Choose…")), *answers], **common)


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("Question"), max_length=200)
    kind = forms.ChoiceField(label=_("Answered by"), choices=QuestionKind)
    choices = forms.CharField(
        label=_("Choices, one a line"), required=False, max_length=2500, widget=forms.Textarea(attrs={"rows": 3})
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)

    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return {**said, "choices": said["choices"].splitlines()}


class SeriesForm(forms.Form):
    frequency = forms.ChoiceField(label=_("Repeat"), choices=Frequency, initial=Frequency.WEEKLY)
    days = forms.TypedMultipleChoiceField(
        label=_("On these days, when weekly"), choices=list(WEEKDAYS.items()), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Without any: the day of the first."),
    )  # fmt: skip
    count = forms.IntegerField(label=_("How many in all"), min_value=2, max_value=MOST_EVENTS, initial=4)


class ReachForm(forms.Form):
    """For which events of a series a change is."""

    reach = forms.ChoiceField(label=_("Which events of the series"), choices=REACHES, required=False)

    def clean_reach(self) -> str:
        return self.cleaned_data["reach"] or Reach.ONE


class EvaluationForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How was it?"), coerce=int,
        choices=[(5, _("5 – very good")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 – not good"))],
    )  # fmt: skip
    words = forms.CharField(
        label=_("What should stay, what should change?"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Trainers and organisers read it without your name."),
    )  # fmt: skip
