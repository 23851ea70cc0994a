"""Quizzes and surveys made in passing, while a course is built; everything else about them is set on their own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, Mode, Question
from assessments.services import assessment_create, bank_create
from assessments.services.assessing import assessment_set
from assessments.services.making import quiz_make
from assessments.services.questions import question_write
from ecosystem.models import Element, Membership
from ecosystem.prepared import Among, Given, prepared
from ecosystem.registry import Words
from ecosystem.scope import current_scope
from ecosystem.slugs import slug_free

MOST_STATEMENTS = 20
AGREEING = (
    gettext_lazy("not at all"), gettext_lazy("a little"), gettext_lazy("partly"), gettext_lazy("mostly"),
    gettext_lazy("entirely"),
)  # fmt: skip


class InlineQuizForm(forms.Form):
    """Some questions of a bank, drawn anew for each attempt."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    bank = forms.ModelChoiceField(label=gettext_lazy("Question bank"), queryset=Element.objects.none())
    count = forms.IntegerField(
        label=gettext_lazy("How many questions"),
        min_value=1,
        max_value=500,
        initial=5,
        help_text=gettext_lazy("Drawn anew for each attempt."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        banks = Element.objects.filter(kind="question_bank", environment_id=current_scope().environment_id)
        self.fields["bank"].queryset = banks.order_by("title")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "bank" in cleaned and "count" in cleaned:
            there = Question.objects.filter(element=cleaned["bank"], retired_at=None).count()
            if cleaned["count"] > there:
                self.add_error("count", _("There are %(n)s questions in this bank.") % {"n": there})
        return cleaned


def inline_quiz_make(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    drawn = {name: cleaned[name] for name in ("title", "bank", "count")}
    element: Element = quiz_make(mode=Mode.QUIZ, by=by.person, **drawn, **facts).element
    return element


class InlineSurveyForm(forms.Form):
    """Statements to agree with, and one question to answer in one's own words."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    statements = forms.CharField(
        label=gettext_lazy("Statements"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One on each line, such as: I can use this at work. People say how far they agree."),
    )
    question = forms.CharField(
        label=gettext_lazy("A question to answer in their own words"), max_length=300, required=False
    )

    def clean_statements(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["statements"].splitlines() if line.strip()]
        if not 1 <= len(lines) <= MOST_STATEMENTS:
            raise forms.ValidationError(_("Write between 1 and %(most)s statements."), params={"most": MOST_STATEMENTS})
        return lines


def inline_survey_make(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    """With a question bank of its own, which only authors see."""
    title = _("Questions of “%(title)s”") % {"title": cleaned["title"]}
    bank = bank_create(title=title[:200], slug=slug_free(title=title[:80], kind="question_bank"), creators=[by.person])
    asked = [
        question_write(
            bank=bank,
            by=by.person,
            type="likert",
            stem=format_html("<p>{}</p>", _("How far do you agree?")),
            body={
                "statements": [{"text": format_html("{}", line)} for line in cleaned["statements"]],
                "scale": [str(step) for step in AGREEING],
            },
        )
    ]
    if cleaned["question"]:
        stem = format_html("<p>{}</p>", cleaned["question"])
        asked.append(question_write(bank=bank, by=by.person, type="essay", stem=stem, body={}))
    questions = [version.question for version in asked]
    made = assessment_create(
        title=cleaned["title"], creators=[by.person], questions=questions, pass_mark=0, people_mark=True, **facts
    )
    made = assessment_set(assessment=made, by=by.person, mode=Mode.SURVEY, attempts_allowed=1)
    element: Element = made.element
    return element


def called(element_ids: list[int]) -> dict[int, Words]:
    """Surveys are assessments that nobody calls a quiz."""
    return dict.fromkeys(_surveys(ids=element_ids), gettext_lazy("Survey"))


@prepared
def _surveys(*, ids: Given) -> QuerySet[Assessment, int]:
    return Assessment.objects.filter(Among("element_id", ids), mode=Mode.SURVEY).values_list("element_id", flat=True)
