"""Recall of cards as it is shown and decided by: what FSRS-6 says of their state, moved by what else is known.

p = R / (R + (1 - R) e^-shift), which adds ``shift`` to the logit of R. The same in NumPy and as SQL, where it is written
1 / (1 + (1/R - 1) e^-shift): one power for each card instead of three.
"""

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import DateTimeField, DurationField, Expression, ExpressionWrapper, F, FloatField, Func, Value
from django.db.models.functions import Exp, Power

from ecosystem.prepared import Given
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


def recall_at(at: Given, *, answered: str, shifted: bool) -> Any:
    """The same as an expression over rows with ``stability`` and, where ``shifted``, ``shift``."""
    grown = Value(1.0) + Value(_FACTOR) * days_at(at, answered=answered) / F("stability")
    if not shifted:
        return Power(grown, Value(_DECAY), output_field=FloatField())
    against = Power(grown, Value(-_DECAY), output_field=FloatField()) - Value(1.0)
    odds = Value(1.0) + against * Exp(-F("shift"), output_field=FloatField())
    return ExpressionWrapper(Value(1.0) / odds, output_field=FloatField())


def days_at(at: Given, *, answered: str) -> Any:
    """Days since the last answer as an expression, parts and all. DATE_PART, as EXTRACT makes slow decimals of seconds."""
    moment = at if isinstance(at, Expression) else Value(at)
    since = ExpressionWrapper(
        ExpressionWrapper(moment, output_field=DateTimeField()) - F(answered), output_field=DurationField()
    )
    return Func(Value("epoch"), since, function="DATE_PART", output_field=FloatField()) / Value(float(DAY))
