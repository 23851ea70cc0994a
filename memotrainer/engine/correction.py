"""Learning online how far the recall that FSRS-6 predicts is off, for one person.

A logistic regression whose weights are a normal belief: it begins as *FSRS-6 is right* and each answer moves it as far as
the belief is unsure (extended Kalman filter). Several such beliefs, slow and quick, run side by side with FSRS-6 itself,
and count by how well each has foretold so far. So a person with few answers gets FSRS-6, and nobody much worse.
What is foretold on a day knows the answers of earlier days only.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from memotrainer.engine.evidence import SIZE, chance
from memotrainer.engine.lives import Floats

SHARE = 0.002  # a day: what is given to the others, so that what was bad may become good
SUREST = 1e-4
LONG_AGO = -(10**9)
# (variance of the belief at the start, what it gains a day): slow and quick learners
LEARNERS = ((0.003, 0.0), (0.01, 1e-5), (0.03, 0.0), (0.1, 0.0))
PLAIN_PRIOR = 0.2  # what FSRS-6 itself counts before anything is known
POPULATION_PRIOR = 0.9  # what the forecast counts that was learned on others: it has few mistakes left to learn


@dataclass
class Belief:
    """Weights of a regression with their covariance."""

    mean: Floats
    covariance: Floats
    drift: float

    def foretell(self, x: Floats) -> float:
        variance = float(x @ self.covariance @ x)
        return chance(float(self.mean @ x) / math.sqrt(1 + math.pi * variance / 8))

    def learn(self, x: Floats, *, right: float) -> None:
        p = chance(float(self.mean @ x))
        slope = max(p * (1 - p), 1e-4)
        turned = self.covariance @ x
        gain = turned / (float(x @ turned) + 1 / slope)
        self.mean = self.mean + gain * ((right - p) / slope)
        self.covariance = self.covariance - np.outer(gain, turned)

    def wait(self, days: int) -> None:
        if self.drift and days > 0:
            self.covariance = self.covariance + np.eye(len(self.mean)) * (self.drift * min(days, 30))


def fresh(*, variance: float, drift: float) -> Belief:
    """That FSRS-6 is right: its logit counts once, all else nothing."""
    mean = np.zeros(SIZE)
    mean[1] = 1.0
    return Belief(mean=mean, covariance=np.eye(SIZE) * variance, drift=drift)


def _prior(plain: float) -> Floats:
    return np.log(np.array([plain, *[(1 - plain) / len(LEARNERS)] * len(LEARNERS)]))


@dataclass
class Correction:
    """``foretell`` any number of times a day, ``answered`` for each answer; counted when the next day begins."""

    beliefs: list[Belief] = field(default_factory=lambda: [fresh(variance=v, drift=d) for v, d in LEARNERS])
    trust: Floats = field(default_factory=lambda: _prior(PLAIN_PRIOR))
    day: int = LONG_AGO
    waiting: list[tuple[Floats, float]] = field(default_factory=list)

    @classmethod
    def of(cls, *, population: bool) -> "Correction":
        """A new one. ``population``: the forecast to correct was learned on other people."""
        return cls(trust=_prior(POPULATION_PRIOR if population else PLAIN_PRIOR))

    def foretell(self, row: Floats, *, recall: float) -> float:
        """Recall, corrected. ``row``: what ``evidence.features`` says; ``recall``: what FSRS-6 says."""
        shares = np.exp(self.trust - self.trust.max())
        return float(np.clip(shares @ self._each(row, recall) / shares.sum(), SUREST, 1 - SUREST))

    def answered(self, row: Floats, *, recall: float, right: bool, day: int) -> None:
        self.begin(day)
        self.waiting.append((np.append(row, recall), float(right)))

    def begin(self, day: int) -> None:
        """Count what was answered on the days before ``day``."""
        if day <= self.day:
            return
        for row, right in self.waiting:
            each = np.clip(self._each(row[:-1], row[-1]), SUREST, 1 - SUREST)
            self.trust = self.trust + np.log(each if right else 1 - each)
            for belief in self.beliefs:
                belief.learn(row[:-1], right=right)
        if self.waiting:
            shares = np.exp(self.trust - self.trust.max())
            self.trust = np.log((1 - SHARE) * shares / shares.sum() + SHARE / len(shares))
        self.waiting = []
        for belief in self.beliefs:
            belief.wait(day - self.day if self.day > LONG_AGO else 0)
        self.day = day

    def _each(self, row: Floats, recall: float) -> Floats:
        return np.array([recall, *(belief.foretell(row) for belief in self.beliefs)])
