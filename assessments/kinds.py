"""What assessments add to the site."""

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

import assessments.packaging  # noqa: F401 -- registers how questions go into packages of courses
from assessments.models import AssessmentQuestion
from assessments.selectors import quizzes_passed
from ecosystem.addresses import address
from ecosystem.models import Element
from ecosystem.registry import (
    ActivityType,
    ElementKind,
    RolePage,
    TranscriptSection,
    activity_types,
    audit_acts,
    element_kinds,
    role_pages,
    transcript_sections,
)
from ecosystem.rules import is_author


def _bank_href(element: Element) -> str:
    return address("assessments:bank", element.slug)


def _href(element: Element) -> str:
    return address("assessments:start", element.slug)


def _launch(element: Element, onward: str) -> str:
    return f"{_href(element)}?{urlencode({'next': onward})}"


def _uses(element: Element) -> set[int]:
    """The banks of its questions: without them it could be offered below, but nothing could be asked."""
    return set(AssessmentQuestion.objects.filter(element=element).values_list("question__element_id", flat=True))


element_kinds.register("question_bank", ElementKind("question_bank", _("question bank"), "library", _bank_href))
element_kinds.register("assessment", ElementKind("assessment", _("quiz"), "clipboard-check", _href, _uses))
activity_types.register(
    "assessment",
    ActivityType(
        "assessment",
        _("Quiz"),
        "clipboard-check",
        _launch,
        completes=frozenset({"passed"}),
        passes=frozenset({"passed"}),
        fails=frozenset({"failed"}),
    ),
)
role_pages.register("banks", RolePage(_("Question banks"), lambda: address("assessments:banks"), is_author))
transcript_sections.register(
    "assessments", TranscriptSection(30, _("Passed quizzes"), "clipboard-check", quizzes_passed)
)

for _act, _words in {
    "objective.removed": _("Learning objective taken away"),
    "objective.written": _("Learning objective written"),
    "question.changed": _("Question changed"),
    "question.written": _("Question written"),
    "questions.changed": _("Questions changed, many at a time"),
    "questions.moved": _("Questions moved to another bank"),
}.items():
    audit_acts.register(_act, _words)
