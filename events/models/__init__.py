from events.models.asking import Evaluation, EventAnswer, EventQuestion, QuestionKind
from events.models.events import Approval, Event, Fairness, Session
from events.models.feeds import CalendarFeed, digest_of
from events.models.seats import Attendance, Draw, Presence, Seat, SeatState
from events.models.series import MOST_EVENTS, Frequency, Series

__all__ = [
    "MOST_EVENTS",
    "Approval",
    "Attendance",
    "CalendarFeed",
    "Draw",
    "Evaluation",
    "Event",
    "EventAnswer",
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
