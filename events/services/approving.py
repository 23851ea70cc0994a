"""Requests: somebody asks, a manager or whoever organises says yes or no, and without an answer the request runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from ecosystem.models import Person
from events.models import Event, Seat, SeatState
from events.services.managers import approvers_of
from events.services.queue import begins_at
from events.services.rows import seat_row
from events.services.telling import tell
from notifications.services import notify

REQUESTS = "event-request"


def request_make(*, event: Event, person: Person, at: datetime) -> Seat:
    """A request of ``person``; whoever may answer is told. Only with the event held. It ends when the event begins at the
    latest."""
    until, begins = at + timedelta(hours=event.approve_hours), begins_at(event=event)
    seat = seat_row(
        event=event, person=person, state=SeatState.REQUESTED, offer_until=min(until, begins) if begins else until
    )
    body: str | Promise = format_lazy(gettext_lazy("{name} would like to come."), name=person.name)
    for approver in approvers_of(event=event, person_id=person.pk):
        notify(
            person_id=approver,
            key=f"event:{seat.pk}:request:{approver}",
            kind=REQUESTS,
            title=event.element.title,
            body=body,
            href="/organise/requests/",
            action=gettext_lazy("Answer"),
            mail=True,
        )
    tell(seat=seat, event=event, what="requested", body=gettext_lazy("You asked for a seat. We tell you the answer."))
    return seat
