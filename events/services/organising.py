"""Events made, dated, changed and cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from ecosystem.search import index_element
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create, element_update
from ecosystem.slugs import slug_free
from ecosystem.time_zones import known_zones
from events.exceptions import EventError
from events.models import Attendance, EquipmentUse, Event, Seat, SeatState, Session
from events.services.completing import completions
from events.services.lending import equipment_lend
from events.services.letting_go import rest_told
from events.services.locking import event_held, held_and_on
from events.services.queue import places_give
from events.services.reminding import reminder_of
from events.services.rows import LONGEST_REASON, codes_back, only_organisers
from events.services.settling import fairness_checked, promise_made
from events.services.telling import MOST_SESSIONS, Calendars, change_counted, copies_told, tell

SET = (
    "zone", "capacity", "minimum", "has_waiting_list", "offer_hours", "cancel_hours", "opens_at", "closes_at", "approval",
    "approve_hours", "copies_managers", "allows_substitutes", "needs_reason", "register_if", "attend_if", "fairness",
    "priority_group", "settle_at", "price", "currency", "needs_code",
)  # fmt: skip
OF_SESSION = ("starts_at", "ends_at", "place", "room", "link", "zone", "trainer")


@transaction.atomic
def event_make(*, title: str, summary: str = "", by: Membership, **facts: Any) -> Event:
    """A new event without a date. ``facts`` are those of ``SET`` and of the element."""
    only_organisers(by=by)
    own = {name: facts.pop(name) for name in SET if name in facts}
    facts.setdefault("slug", slug_free(title=title, kind="event"))
    element = element_create(kind="event", title=title, summary=summary, creators=[by.person], **facts)
    index_element(element=element, body=summary)
    made = Event(environment_id=current_scope().environment_id, element=element, **own)
    fairness_checked(event=made)
    made.save()
    promise_made(event=made)
    audit(act="event.made", by=by.person, target=made, after={"title": title})
    return made


@transaction.atomic
def event_set(
    *, event: Event, by: Membership, title: str | None = None, summary: str | None = None, **facts: Any
) -> Event:
    """Change what is given; more places go to who waits. Refuses fewer places than are taken."""
    only_organisers(by=by)
    held = held_and_on(event_id=event.pk)
    words = {name: value for name, value in (("title", title), ("summary", summary)) if value is not None}
    if words:
        held.element = element_update(element=held.element, **words)
        index_element(element=held.element, body=held.element.summary)
    before = {name: getattr(held, name) for name in facts}
    for name, value in facts.items():
        if name not in SET:
            raise TypeError(name)
        setattr(held, name, value)
    if held.capacity is not None and held.capacity + held.overbooked < held.taken:
        raise EventError(
            _("%(taken)s places are taken or offered already: there cannot be fewer.") % {"taken": held.taken}
        )
    if held.opens_at and held.closes_at and held.opens_at >= held.closes_at:
        raise EventError(_("Booking has to begin before it ends."))
    fairness_checked(event=held, before=before)
    if held.capacity is not None:
        held.overbooked = min(held.overbooked, max(0, held.taken - held.capacity))
    held.save(update_fields=[*facts, "overbooked", "priority_group", "settle_at"])
    promise_made(event=held)
    changed = {name: str(value) for name, value in facts.items() if before[name] != value}
    if changed:
        audit(act="event.set", by=by.person, target=held, before=_said(before, changed), after=changed)
    places_give(event=held, at=clock.now())
    return held


@transaction.atomic
def session_add(*, event: Event, by: Membership, **facts: Any) -> Session:
    """Another meeting; the first gives an event its date, and who waited for one is booked as long as there are places.

    Refuses a trainer, a room or ``equipment`` (pieces by id) that is taken at that time.
    """
    only_organisers(by=by)
    held = held_and_on(event_id=event.pk)
    first, wanted = not Session.objects.filter(event=held).exists(), facts.pop("equipment", None)
    made = _saved(Session(environment_id=held.environment_id, event=held, **facts))
    equipment_lend(session=made, wanted=wanted)
    more = gettext_lazy("There is one more session.")
    if first:  # to whom a seat was given before there was a date
        more = gettext_lazy("There is a date now, and you have a seat.")
    _tell_seated(held, what=f"added:{made.pk}", body=more, only=[made])
    audit(act="event.session_added", by=by.person, target=made, after={"starts_at": str(made.starts_at)})
    places_give(event=held, at=clock.now(), directly=first, dated=first)
    if first:
        rest_told(
            event=held, what="dated",
            waits=gettext_lazy("There is a date now. You are on the list, and we tell you when there is a place for you."),
            gone=gettext_lazy("There is a date now, but there was no place for you this time."),
        )  # fmt: skip
    return made


@transaction.atomic
def session_change(*, session: Session, by: Membership, **facts: Any) -> Session:
    """Another time, place or trainer; everybody with a seat is told when it moves."""
    only_organisers(by=by)
    held = held_and_on(event_id=session.event_id)
    fresh, wanted = Session.objects.get(pk=session.pk), facts.pop("equipment", None)
    before = {name: getattr(fresh, name) for name in facts}
    for name, value in facts.items():
        if name not in OF_SESSION:
            raise TypeError(name)
        setattr(fresh, name, value)
    after = {name: str(value) for name, value in facts.items() if before[name] != value}
    if after:
        fresh.sequence, fresh.changed_at = fresh.sequence + 1, clock.now()
        _saved(fresh)
        audit(act="event.session_changed", by=by.person, target=fresh, before=_said(before, after), after=after)
        _tell_seated(
            held,
            what=f"moved:{fresh.pk}:{fresh.sequence}",
            body=gettext_lazy("Something about it has changed: look at the time and the place."),
            only=[fresh],
        )
    equipment_lend(session=fresh, wanted=wanted)
    return fresh


@transaction.atomic
def session_remove(*, session: Session, by: Membership) -> None:
    """Refuses the last one while somebody has a seat, and one whose attendance was marked."""
    only_organisers(by=by)
    held = held_and_on(event_id=session.event_id)
    if Attendance.objects.filter(session=session).exists():
        raise EventError(_("Attendance was marked for this session, so it stays."))
    others = Session.objects.filter(event=held).exclude(pk=session.pk).exists()
    if not others and Seat.objects.filter(event=held, state__in=SeatState.holding()).exists():
        raise EventError(_("People have a seat. Cancel the event instead, so that they are told."))
    audit(act="event.session_removed", by=by.person, target=session, before={"starts_at": str(session.starts_at)})
    change_counted(event=held)
    _tell_seated(
        held,
        what=f"removed:{session.pk}",
        body=gettext_lazy("One of the sessions does not take place."),
        only=Session.objects.filter(pk=session.pk),
        calendars=Calendars.COMES_NOT,
    )
    Session.objects.filter(pk=session.pk).delete()
    if others:  # who was at all the others has been at every session now
        completions(event=held, seats=Seat.objects.filter(event=held, state=SeatState.BOOKED))


@transaction.atomic
def event_cancel(*, event: Event, reason: str, by: Membership) -> Event:
    """It does not take place: every seat ends, and everybody is told why. Twice is once. Refused once it is over."""
    only_organisers(by=by)
    held, now = event_held(event_id=event.pk), clock.now()
    if held.cancelled_at is not None:
        return held
    if is_over(event=held):
        raise EventError(_("This event is over, so it can no longer be cancelled."))
    reason = reason.replace("\x00", "").strip()
    if len(reason) > LONGEST_REASON:
        raise EventError(_("At most %(most)s characters.") % {"most": LONGEST_REASON})
    if not reason:
        raise EventError(_("Say why, so that people understand."))
    held.cancelled_at, held.cancelled_because, held.taken, held.overbooked = now, reason, 0, 0
    held.save(update_fields=["cancelled_at", "cancelled_because", "taken", "overbooked"])
    audit(act="event.cancelled", by=by.person, target=held, after={"reason": reason})
    change_counted(event=held)
    codes_back(event=held)
    EquipmentUse.objects.filter(session__event=held).delete()
    Session.objects.filter(event=held).update(takes_place=False)
    body = format_lazy(gettext_lazy("It does not take place: {why}"), why=reason)
    seats = list(_seats(held, SeatState.living()))
    seated = [seat for seat in seats if seat.state == SeatState.BOOKED]
    copies_told(seats=seated, event=held, what="off", body=body, sessions=held.sessions.all())
    for seat in seats:
        told = Calendars.COMES_NOT if seat.state == SeatState.BOOKED else Calendars.NOTHING
        seat.state, seat.offer_until, seat.ended_at = SeatState.CANCELLED, None, now
        seat.save(update_fields=["state", "offer_until", "ended_at"])
        tell(seat=seat, event=held, what="off", body=body, calendars=told, only=held.sessions.all()[:MOST_SESSIONS])
    return held


def is_over(*, event: Event) -> bool:
    """Its last session has ended; one without a date is not over."""
    sessions = Session.objects.filter(event=event)
    return sessions.exists() and not sessions.filter(ends_at__gt=clock.now()).exists()


def _seats(event: Event, states: Iterable[SeatState]) -> QuerySet[Seat]:
    return Seat.objects.filter(event=event, state__in=states).select_related("person").order_by("pk")


def _tell_seated(
    event: Event, *, what: str, body: Promise, only: Iterable[Session], calendars: Calendars = Calendars.COMES
) -> None:
    """Everybody with a seat; the calendars of those whose seat is sure."""
    sessions, seats = list(only), list(_seats(event, SeatState.holding()))
    seated = [seat for seat in seats if seat.state == SeatState.BOOKED]
    copies_told(seats=seated, event=event, what=what, body=body, sessions=sessions)
    for seat in seats:
        told = calendars if seat.state == SeatState.BOOKED else Calendars.NOTHING
        tell(seat=seat, event=event, what=what, body=body, calendars=told, only=sessions)


def _saved(session: Session) -> Session:
    if session.starts_at >= session.ends_at:
        raise EventError(_("A session has to begin before it ends."))
    if session.zone and session.zone not in known_zones():
        raise EventError(_("There is no such time zone."))
    session.remind_at = reminder_of(starts_at=session.starts_at)
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        if "session_one_trainer_at_a_time" in str(error):
            raise EventError(_("The trainer has another session at that time.")) from None
        if "session_one_room_at_a_time" in str(error):
            raise EventError(_("The room is in use at that time.")) from None
        raise
    return session


def _said(values: dict[str, Any], only: dict[str, Any]) -> dict[str, str]:
    return {name: str(values[name]) for name in only}
