"""What somebody may see of an attempt, and when: the review matrix of an assessment."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DURING, RIGHT_AFTER, WHILE_OPEN, AFTER_CLOSE = "during", "right_after", "while_open", "after_close"
MOMENTS: dict[str, Promise] = {
    DURING: _("During the try, after each answer"),
    RIGHT_AFTER: _("In the ten minutes after finishing"),
    WHILE_OPEN: _("Later, while the quiz is open"),
    AFTER_CLOSE: _("After the quiz has closed"),
}
GIVEN, CORRECT, POINTS, RIGHT, FEEDBACK, GENERAL = "given", "correct", "points", "right", "feedback", "general"
THINGS: dict[str, Promise] = {
    GIVEN: _("one's own answer"),
    CORRECT: _("whether it is right"),
    POINTS: _("the points, and the score of the whole"),
    RIGHT: _("the right answer"),
    FEEDBACK: _("feedback on one's answer"),
    GENERAL: _("the explanation of the question"),
}
EVERYTHING = frozenset(THINGS)
JUST_AFTER = timedelta(minutes=10)
DEFAULT: dict[str, frozenset[str]] = {
    DURING: frozenset(),
    RIGHT_AFTER: EVERYTHING,
    WHILE_OPEN: EVERYTHING,
    AFTER_CLOSE: EVERYTHING,
}


def shown_at(review: dict[str, Any], moment: str) -> frozenset[str]:
    """What is shown at a moment; what the matrix does not say is as by default. Names it does not know show nothing."""
    chosen = review.get(moment)
    return DEFAULT[moment] if chosen is None else frozenset(chosen) & EVERYTHING


def cards_told(*, review: dict[str, Any], closes_at: datetime | None) -> tuple[str, str]:
    """What the author should know about daily cards: a tone and a sentence; "" when nothing is in their way.

    Cards show right answers, so they come only while the person may see those (``selectors.withholding``).
    """
    open_, closed = RIGHT in shown_at(review, WHILE_OPEN), RIGHT in shown_at(review, AFTER_CLOSE)
    if open_ and (closed or closes_at is None):
        return "", ""
    if open_:
        return "warn", gettext("Its questions are daily cards until the quiz closes, and not after that.")
    if closed and closes_at is not None:
        return "info", gettext("Its questions become daily cards once the quiz has closed.")
    if closed:
        return "warn", gettext(
            "The quiz never closes, so nobody ever sees the right answers, and its questions never become daily cards."
        )
    return "warn", gettext("Learners never see the right answers, so its questions never become daily cards.")


def moment_of(*, finished_at: datetime, closes_at: datetime | None, now: datetime) -> str:
    """Which column counts for a finished attempt now."""
    if closes_at is not None and now >= closes_at:
        return AFTER_CLOSE
    return RIGHT_AFTER if now - finished_at < JUST_AFTER else WHILE_OPEN


def score_shown(
    *, review: dict[str, Any], finished_at: datetime | None, closes_at: datetime | None, now: datetime
) -> bool:
    """Whether the person may see the score of a finished attempt now."""
    if finished_at is None:
        return False
    return POINTS in shown_at(review, moment_of(finished_at=finished_at, closes_at=closes_at, now=now))


def checks_during(review: dict[str, Any]) -> bool:
    """Whether an answer can be checked while the attempt runs; it stays as it is from then on."""
    return bool(shown_at(review, DURING))
