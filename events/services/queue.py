"""Free places go to who has waited longest. Only with the event held (``locking``)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ecosystem.models import GroupMember
from events.models import Event, Fairness, Seat, SeatState, Session
from events.services.telling import moment, tell
from records.services import record


def begins_at(*, event: Event) -> datetime | None:
    """The first session; None as long as there is none."""
    found: datetime | None = Session.objects.filter(event=event).aggregate(first=Min("starts_at"))["first"]
    return found


def places_give(*, event: Event, at: datetime, directly: bool = False, dated: bool = False) -> list[Seat]:
    """Each free place to the next in the queue: offered for some hours, or booked at once when ``directly``; ``dated``: they
    waited for a date.

    Nothing is given of an event that has begun or has no date yet, nor before lots were drawn; while one group goes first,
    only to those in it. An offer never lasts longer than until the event begins.
    """
    begins = begins_at(event=event)
    if begins is None or begins <= at or event.cancelled_at is not None:
        return []
    ranks_set(event=event)  # somebody may have asked while they were being put into the group
    queue = Seat.objects.filter(event=event, state=SeatState.WAITING).order_by("rank", "pk")
    if not event.is_settled:
        queue = queue.filter(rank=0) if event.fairness == Fairness.PRIORITY else queue.none()
    given = list(queue if event.free is None else queue[: event.free])
    until = min(at + timedelta(hours=event.offer_hours), begins)
    for seat in given:
        seat.state = SeatState.BOOKED if directly else SeatState.OFFERED
        seat.offer_until = None if directly else until
        seat.save(update_fields=["state", "offer_until"])
        if directly:
            registered(seat=seat, event=event, dated=dated)
        else:
            tell(
                seat=seat,
                event=event,
                what="offered",
                body=format_lazy(
                    _("A place has come free for you. Answer before {until}, or it goes to the next."),
                    until=moment(until, event.zone),
                ),
                action=_("Answer"),
                only=Session.objects.filter(event=event),
            )
    if given:
        event.taken += len(given)
        event.save(update_fields=["taken"])
    return given


def place_back(*, event: Event, at: datetime) -> None:
    """A place that is no longer taken: away with a seat beyond the capacity first, else to the next who waits."""
    event.taken -= 1
    event.overbooked = max(0, event.overbooked - 1)
    event.save(update_fields=["taken", "overbooked"])
    places_give(event=event, at=at)


def ranks_set(*, event: Event) -> int:
    """While one group goes first, whoever waits stands where the group of now puts them; returns how many moved."""
    if event.fairness != Fairness.PRIORITY or event.is_settled:
        return 0
    inside = GroupMember.objects.filter(group_id=event.priority_group_id).values("person_id")
    waiting = Seat.objects.filter(event=event, state=SeatState.WAITING)
    came = waiting.filter(person_id__in=inside).exclude(rank=0).update(rank=0)
    left: int = waiting.exclude(person_id__in=inside).filter(rank=0).update(rank=1)
    return int(came) + left


def registered(*, seat: Seat, event: Event, dated: bool = False) -> None:
    """From here on the person is told (``events.reactions``); ``dated``: they waited for a date."""
    context = {"seat": str(seat.uid), **({"dated": True} if dated else {})}
    record(verb="registered", element=event.element, person_id=seat.person_id, context=context)
