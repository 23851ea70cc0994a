"""Events for other software."""

from events.api.calendar import Calendar
from events.api.events import EventViewSet, SessionViewSet
from events.api.seats import SeatViewSet

__all__ = ["Calendar", "EventViewSet", "SeatViewSet", "SessionViewSet"]
