"""A person's try: starting it, and keeping each answer."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from assessments.exceptions import (
    AnswerError,
    AnswerSettledError,
    AssessmentError,
    AttemptFinishedError,
    AttemptLimitError,
    NotOpenError,
    OrderError,
    PasswordError,
)
from assessments.models import (
    Answer,
    AnswerAside,
    Aside,
    Assessment,
    Attempt,
    Deadline,
    FeedbackSeat,
    QuestionVersion,
)
from assessments.question_types.base import FormData
from assessments.question_types.registry import question_type
from assessments.selectors.attempts import MOST_POSITIONS
from assessments.selectors.terms import Terms, terms_of
from assessments.services.adapting import question_next
from assessments.services.drawing import Asked, order_shuffled, questions_draw
from assessments.services.finishing import attempt_finish
from assessments.services.quick_saving import asked_remember
from ecosystem import clock
from ecosystem.prepared import Given, prepared
from ecosystem.scope import current_scope
from records.services import record

# A fifth of what bulk_create costs, which binds each column of each row; the other columns have their defaults.
ASK = """
    INSERT INTO assessments_answer (environment_id, attempt_id, person_id, bank_id, version_id, position, section, "order",
        flagged, revision, client, seen, seconds)
    SELECT %(environment)s, %(attempt)s, %(person)s, bank, version, position, section, shown::jsonb, false, 0, '', '[]', 0
    FROM unnest(%(banks)s::bigint[], %(versions)s::bigint[], %(sections)s::text[], %(orders)s::text[])
        WITH ORDINALITY AS asked (bank, version, section, shown, position)
"""
LONGEST_ANSWER = 100_000  # characters
MOST_CLIENTS = 20  # pages whose counts are remembered, per answer
MOST_SECONDS = 3600  # that one save may say a question was looked at


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser says of one saving beside the answer itself.

    ``client`` is the open page and ``seq`` its own count of savings: one that was there before changes nothing, however
    often and in whatever order it comes. ``base`` is the revision that the page knew, ``given_at`` the device's time, ``seconds`` how long the question was looked at since
    its last saving.
    """

    client: str = ""
    seq: int = 0
    base: int | None = None
    given_at: datetime | None = None
    seconds: int = 0


NOTHING_SAID = Sent()


def attempt_start(
    *,
    assessment: Assessment,
    person_id: int,
    onward: str = "",
    password: str | None = None,
    seat: FeedbackSeat | None = None,
) -> Attempt:
    """The person's open attempt, or a new one with the questions as they are now.

    ``onward`` is the path to go to afterwards. Refuses when it is not open (NotOpenError), when all attempts are used or
    the pause between two is not over (AttemptLimitError), and a wrong password (PasswordError). Two starts at the same
    moment give one attempt: the numbers of attempts are unique, so the later one finds the attempt of the earlier.
    ``seat``: for whose feedback; nothing else begins one (AssessmentError).
    """
    if assessment.is_feedback != (seat is not None):
        raise AssessmentError(_("Feedback begins where you are asked for it."))
    for _round in range(3):
        attempt = _open_attempt(assessment, person_id, onward, seat)
        if attempt is not None:
            return attempt
        terms = terms_of(assessment=assessment, person_id=person_id)
        number = _next_number(assessment, person_id, terms)
        if assessment.password_hash and not check_password(password or "", assessment.password_hash):
            raise PasswordError(_("This password is not right."))
        try:
            with transaction.atomic():
                return _start(assessment, person_id, number, onward, terms, seat)
        except IntegrityError:
            continue
    raise AssessmentError(_("The attempt could not be started. Please try again."))


def _tries(person: Given, element: Given) -> QuerySet[Attempt]:
    """In the active environment only: a scope may also read the environments below."""
    environment_id = current_scope().environment_id
    return Attempt.objects.filter(environment_id=environment_id, person_id=person, element_id=element)


@prepared
def _open_tries(*, person: Given, element: Given) -> QuerySet[Attempt]:
    return _tries(person, element).filter(finished_at=None).order_by("pk")


@prepared
def _last_try(*, person: Given, element: Given) -> QuerySet[Attempt]:
    return _tries(person, element).order_by("-number")[:1]


def _open_attempt(assessment: Assessment, person_id: int, onward: str, seat: FeedbackSeat | None) -> Attempt | None:
    rows = _open_tries(person=person_id, element=assessment.element_id)
    attempt = next((row for row in rows if row.seat_id == (seat.pk if seat else None)), None)
    if attempt is not None and onward and attempt.onward != onward[:300]:
        attempt.onward = onward[:300]
        attempt.save(update_fields=["onward"])
    return attempt


def _next_number(assessment: Assessment, person_id: int, terms: Terms) -> int:
    now = clock.now()
    if not terms.is_open(now):
        raise NotOpenError(_("This is not open now."))
    last = next(iter(_last_try(person=person_id, element=assessment.element_id)), None)
    number = last.number + 1 if last else 1
    if assessment.is_feedback:  # as many as there are people to be asked about
        return number
    if terms.attempts_allowed and number > terms.attempts_allowed:
        raise AttemptLimitError(_("You have used all your attempts."))
    if last and last.finished_at and now < last.finished_at + terms.wait:
        raise AttemptLimitError(_("You can try again later; there is a pause between two attempts."))
    return number


def _start(
    assessment: Assessment, person_id: int, number: int, onward: str, terms: Terms, seat: FeedbackSeat | None
) -> Attempt:
    environment_id, now = current_scope().environment_id, clock.now()
    attempt = Attempt.objects.create(
        environment_id=environment_id,
        uid=uuid.uuid4(),
        person_id=person_id,
        element_id=assessment.element_id,
        assessment=assessment,
        number=number,
        onward=onward[:300],
        started_at=now,
        deadline_at=terms.deadline(now),
        seat=seat,
    )
    if assessment.is_adaptive:
        question_next(attempt=attempt)
    else:
        asked = questions_draw(assessment=assessment, person_id=person_id)
        if not asked:
            raise AssessmentError(_("This assessment has no questions at the moment."))
        _ask(attempt, asked, shuffle=assessment.shuffle_choices)
    if attempt.deadline_at is not None:
        Deadline.objects.create(
            environment_id=environment_id, attempt=attempt, due_at=attempt.deadline_at + terms.grace
        )
    record(verb="attempted", element=assessment.element, person_id=person_id, context={"attempt": attempt.pk})
    return attempt


def _ask(attempt: Attempt, asked: list[Asked], *, shuffle: bool) -> None:
    orders = [_order(one.version) if shuffle else None for one in asked]
    with connection.cursor() as cursor:
        cursor.execute(
            ASK,
            {
                "environment": attempt.environment_id,
                "attempt": attempt.pk,
                "person": attempt.person_id,
                "banks": [one.version.element_id for one in asked],
                "versions": [one.version.pk for one in asked],
                "sections": [one.section for one in asked],
                "orders": [None if order is None else json.dumps(order) for order in orders],
            },
        )


def _order(version: QuestionVersion) -> list[int] | None:
    return order_shuffled(places=question_type(version.type).shuffles(version.body))


# Few columns make small rows of the statement that runs most of all.
_NEEDED = (
    "environment_id", "person_id", "position", "response", "flagged", "saved_at", "revision", "client", "seen", "seconds",
    "settled_at", "attempt__uid", "attempt__person_id", "attempt__finished_at", "attempt__deadline_at", "attempt__reached",
    "attempt__assessment__grace_seconds", "attempt__assessment__forward_only", "version__type", "version__body",
)  # fmt: skip


@prepared
def _locked_answer(*, attempt: Given, person: Given, position: Given) -> QuerySet[Answer]:
    return (
        Answer.objects.select_related("attempt__assessment", "version")
        .only(*_NEEDED)
        .select_for_update(of=("attempt",), no_key=True)
        .filter(attempt__uid=attempt, attempt__person_id=person, position=position)
    )


def answer_save(
    *,
    attempt_uid: uuid.UUID,
    person_id: int,
    position: int,
    response: FormData | None,
    flagged: bool | None = None,
    sent: Sent = NOTHING_SAID,
    settle: bool = False,
) -> Answer:
    """Keep what the person answered; saving the same again changes nothing but the time.

    ``response`` is the posted form (name -> values; the question type reads it, and nothing usable means *no
    answer*), None leaves the answer as it is. ``flagged`` None leaves the flag. ``settle`` makes it the last word,
    because the person now sees whether it is right. A saving that was there before is acknowledged and changes nothing; what
    another window had given is set aside, not lost.

    Refused when the attempt is finished or its time is up (AttemptFinishedError; the answer is set aside), when the
    answer is settled, and another question than the one that is on where one can only go forward (OrderError);
    Answer.DoesNotExist when it is not the person's own or has no such question.

    Two statements. The first locks the attempt, so finishing waits for this answer or this answer is refused:
    one that was acknowledged is always marked. Who waited for the lock has read the answer as it was before (PostgreSQL
    reads again only what it locks); then the second finds nothing to change, and both are done once more.
    """
    # A number that the column does not hold is an error to PostgreSQL, and no question to us.
    while found := (
        _locked_answer(attempt=attempt_uid, person=person_id, position=position) if position <= MOST_POSITIONS else []
    ):
        answer: Answer = found[0]
        asked_remember(uid=attempt_uid, position=position, type=answer.version.type, body=answer.version.body)
        if sent.client and sent.seq <= dict(answer.seen).get(sent.client, 0):
            return answer
        changes = _wanted(answer, response, sent)
        if flagged is not None:
            changes["flagged"] = flagged
        if settle:
            changes["settled_at"] = clock.now()
        if _keep(answer, changes, sent):
            return answer
    raise Answer.DoesNotExist


def _wanted(answer: Answer, response: FormData | None, sent: Sent) -> dict[str, object]:
    refuse_after_the_end(attempt=answer.attempt)
    if answer.settled_at is not None:
        if response:
            raise AnswerSettledError(_("You have already looked whether this is right; the answer stays as it is."))
        response = None  # a form without the answer in it, which only goes on
    if answer.attempt.assessment.forward_only:
        _move(answer.attempt, answer.position)
    return _changes(answer, response, sent)


def _keep(answer: Answer, changes: dict[str, object], sent: Sent) -> bool:
    """Whether the answer was still as it had been read."""
    if not changes:
        return True
    if not _as_read(answer).update(**changes):
        return False
    _set_aside_of_another_page(answer, changes, sent)
    for name, value in changes.items():
        setattr(answer, name, value)
    return True


def _as_read(answer: Answer) -> QuerySet[Answer]:
    known = {"revision": answer.revision, "seen": answer.seen, "settled_at": answer.settled_at}
    return Answer.objects.filter(pk=answer.pk, **known)


def time_is_up(*, attempt: Attempt) -> bool:
    """By the server's clock, and with the grace."""
    if attempt.deadline_at is None:
        return False
    return clock.now() > attempt.deadline_at + timedelta(seconds=attempt.assessment.grace_seconds)


def refuse_after_the_end(*, attempt: Attempt) -> None:
    """AttemptFinishedError once it is finished or its time is up."""
    if attempt.finished_at is not None:
        raise AttemptFinishedError(_("This attempt is finished; its answers stay as they are."))
    if time_is_up(attempt=attempt):
        raise AttemptFinishedError(_("The time is up; answers are not taken any more."))


def _move(attempt: Attempt, position: int) -> None:
    """Only the question that is on, or the one after it: answering that is going on."""
    if position not in (attempt.reached, attempt.reached + 1):
        raise OrderError(_("Here you can only go forward."))
    if position > attempt.reached:
        Attempt.objects.filter(pk=attempt.pk).update(reached=position)


def _changes(answer: Answer, response: FormData | None, sent: Sent) -> dict[str, object]:
    changes: dict[str, object] = {}
    if response is not None:
        if sum(len(value) for values in response.values() for value in values) > LONGEST_ANSWER:
            raise AnswerError(_("This answer is too long. Please shorten it."))
        changes["response"] = question_type(answer.version.type).parse(answer.version.body, response)
        changes["saved_at"] = clock.now()
        changes["revision"] = answer.revision + 1
        changes["client"] = sent.client
    if sent.client:
        others = [pair for pair in answer.seen if pair[0] != sent.client]
        changes["seen"] = [*others[1 - MOST_CLIENTS :], [sent.client, sent.seq]]
    if sent.seconds > 0:
        changes["seconds"] = answer.seconds + min(sent.seconds, MOST_SECONDS)
    return changes


def _set_aside_of_another_page(answer: Answer, changes: dict[str, object], sent: Sent) -> None:
    """Only what this page did not know: the revision it began from is not the newest."""
    unknown = sent.base is not None and sent.base != answer.revision and answer.client != sent.client
    if unknown and answer.response is not None and changes.get("response", answer.response) != answer.response:
        AnswerAside.objects.create(
            environment_id=answer.environment_id,
            answer=answer,
            person_id=answer.person_id,
            reason=Aside.REPLACED,
            response=answer.response,
            at=clock.now(),
        )


def answer_set_aside(
    *, attempt_uid: uuid.UUID, person_id: int, position: int, response: FormData, given_at: datetime | None
) -> None:
    """Keep an answer that came after the end, with the device's time, for whoever must decide about it. It does not count."""
    rows = Answer.objects.select_related("version").filter(attempt__uid=attempt_uid, attempt__person_id=person_id)
    answer = rows.filter(position=position).first()
    if answer is None:  # a survey that has been handed in
        return
    parsed = question_type(answer.version.type).parse(answer.version.body, response)
    if parsed == answer.response or answer.asides.filter(reason=Aside.LATE, response=parsed).exists():
        return
    AnswerAside.objects.create(
        environment_id=answer.environment_id,
        answer=answer,
        person_id=person_id,
        reason=Aside.LATE,
        response=parsed,
        given_at=given_at,
        at=clock.now(),
    )


def attempt_go_on(*, attempt: Attempt) -> Attempt:
    """Open the next question where one can only go forward; at the last one nothing changes.

    An adaptive attempt chooses it now, and is finished when enough is known. Going on twice from one question is once.
    """
    if attempt.assessment.is_adaptive:
        return _adapt(attempt)
    last = Answer.objects.filter(attempt=attempt).count()
    Attempt.objects.filter(pk=attempt.pk, finished_at=None, reached__lt=last).update(reached=F("reached") + 1)
    attempt.refresh_from_db(fields=["reached"])
    return attempt


@transaction.atomic
def _adapt(attempt: Attempt) -> Attempt:
    here = Attempt.objects.select_for_update(of=("self",), no_key=True).select_related("assessment").get(pk=attempt.pk)
    if here.finished_at is None and here.reached == attempt.reached:
        if question_next(attempt=here) is None:
            return attempt_finish(attempt_uid=here.uid, person_id=here.person_id)
        here.reached += 1
        here.save(update_fields=["reached"])
    return here
