"""No figure about fewer than five people, also not by subtracting what is shown from a total. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

FEWEST = 5
Cell = int | float | str | None


@dataclass(frozen=True)
class CourseRow:
    """One course. A cell is a number, words in its place, or None when there is nothing to count."""

    title: str
    people: int
    enrolled: Cell
    finished: Cell
    pass_rate: Cell
    tried_by: int

    @property
    def cells(self) -> list[Cell]:
        return [self.title, self.enrolled, self.finished, self.pass_rate]


def protected(rows: Sequence[CourseRow]) -> list[CourseRow]:
    """The rows with small groups replaced by words.

    When all that is hidden is still fewer than five people, the smallest visible course hides its results
    too: otherwise the total would tell them.
    """
    few, kept_back = _("fewer than 5"), _("not shown")
    small = [row for row in rows if row.people < FEWEST]
    visible = sorted((row for row in rows if row.people >= FEWEST), key=lambda row: (row.people, row.title))
    shield = visible[0] if visible and small and sum(row.people for row in small) < FEWEST else None
    found = []
    for row in rows:
        safe = row
        if row.people < FEWEST:
            safe = replace(row, enrolled=few, finished=few, pass_rate=few)
        elif row is shield:
            safe = replace(row, finished=kept_back, pass_rate=kept_back)
        elif 0 < row.tried_by < FEWEST:
            safe = replace(row, pass_rate=few)
        found.append(safe)
    return found
