"""Who was there. Whoever was present at every session has completed the event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from events.access import may_organise
from events.exceptions import EventError
from events.models import Attendance, Presence, Seat, SeatState, Session
from events.services.completing import completions
from events.services.locking import held_and_on


@dataclass(frozen=True)
class Marked:
    """How many marks changed, and the names of those who had completed the event and by these marks no longer have."""

    changed: int
    undone: list[str] = field(default_factory=list)

    @property
    def note(self) -> str:
        """What whoever corrects a mark has to know; nothing when nothing was taken back."""
        if not self.undone:
            return ""
        return _(
            "No longer completed: %(names)s. What it opened in courses stays, and so does a certificate until it is withdrawn."
        ) % {"names": ", ".join(self.undone)}


@transaction.atomic
def attendance_mark(*, session: Session, marks: Mapping[int, str], by: Membership) -> Marked:
    """``marks``: presence by id of the person. The same again changes nothing.

    For who organises events and for the trainer of the session: their word counts, also for whom the condition to take part
    does not hold. Refuses before the session begins, and people without a seat.
    """
    if not (may_organise(by) or (session.trainer_id is not None and session.trainer_id == by.person_id)):
        raise EventError(_("Only who organises events, or trains here, can do that."))
    event, now = held_and_on(event_id=session.event_id), clock.now()
    if session.starts_at > now:
        raise EventError(_("The session has not begun yet."))
    if not set(marks.values()) <= set(Presence.values):
        raise EventError(_("Choose whether they were there."))
    booked = Seat.objects.filter(event=event, state=SeatState.BOOKED).select_related("person")
    seats = {seat.person_id: seat for seat in booked}
    if not marks.keys() <= seats.keys():
        raise EventError(_("Somebody in the list has no seat in this event."))
    before = dict(Attendance.objects.filter(session=session).values_list("person_id", "presence"))
    changed = {person: said for person, said in marks.items() if before.get(person) != said}
    if not changed:
        return Marked(0)
    Attendance.objects.bulk_create(
        [
            Attendance(
                environment_id=event.environment_id, session=session, person_id=person, presence=said, marked_at=now
            )
            for person, said in sorted(changed.items())
        ],
        update_conflicts=True,
        unique_fields=["environment", "session", "person"],
        update_fields=["presence", "marked_at"],
    )
    audit(
        act="event.attendance_marked",
        by=by.person,
        target=session,
        before={str(person): before[person] for person in changed if person in before},
        after={str(person): said for person, said in changed.items()},
    )
    undone = completions(event=event, seats=[seats[person] for person in changed])
    return Marked(len(changed), [seat.person.name for seat in undone])
