"""From a log and the memory states to what is known before each answer: the inputs of the correction."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memotrainer.engine.evidence import SIZE, Asked, CardEvidence, PersonEvidence, chance, ease_of, features
from memotrainer.engine.gradient import run
from memotrainer.engine.lives import Floats, Integers
from memotrainer.engine.logs import ReviewLog


@dataclass(frozen=True)
class States:
    """Of each row of a log, before its answer: recall as FSRS-6 predicts it, stability and difficulty (NaN at a first)."""

    recall: Floats
    stability: Floats
    difficulty: Floats

    def of(self, rows: npt.NDArray[np.bool_] | Integers) -> "States":
        return States(self.recall[rows], self.stability[rows], self.difficulty[rows])


def states_of(log: ReviewLog, weights: Floats) -> States:
    lives = log.lives()
    lived = run(lives, np.asarray(weights, dtype=np.float64))
    stability, difficulty = np.full(len(log), np.nan), np.full(len(log), np.nan)
    for before, place in zip(lives.places, lives.places[1:], strict=False):
        size = place.rows.stop - place.rows.start
        after = slice(before.rows.start, before.rows.start + size)
        stability[place.rows], difficulty[place.rows] = lived.stability[after], lived.difficulty[after]
    return States(lives.back(lived.recall), lives.back(stability), lives.back(difficulty))


@dataclass
class Eases:
    """How easy skills and items are: (surprise, weight) of each, over all answers, late ones, and items beside skills."""

    skill: Floats  # (skills, 2)
    late: Floats
    item: Floats  # (items, 2)

    @classmethod
    def none(cls, *, skills: int, items: int) -> "Eases":
        return cls(np.zeros((skills, 2)), np.zeros((skills, 2)), np.zeros((items, 2)))

    def add(self, other: "Eases", sign: float = 1.0) -> "Eases":
        return Eases(self.skill + sign * other.skill, self.late + sign * other.late, self.item + sign * other.item)

    def asked(self, skill: int, item: int, *, guess: float = 0.0) -> Asked:
        return Asked(
            ease=ease_of(*self.skill[skill]),
            late_ease=ease_of(*self.late[skill]),
            item_ease=ease_of(*self.item[item]),
            guess=guess,
        )


def eases_of(log: ReviewLog, *, into: Eases, usual: float, late_usual: float, skills: int, items: int) -> None:
    """Add to ``into`` what one learner's answers tell about skills and items. Sums, so that one learner can be taken out."""
    person = PersonEvidence.unknown(usual=usual)
    size = len(log)
    early, early_weight, late, late_weight = (np.zeros(size) for _sums in range(4))
    for row, (y, gap) in enumerate(zip(log.right.tolist(), log.gap.tolist(), strict=True)):
        expected = chance(person.plain.mean)
        early[row], early_weight[row] = y - expected, expected * (1 - expected)
        if log.has_skills and gap >= 1:
            expected = chance(late_usual + person.late.mean)
            late[row], late_weight[row] = y - expected, expected * (1 - expected)
            person.late.answered(right=y, beside=late_usual)
        person.plain.answered(right=y)
    if log.has_skills:
        _count(into.skill, log.skill, early, early_weight, size=skills)
        _count(into.late, log.skill, late, late_weight, size=skills)
    if log.has_items:
        _count(into.item, log.item, early, early_weight, size=items)


def _count(sums: Floats, of: Integers, surprise: Floats, weight: Floats, *, size: int) -> None:
    sums[:, 0] += np.bincount(of, surprise, minlength=size)
    sums[:, 1] += np.bincount(of, weight, minlength=size)


def walk(log: ReviewLog, states: States, *, eases: Eases | None = None, usual: float = 0.0, begin: int = 0) -> Floats:
    """(rows, features) of one learner's log; NaN where nothing is foretold and before the row ``begin``. ``usual``: logit of
    a right answer of anybody."""
    found = np.full((len(log), SIZE), np.nan)
    person, cards = PersonEvidence.unknown(usual=usual), {}
    plain = Asked()
    columns = (log.day, log.memory, log.rating, log.gap, log.skill, states.recall)
    exact = [None] * len(log) if log.exact is None else log.exact.tolist()
    for row, (day, memory, rating, gap, skill, recall) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        person.begin(day)
        card = cards.setdefault(memory, CardEvidence())
        topic = skill if log.has_skills else None
        asked = eases.asked(log.skill[row], log.item[row]) if eases else plain
        foretold = recall if gap >= 1 else None
        if foretold is not None and row >= begin:
            found[row] = features(
                recall=foretold,
                stability=float(states.stability[row]),
                difficulty=float(states.difficulty[row]),
                gap=gap,
                card=card,
                person=person,
                asked=asked,
                siblings=person.siblings(topic, card),
                exact=exact[row],
            )
        person.answered(right=rating > 1, asked=asked, foretold=foretold, topic=topic)
        card.answered(rating=rating, day=day, foretold=foretold)
    return found
