"""Conditions on time, and on somebody who opens the activity by hand.

Days and times are those of the environment's time zone. Bounds are inclusive: until 31 March is until that day is over,
until 17:00 until that minute is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.periods import end_of, period_words
from ecosystem.predicates import Ask, Facts, Names, Predicate, moment_of, predicate_add

TIME, HAND = gettext_lazy("Time"), gettext_lazy("By hand")
SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)


def begin_of(text: str, zone: tzinfo) -> datetime:
    """The first moment of a day or a minute, in UTC."""
    moment = moment_of(text)
    if moment is None:
        raise ValueError(text)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return moment.replace(second=0, microsecond=0, tzinfo=zone).astimezone(UTC)


def finish_of(text: str, zone: tzinfo) -> datetime:
    """The first moment after a day or a minute, in UTC."""
    moment = moment_of(text)
    if isinstance(moment, datetime):
        return begin_of(text, zone) + timedelta(minutes=1)
    if moment is None:
        raise ValueError(text)
    return datetime.combine(moment + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)


def said(text: str) -> str:
    """``1 March 2026`` or ``1 March 2026, 09:00``"""
    moment = moment_of(text)
    day = formats.date_format(moment or text, "j F Y")
    return f"{day}, {formats.date_format(moment, 'H:i')}" if isinstance(moment, datetime) else day


def said_moment(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return said(local.strftime("%Y-%m-%d" if local.time() == time.min else "%Y-%m-%dT%H:%M"))


class From(Predicate):
    key, group, label = "from", TIME, gettext_lazy("From a day on")
    asks = (Ask("moment", "moment", gettext_lazy("From"), gettext_lazy("That day, or that minute, counts.")),)

    def holds(self, value: Any, facts: Facts) -> bool:
        return facts.at >= begin_of(value, facts.zone)

    def moments(self, value: Any, facts: Facts) -> Iterable[datetime]:
        return (begin_of(value, facts.zone),)

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        return (_("it is before %(moment)s") if negated else _("it is %(moment)s or later")) % {"moment": said(value)}

    def over(self, value: Any, *, negated: bool, facts: Facts) -> str:
        return _("It was open before %(moment)s.") % {"moment": said(value)} if negated else ""

    def about(self, value: Any) -> Any:
        return "clock"

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        begin = begin_of(value, UTC)
        return [Facts(begin - timedelta(seconds=1)), Facts(begin)]


class Until(Predicate):
    key, group, label = "until", TIME, gettext_lazy("Until a day")
    asks = (Ask("moment", "moment", gettext_lazy("Until"), gettext_lazy("That day, or that minute, still counts.")),)

    def holds(self, value: Any, facts: Facts) -> bool:
        return facts.at < finish_of(value, facts.zone)

    def moments(self, value: Any, facts: Facts) -> Iterable[datetime]:
        return (finish_of(value, facts.zone),)

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        sentence = _("it is later than %(moment)s") if negated else _("it is not later than %(moment)s")
        return sentence % {"moment": said(value)}

    def over(self, value: Any, *, negated: bool, facts: Facts) -> str:
        return "" if negated else _("It was open until %(moment)s.") % {"moment": said(value)}

    def about(self, value: Any) -> Any:
        return "clock"

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        finish = finish_of(value, UTC)
        return [Facts(finish - timedelta(seconds=1)), Facts(finish)]


class _Since(Predicate):
    """A period after something that the enrolment knows."""

    group = TIME

    def begin(self, facts: Facts) -> datetime | None:
        raise NotImplementedError

    def _end(self, value: Any, facts: Facts) -> datetime | None:
        begin = self.begin(facts)
        return None if begin is None else end_of(begin, value, zone=facts.zone)

    def holds(self, value: Any, facts: Facts) -> bool:
        end = self._end(value, facts)
        return end is not None and facts.at >= end

    def moments(self, value: Any, facts: Facts) -> Iterable[datetime]:
        end = self._end(value, facts)
        return () if end is None else (end,)

    def over(self, value: Any, *, negated: bool, facts: Facts) -> str:
        end = self._end(value, facts)
        if not negated or end is None:
            return ""
        return _("It was open before %(moment)s.") % {"moment": said_moment(end, facts.zone)}

    def about(self, value: Any) -> Any:
        return self.key

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        end = end_of(SOME_DAY, value, zone=UTC)
        return [Facts(at, UTC, SOME_DAY, SOME_DAY) for at in (end - timedelta(seconds=1), end)]


class AfterStart(_Since):
    """The day on which the run starts; in a run without one, the enrolment."""

    key, label = "after_start", gettext_lazy("Some time after the course starts")
    asks = (
        Ask(
            "wait", "period", gettext_lazy("How long after"),
            gettext_lazy("In a run without a first day, it counts from when the learner enrolled."),
        ),
    )  # fmt: skip

    def begin(self, facts: Facts) -> datetime | None:
        return facts.begins_at or facts.enrolled_at

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        end = self._end(value, facts) if facts else None
        given = {"period": period_words(value), "moment": said_moment(end, facts.zone) if end and facts else ""}
        if negated:
            return _("less than %(period)s have passed since the course started") % given
        if end is None:
            return _("%(period)s have passed since the course started") % given
        return _("it is %(moment)s, %(period)s after the course started") % given


class AfterEnrolment(_Since):
    key, label = "after_enrolment", gettext_lazy("Some time after enrolling")
    asks = (Ask("wait", "period", gettext_lazy("How long after")),)

    def begin(self, facts: Facts) -> datetime | None:
        return facts.enrolled_at

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        end = self._end(value, facts) if facts else None
        given = {"period": period_words(value), "moment": said_moment(end, facts.zone) if end and facts else ""}
        if negated:
            return _("less than %(period)s have passed since you enrolled") % given
        if end is None:
            return _("%(period)s have passed since you enrolled") % given
        return _("it is %(moment)s, %(period)s after you enrolled") % given


class Released(Predicate):
    key, group, source, label = "released", HAND, "releases", gettext_lazy("An instructor opens it")
    asks = (Ask("by_hand", "yes", gettext_lazy("An instructor opens it for each learner")),)

    def subjects(self, value: Any) -> frozenset[str]:
        return frozenset({"yes"})

    def holds(self, value: Any, facts: Facts) -> bool:
        return facts.released

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        return _("your instructor has not opened it") if negated else _("your instructor opens it for you")

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        return [Facts(SOME_DAY), Facts(SOME_DAY, released=True)]


for _predicate in (From(), Until(), AfterStart(), AfterEnrolment(), Released()):
    predicate_add(_predicate)
