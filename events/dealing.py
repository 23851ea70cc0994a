"""Which piece of equipment each use has: arithmetic on rows, nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from events.models import EquipmentUse


def pieces_placed(uses: list[EquipmentUse], *, since: datetime, pieces: int) -> list[EquipmentUse] | None:
    """Each use its piece, by when it begins; what began before ``since`` keeps its own. None when there are too few.

    Whoever comes next takes any piece that is free then: so never more pieces are needed than are lent at once.
    """
    busy: dict[int, datetime] = {}
    for use in uses:
        free = (number for number in range(1, pieces + 1) if busy.get(number, use.starts_at) <= use.starts_at)
        if use.piece == 0 or use.starts_at >= since:
            use.piece = next(free, 0)
        if not 0 < use.piece <= pieces:
            return None
        busy[use.piece] = use.ends_at
    return uses


def most_at_once(uses: Iterable[EquipmentUse], *, begins: datetime, ends: datetime) -> int:
    """How many pieces are lent at the busiest moment in between."""
    inside = [use for use in uses if use.starts_at < ends and use.ends_at > begins]
    moments = [begins, *(use.starts_at for use in inside if use.starts_at > begins)]
    return max(sum(use.starts_at <= at < use.ends_at for use in inside) for at in moments)
