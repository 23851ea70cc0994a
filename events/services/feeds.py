"""Secret addresses of calendars: given once, kept as a hash."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.powers import with_hints
from ecosystem.services.audit import audit
from events.exceptions import EventError
from events.models import CalendarFeed, Event, Seat, digest_of

BYTES = 32
TOUCH = timedelta(hours=1)


@transaction.atomic
def feed_make(*, event: Event | None = None, by: Membership) -> tuple[CalendarFeed, str]:
    """A new address for ``by``, of their own sessions or of one event that they may see; an earlier one stops. The secret is
    in the answer and nowhere else."""
    secret = secrets.token_urlsafe(BYTES)
    made, _created = CalendarFeed.objects.update_or_create(
        environment_id=by.environment_id,
        person_id=by.person_id,
        event=event,
        defaults={
            "digest": digest_of(secret),
            "password_mark": by.person.get_session_auth_hash(),
            "made_at": clock.now(),
            "read_at": None,
        },
    )
    after = {"person": by.person_id, "event": made.event_id}
    audit(act="calendar.address_made", by=by.person, target=made, after=after)
    return made, secret


@transaction.atomic
def feed_end(*, event: Event | None = None, by: Membership) -> bool:
    """The address of ``by`` stops, that of their own sessions or that of an event; False when there was none."""
    mine = CalendarFeed.objects.filter(person_id=by.person_id, event=event).first()
    if mine is None:
        return False
    audit(act="calendar.address_ended", by=by.person, target=mine, before={"person": by.person_id})
    CalendarFeed.objects.filter(pk=mine.pk).delete()
    return True


def feed_holder(*, secret: str) -> tuple[Membership, int | None] | None:
    """Whose address it is, and of which event if of one, while they are a member here and have the password with which it was made."""
    feed = CalendarFeed.objects.select_related("person").filter(digest=digest_of(secret)).first()
    if feed is None or not feed.person.is_active:
        return None
    if not constant_time_compare(feed.password_mark, feed.person.get_session_auth_hash()):
        return None
    rows = Membership.objects.select_related("person").filter(person_id=feed.person_id, ended_at=None)
    member: Membership | None = with_hints(rows).first()
    now = clock.now()
    if member is not None and (feed.read_at is None or now - feed.read_at > TOUCH):
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    return None if member is None else (member, feed.event_id)


@transaction.atomic
def seat_show(*, seat: Seat, shown: bool, by: Membership) -> None:
    """Whether somebody's own calendar has it, here and in the programs that read its address. The seat stays as it is."""
    if seat.person_id != by.person_id:
        raise EventError(_("This is the seat of somebody else."))
    Seat.objects.filter(pk=seat.pk).update(in_calendar=shown)
