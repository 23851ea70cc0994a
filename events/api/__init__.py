"""Events for other software."""

from events.api.calendar import Calendar
from events.api.events import EventViewSet, SeatViewSet, SessionViewSet

__all__ = ["Calendar", "EventViewSet", "SeatViewSet", "SessionViewSet"]
