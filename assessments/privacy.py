"""What quizzes know about people."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import (
    Analysis,
    Answer,
    AnswerAside,
    AnswerFile,
    Assessment,
    AssessmentQuestion,
    Attempt,
    BankImport,
    BulkEdit,
    Deadline,
    Draw,
    FeedbackAnswer,
    FeedbackRound,
    FeedbackSeat,
    ItemFigures,
    Mark,
    Objective,
    Override,
    Picture,
    Question,
    QuestionVersion,
    Result,
    Rubric,
    Section,
    SurveyAnswer,
)
from assessments.selectors.withholding import attempts_withheld
from ecosystem.models import Person
from ecosystem.personal_data import OnErase, declare, no_personal_data

AS_LONG = _("as long as the environment exists")

SAID_LATER = ("score", "fraction", "before", "ability", "ability_error", "comment")


def _without_scores(person: Person, rows: list[dict[str, Any]]) -> None:
    """Of attempts whose score is not shown yet, and of what makes it up."""
    hidden = attempts_withheld(person_id=person.pk)
    answers = set(Answer.objects.filter(attempt_id__in=hidden).values_list("pk", flat=True)) if hidden else set()
    for row in rows:
        of_answer = row["answer_id"] in answers if "answer_id" in row else None
        if of_answer or (of_answer is None and row.get("attempt_id", row["id"]) in hidden):
            row.update({name: None for name in SAID_LATER if name in row})


for _model in (Objective, Question, Picture, Assessment, AssessmentQuestion, Section, Draw, Rubric):
    no_personal_data(_model, "what is asked; its makers are in the credits")
declare(
    FeedbackRound,
    "person",
    "by",
    purpose=_("to tell somebody how they and others see their work"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)
declare(
    FeedbackSeat,
    "person",
    "angle",
    "answered_on",
    purpose=_("to know who is asked for feedback, and to remind them"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)
declare(
    FeedbackAnswer,
    "response",
    purpose=_("to tell somebody how they and others see their work"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    # What single others said would name them; the report shows it together.
    hidden=("response", "angle"),
    rows=lambda person: Q(round__person_id=person.pk),
)
declare(
    Attempt,
    "person", "score", "passed",
    withhold=_without_scores,
    purpose=_("to know results, and to improve questions"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("numbers about questions need all tries; they point at a person who has no name any more"),
)  # fmt: skip
declare(
    Answer,
    "person",
    "response",
    withhold=_without_scores,
    purpose=_("to mark what somebody answered"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"response": None},
)
declare(
    QuestionVersion,
    "author",
    "author_name",
    purpose=_("to name who made something"),
    retention=_("as long as the work is used"),
    on_erase=OnErase.KEEP,
    because=_("makers have a right to be named"),
    rows=lambda person: Q(author_id=person.pk),
)
declare(
    AnswerFile,
    "person",
    "name",
    "file",
    purpose=_("to mark what somebody answered"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    files=("file",),
)
declare(
    BankImport,
    "person",
    "filename",
    purpose=_("to say who brought questions, and what became of them"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    files=("file",),
)
declare(
    BulkEdit,
    "person",
    purpose=_("to say who changed many questions at once, and to take it back"),
    retention=_("a day, until the next change in the bank"),
    on_erase=OnErase.DELETE,
)
no_personal_data(Deadline, "when an attempt ends; who has it is in the attempt")
no_personal_data(SurveyAnswer, "what was answered, without anybody: not even who set up the survey can tell")
no_personal_data(Analysis, "figures over everybody who took a quiz")
no_personal_data(ItemFigures, "figures of a question over everybody who answered it")
declare(
    AnswerAside,
    "person",
    "response",
    purpose=_("to lose no answer that came too late or from another window"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)
declare(
    Mark,
    "person", "by", "comment",
    withhold=_without_scores,
    purpose=_("to explain how an answer was marked, and by whom"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"comment": ""},
)  # fmt: skip
declare(
    Result,
    "person", "score", "passed", "by",
    withhold=_without_scores,
    purpose=_("to explain how a score came about"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("the history of a score, about a person who has no name any more"),
)  # fmt: skip
declare(
    Override,
    "person",
    "because",
    purpose=_("to give somebody the time or the attempts they need"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)
