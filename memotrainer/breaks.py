"""When somebody takes a break: until a day, or in holidays that were planned. Local days. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

Holiday = Sequence[date]  # its first and its last day
DAY = timedelta(days=1)
LONG = 7  # days after which one begins again gently


def back_on(day: date, *, paused_until: date | None, holidays: Iterable[Holiday]) -> date:
    """The first day from ``day`` on that is in no break."""
    planned = sorted((first, last) for first, last in holidays)
    if paused_until is not None:
        day = max(day, paused_until)
    for first, last in planned:
        if first <= day <= last:
            day = last + DAY
    return day


def merged(holidays: Iterable[Holiday]) -> list[list[date]]:
    """The same days in order, with those that touch made one."""
    found: list[list[date]] = []
    for first, last in sorted((first, last) for first, last in holidays):
        if found and first <= found[-1][1] + DAY:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found


def is_back(*, answered_on: date, today: date, holidays: Iterable[Holiday]) -> bool:
    """Whether a long holiday has ended since the last answer."""
    return any(answered_on <= last < today and (last - first).days + 1 >= LONG for first, last in holidays)
