"""A person's try: starting it, keeping each answer, finishing it."""

import random
import uuid
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.exceptions import AnswerError, AssessmentError, AttemptFinishedError, AttemptLimitError
from assessments.models import Answer, Assessment, Attempt, QuestionVersion
from assessments.question_types.base import FormData
from assessments.question_types.registry import question_type
from assessments.selectors import MARKED_BY_PEOPLE, newest_versions, questions_of
from ecosystem import clock
from ecosystem.prepared import Given, prepared
from ecosystem.scope import current_scope
from records.services import record

LONGEST_ANSWER = 100_000  # characters
_RANDOM = random.SystemRandom()


def attempt_start(*, assessment: Assessment, person_id: int, onward: str = "") -> Attempt:
    """The person's open attempt, or a new one with the questions as they are now.

    ``onward`` is the path to go to afterwards. Refuses (AttemptLimitError) when all attempts are used. Two
    starts at the same moment give one attempt: the numbers of attempts are unique, so the later one finds
    the attempt of the earlier.
    """
    for _round in range(3):
        attempt = _open_attempt(assessment, person_id, onward)
        if attempt is not None:
            return attempt
        number = _next_number(assessment, person_id)
        try:
            with transaction.atomic():
                return _start(assessment, person_id, number, onward)
        except IntegrityError:
            continue
    raise AssessmentError(_("The attempt could not be started. Please try again."))


def _tries(assessment: Assessment, person_id: int) -> QuerySet[Attempt]:
    """In the active environment only: a scope may also read the environments below."""
    environment_id = current_scope().environment_id
    return Attempt.objects.filter(environment_id=environment_id, person_id=person_id, element_id=assessment.element_id)


def _open_attempt(assessment: Assessment, person_id: int, onward: str) -> Attempt | None:
    attempt = _tries(assessment, person_id).filter(finished_at=None).first()
    if attempt is not None and onward and attempt.onward != onward[:300]:
        attempt.onward = onward[:300]
        attempt.save(update_fields=["onward"])
    return attempt


def _next_number(assessment: Assessment, person_id: int) -> int:
    numbers = _tries(assessment, person_id).order_by("-number").values_list("number", flat=True)
    number = (numbers.first() or 0) + 1
    if assessment.attempts_allowed and number > assessment.attempts_allowed:
        raise AttemptLimitError(_("You have used all your attempts."))
    return number


def _start(assessment: Assessment, person_id: int, number: int, onward: str) -> Attempt:
    environment_id = current_scope().environment_id
    attempt = Attempt.objects.create(
        environment_id=environment_id,
        uid=uuid.uuid4(),
        person_id=person_id,
        element_id=assessment.element_id,
        assessment=assessment,
        number=number,
        onward=onward[:300],
        started_at=clock.now(),
    )
    asked = _asked_now(assessment)
    if not asked:
        raise AssessmentError(_("This assessment has no questions at the moment."))
    Answer.objects.bulk_create(
        [
            Answer(
                environment_id=environment_id,
                attempt=attempt,
                person_id=person_id,
                bank_id=version.element_id,
                version=version,
                position=position,
                order=_order(version) if assessment.shuffle_choices else None,
            )
            for position, version in enumerate(asked, start=1)
        ]
    )
    record(verb="attempted", element=assessment.element, person_id=person_id, context={"attempt": attempt.pk})
    return attempt


def _asked_now(assessment: Assessment) -> list[QuestionVersion]:
    questions = questions_of(assessment)
    newest = newest_versions(question_ids=[question.pk for question in questions])
    versions = [newest[question.pk] for question in questions if question.pk in newest]
    if assessment.shuffle_questions:
        _RANDOM.shuffle(versions)
    return versions


def _order(version: QuestionVersion) -> list[int] | None:
    places = list(range(question_type(version.type).shuffles(version.body)))
    _RANDOM.shuffle(places)
    return places or None


@prepared
def _locked_answer(*, attempt: Given, person: Given, position: Given) -> QuerySet[Answer]:
    return (
        Answer.objects.select_related("attempt", "version")
        .select_for_update(of=("attempt",), no_key=True)
        .filter(attempt__uid=attempt, attempt__person_id=person, position=position)
    )


def answer_save(
    *, attempt_uid: uuid.UUID, person_id: int, position: int, response: FormData | None, flagged: bool | None = None
) -> Answer:
    """Keep what the person answered; saving the same again changes nothing but the time.

    ``response`` is the posted form (name -> values; the question type reads it, and nothing usable means *no
    answer*), None leaves the answer as it is. ``flagged`` None leaves the flag. Refused when the attempt is
    finished; Answer.DoesNotExist when it is not the person's own or has no such question.

    Two statements. The first locks the attempt, so finishing waits for this answer or this answer is refused:
    one that was acknowledged is always marked.
    """
    found = _locked_answer(attempt=attempt_uid, person=person_id, position=position)
    if not found:
        raise Answer.DoesNotExist
    answer: Answer = found[0]
    if answer.attempt.finished_at is not None:
        raise AttemptFinishedError(_("This attempt is finished; its answers stay as they are."))
    changes: dict[str, object] = {}
    if response is not None:
        if sum(len(value) for values in response.values() for value in values) > LONGEST_ANSWER:
            raise AnswerError(_("This answer is too long. Please shorten it."))
        changes["response"] = question_type(answer.version.type).parse(answer.version.body, response)
        changes["saved_at"] = clock.now()
    if flagged is not None:
        changes["flagged"] = flagged
    if changes:
        Answer.objects.filter(pk=answer.pk).update(**changes)
    for name, value in changes.items():
        setattr(answer, name, value)
    return answer


@transaction.atomic
def attempt_finish(*, attempt_uid: uuid.UUID, person_id: int) -> Attempt:
    """Mark every answer and finish the attempt. Finishing again gives the same result and tells nobody again.

    The score is the share of the points, to four places. Questions that a person must mark do not count.
    """
    attempt = (
        Attempt.objects.select_related("assessment", "element")
        .select_for_update(of=("self",), no_key=True)
        .get(uid=attempt_uid, person_id=person_id)
    )
    if attempt.finished_at is not None:
        return attempt
    answers = list(Answer.objects.filter(attempt=attempt).select_related("version"))
    for answer in answers:
        answer.fraction = _fraction(answer)
    Answer.objects.bulk_update(answers, ["fraction"])
    _close(attempt, _share_of_points(answers), clock.now())
    record(
        verb="passed" if attempt.passed else "failed",
        element=attempt.element,
        person_id=person_id,
        result={"scaled": attempt.score, "success": attempt.passed},
        context={"attempt": attempt.pk},
        occurred_at=attempt.finished_at,
    )
    return attempt


def _fraction(answer: Answer) -> Decimal | None:
    version = answer.version
    if version.type in MARKED_BY_PEOPLE:
        return None
    return question_type(version.type).score(version.body, answer.response).fraction


def _share_of_points(answers: list[Answer]) -> Decimal:
    marked = [answer for answer in answers if answer.fraction is not None]
    points = sum(answer.version.points for answer in marked)
    earned = sum((answer.fraction * answer.version.points for answer in marked), start=Decimal(0))
    # Thirds are kept to five places, so three of them are a little less than one: four places make it one again.
    # Wrong answers may cost points, but an attempt never ends below nothing.
    return max(round(earned / points, 4), Decimal(0)) if points else Decimal(0)


def _close(attempt: Attempt, score: Decimal, at: datetime) -> None:
    attempt.score = float(score)
    attempt.passed = score >= round(Decimal(str(attempt.assessment.pass_mark)), 4)
    attempt.finished_at = at
    attempt.save(update_fields=["score", "passed", "finished_at"])
