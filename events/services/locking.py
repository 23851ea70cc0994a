"""Whatever moves a seat holds the row of its event first, so seats are given one after the other, in the order asked."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecosystem.prepared import Given, prepared
from ecosystem.scope import current_scope
from events.exceptions import EventError
from events.models import Event, Series


def event_held(*, event_id: int) -> Event:
    """The event as it is now, held until the transaction ends. Refuses one of another environment."""
    if not (held := _event(pk=event_id)):
        raise Event.DoesNotExist
    found: Event = held[0]
    if found.environment_id != current_scope().environment_id:
        raise EventError(_("It belongs to another environment and is changed there."))
    return found


@prepared
def _event(*, pk: Given) -> QuerySet[Event]:
    return Event.objects.select_for_update(of=("self",), no_key=True).select_related("element").filter(pk=pk)


def held_and_on(*, event_id: int) -> Event:
    """The same; refuses an event that was cancelled."""
    event = event_held(event_id=event_id)
    if event.cancelled_at is not None:
        raise EventError(_("This event was cancelled."))
    return event


def series_held(*, series_id: int) -> None:
    """For its codes, which seats of several events use: after the event, or all events, that are held."""
    Series.objects.select_for_update(of=("self",), no_key=True).get(pk=series_id)
