from events.models.asking import Evaluation, EventAnswer, EventQuestion, QuestionKind
from events.models.charges import Charge, EventCode
from events.models.equipment import MOST_PIECES, Equipment, EquipmentUse
from events.models.events import Approval, Event, Fairness, Session
from events.models.feeds import CalendarFeed, digest_of
from events.models.seats import Attendance, Draw, Presence, Seat, SeatState
from events.models.series import MOST_EVENTS, Frequency, Series

__all__ = [
    "MOST_EVENTS",
    "MOST_PIECES",
    "Approval",
    "Attendance",
    "CalendarFeed",
    "Charge",
    "Draw",
    "Equipment",
    "EquipmentUse",
    "Evaluation",
    "Event",
    "EventAnswer",
    "EventCode",
    "EventQuestion",
    "Fairness",
    "Frequency",
    "Presence",
    "QuestionKind",
    "Seat",
    "SeatState",
    "Series",
    "Session",
    "digest_of",
]
