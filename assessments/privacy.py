"""What quizzes know about people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import (
    Answer,
    AnswerFile,
    Assessment,
    AssessmentQuestion,
    Attempt,
    Objective,
    Picture,
    Question,
    QuestionVersion,
)
from ecosystem.personal_data import OnErase, declare, no_personal_data

AS_LONG = _("as long as the environment exists")

for _model in (Objective, Question, Picture, Assessment, AssessmentQuestion):
    no_personal_data(_model, "what is asked; its makers are in the credits")
declare(
    Attempt,
    "person", "score", "passed",
    purpose=_("to know results, and to improve questions"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("numbers about questions need all tries; they point at a person who has no name any more"),
)  # fmt: skip
declare(
    Answer,
    "person",
    "response",
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
