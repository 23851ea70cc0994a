"""Events as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ecosystem import clock
from ecosystem.addresses import address
from ecosystem.models import Membership, Power
from ecosystem.prepared import Given, prepared
from ecosystem.registry import Achievement, Todo
from ecosystem.slugs import own_first
from ecosystem.spans import span_of
from ecosystem.visibility import elements_for, may_open
from events.access import may_answer, may_organise
from events.models import (
    Approval,
    Attendance,
    Charge,
    Event,
    EventAnswer,
    EventCode,
    EventQuestion,
    Presence,
    Seat,
    SeatState,
    Session,
)
from events.zones import same_clock, town_of

SOON = timedelta(days=14)
MOST_TODOS = 5
MOST_CLASHES = 20
MOST_MOVES = 50
KEPT_IN_CALENDARS = timedelta(days=90)
MOST_IN_CALENDARS = 500


def events_for(membership: Membership) -> QuerySet[Event]:
    """Events that ``membership`` may see, with when they begin and end; organisers see the drafts too."""
    rows = _events()
    return rows if may_organise(membership) else rows.filter(element__in=elements_for(membership))


def _events() -> QuerySet[Event]:
    first = Session.objects.filter(event=OuterRef("pk")).order_by("starts_at", "pk")
    return Event.objects.select_related("element").annotate(
        begins_at=Min("sessions__starts_at"),
        ends_at=Max("sessions__ends_at"),
        begins_in=Subquery(first.values("zone")[:1]),
    )


def event_called(slug: str, membership: Membership) -> Event:
    """That of ``events_for`` with this slug, our own before one from above, or 404. Read first and then looked at, because
    the SQL of all that somebody may see takes longer to write than a booking."""
    organises = may_organise(membership)
    for row in _called(slug=slug):
        if organises or may_open(membership, row.element):
            return row
    raise Http404


@prepared
def _called(*, slug: Given) -> QuerySet[Event]:
    return _events().filter(element__slug=slug).order_by(own_first("element__"), "pk")


def movable_to(event: Event, *, by: Membership) -> list[Event]:
    """Other events to which a seat may go: dated, still to come, with a place."""
    rows = coming(events_for(by)).filter(begins_at__gt=clock.now()).exclude(pk=event.pk)
    free = rows.filter(Q(capacity=None) | Q(taken__lt=F("capacity") + F("overbooked")))
    return list(free[:MOST_MOVES])


def editions_of(event: Event) -> QuerySet[Event]:
    """Other dates of the same event: of its series, or with the same title."""
    same = Q(element__title=event.element.title)
    if event.series_id is not None:
        same |= Q(series_id=event.series_id)
    return Event.objects.filter(same, environment_id=event.environment_id, cancelled_at=None).exclude(pk=event.pk)


def changes_for(event: Event, membership: Membership) -> list[Event]:
    """Other dates to which somebody with a seat here could move it now, as far as a list can say."""
    rows = coming(events_for(membership)).filter(pk__in=editions_of(event).values("pk"), begins_at__gt=clock.now())
    rows = rows.filter(Q(capacity=None) | Q(taken__lt=F("capacity") + F("overbooked")), approval=Approval.NOBODY)
    return list(rows[:MOST_MOVES])


def charges_of(event: Event) -> dict[int, Charge]:
    """What seats of the event cost, by seat."""
    return {one.seat_id: one for one in Charge.objects.filter(seat__event=event)}


def coming(events: QuerySet[Event]) -> QuerySet[Event]:
    """Not over and not cancelled: by date, those without one last."""
    rows = events.filter(Q(ends_at=None) | Q(ends_at__gte=clock.now()), cancelled_at=None)
    return rows.order_by("begins_at", "pk")


def living_seats(*, person_id: int, events: Iterable[int]) -> dict[int, Seat]:
    """The person's seat, or place in the queue, by event."""
    rows = Seat.objects.filter(person_id=person_id, event__in=events, state__in=SeatState.living())
    return {seat.event_id: seat for seat in rows}


def ended_seat(event: Event, membership: Membership) -> Seat | None:
    """The person's last seat that was refused, ran out or came to nothing, to say so on the page."""
    rows = Seat.objects.filter(event=event, person_id=membership.person_id).order_by("-pk")
    last = rows.first()
    unasked = (SeatState.REFUSED, SeatState.EXPIRED, SeatState.UNPLACED)
    return last if last is not None and last.state in unasked else None


def own_sessions(membership: Membership) -> list[Session]:
    """Sessions of the last three months and to come, in which the person has a seat or trains: by time; one query.

    Of events that they may still see: one that was hidden is gone from calendars too.
    """
    seat = Seat.objects.filter(event=OuterRef("event"), person_id=membership.person_id, state=SeatState.BOOKED)
    rows = Session.objects.filter(
        Exists(seat.filter(in_calendar=True)) | Q(trainer_id=membership.person_id),
        event__element__in=elements_for(membership),
        ends_at__gte=clock.now() - KEPT_IN_CALENDARS,
        event__cancelled_at=None,
    )
    return list(rows.select_related("event__element", "trainer").order_by("starts_at", "pk")[:MOST_IN_CALENDARS])


def comes_to(event: Event, membership: Membership) -> bool:
    """Whether the person has a seat there or trains, and so is let into the meeting."""
    seats = Seat.objects.filter(event=event, person_id=membership.person_id, state=SeatState.BOOKED)
    return seats.exists() or event.sessions.filter(trainer_id=membership.person_id).exists()


def left_out(membership: Membership) -> list[Event]:
    """Events to come in which the person has a seat that is not in their calendar."""
    seat = Seat.objects.filter(event=OuterRef("pk"), person_id=membership.person_id, state=SeatState.BOOKED)
    rows = coming(events_for(membership)).filter(Exists(seat.filter(in_calendar=False)))
    return list(rows[:MOST_MOVES])


def place_in_queue(seat: Seat) -> int:
    """1 for who is next."""
    before = Q(rank__lt=seat.rank) | Q(rank=seat.rank, pk__lte=seat.pk)
    return Seat.objects.filter(before, event_id=seat.event_id, state=SeatState.WAITING).count()


def waiting_in(event: Event) -> int:
    return Seat.objects.filter(event=event, state=SeatState.WAITING).count()


@dataclass(frozen=True)
class Shown:
    """One event in a list."""

    event: Event
    seat: Seat | None
    when: str

    @property
    def is_full(self) -> bool:
        return self.event.free == 0


def shown(events: Iterable[Event], *, person_id: int) -> list[Shown]:
    found = list(events)
    seats = living_seats(person_id=person_id, events=[event.pk for event in found])
    return [Shown(event, seats.get(event.pk), when_words(event)) for event in found]


def when_words(event: Event) -> str:
    """The days on which it takes place, in the time zone of its first session, which is named where the reader has another;
    "Date not set yet" as long as there is none."""
    begins, ends = event.begins_at, event.ends_at  # type: ignore[attr-defined] -- annotated by events_for
    if begins is None:
        return _("Date not set yet")
    name: str = event.begins_in or event.zone  # type: ignore[attr-defined] -- annotated by events_for
    zone = ZoneInfo(name)
    first, last = begins.astimezone(zone), ends.astimezone(zone)
    if first.date() == last.date():
        abroad = "" if same_clock(begins, ends, name, timezone.get_current_timezone()) else f" ({town_of(name)})"
        return f"{date_format(first, 'D j F Y')}, {first:%H:%M}–{last:%H:%M}{abroad}"
    return f"{date_format(first, 'j F')} – {date_format(last, 'j F Y')}"


def answerable(by: Membership) -> QuerySet[Seat]:
    """Seats of others about which ``by`` has a say: all of them, or of the people that ``by`` may enrol."""
    rows = Seat.objects.exclude(person_id=by.person_id).exclude(event__approval=Approval.NOBODY)
    if not may_organise(by):
        rows = rows.filter(span_of(by, Power.ENROL).of_people(), event__approval=Approval.MANAGER)
    return rows.select_related("person", "event__element")


def requests_for(by: Membership) -> QuerySet[Seat]:
    """Requests that ``by`` may answer, the oldest first."""
    return answerable(by).filter(state=SeatState.REQUESTED, event__cancelled_at=None).order_by("pk")


def people_in(event: Event) -> QuerySet[Seat]:
    """Everybody with a seat or in the queue: seats first, then the queue in its order."""
    rows = Seat.objects.filter(event=event, state__in=SeatState.living()).select_related("person")
    return rows.order_by("state", "rank", "pk")


def questions_of(event: Event) -> list[EventQuestion]:
    """Those that are asked now."""
    return list(EventQuestion.objects.filter(event=event, ended_at=None))


def answers_of(event: Event) -> dict[int, list[tuple[str, str]]]:
    """(question, answer) of those with a seat, by person."""
    living = Seat.objects.filter(event=event, state__in=SeatState.living()).values("person_id")
    rows = EventAnswer.objects.filter(question__event=event, person__in=living).select_related("question")
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows.order_by("question__position", "pk"):
        said = {"yes": _("Yes"), "no": _("No")}.get(row.text, row.text)
        found.setdefault(row.person_id, []).append((row.question.text, said))
    return found


def codes_of(*, event: Event) -> QuerySet[EventCode]:
    """That work for it, if they work: its own first, then those of its series."""
    whose = Q(event=event)
    if event.series_id is not None:
        whose |= Q(series=event.series_id)
    return EventCode.objects.filter(whose, ended_at=None).order_by(F("series").asc(nulls_first=True), "pk")


def elsewhere(event: Event, *, person_id: int) -> list[Session]:
    """Sessions of other events in which the person has a seat, or trains, at the time of one of these."""
    mine = Seat.objects.filter(event=OuterRef("event"), person_id=person_id, state=SeatState.BOOKED)
    at = Session.objects.filter(event=event, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    rows = Session.objects.filter(Exists(mine) | Q(trainer_id=person_id), Exists(at), event__cancelled_at=None)
    return list(
        rows.exclude(event=event).select_related("event__element", "trainer").order_by("starts_at", "pk")[:MOST_CLASHES]
    )


def was_there(event: Event, membership: Membership) -> bool:
    """Over, and the person was at a part of it at least."""
    rows = Attendance.objects.filter(
        session__event=event, person_id=membership.person_id, presence__in=[Presence.PRESENT, Presence.PARTLY]
    )
    return not Session.objects.filter(event=event, ends_at__gt=clock.now()).exists() and rows.exists()


def own_marks(event: Event, membership: Membership) -> dict[int, str]:
    """What was marked about the person, in words, by session."""
    rows = Attendance.objects.filter(session__event=event, person_id=membership.person_id)
    return {pk: str(Presence(said).label) for pk, said in rows.values_list("session_id", "presence")}


def told_of_cancelling(event: Event) -> QuerySet[Seat]:
    """Who had a seat or waited for one when the event was cancelled."""
    rows = Seat.objects.filter(event=event, state=SeatState.CANCELLED, ended_at=event.cancelled_at)
    return rows.select_related("person").order_by("person__name", "pk")


def presences(session: Session) -> dict[int, str]:
    return dict(Attendance.objects.filter(session=session).values_list("person_id", "presence"))


def events_attended(membership: Membership) -> list[Achievement]:
    """For the transcript: events at which the person was present throughout; one query."""
    rows = Seat.objects.filter(person_id=membership.person_id, completed_at__isnull=False).order_by("-completed_at")
    found = rows.values_list("event__element__title", "event__element__slug", "completed_at")
    return [Achievement(title, at, href=address("events:event", slug)) for title, slug, at in found]


def numbers_of(event: Event) -> dict[str, int]:
    """How many are booked, offered, waiting, in the draw, asked for, and were there at one session or more."""
    states = dict(Seat.objects.filter(event=event).values_list("state").annotate(n=Count("pk")))
    there = Attendance.objects.filter(session__event=event, presence__in=[Presence.PRESENT, Presence.PARTLY])
    return {
        "booked": states.get(SeatState.BOOKED, 0),
        "offered": states.get(SeatState.OFFERED, 0),
        "waiting": states.get(SeatState.WAITING, 0),
        "entered": states.get(SeatState.ENTERED, 0),
        "requested": states.get(SeatState.REQUESTED, 0),
        "there": there.values("person_id").distinct().count(),
    }


def event_todos(membership: Membership) -> list[Todo]:
    """A place that waits for an answer, where one is expected in the coming two weeks, and requests of others."""
    now = clock.now()
    return [*_requests_todo(membership), *_own_todos(membership, now)]


def _requests_todo(membership: Membership) -> list[Todo]:
    if not may_answer(membership) or not (waiting := requests_for(membership).count()):
        return []
    said = ngettext("%(n)s person asks for a seat", "%(n)s people ask for a seat", waiting) % {"n": waiting}
    return [
        Todo(
            rank=14, kind=gettext_lazy("Event"), icon="calendar", title=said, href=address("organise:requests"),
            action=gettext_lazy("Answer"), why=gettext_lazy("Without an answer a request runs out."), due=None,
        )
    ]  # fmt: skip


def _own_todos(membership: Membership, now: datetime) -> list[Todo]:
    return [_todo(seat) for seat in _near(person=membership.person_id, now=now, soon=now + SOON)]


@prepared
def _near(*, person: Given, now: Given, soon: Given) -> QuerySet[Seat]:
    return (
        Seat.objects.filter(person_id=person, state__in=SeatState.holding(), event__cancelled_at=None)
        .select_related("event__element")
        .annotate(next_at=Min("event__sessions__starts_at", filter=Q(event__sessions__ends_at__gte=now)))
        .filter(Q(state=SeatState.OFFERED) | Q(next_at__lte=soon))
        .order_by("next_at", "pk")[:MOST_TODOS]
    )


def _todo(seat: Seat) -> Todo:
    element, zone = seat.event.element, ZoneInfo(seat.event.zone)
    offered = seat.state == SeatState.OFFERED
    at: datetime | None = seat.next_at  # type: ignore[attr-defined] -- annotated above
    return Todo(
        rank=15 if offered else 20,
        kind=gettext_lazy("Event"),
        icon="calendar",
        title=element.title,
        href=address("events:event", element.slug),
        action=gettext_lazy("Answer") if offered else gettext_lazy("Look"),
        why=gettext_lazy("A place has come free for you.") if offered else gettext_lazy("You have a seat."),
        due=at.astimezone(zone).date() if at else None,
    )
