"""When to remind somebody. Pure."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from memotrainer.memory import UTC

LOOKS = 400  # days between breaks, should breaks take all but a few of the allowed ones


def as_it_is(day: date) -> date:
    return day


def next_reminder(
    *,
    after: datetime,
    due_at: datetime,
    hour: int,
    weekdays: Collection[int],
    zone: ZoneInfo,
    back_on: Callable[[date], date] = as_it_is,
) -> datetime | None:
    """The first moment later than ``after`` that is ``hour`` o'clock on an allowed day (ISO, Monday 1) with
    something due by then, and in no break (``back_on``: of a day, the first one from it on without); None without such days.

    Goes by local days: an hour that clocks skip is taken after the gap, an hour that they repeat only the first
    time, so there is one moment a day, also on the nights when clocks change.
    """
    if not weekdays:
        return None
    first = max(after, due_at)
    day = first.astimezone(zone).date()
    for _look in range(LOOKS):
        day = back_on(day)
        local = datetime.combine(day, time(hour), tzinfo=zone)
        moment = local.astimezone(UTC)
        if local.isoweekday() in weekdays and moment > after and moment >= due_at:
            return moment
        day += timedelta(days=1)
    return None
