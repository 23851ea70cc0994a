"""Answers of 360-degree feedback leave the person who gave them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.exceptions import AttemptFinishedError
from assessments.models import Answer, Attempt, FeedbackAnswer, FeedbackRound, FeedbackSeat
from records.services import record


def feedback_hand_in(*, attempt: Attempt, answers: list[Answer]) -> None:
    """Put the answers among those of the round; that somebody answered stays known, and on which day.

    Called with the attempt locked. Refuses (AttemptFinishedError) once the round has closed.
    """
    seat = FeedbackSeat.objects.get(pk=attempt.seat_id)
    round_ = FeedbackRound.objects.select_for_update(no_key=True).get(pk=seat.round_id)
    if round_.closed_at is not None:
        raise AttemptFinishedError(_("This feedback is given, or closed."))
    FeedbackAnswer.objects.bulk_create(
        [
            FeedbackAnswer(
                environment_id=attempt.environment_id,
                round=round_,
                angle=seat.angle,
                bank_id=answer.bank_id,
                version_id=answer.version_id,
                # A file tells who made it: it goes with the answers.
                response=None if answer.version.type == "file_upload" else answer.response,
            )
            for answer in sorted(answers, key=lambda one: one.version_id)
        ]
    )
    Answer.objects.filter(attempt=attempt).delete()
    FeedbackSeat.objects.filter(pk=seat.pk).update(answered_on=timezone.localdate())
    attempt.score, attempt.passed, attempt.waiting = 1.0, True, 0
    attempt.save(update_fields=["score", "passed", "waiting", "finished_at"])
    record(
        verb="passed",
        element=attempt.element,
        person_id=attempt.person_id,
        result={"success": True},
        context={"attempt": attempt.pk},
        occurred_at=attempt.finished_at,
    )
