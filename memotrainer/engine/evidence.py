"""What answers tell beside the memory state: about the person, the card, and the item or objective that was asked.

Each answer costs the same, however many came before. What is foretold on a day knows only answers of earlier days,
because that is when the day's cards are chosen.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from memotrainer.engine.lives import Floats

MOST = 6.0  # logits further out say nothing more
ABILITY_SPREAD = 1.0  # how much people differ, in logits (standard deviation squared)
RECALL_SPREAD = 0.25  # how much people differ in recall, given what they practised
DRIFT = 0.0005  # of recall, a day
RECENT = 0.05  # weight of the newest answer in the running surprise
ITEM_SPREAD = 1.0  # how much items differ
LONG_AGO = -(10**9)
HALF_LIFE = 30.0  # days after which a try counts half


def logit(p: float) -> float:
    clipped = min(max(p, 1e-9), 1 - 1e-9)
    return max(-MOST, min(MOST, math.log(clipped / (1 - clipped))))


def chance(x: float) -> float:
    """The probability that belongs to a logit."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    raised = math.exp(x)
    return raised / (1 + raised)


@dataclass
class Offset:
    """A logit that is learned answer by answer: a normal belief, moved by how surprising an answer was (Kalman)."""

    mean: float = 0.0
    variance: float = ABILITY_SPREAD

    def answered(self, *, right: float, beside: float = 0.0, guess: float = 0.0) -> None:
        """``beside``: what else speaks for a right answer, in logits. ``guess``: chance of being right without knowing."""
        known = chance(self.mean + beside)
        p = guess + (1 - guess) * known
        slope = (1 - guess) * known * (1 - known)
        information = max(slope * slope / max(p * (1 - p), 1e-9), 1e-9)
        self.variance = 1 / (1 / self.variance + information)
        self.mean += self.variance * slope * (right - p) / max(p * (1 - p), 1e-9)


@dataclass
class Tally:
    """An item or objective: surprises so far and how much they weigh. Two tallies may be added or taken apart."""

    surprise: float = 0.0
    weight: float = 0.0

    def answered(self, *, right: float, foretold: float) -> None:
        self.surprise += right - foretold
        self.weight += foretold * (1 - foretold)

    @property
    def ease(self) -> float:
        """How much easier than usual, in logits; near 0 while little is known."""
        return ease_of(self.surprise, self.weight)


def ease_of(surprise: float, weight: float) -> float:
    return max(-3.0, min(3.0, surprise / (weight + 1 / ITEM_SPREAD)))


@dataclass(frozen=True)
class Asked:
    """What is known of what is asked: how easy its objective and itself are, at all and after days without practice."""

    ease: float = 0.0
    late_ease: float = 0.0
    item_ease: float = 0.0
    guess: float = 0.0


@dataclass
class CardEvidence:
    """One person and one item: the course of its answers."""

    right: int = 0
    wrong: int = 0
    run: int = 0  # right answers in a row; below 0: wrong ones
    surprise: float = 0.0
    foretold: int = 0
    day: int = 0
    day_right: int = 0
    day_answers: int = 0
    tries: float = 0.0  # those of long ago count less
    wins: float = 0.0
    rating: int = 0  # of the last answer, 1 to 4

    def answered(self, *, rating: int, day: int, foretold: float | None) -> None:
        """``foretold``: recall as FSRS-6 predicted it, where this answer came a day or more after the one before."""
        right = rating > 1
        self.rating = rating
        if foretold is not None:
            self.surprise += right - foretold
            self.foretold += 1
        if day != self.day or not self.day_answers:
            faded = 0.5 ** (max(0, day - self.day) / HALF_LIFE) if self.day_answers else 0.0
            self.tries, self.wins = self.tries * faded, self.wins * faded
            self.day, self.day_right, self.day_answers = day, 0, 0
        self.day_right += right
        self.day_answers += 1
        self.tries += 1
        self.wins += right
        self.right += right
        self.wrong += not right
        self.run = max(self.run, 0) + 1 if right else min(self.run, 0) - 1


@dataclass
class PersonEvidence:
    """One person over all their answers. ``today`` is what has been learned since the day began, not yet counted."""

    ability: Offset = field(default_factory=Offset)
    plain: Offset = field(default_factory=Offset)  # without knowing how hard the items were: what items are judged by
    late: Offset = field(default_factory=lambda: Offset(variance=RECALL_SPREAD))
    recent: float = 0.0
    answers: int = 0
    day: int = LONG_AGO
    seen: tuple[float, float, float, int] = (0.0, 0.0, 0.0, 0)
    topics: dict[int, tuple[float, int]] = field(default_factory=dict)  # objective -> surprise, answers foretold
    today: dict[int, tuple[float, int]] = field(default_factory=dict)  # the part of it since the day began

    @classmethod
    def unknown(cls, *, usual: float) -> "PersonEvidence":
        """Nobody has seen this person; ``usual`` is the logit of a right answer of anybody."""
        return cls(ability=Offset(mean=usual), plain=Offset(mean=usual), seen=(usual, 0.0, 0.0, 0))

    def copy(self) -> "PersonEvidence":
        return replace(
            self,
            ability=replace(self.ability),
            plain=replace(self.plain),
            late=replace(self.late),
            topics=dict(self.topics),
            today=dict(self.today),
        )

    def begin(self, day: int) -> None:
        """Fix what is known when ``day`` begins; calls within the day change nothing."""
        if day <= self.day:
            return
        if self.day > LONG_AGO:
            self.late.variance = min(self.late.variance + DRIFT * (day - self.day), RECALL_SPREAD)
        self.day, self.today = day, {}
        self.seen = (self.ability.mean, self.late.mean, self.recent, self.answers)

    def siblings(self, topic: int | None, card: CardEvidence, *, now: bool = False) -> float:
        """How much better the other cards of a learning objective went than foretold: as known when the day began, or now."""
        if topic is None or topic not in self.topics:
            return 0.0
        surprise, count = self.topics[topic]
        if not now:
            less, fewer = self.today.get(topic, (0.0, 0))
            surprise, count = surprise - less, count - fewer
        others = max(0, count - card.foretold)
        return 2 * (surprise - card.surprise) / (others + 2) if others else 0.0

    def answered(self, *, right: bool, asked: Asked, foretold: float | None, topic: int | None = None) -> None:
        expected = chance(self.ability.mean + asked.ease + asked.item_ease)
        self.ability.answered(right=right, beside=asked.ease + asked.item_ease, guess=asked.guess)
        self.plain.answered(right=right, guess=asked.guess)
        if foretold is not None:
            expected = foretold
            self.late.answered(right=right, beside=logit(foretold))
            for sums in (self.topics, self.today) if topic is not None else ():
                surprise, count = sums.get(topic, (0.0, 0))
                sums[topic] = surprise + right - foretold, count + 1
        self.recent += RECENT * (right - expected - self.recent)
        self.answers += 1


FEATURES = (
    "always", "memory", "gap", "stability", "difficulty", "right", "wrong", "last right", "run", "last day",
    "surprise of the card", "ability", "recall of the person", "recent surprise", "ease", "late ease", "ease of the item",
    "answers of the person", "tries of late", "wins of late", "siblings", "last rating",
    "part of a day",
)  # fmt: skip
SIZE = len(FEATURES)
FIRST_OF_PAIR, SECOND_OF_PAIR = np.triu_indices(SIZE - 1)
PAIRS = SIZE + SIZE * (SIZE - 1) // 2  # with the products of each two but the constant


def features(
    *,
    recall: float,
    stability: float,
    difficulty: float,
    gap: int,
    card: CardEvidence,
    person: PersonEvidence,
    asked: Asked,
    siblings: float = 0.0,
    exact: float | None = None,
) -> list[float]:
    """The numbers that the correction weighs, each of the size of 1. ``recall``: as FSRS-6 predicts it for today.
    ``siblings``: what ``PersonEvidence.siblings`` says. ``exact``: days since the last answer with their parts, of which
    ``gap`` counts the nights; None where only the day is known."""
    ability, late, recent, answers = person.seen
    faded = 0.5 ** (max(0, gap) / HALF_LIFE)
    return [
        1.0,
        logit(recall),
        math.log1p(gap) / 2 - 1,
        math.log(max(stability, 0.01)) / 2 - 1,
        (difficulty - 5) / 3,
        math.log1p(card.right) - 1,
        math.log1p(card.wrong) - 1,
        1.0 if card.run > 0 else -1.0,
        math.copysign(math.log1p(abs(card.run)), card.run),
        (2 * card.day_right - card.day_answers) / (card.day_answers + 1),
        2 * card.surprise / (card.foretold + 2),
        ability,
        2 * late,
        4 * recent,
        asked.ease,
        asked.late_ease,
        asked.item_ease,
        math.log1p(answers) / 3 - 2,
        math.log1p(card.tries * faded) - 1,
        math.log1p(card.wins * faded) - 1,
        siblings,
        {2: -1.0, 4: 1.0}.get(card.rating, 0.0),
        0.0 if exact is None else max(-2.0, min(2.0, 2 * math.log(max(exact, 0.05) / max(gap, 1)))),
    ]


def with_pairs(rows: Floats) -> Floats:
    """The features and the products of each two of them, for models that have answers enough."""
    inner = rows[..., 1:]
    return np.concatenate([rows, inner[..., FIRST_OF_PAIR] * inner[..., SECOND_OF_PAIR] / 2], axis=-1)
