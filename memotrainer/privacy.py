"""What daily cards know about people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.selectors import answers_withheld, asked_questions
from ecosystem.models import Person
from ecosystem.personal_data import OnErase, declare, no_personal_data
from memotrainer.models import (
    Card,
    Ease,
    Fit,
    Goal,
    GoalPart,
    GoalReached,
    Profile,
    QuestionReport,
    Review,
    Trainer,
    Training,
    Withdrawal,
)

AS_MEMBER = _("while somebody is a member, and until they are erased")
PURPOSE = _("to ask each question when it is about to be forgotten")

declare(Card, "person", purpose=PURPOSE, retention=AS_MEMBER, on_erase=OnErase.DELETE)


def _without_marks(person: Person, rows: list[dict[str, Any]]) -> None:
    """Of answers in a test that does not show yet what was right."""
    withheld = answers_withheld(person_id=person.pk)
    asked = asked_questions(person_id=person.pk, withheld=withheld) if withheld else ()
    hidden = {pk for ids in asked for row in ids for pk in row.values()}
    for row in rows:
        if row["question_id"] in hidden:
            row.update(fraction=None, rating=None)


declare(
    Review,
    "person",
    "response",
    "rating",
    withhold=_without_marks,
    purpose=PURPOSE,
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)
declare(
    Trainer,
    "person",
    "holidays",
    purpose=_("to remind somebody at the hour they chose, and not in their holidays"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)
for model in (Withdrawal, Profile, Fit):
    declare(model, "person", purpose=PURPOSE, retention=AS_MEMBER, on_erase=OnErase.DELETE)
declare(
    QuestionReport,
    "person",
    "text",
    purpose=_("to mend questions that are wrong or unclear"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)
no_personal_data(Ease, "sums over everybody's answers to a question")
declare(
    GoalReached,
    "person",
    "recall",
    "coverage",
    purpose=_("to know who has reached a goal of a course"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)
no_personal_data(Goal, "what is asked of everybody")
no_personal_data(GoalPart, "what is asked of everybody")
no_personal_data(Training, "how a course is trained")
