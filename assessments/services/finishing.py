"""The end of an attempt: by the person, or by itself when its time is up."""

import logging
import uuid
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet

from assessments.models import Answer, Attempt, Deadline
from assessments.question_types.registry import question_type
from assessments.selectors.questions import MARKED_BY_PEOPLE
from assessments.services.feedback_answers import feedback_hand_in
from assessments.services.results import result_add
from assessments.services.surveys import survey_hand_in
from ecosystem import clock
from ecosystem.prepared import Given, prepared
from ecosystem.scope import open_scope, system_rows

logger = logging.getLogger(__name__)

BATCH = 200
# A tenth of what Django's bulk_update costs, which writes a CASE for each row.
FRACTIONS = """
    UPDATE assessments_answer a SET fraction = f.fraction
    FROM unnest(%(ids)s::bigint[], %(fractions)s::numeric[]) AS f (id, fraction)
    WHERE a.environment_id = %(environment)s AND a.attempt_id = %(attempt)s AND a.id = f.id
"""


@transaction.atomic
def attempt_finish(*, attempt_uid: uuid.UUID, person_id: int) -> Attempt:
    """Mark every answer and finish the attempt. Finishing again gives the same result and tells nobody again.

    The score is the share of the points, to four places, never below 0. Where people mark, answers that wait for them
    leave the attempt without a score until the last one is marked; elsewhere long texts and files do not count. A survey
    is handed in without a name, and gives no score to see.
    """
    found = _held(uid=attempt_uid, person=person_id)
    if not found:
        raise Attempt.DoesNotExist
    attempt: Attempt = found[0]
    if attempt.finished_at is not None:
        return attempt
    answers = _answers(attempt=attempt.pk)
    for answer in answers:
        answer.attempt = attempt
    now = clock.now()
    # Who comes after the time has finished when it was up.
    attempt.finished_at = min(now, attempt.deadline_at) if attempt.deadline_at else now
    if attempt.deadline_at is not None:
        Deadline.objects.filter(attempt=attempt).delete()
    if attempt.assessment.is_survey:
        survey_hand_in(attempt=attempt, answers=answers)
        return attempt
    if attempt.assessment.is_feedback:
        feedback_hand_in(attempt=attempt, answers=answers)
        return attempt
    for answer in answers:
        answer.fraction = fraction_of(answer=answer)
    _keep_fractions(attempt, answers)
    result_add(attempt=attempt, answers=answers)
    return attempt


@prepared
def _held(*, uid: Given, person: Given) -> QuerySet[Attempt]:
    rows = Attempt.objects.select_related("assessment", "element").select_for_update(of=("self",), no_key=True)
    return rows.filter(uid=uid, person_id=person)


@prepared
def _answers(*, attempt: Given) -> QuerySet[Answer]:
    return Answer.objects.filter(attempt_id=attempt).select_related("version")


def _keep_fractions(attempt: Attempt, answers: list[Answer]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            FRACTIONS,
            {
                "environment": attempt.environment_id,
                "attempt": attempt.pk,
                "ids": [answer.pk for answer in answers],
                "fractions": [answer.fraction for answer in answers],
            },
        )


def fraction_of(*, answer: Answer) -> Decimal | None:
    """The share of the points by the question's own key; None when a person must mark it."""
    version = answer.version
    if version.type in MARKED_BY_PEOPLE and answer.response is not None:
        return None
    fraction = question_type(version.type).score(version.body, answer.response).fraction
    return fraction if version.type not in MARKED_BY_PEOPLE or answer.attempt.assessment.people_mark else None


def attempts_overdue() -> list[int]:
    """Environments in which attempts are to end by themselves."""
    with system_rows():
        due = Deadline.objects.filter(due_at__lte=clock.now()).values_list("environment_id", flat=True)
        return sorted(set(due))


def attempts_finish_due(*, environment_id: int) -> int:
    """Finish what is overdue in an environment, each in a transaction of its own; returns how many were.

    Two workers may do the same one: the second finds it finished. One that fails stops no other.
    """
    with open_scope(environment_id=environment_id):
        due = Deadline.objects.filter(due_at__lte=clock.now()).order_by("due_at")
        pks = list(due.values_list("pk", flat=True)[:BATCH])
    return sum(_finish_one(environment_id, pk) for pk in pks)


def _finish_one(environment_id: int, pk: int) -> int:
    try:
        with open_scope(environment_id=environment_id):
            deadline = Deadline.objects.select_related("attempt").filter(pk=pk).first()
            if deadline is None:
                return 0
            attempt_finish(attempt_uid=deadline.attempt.uid, person_id=deadline.attempt.person_id)
            return 1
    except Exception:
        logger.exception("attempt whose time is up, deadline %s", pk)
        return 0
