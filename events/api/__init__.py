"""Events for other software."""

from events.api.calendar import Calendar
from events.api.codes import EventCodeViewSet
from events.api.equipment import EquipmentViewSet
from events.api.events import EventViewSet
from events.api.seats import SeatViewSet
from events.api.sessions import SessionViewSet

__all__ = ["Calendar", "EquipmentViewSet", "EventCodeViewSet", "EventViewSet", "SeatViewSet", "SessionViewSet"]
