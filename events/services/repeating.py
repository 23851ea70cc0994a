"""Series: the same event again and again, each with seats of its own; changed one by one, from one on, or all.

Times are those of the clock on the wall in the place's own time zone, so that ten o'clock stays ten o'clock when clocks change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from events.exceptions import EventError
from events.models import MOST_EVENTS, Event, Fairness, Frequency, Series, Session
from events.services.locking import event_held, held_and_on
from events.services.organising import (
    OF_SESSION,
    SET,
    event_cancel,
    event_make,
    event_set,
    is_over,
    session_add,
    session_change,
)
from events.services.rows import only_organisers

RULES = {Frequency.DAILY: DAILY, Frequency.WEEKLY: WEEKLY, Frequency.MONTHLY: MONTHLY}
NOT_COPIED = {"opens_at", "closes_at", "settle_at"}


class Reach(StrEnum):
    """Which events of a series a change is for."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


@transaction.atomic
def series_make(
    *, event: Event, frequency: str, count: int, days: list[int] | None = None, by: Membership
) -> tuple[Series, list[date]]:
    """So many events in all, the given one first; returns the days left out because a trainer or a room was taken.

    ``days`` of the week, for weekly ones. Refuses an event without a date, and one that is in a series already.
    """
    only_organisers(by=by)
    held = held_and_on(event_id=event.pk)
    sessions = list(Session.objects.filter(event=held).select_related("trainer", "event"))
    if not sessions:
        raise EventError(_("Give the event a date first."))
    if held.series_id is not None:
        raise EventError(_("This event is in a series already."))
    if not 2 <= count <= MOST_EVENTS:
        raise EventError(_("A series has from 2 to %(most)s events.") % {"most": MOST_EVENTS})
    weekdays = sorted(set(days or [])) if frequency == Frequency.WEEKLY else []
    first = sessions[0].starts_at.astimezone(ZoneInfo(sessions[0].wall)).date()
    made = Series.objects.create(
        environment_id=held.environment_id, frequency=frequency, days=weekdays, count=count, made_at=clock.now()
    )
    held.series = made
    held.save(update_fields=["series"])
    left_out = []
    for day in days_of(first=first, frequency=frequency, weekdays=weekdays, count=count):
        try:
            with transaction.atomic():
                _again(held, sessions, days=(day - first).days, series=made, by=by)
        except EventError:
            left_out.append(day)
    audit(act="event.repeated", by=by.person, target=held, after={"frequency": frequency, "count": count})
    return made, left_out


def days_of(*, first: date, frequency: str, weekdays: list[int], count: int) -> list[date]:
    """The days after ``first``, which counts as one. A month without such a day is left out (RFC 5545)."""
    start = datetime(first.year, first.month, first.day)  # noqa: DTZ001 -- days only
    rule = rrule(RULES[Frequency(frequency)], dtstart=start, byweekday=weekdays or None, count=count)
    return [found.date() for found in rule if found.date() != first][: count - 1]


def _again(event: Event, sessions: list[Session], *, days: int, series: Series, by: Membership) -> None:
    facts = {name: getattr(event, name) for name in SET if name not in NOT_COPIED}
    facts |= {name: moved(at=getattr(event, name), zone=event.zone, days=days) for name in NOT_COPIED}
    if event.fairness != Fairness.FIRST_COME and facts["settle_at"] <= clock.now():
        raise EventError(_("Choose a day that is still to come."))
    made = event_make(title=event.element.title, summary=event.element.summary, by=by, **facts)
    made.series = series
    made.save(update_fields=["series"])
    for session in sessions:
        own = {name: getattr(session, name) for name in OF_SESSION}
        own |= {name: moved(at=own[name], zone=session.wall, days=days) for name in ("starts_at", "ends_at")}
        lent = Counter(session.uses.values_list("equipment_id", flat=True))
        session_add(event=made, by=by, equipment=lent, **own)


def moved(*, at: datetime | None, zone: str, days: int) -> Any:
    """So many days later at the same time on the wall."""
    if at is None:
        return None
    there = at.astimezone(ZoneInfo(zone))
    return (there.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=ZoneInfo(zone))


@transaction.atomic
def series_set(*, event: Event, reach: str, by: Membership, **facts: Any) -> list[Event]:
    """``event_set`` of one, of it and those after it, or of all that are not over. All or nothing."""
    return [event_set(event=one, by=by, **facts) for one in _held(event, reach)]


@transaction.atomic
def series_cancel(*, event: Event, reach: str, reason: str, by: Membership) -> list[Event]:
    """All of them are held before the first seat ends, since their seats share the codes of the series. Of several, those that
    are over stay as they are."""
    found = _held(event, reach)
    coming = [one for one in found if not is_over(event=one)]
    return [event_cancel(event=one, reason=reason, by=by) for one in coming or found]


@transaction.atomic
def series_session_change(*, session: Session, reach: str, by: Membership, **facts: Any) -> list[Session]:
    """``session_change`` of one, and of the same meeting of the others: as many days away as before, at the new time on the
    wall. All or nothing."""
    event = Event.objects.get(pk=session.event_id)
    before, place = Session.objects.get(pk=session.pk), _place(session)
    times = {name: facts.pop(name) for name in ("starts_at", "ends_at") if name in facts}
    changed = []
    for one in _held(event, reach):
        theirs = list(Session.objects.filter(event=one))
        if place < len(theirs):
            own = {
                name: _like(
                    getattr(before, name),
                    at,
                    getattr(theirs[place], name),
                    facts.get("zone", theirs[place].zone) or event.zone,
                )
                for name, at in times.items()
            }
            changed.append(session_change(session=theirs[place], by=by, **own, **facts))
    return changed


def _held(event: Event, reach: str) -> list[Event]:
    """Those that are reached, all held, and by all who change a series in the same order."""
    found = list(reached(event=event, reach=reach))
    for pk in sorted(one.pk for one in found):
        event_held(event_id=pk)
    return found


def _place(session: Session) -> int:
    return list(Session.objects.filter(event=session.event_id).values_list("pk", flat=True)).index(session.pk)


def _like(was: datetime, now: datetime, theirs: datetime, zone: str) -> datetime:
    """What was changed here, for another day."""
    here = ZoneInfo(zone)
    days = (now.astimezone(here).date() - was.astimezone(here).date()).days
    day = theirs.astimezone(here).date() + timedelta(days=days)
    return datetime.combine(day, now.astimezone(here).time(), tzinfo=here)


def reached(*, event: Event, reach: str) -> Iterator[Event]:
    """The later ones first, when a change goes on: so that nobody trains in two at once on the way."""
    if event.series_id is None or reach == Reach.ONE:
        yield event
        return
    rows = Event.objects.filter(series_id=event.series_id, cancelled_at=None)
    first = Session.objects.filter(event=event).values_list("starts_at", flat=True).first()
    later = {
        one.pk: begins
        for one in rows
        if (begins := Session.objects.filter(event=one).values_list("starts_at", flat=True).first()) is not None
        and (one.pk == event.pk or begins > clock.now())
        and (reach == Reach.ALL or first is None or begins >= first)
    }
    found = {one.pk: one for one in rows.select_related("element")}
    for pk in sorted(later, key=lambda pk: (later[pk], pk)):
        yield found[pk]
