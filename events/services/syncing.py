"""Attendance that was marked without a network and comes later: each mark counts once, in the order in which it was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from events.models import Presence, Seat, SeatState, Session
from events.services.attending import attendance_mark

MOST = 1000


@dataclass(frozen=True)
class Taken:
    """What may leave the device: kept here now, or refused for ever with the reason. ``note``: what whoever marks should know."""

    accepted: list[str]
    refused: dict[str, str]
    note: str = ""


def attendance_sync(*, session: Session, items: Iterable[Any], by: Membership) -> Taken:
    """``items`` of ``{id, person, presence}``, oldest first: the last word about somebody counts. Sent twice is once.

    Refuses one by one what names nobody with a seat; all of it from who may not mark here, and before the session begins.
    """
    seats = Seat.objects.filter(event=session.event_id, state=SeatState.BOOKED)
    known = set(seats.values_list("person_id", flat=True))
    marks: dict[int, str] = {}
    accepted, refused = [], {}
    for item in list(items)[:MOST]:
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            continue
        person, said = item.get("person"), item.get("presence")
        if isinstance(person, int) and person in known and said in set(Presence.values):
            marks[person] = str(said)
            accepted.append(item["id"][:80])
        else:
            refused[item["id"][:80]] = _("They have no seat here.")
    note = ""
    if marks:
        try:
            note = attendance_mark(session=session, marks=marks, by=by).note
        except EcosystemError as refusal:
            return Taken([], refused | dict.fromkeys(accepted, str(refusal)))
    return Taken(accepted, refused, note)
