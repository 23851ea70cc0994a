"""Which due cards come first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from memotrainer.engine.lives import Floats
from memotrainer.fsrs import AGAIN, DEFAULT_WEIGHTS, GOOD, retrievability, step
from memotrainer.recall import expected_recall

DAY = 24 * 3600
AHEAD = 30.0  # days
AWAY = timedelta(days=14)  # after so long without an answer, the first cards are those that are known best
GENTLE = 3  # of them


@dataclass(frozen=True)
class Due:
    """A card as the choice sees it. Cards with the same objective are interchangeable.

    ``shift`` in logits, ``seconds`` it takes, ``left``: days until its test; ``question_id`` is the same wherever it is a card.
    """

    id: int
    stability: float
    difficulty: float
    last_reviewed_at: datetime
    objective_id: int | None = None
    shift: float = 0.0
    seconds: int = 30
    left: float = AHEAD
    question_id: int | None = None


def chosen(cards: Sequence[Due], *, now: datetime, size: int, back: bool = False) -> list[int]:
    """Ids of at most ``size`` cards, the most gain first, one per objective.

    The gain is what answering now adds to recall in thirty days: weighed by whether it is still known. Who was away (or is
    ``back`` from a holiday) and finds more than fits gets the three that are known best first: a restart with right answers
    is one that goes on.
    """
    if not cards or size < 1:
        return []
    gains = _gains(cards, now=now)
    best_first = sorted(range(len(cards)), key=lambda place: (-gains[place], cards[place].id))
    if len(cards) > size and (back or now - max(card.last_reviewed_at for card in cards) >= AWAY):
        best_first = _gently(cards, best_first, now=now)
    picked: list[int] = []
    objectives: set[int] = set()
    for place in best_first:
        card = cards[place]
        if card.objective_id in objectives:
            continue
        if card.objective_id is not None:
            objectives.add(card.objective_id)
        picked.append(card.id)
    return picked[:size]


def _gently(cards: Sequence[Due], best_first: list[int], *, now: datetime) -> list[int]:
    days = [(now - card.last_reviewed_at).total_seconds() / DAY for card in cards]
    recall = retrievability(stability=[card.stability for card in cards], elapsed_days=days).tolist()
    known_best = sorted(best_first, key=lambda place: (-recall[place], cards[place].id))
    first, seen = [], set()
    for place in known_best:
        topic = cards[place].objective_id
        if len(first) < GENTLE and (topic is None or topic not in seen):
            first.append(place)
            seen.add(topic)
    return [*first, *(place for place in best_first if place not in first)]


def _gains(cards: Sequence[Due], *, now: datetime) -> list[float]:
    days = np.array([max(0.0, (now - card.last_reviewed_at).total_seconds() / DAY) for card in cards])
    gains = gain_of(
        stability=[card.stability for card in cards],
        difficulty=[card.difficulty for card in cards],
        days=days,
        left=AHEAD,
        shift=[card.shift for card in cards],
    )
    found: list[float] = gains.tolist()
    return found


def gain_of(
    *,
    stability: npt.ArrayLike,
    difficulty: npt.ArrayLike,
    days: npt.ArrayLike,
    left: npt.ArrayLike,
    shift: npt.ArrayLike = 0.0,
    weights: Sequence[float] = DEFAULT_WEIGHTS,
) -> Floats:
    """What answering now adds to recall in ``left`` days, weighed by whether it is still known. days since the last answer."""
    s, d, t, ahead = (np.asarray(one, dtype=np.float64) for one in (stability, difficulty, days, left))
    recall = expected_recall(stability=s, days=t, shift=shift)
    whole = np.maximum(np.floor(t), 1.0)
    known, _d = step(stability=s, difficulty=d, elapsed_days=whole, rating=GOOD, weights=weights)
    forgotten, _d = step(stability=s, difficulty=d, elapsed_days=whole, rating=AGAIN, weights=weights)
    after = recall * retrievability(stability=known, elapsed_days=ahead, weights=weights)
    after += (1 - recall) * retrievability(stability=forgotten, elapsed_days=ahead, weights=weights)
    return np.asarray(after - retrievability(stability=s, elapsed_days=t + ahead, weights=weights))
