"""How easy questions are for the people here: sums over everybody's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

from django.db import connection


@dataclass
class Counted:
    """What some answers to a question add to its row."""

    bank_id: int
    answers: int = 0
    surprise: float = 0.0
    weight: float = 0.0
    late_answers: int = 0
    late_surprise: float = 0.0
    late_weight: float = 0.0


# In the order of questions: two people who answer the same ones at once wait for each other, and never both.
ADD = """
    INSERT INTO memotrainer_ease AS e (environment_id, question_id, bank_id, answers, surprise, weight, late_answers,
        late_surprise, late_weight)
    SELECT %s, n.* FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::float8[], %s::float8[], %s::int[], %s::float8[],
        %s::float8[]) AS n (question_id, bank_id, answers, surprise, weight, late_answers, late_surprise, late_weight)
    ORDER BY n.question_id
    ON CONFLICT (environment_id, question_id) DO UPDATE SET answers = e.answers + excluded.answers,
        surprise = e.surprise + excluded.surprise, weight = e.weight + excluded.weight,
        late_answers = e.late_answers + excluded.late_answers, late_surprise = e.late_surprise + excluded.late_surprise,
        late_weight = e.late_weight + excluded.late_weight
"""


def eases_add(*, environment_id: int, counted: Mapping[int, Counted]) -> None:
    """``counted``: question -> what to add. One statement, and the same cost however many answers came before."""
    if not counted:
        return
    rows = [(question_id, *astuple(sums)) for question_id, sums in sorted(counted.items())]
    with connection.cursor() as cursor:
        cursor.execute(ADD, [environment_id, *map(list, zip(*rows, strict=True))])
