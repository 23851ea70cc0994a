"""People say themselves that they are there, by a code that the room shows and that changes every minute."""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.conditions import condition_lacking
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from events.exceptions import EventError
from events.models import Attendance, Presence, Seat, SeatState, Session
from events.services.completing import completions
from events.services.locking import held_and_on

SECONDS = 60
EARLIER = 2  # codes that are still good: who scans needs a moment, and may have to sign in
BEFORE = timedelta(minutes=30)
BYTES = 10  # 80 bits, good for three minutes


def check_in_code(*, session: Session, at: datetime) -> str:
    """The code of the minute ``at``: 16 letters and digits."""
    return _code(session, int(at.timestamp()) // SECONDS)


def check_in_is_open(*, session: Session, at: datetime) -> bool:
    """From half an hour before it begins until it ends."""
    return session.starts_at - BEFORE <= at < session.ends_at


@transaction.atomic
def check_in(*, session: Session, code: str, by: Membership) -> Attendance:
    """``by`` was present. What somebody else has marked stays as it is; twice is once.

    Refuses a code that has run out, people without a seat, and other times than those of the session.
    """
    event, now = held_and_on(event_id=session.event_id), clock.now()
    seat = Seat.objects.filter(event=event, person_id=by.person_id, state=SeatState.BOOKED).first()
    if seat is None:
        raise EventError(_("You have no seat here. Ask whoever organises the event."))
    known: Attendance | None = Attendance.objects.filter(session=session, person_id=by.person_id).first()
    if known is not None:
        return known
    if not check_in_is_open(session=session, at=now):
        raise EventError(_("You can say that you are there from half an hour before it begins until it ends."))
    if lacks := condition_lacking(event.attend_if, person_id=by.person_id):
        raise EventError(_("You can take part when %(reasons)s.") % {"reasons": lacks})
    minute = int(now.timestamp()) // SECONDS
    if not any(constant_time_compare(code, _code(session, minute - back)) for back in range(EARLIER + 1)):
        raise EventError(_("This code has run out. Scan the one that is shown now."))
    made = Attendance.objects.create(
        environment_id=event.environment_id,
        session=session,
        person_id=by.person_id,
        presence=Presence.PRESENT,
        marked_at=now,
    )
    audit(act="event.checked_in", by=by.person, target=session, after={str(by.person_id): Presence.PRESENT})
    completions(event=event, seats=[seat])
    return made


def _code(session: Session, minute: int) -> str:
    drawn = salted_hmac("events.check_in", f"{session.environment_id}:{session.pk}:{minute}", algorithm="sha256")
    return b32encode(drawn.digest()[:BYTES]).decode().lower()
