"""When to remind somebody. Pure."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from memotrainer.memory import UTC


def next_reminder(
    *, after: datetime, due_at: datetime, hour: int, weekdays: Collection[int], zone: ZoneInfo
) -> datetime | None:
    """The first moment later than ``after`` that is ``hour`` o'clock on an allowed day (ISO, Monday 1) with
    something due by then; None without allowed days.

    Goes by local days: an hour that clocks skip is taken after the gap, an hour that they repeat only the first
    time, so there is one moment a day, also on the nights when clocks change.
    """
    first = max(after, due_at)
    day = first.astimezone(zone).date()
    for ahead in range(9):
        local = datetime.combine(day + timedelta(days=ahead), time(hour), tzinfo=zone)
        moment = local.astimezone(UTC)
        if local.isoweekday() in weekdays and moment > after and moment >= due_at:
            return moment
    return None
