"""Learning online how far the recall that FSRS-6 predicts is off, for one person.

A logistic regression whose weights are a normal belief: it begins as *FSRS-6 is right* and each answer moves it as far as
the belief is unsure (extended Kalman filter). Several such beliefs, slow and quick, run side by side with FSRS-6 itself,
and count by how well each has foretold so far. So a person with few answers gets FSRS-6, and nobody much worse: over any
number of answers the mixture loses at most -log(PLAIN_PRIOR) to FSRS-6, in all.
What is foretold on a day knows the answers of earlier days only.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from memotrainer.engine.evidence import MOST, SIZE, logit
from memotrainer.engine.lives import Floats

SHARE = 0.002  # a day: what is given to the others, so that what was bad may become good
SUREST = 1e-4
LONG_AGO = -(10**9)
# (variance of the belief at the start, what it gains a day, features it may weigh): slow and quick learners, and one that
# only mends calibration, for whoever has few answers.
LEARNERS = ((0.003, 0.0, SIZE), (0.01, 1e-5, SIZE), (0.03, 0.0, SIZE), (0.1, 0.0, SIZE), (0.1, 0.0, 2))
PLAIN_PRIOR = 0.5  # what FSRS-6 itself counts before anything is known
POPULATION_PRIOR = 0.9  # what the forecast counts that was learned on others: it has few mistakes left to learn
# What it counts where correcting it did not help people who were held out: all but what is given to the others each day, so
# only somebody whose own answers say so, again and again, is corrected.
NO_HELP_PRIOR = 1 - SHARE
LONGEST_WAIT = 30  # days of drift at once


def _beginnings() -> Floats:
    """That FSRS-6 is right: its logit counts once, all else nothing."""
    mean = np.zeros((len(LEARNERS), SIZE))
    mean[:, 1] = 1.0
    return mean


def _doubts() -> Floats:
    return np.stack([np.diag(np.where(np.arange(SIZE) < most, variance, 0.0)) for variance, _drift, most in LEARNERS])


DRIFTS = np.stack([np.diag(np.where(np.arange(SIZE) < most, drift, 0.0)) for _variance, drift, most in LEARNERS])


def _prior(plain: float) -> Floats:
    return np.log(np.array([plain, *[(1 - plain) / len(LEARNERS)] * len(LEARNERS)]))


def _chances(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30.0, 30.0))))


@dataclass
class Correction:
    """``foretell`` any number of times a day, ``answered`` for each answer; counted when the next day begins.

    ``mean`` (learners, features) and ``covariance`` (learners, features, features) are the beliefs, ``trust`` the logarithm
    of what FSRS-6 and each of them counts.
    """

    mean: Floats = field(default_factory=_beginnings)
    covariance: Floats = field(default_factory=_doubts)
    trust: Floats = field(default_factory=lambda: _prior(PLAIN_PRIOR))
    day: int = LONG_AGO
    waiting: list[tuple[Floats, float]] = field(default_factory=list)

    @classmethod
    def of(cls, *, population: bool, helps: bool = True) -> "Correction":
        """A new one. ``population``: the forecast to correct was learned on other people. ``helps``: and correcting it
        helped such people."""
        usual = POPULATION_PRIOR if population else PLAIN_PRIOR
        return cls(trust=_prior(usual if helps else NO_HELP_PRIOR))

    @property
    def shares(self) -> Floats:
        """What FSRS-6 and each belief count now; together 1."""
        raised = np.exp(self.trust - self.trust.max())
        return np.asarray(raised / raised.sum())

    def foretell(self, row: Floats, *, recall: float) -> float:
        """Recall, corrected. ``row``: what ``evidence.features`` says; ``recall``: what FSRS-6 says."""
        return float(np.clip(self.shares @ self._each(row, recall), SUREST, 1 - SUREST))

    def expected_logit(self, row: Floats, *, recall: float) -> float:
        """The corrected recall as a logit, by what is believed most and not by how unsure that is: nothing is learned yet,
        nothing is moved. For choosing days; a forecast of an answer is ``foretell``."""
        shares = self.shares
        return float(shares[0] * logit(recall) + shares[1:] @ np.clip(self.mean @ row, -MOST, MOST))

    def answered(self, row: Floats, *, recall: float, right: bool, day: int) -> None:
        self.begin(day)
        self.waiting.append((np.append(row, recall), float(right)))

    def begin(self, day: int) -> None:
        """Count what was answered on the days before ``day``."""
        if day <= self.day:
            return
        for kept, right in self.waiting:
            row = kept[:-1]
            each = np.clip(self._each(row, float(kept[-1])), SUREST, 1 - SUREST)
            self.trust = self.trust + np.log(each if right else 1 - each)
            self._learn(row, right)
        if self.waiting:
            self.trust = np.log((1 - SHARE) * self.shares + SHARE / len(self.trust))
        self.waiting = []
        if self.day > LONG_AGO:
            self.covariance = self.covariance + DRIFTS * min(day - self.day, LONGEST_WAIT)
        self.day = day

    def _learn(self, row: Floats, right: float) -> None:
        p = _chances(self.mean @ row)
        slope = np.maximum(p * (1 - p), 1e-4)
        turned = self.covariance @ row
        gain = turned / (turned @ row + 1 / slope)[:, None]
        self.mean = self.mean + gain * ((right - p) / slope)[:, None]
        self.covariance = self.covariance - gain[:, :, None] * turned[:, None, :]

    def _each(self, row: Floats, recall: float) -> Floats:
        variance = (self.covariance @ row) @ row
        believed = _chances((self.mean @ row) / np.sqrt(1 + math.pi * variance / 8))
        return np.concatenate([[recall], believed])
