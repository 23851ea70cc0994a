"""360-degree feedback: who is asked, answers that name nobody, reminders, the end."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.exceptions import AssessmentError
from assessments.models import (
    Angle,
    Answer,
    Assessment,
    Attempt,
    Deadline,
    FeedbackAnswer,
    FeedbackRound,
    FeedbackSeat,
)
from assessments.services.attempts import attempt_start
from ecosystem import clock
from ecosystem.addresses import address
from ecosystem.models import Person
from ecosystem.scope import current_scope, open_scope, system_rows
from ecosystem.services.audit import audit
from notifications.services import notify

logger = logging.getLogger(__name__)

REMIND_BEFORE = (timedelta(days=3), timedelta(days=1))
MOST_ASKED = 100
MARGIN = timedelta(minutes=10)


@transaction.atomic
def feedback_open(
    *, assessment: Assessment, about: Person, asked: Mapping[str, Sequence[Person]], closes_at: datetime, by: Person
) -> FeedbackRound:
    """Ask people about somebody, and the person too; each is told. ``asked``: people by angle (``Angle``, without self).

    Refuses (AssessmentError) fewer others than ``minimum_group``, since nobody's answers could be shown, somebody under two
    angles, an end that has passed, and a second round about the same person while one is open.
    """
    seats = {person.pk: angle for angle, people in asked.items() for person in people}
    _refuse_round(assessment, about, asked, seats, closes_at)
    here = current_scope().environment_id
    round_ = FeedbackRound.objects.create(
        environment_id=here,
        element_id=assessment.element_id,
        assessment=assessment,
        person=about,
        by=by,
        opened_at=clock.now(),
        closes_at=closes_at,
        due_at=_next_due(clock.now(), closes_at),
    )
    rows = [(about.pk, Angle.SELF), *seats.items()]
    FeedbackSeat.objects.bulk_create(
        [FeedbackSeat(environment_id=here, round=round_, person_id=pk, angle=angle) for pk, angle in rows]
    )
    audit(act="feedback.asked", by=by, target=assessment.element, after={"about": about.pk, "others": len(seats)})
    for pk, _angle in rows:
        _tell(pk, f"feedback:{round_.uid}:asked:{pk}", gettext_lazy("You are asked for feedback"), _about(round_))
    return round_


def _refuse_round(
    assessment: Assessment,
    about: Person,
    asked: Mapping[str, Sequence[Person]],
    seats: Mapping[int, str],
    closes_at: datetime,
) -> None:
    if not assessment.is_feedback:
        raise AssessmentError(_("This is no 360-degree feedback."))
    if about.pk in seats or len(seats) != sum(len(people) for people in asked.values()):
        raise AssessmentError(_("Name each person once, and not the one whom it is about."))
    if not assessment.minimum_group <= len(seats) <= MOST_ASKED:
        raise AssessmentError(
            _("Ask between %(least)s and %(most)s others: with fewer, one could tell who said what.")
            % {"least": assessment.minimum_group, "most": MOST_ASKED}
        )
    if closes_at <= clock.now():
        raise AssessmentError(_("The end must be later than now."))
    if FeedbackRound.objects.filter(assessment=assessment, person=about, closed_at=None).exists():
        raise AssessmentError(_("Feedback about this person is being asked for already."))


def _next_due(now: datetime, closes_at: datetime) -> datetime:
    return next((closes_at - before for before in REMIND_BEFORE if closes_at - before > now), closes_at)


def _about(round_: FeedbackRound) -> str:
    """A name needs no translation."""
    return str(round_.person.name)


def _tell(person_id: int, key: str, title: object, body: str) -> None:
    notify(
        person_id=person_id, key=key, kind="feedback", title=title, body=body, href=address("assessments:feedback"), mail=True
    )  # fmt: skip


def feedback_start(*, seat: FeedbackSeat) -> Attempt:
    """The attempt of somebody who is asked. Refuses (AssessmentError) when they have answered, or it has closed."""
    round_ = seat.round
    if seat.answered_on or round_.closed_at or round_.closes_at <= clock.now():
        raise AssessmentError(_("This feedback is given, or closed."))
    return attempt_start(assessment=round_.assessment, person_id=seat.person_id, seat=seat)


@transaction.atomic
def feedback_close(*, round_: FeedbackRound, by: Person | None = None) -> FeedbackRound:
    """No more answers from now on; the person may see what there is. Closing again changes nothing."""
    found: FeedbackRound = FeedbackRound.objects.select_for_update(no_key=True).get(pk=round_.pk)
    if found.closed_at is not None:
        return found
    found.closed_at, found.due_at = clock.now(), None
    found.save(update_fields=["closed_at", "due_at"])
    Attempt.objects.filter(seat__round=found, finished_at=None).update(
        finished_at=found.closed_at, score=0.0, passed=False
    )
    Answer.objects.filter(attempt__seat__round=found).delete()
    Deadline.objects.filter(attempt__seat__round=found).delete()
    _write_anew(found)
    audit(act="feedback.closed", by=by, target=found.element, after={"about": found.person_id})
    _tell(
        found.person_id, f"feedback:{found.uid}:there", gettext_lazy("Your feedback is there"), str(found.element.title)
    )
    return found


def _write_anew(round_: FeedbackRound) -> None:
    """In the order of their random keys."""
    rows = list(FeedbackAnswer.objects.filter(round=round_).order_by("pk"))
    FeedbackAnswer.objects.filter(round=round_).delete()
    FeedbackAnswer.objects.bulk_create(rows)


def feedback_run_due() -> int:
    """Remind and close what is due, in whichever environment; returns how many rounds were looked at. Twice is once."""
    with system_rows():
        due = FeedbackRound.objects.filter(due_at__lte=clock.now()).order_by("due_at")
        rows = list(due.values_list("environment_id", "pk"))
    return sum(_run_safely(environment_id, pk) for environment_id, pk in rows)


def _run_safely(environment_id: int, pk: int) -> bool:
    try:
        with open_scope(environment_id=environment_id):
            return _run(pk)
    except Exception:
        logger.exception("feedback round %s", pk)
        return False


def _run(pk: int) -> bool:
    rows = FeedbackRound.objects.select_related("person").select_for_update(of=("self",), no_key=True, skip_locked=True)
    round_ = rows.filter(pk=pk, due_at__lte=clock.now(), closed_at=None).first()
    if round_ is None:
        return False
    if round_.closes_at <= clock.now():
        feedback_close(round_=round_)
        return True
    left = (round_.closes_at - clock.now() + MARGIN).days
    for seat in FeedbackSeat.objects.filter(round=round_, answered_on=None).order_by("pk"):
        _tell(
            seat.person_id,
            f"feedback:{round_.uid}:remind:{seat.person_id}:{left}",
            gettext_lazy("Your feedback is still waited for"),
            _about(round_),
        )
    round_.due_at = _next_due(clock.now(), round_.closes_at)
    round_.save(update_fields=["due_at"])
    return True
