"""Recall of cards as it is shown and decided by: what FSRS-6 says of their state, moved by what else is known.

p = R / (R + (1 - R) e^-shift), which adds ``shift`` to the logit of R. The same in NumPy and as SQL.
"""

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, FloatField, Value
from django.db.models.functions import Exp, Extract, Power

from memotrainer.engine.lives import Floats
from memotrainer.fsrs import DEFAULT_WEIGHTS, retrievability

DAY = 24 * 3600
_DECAY = -DEFAULT_WEIGHTS[20]
_FACTOR = 0.9 ** (1 / _DECAY) - 1


def expected_recall(*, stability: npt.ArrayLike, days: npt.ArrayLike, shift: npt.ArrayLike = 0.0) -> Floats:
    """The chance of a right answer, 0 to 1. stability and days (since the last answer; parts count) in days."""
    recall = retrievability(stability=stability, elapsed_days=days)
    return np.asarray(recall / (recall + (1 - recall) * np.exp(-np.asarray(shift, dtype=np.float64))))


def days_since(answered_at: datetime, now: datetime) -> float:
    return max(0.0, (now - answered_at).total_seconds() / DAY)


def recall_at(at: datetime, *, answered: str, shifted: bool) -> Any:
    """The same as an expression over rows with ``stability`` and, where ``shifted``, ``shift``."""
    since = ExpressionWrapper(Value(at, output_field=DateTimeField()) - F(answered), output_field=DurationField())
    days = Extract(since, "epoch", output_field=FloatField()) / Value(float(DAY))
    recall = Power(Value(1.0) + Value(_FACTOR) * days / F("stability"), Value(_DECAY), output_field=FloatField())
    if not shifted:
        return recall
    other = (Value(1.0) - recall) * Exp(-F("shift"), output_field=FloatField())
    return ExpressionWrapper(recall / (recall + other), output_field=FloatField())
