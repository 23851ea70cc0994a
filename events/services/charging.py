"""What a seat costs, who pays, and codes. Only with the event held, so no code is used more often than it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem import clock
from ecosystem.models import GroupMember, Membership
from ecosystem.services.audit import audit
from ecosystem.spreadsheets import csv_lines
from events.exceptions import EventError, TooManyTriesError
from events.models import Charge, Event, EventCode, Seat, SeatState
from events.models.charges import CODE
from events.selectors import codes_of
from events.services.locking import held_and_on, series_held
from events.services.rows import only_organisers

LONGEST_CENTRE = 60
MOST_WRONG = 10  # codes that do not work, of one person in one environment
WRONG_WITHIN = 600  # seconds
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another


@dataclass(frozen=True)
class Terms:
    """For what somebody asks for a seat."""

    price: Decimal
    cost_centre: str = ""
    code: EventCode | None = None


def terms_of(*, event: Event, code: str, cost_centre: str, person_id: int) -> Terms | None:
    """None where nothing is to be written down. Refuses without the code that is needed, and without who pays.

    A code that is unknown, over, used up or for others is refused in the same words: they tell nothing to who guesses. After
    ten of those even one that works is refused, for some minutes.
    """
    found, said = None, code.replace("\x00", "").strip().upper()
    if said:
        # Counted before it is looked at, so that guesses at the same moment are all counted.
        tries = f"event-code:{event.environment_id}:{person_id}"
        _refuse_who_guesses(tries)
        found = _code_held(event, said)
        if found is None or not _works(found, person_id, clock.now()):
            raise EventError(_("This code does not work here, or not any more."))
        cache.counted([tries], seconds=WRONG_WITHIN, more=-1)
    elif event.needs_code:
        raise EventError(_("This event needs a code."))
    price = found.price if found is not None and found.price is not None else event.price
    centre = cost_centre.replace("\x00", "").strip()[:LONGEST_CENTRE]
    if price and not centre:
        raise EventError(_("Say which cost centre pays."))
    return Terms(price or Decimal(0), centre, found) if price or found is not None else None


def _code_held(event: Event, said: str) -> EventCode | None:
    """With the event held its own codes are; those of a series have the row of the series for it."""
    rows = codes_of(event=event).filter(code=said)
    found = rows.first()
    if found is not None and found.series_id is not None:
        series_held(series_id=found.series_id)
        found = rows.first()
    return found


def _refuse_who_guesses(tries: str) -> None:
    """Counts one more. While nobody can count, nobody tries: that is for a moment."""
    counted = cache.counted([tries], seconds=WRONG_WITHIN)
    if counted is None:
        raise TooManyTriesError(_("Codes cannot be checked now. Come back in a moment."), wait=5)
    (count,), left = counted
    if count > MOST_WRONG:
        minutes = -(-left // 60)
        said = ngettext(
            "Too many codes that do not work. Try again in %(n)s minute.",
            "Too many codes that do not work. Try again in %(n)s minutes.",
            minutes,
        )
        raise TooManyTriesError(said % {"n": minutes}, wait=left)


def _works(code: EventCode, person_id: int, now: datetime) -> bool:
    begun = code.opens_at is None or code.opens_at <= now
    over = code.closes_at is not None and code.closes_at <= now
    left = code.most is None or code.used < code.most
    theirs = code.group_id is None or GroupMember.objects.filter(group_id=code.group_id, person_id=person_id).exists()
    return begun and not over and left and theirs


def charge_make(*, seat: Seat, event: Event, terms: Terms) -> Charge:
    """A code counts once more."""
    if terms.code is not None:
        EventCode.objects.filter(pk=terms.code.pk).update(used=F("used") + 1)
    made: Charge = Charge.objects.create(
        environment_id=event.environment_id, seat=seat, person_id=seat.person_id, price=terms.price,
        currency=event.currency, cost_centre=terms.cost_centre, code=terms.code, said_at=clock.now(),
    )  # fmt: skip
    return made


def is_good_there(*, code: EventCode | None, event: Event) -> bool:
    """A code of a series goes along to another event of it: whoever used it has paid."""
    return code is not None and code.series_id is not None and code.series_id == event.series_id


def charge_given(*, seat: Seat, event: Event, cost_centre: str = "") -> None:
    """Of a seat that who organises gave: without a code, and without a cost centre where nobody has said one."""
    if event.price and not Charge.objects.filter(seat=seat).exists():
        charge_make(seat=seat, event=event, terms=Terms(event.price, cost_centre))


def charge_of(*, seat: Seat) -> Charge | None:
    found: Charge | None = Charge.objects.filter(seat=seat).select_related("code").first()
    return found


def charge_passed(*, seat: Seat, to: Seat, event: Event) -> None:
    """Whoever comes instead comes at the same price, for the same cost centre."""
    if (known := charge_of(seat=seat)) is not None:
        charge_make(seat=to, event=event, terms=Terms(known.price, known.cost_centre, known.code))


@transaction.atomic
def code_add(*, event: Event, code: str = "", for_series: bool = False, by: Membership, **facts: Any) -> EventCode:
    """``facts``: price, most, group, opens_at, closes_at. Without ``code`` one is made that nobody guesses. ``for_series``: it
    works for every event of the series, and ``most`` counts them together."""
    only_organisers(by=by)
    held = held_and_on(event_id=event.pk)
    whose: dict[str, Any] = {"event": held}
    if for_series:
        if held.series_id is None:
            raise EventError(_("This event is in no series."))
        series_held(series_id=held.series_id)
        whose = {"series_id": held.series_id}
    said = code.strip().upper() or get_random_string(10, LETTERS)
    if not CODE.regex.match(said):
        raise EventError(str(CODE.message))
    if facts.get("opens_at") and facts.get("closes_at") and facts["opens_at"] >= facts["closes_at"]:
        raise EventError(_("It has to begin before it ends."))
    _refuse_code_there(held, said, for_series=for_series)
    try:
        with transaction.atomic():
            made: EventCode = EventCode.objects.create(environment_id=held.environment_id, code=said, **whose, **facts)
    except IntegrityError as error:
        if "_code_once" in str(error):
            raise EventError(_("This event has that code already.")) from None
        raise
    after = {"most": made.most, "price": str(made.price), "series": made.series_id}
    audit(act="event.code_added", by=by.person, target=held, after=after)
    return made


def _refuse_code_there(held: Event, said: str, *, for_series: bool) -> None:
    if codes_of(event=held).filter(code=said).exists():
        raise EventError(_("This event has that code already."))
    if for_series and EventCode.objects.filter(event__series=held.series_id, code=said, ended_at=None).exists():
        raise EventError(_("Another event of the series has that code already."))


@transaction.atomic
def code_end(*, code: EventCode, by: Membership) -> None:
    """Nobody books with it any more, of a series for none of its events; who did keeps the seat. Twice is once."""
    only_organisers(by=by)
    held: Event | EventCode = code
    if code.series_id is None:
        held = held_and_on(event_id=code.event_id)
    else:
        series_held(series_id=code.series_id)
    if EventCode.objects.filter(pk=code.pk, ended_at=None).update(ended_at=clock.now()):
        audit(act="event.code_ended", by=by.person, target=held, before={"used": code.used})


@transaction.atomic
def charges_export(*, event: Event | None = None, by: Membership) -> Iterator[str]:
    """What is to be invoiced, of one event or of all, as CSV: booked seats with a price."""
    only_organisers(by=by)
    rows = Charge.objects.filter(seat__state=SeatState.BOOKED, price__gt=0)
    if event is not None:
        rows = rows.filter(seat__event=event)
    found = list(rows.select_related("seat__event__element", "person", "code").order_by("seat__event", "pk"))
    audit(act="event.charges_exported", by=by.person, target=event or by, after={"rows": len(found)})
    columns = ["event", "seat", "name", "email", "cost centre", "price", "currency", "code", "booked"]
    return csv_lines(
        columns=columns,
        rows=(
            (
                one.seat.event.element.title, str(one.seat.uid), one.person.name, one.person.email, one.cost_centre,
                str(one.price), one.currency, one.code.code if one.code else "", f"{one.said_at:%Y-%m-%d}",
            )
            for one in found
        ),
    )  # fmt: skip
