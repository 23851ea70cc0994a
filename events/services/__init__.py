from events.services.asking import question_add, question_end
from events.services.attending import attendance_mark
from events.services.changing import seat_change
from events.services.charging import charges_export, code_add, code_end
from events.services.checking_in import check_in, check_in_code, check_in_is_open
from events.services.deciding import request_decide
from events.services.evaluating import evaluation_give
from events.services.expiring import offers_end, offers_waiting
from events.services.feeds import feed_end, feed_holder, feed_make, seat_show
from events.services.lending import equipment_add, equipment_end, equipment_set
from events.services.organising import (
    event_cancel,
    event_make,
    event_set,
    session_add,
    session_change,
    session_remove,
)
from events.services.passing import seat_move, seat_pass
from events.services.regrouping import group_moved
from events.services.reminding import reminders_send, reminders_waiting
from events.services.repeating import series_cancel, series_make, series_session_change, series_set
from events.services.seats import seat_answer, seat_cancel, seat_give, seat_take
from events.services.settling import events_settle, settling_waits
from events.services.syncing import attendance_sync
from events.services.telling import seat_confirm

__all__ = [
    "attendance_mark",
    "attendance_sync",
    "charges_export",
    "check_in",
    "check_in_code",
    "check_in_is_open",
    "code_add",
    "code_end",
    "equipment_add",
    "equipment_end",
    "equipment_set",
    "evaluation_give",
    "event_cancel",
    "event_make",
    "event_set",
    "events_settle",
    "feed_end",
    "feed_holder",
    "feed_make",
    "group_moved",
    "offers_end",
    "offers_waiting",
    "question_add",
    "question_end",
    "reminders_send",
    "reminders_waiting",
    "request_decide",
    "seat_answer",
    "seat_cancel",
    "seat_change",
    "seat_confirm",
    "seat_give",
    "seat_move",
    "seat_pass",
    "seat_show",
    "seat_take",
    "series_cancel",
    "series_make",
    "series_session_change",
    "series_set",
    "session_add",
    "session_change",
    "session_remove",
    "settling_waits",
]
