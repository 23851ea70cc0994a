"""When somebody may be written to: arithmetic on a person's own clock. Nothing here reads a row or the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DIGEST_AT = time(7, 30)
MONDAY, SATURDAY = 0, 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rhythm:
    """Wishes of one person. Quiet hours may run over midnight; None, or the same hour twice, is none at all."""

    zone: ZoneInfo
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_weekends: bool = False
    daily: bool = False

    def day_of(self, moment: datetime) -> date:
        """The day on the person's calendar."""
        return moment.astimezone(self.zone).date()

    def next_open(self, moment: datetime) -> datetime:
        """The first moment from ``moment`` on that is not quiet, in UTC."""
        for _step in range(4):  # a weekend, then a night; more cannot follow each other
            later = self._end_of_quiet(moment)
            if later <= moment:
                break
            moment = later
        return moment.astimezone(UTC)

    def next_digest(self, after: datetime) -> datetime:
        """When the digest after ``after`` goes: half past seven on Monday or on each day, and never in quiet hours."""
        today = self.day_of(after)
        days = (today + n * DAY for n in range(9))
        wanted = (self._at(day, DIGEST_AT) for day in days if self._is_digest_day(day))
        return self.next_open(next(moment for moment in wanted if moment > after))

    def _is_digest_day(self, day: date) -> bool:
        if not self.daily:
            return day.weekday() == MONDAY
        return not (self.quiet_weekends and day.weekday() >= SATURDAY)

    def _end_of_quiet(self, moment: datetime) -> datetime:
        """When the quiet time around ``moment`` ends; ``moment`` itself when it is not quiet."""
        here = moment.astimezone(self.zone)
        if self.quiet_weekends and here.weekday() >= SATURDAY:
            return self._at(here.date() + (7 - here.weekday()) * DAY, time(0))
        start, end, clock = self.quiet_from, self.quiet_until, here.time()
        if start is None or end is None or start == end:
            return moment
        over_midnight = start > end
        in_evening = clock >= start and (over_midnight or clock < end)
        in_morning = over_midnight and clock < end
        if not (in_evening or in_morning):
            return moment
        day = here.date() + (DAY if in_evening and over_midnight else timedelta(0))
        ends_at = self._at(day, end)
        return ends_at if ends_at > moment else self._at(day, end, fold=1)  # the hour that the clocks show twice

    def _at(self, day: date, clock: time, *, fold: int = 0) -> datetime:
        """That time on that day, in UTC. A time that the change to summer skips is as much later; twice: the first."""
        return datetime.combine(day, clock.replace(fold=fold), tzinfo=self.zone).astimezone(UTC)
