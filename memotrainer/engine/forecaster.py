"""Foretelling recall of one person's cards, and learning from each of their answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from memotrainer.engine.correction import Correction
from memotrainer.engine.evidence import SIZE, Asked, CardEvidence, PersonEvidence, features, logit, with_pairs
from memotrainer.engine.lives import Floats
from memotrainer.engine.population import sigmoid

MOST_SHIFT = 1.0  # logits by which the day of a card follows the forecast at most


def recall_of(stability: float, days: float, *, weights: Sequence[float]) -> float:
    """R of FSRS-6 for one card: ``fsrs.retrievability`` without arrays."""
    decay = -weights[20]
    return float((1.0 + (0.9 ** (1.0 / decay) - 1.0) * max(0.0, days) / stability) ** decay)


@dataclass
class Forecaster:
    """``coefficients``: what was learned on other people (``population``); None where nobody is known."""

    person: PersonEvidence = field(default_factory=PersonEvidence)
    correction: Correction = field(default_factory=Correction)
    coefficients: Floats | None = None

    def begin(self, day: int) -> None:
        self.person.begin(day)
        self.correction.begin(day)

    def inputs(
        self,
        *,
        recall: float,
        stability: float,
        difficulty: float,
        gap: int,
        card: CardEvidence,
        asked: Asked,
        siblings: float = 0.0,
        exact: float | None = None,
    ) -> tuple[Floats, float]:
        """(features, recall as the population foretells it) before the person's own correction."""
        row = np.array(
            features(
                recall=recall,
                stability=stability,
                difficulty=difficulty,
                gap=gap,
                card=card,
                person=self.person,
                asked=asked,
                siblings=siblings,
                exact=exact,
            )
        )
        base = recall
        if self.coefficients is not None:
            x = row if len(self.coefficients) == SIZE else with_pairs(row)
            base = float(sigmoid(x @ self.coefficients))
        row[1] = logit(base)
        return row, base

    def foretell(self, row: Floats, base: float) -> float:
        return self.correction.foretell(row, recall=base)

    def shift(
        self,
        *,
        stability: float,
        difficulty: float,
        days: int,
        card: CardEvidence,
        asked: Asked,
        topic: int | None,
        weights: Sequence[float],
    ) -> float:
        """By how many logits recall will differ, so many days after the last answer, from what FSRS-6 says."""
        recall = recall_of(stability, days, weights=weights)
        row, base = self.inputs(
            recall=recall,
            stability=stability,
            difficulty=difficulty,
            gap=days,
            card=card,
            asked=asked,
            siblings=self.person.siblings(topic, card, now=True),
        )
        found = self.correction.expected_logit(row, recall=base) - logit(recall)
        return round(max(-MOST_SHIFT, min(MOST_SHIFT, found)), 9)  # nothing learned is no shift at all
