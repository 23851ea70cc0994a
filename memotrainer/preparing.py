"""What is worth asking before a test: by what an answer now adds to recall on that day, for each minute it takes. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from memotrainer.choosing import DAY, Due, gain_of
from memotrainer.engine.lives import Floats
from memotrainer.fsrs import DEFAULT_WEIGHTS

SECONDS_PER_CARD = 30
# About how long a card takes, reading its feedback included; types that are not here take as long as cards do on average.
SECONDS = {
    "true_false": 20, "single": 25, "multiple": 35, "short_text": 30, "numeric": 40, "hotspot": 25, "cloze": 45,
    "gap_select": 45, "drag_text": 45, "matching": 60, "ordering": 60,
}  # fmt: skip
WAITS = 0.6  # how much of what is gained tomorrow as well does not count today
LEAST_GAIN = 0.005  # of recall on the day of the test; for less nobody is asked


def seconds_of(question_type: str) -> int:
    return SECONDS.get(question_type, SECONDS_PER_CARD)


def worth_of(
    *,
    stability: Floats,
    difficulty: Floats,
    days: Floats,
    left: npt.ArrayLike,
    shift: npt.ArrayLike = 0.0,
    weights: Sequence[float] = DEFAULT_WEIGHTS,
    waits: float = WAITS,
) -> tuple[Floats, Floats]:
    """(gain, what of it would be lost by waiting for tomorrow): a card that can wait as well leaves its place to others."""
    ahead = np.asarray(left, dtype=np.float64)
    state = {"stability": stability, "difficulty": difficulty, "shift": shift, "weights": weights}
    now = gain_of(days=days, left=ahead, **state)  # type: ignore[arg-type]
    later = gain_of(days=days + 1.0, left=np.maximum(ahead - 1.0, 0.0), **state)  # type: ignore[arg-type]
    return now, now - waits * np.where(ahead > 1, np.maximum(later, 0.0), 0.0)


def chosen_for_test(
    cards: Sequence[Due], *, now: datetime, seconds: float, but: Collection[int] = (), waits: float = WAITS
) -> list[int]:
    """Ids of cards that together take at most ``seconds``, the most worth for their time first, one per objective.

    ``but``: objectives of which one was asked today.
    """
    if not cards or seconds <= 0:
        return []
    days = np.array([max(0.0, (now - card.last_reviewed_at).total_seconds() / DAY) for card in cards])
    gain, worth = worth_of(
        stability=np.array([card.stability for card in cards]),
        difficulty=np.array([card.difficulty for card in cards]),
        days=days,
        left=np.array([card.left for card in cards]),
        shift=np.array([card.shift for card in cards]),
        waits=waits,
    )
    rate = worth / np.array([card.seconds for card in cards])
    objectives, picked, rest = set(but), [], seconds
    for place in sorted(range(len(cards)), key=lambda place: (-rate[place], cards[place].id)):
        card = cards[place]
        if gain[place] <= LEAST_GAIN or card.seconds > rest or card.objective_id in objectives:
            continue
        if card.objective_id is not None:
            objectives.add(card.objective_id)
        picked.append(card.id)
        rest -= card.seconds
    return picked
