"""Events for other software."""

from events.api.calendar import Calendar
from events.api.events import EventViewSet
from events.api.seats import SeatViewSet
from events.api.sessions import SessionViewSet

__all__ = ["Calendar", "EventViewSet", "SeatViewSet", "SessionViewSet"]
