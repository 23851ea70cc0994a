from events.services.attending import attendance_mark
from events.services.checking_in import check_in, check_in_code, check_in_is_open
from events.services.feeds import feed_end, feed_holder, feed_make
from events.services.organising import (
    event_cancel,
    event_make,
    event_set,
    session_add,
    session_change,
    session_remove,
)
from events.services.reminding import reminders_send, reminders_waiting
from events.services.seats import offers_end, offers_waiting, seat_answer, seat_cancel, seat_give, seat_take
from events.services.telling import seat_confirm

__all__ = [
    "attendance_mark",
    "check_in",
    "check_in_code",
    "check_in_is_open",
    "event_cancel",
    "event_make",
    "event_set",
    "feed_end",
    "feed_holder",
    "feed_make",
    "offers_end",
    "offers_waiting",
    "reminders_send",
    "reminders_waiting",
    "seat_answer",
    "seat_cancel",
    "seat_confirm",
    "seat_give",
    "seat_take",
    "session_add",
    "session_change",
    "session_remove",
]
