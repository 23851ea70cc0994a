"""What a goal asks: made in passing while a course is built, or on its own page, where it is changed too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, Mode, Objective
from ecosystem.models import Element, Membership
from memotrainer.models import Goal
from memotrainer.services import goal_make


class InlineGoalForm(forms.Form):
    """Of what, how much, and for how long it should stay."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    quizzes = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Questions of these quizzes"), queryset=Element.objects.none(), required=False
    )
    objectives = forms.ModelMultipleChoiceField(
        label=gettext_lazy("and of these learning objectives"), queryset=Objective.objects.none(), required=False
    )
    recall = forms.IntegerField(
        label=gettext_lazy("How much of them is known (percent)"), min_value=1, max_value=99, initial=80
    )
    days = forms.IntegerField(
        label=gettext_lazy("after so many days without practice"),
        min_value=0,
        max_value=365,
        initial=14,
        help_text=gettext_lazy("Right after an answer everything is known; say how long it should stay."),
    )
    coverage = forms.IntegerField(
        label=gettext_lazy("How many of the questions are met (percent)"), min_value=1, max_value=100, initial=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quizzes = Assessment.objects.exclude(mode=Mode.SURVEY).values("element_id")
        self.fields["quizzes"].queryset = Element.objects.filter(pk__in=quizzes).order_by("title")  # type: ignore[attr-defined]
        self.fields["objectives"].queryset = Objective.objects.order_by("text")  # type: ignore[attr-defined]
        self.fields["objectives"].label_from_instance = lambda one: one.text  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("quizzes") and not cleaned.get("objectives") and "quizzes" not in self.errors:
            self.add_error("quizzes", _("Choose a quiz or a learning objective."))
        return cleaned


class GoalForm(InlineGoalForm):
    """The same with a few words, on the goal's own page."""

    summary = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("title", "summary")

    @classmethod
    def of(cls, goal: Goal, data: Any = None) -> GoalForm:
        parts = list(goal.parts.values_list("of_id", "objective_id"))
        return cls(
            data,
            initial={
                "title": goal.element.title,
                "summary": goal.element.summary,
                "quizzes": [of_id for of_id, objective_id in parts if objective_id is None],
                "objectives": [objective_id for _of, objective_id in parts if objective_id is not None],
                **{name: getattr(goal, name) for name in ("recall", "coverage", "days")},
            },
        )


def inline_goal_make(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    made: Element = goal_make(by=by, **cleaned, **facts).element
    return made
