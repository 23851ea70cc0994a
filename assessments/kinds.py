"""What assessments add to the site."""

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

import assessments.packaging  # noqa: F401 -- registers how questions go into packages of courses
from assessments.inline import InlineQuizForm, InlineSurveyForm, called, inline_quiz_make, inline_survey_make
from assessments.models import AssessmentQuestion, Draw
from assessments.selectors import quizzes_passed, scores_withheld
from assessments.selectors.feedback import feedback_todos
from assessments.selectors.marking import marking_todos, may_mark
from ecosystem.addresses import address
from ecosystem.models import Element
from ecosystem.registry import (
    ActivityType,
    ElementKind,
    InlineForm,
    RolePage,
    TranscriptSection,
    activity_types,
    audit_acts,
    element_kinds,
    inline_forms,
    role_pages,
    todos,
    transcript_sections,
    withheld_scores,
)
from ecosystem.rules import is_author, is_member
from notifications.registry import NoticeKind, notice_kinds


def _bank_href(element: Element) -> str:
    return address("assessments:bank", element.slug)


def _href(element: Element) -> str:
    return address("assessments:start", element.slug)


def _launch(element: Element, onward: str) -> str:
    return f"{_href(element)}?{urlencode({'next': onward})}"


def _uses(element: Element) -> set[int]:
    """The banks of its questions: without them it could be offered below, but nothing could be asked."""
    fixed = AssessmentQuestion.objects.filter(element=element).values_list("question__element_id", flat=True)
    return {*fixed, *Draw.objects.filter(element=element).values_list("bank_id", flat=True)}


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
        called=called,
    ),
)
inline_forms.register(
    "assessment", InlineForm(_("Quiz"), "clipboard-check", InlineQuizForm, inline_quiz_make, rule=is_author)
)
inline_forms.register(
    "survey", InlineForm(_("Survey"), "message-circle", InlineSurveyForm, inline_survey_make, "assessment")
)
role_pages.register("quizzes", RolePage(_("Quizzes"), lambda: address("assessments:quizzes"), is_author))
role_pages.register("marking", RolePage(_("To mark"), lambda: address("assessments:marking"), may_mark))
todos.register("marking", marking_todos)
todos.register("feedback", feedback_todos)
role_pages.register(
    "feedback", RolePage(_("Feedback"), lambda: address("assessments:feedback"), is_member, is_term=True)
)
notice_kinds.register(
    "feedback",
    NoticeKind(
        "feedback",
        _("360-degree feedback"),
        _("feedback that you are asked for, and about you"),
        _("You get this because somebody wants your view, or because there is feedback about you."),
        icon="message-circle",
    ),
)
role_pages.register("banks", RolePage(_("Question banks"), lambda: address("assessments:banks"), is_author))
withheld_scores.register("assessments", scores_withheld)
transcript_sections.register(
    "assessments", TranscriptSection(30, _("Passed quizzes"), "clipboard-check", quizzes_passed)
)

for _act, _words in {
    "objective.removed": _("Learning objective taken away"),
    "objective.written": _("Learning objective written"),
    "question.changed": _("Question changed"),
    "question.written": _("Question written"),
    "questions.imported": _("Questions imported from a file"),
    "questions.changed": _("Questions changed, many at a time"),
    "questions.change_undone": _("Change of many questions taken back"),
    "questions.moved": _("Questions moved to another bank"),
}.items():
    audit_acts.register(_act, _words)
for _act, _said in (
    ("feedback.asked", _("360-degree feedback asked for")),
    ("feedback.closed", _("360-degree feedback closed")),
    ("answer.marked", _("Answer marked")),
    ("answers.marked_again", _("Answers marked again")),
    ("rubric.saved", _("Rubric saved")),
    ("assessment.set", _("Quiz settings changed")),
    ("assessment.section_added", _("Section added to a quiz")),
    ("assessment.section_changed", _("Section of a quiz changed")),
    ("assessment.section_removed", _("Section removed from a quiz")),
    ("assessment.draw_added", _("Random draw added to a quiz")),
    ("assessment.draw_removed", _("Random draw removed from a quiz")),
    ("assessment.question_put", _("Question put into a quiz")),
    ("assessment.arranged", _("Questions of a quiz arranged")),
    ("assessment.question_taken_out", _("Question taken out of a quiz")),
    ("assessment.exception_made", _("Exception made for a quiz")),
    ("assessment.exception_ended", _("Exception for a quiz ended")),
):
    audit_acts.register(_act, _said)
