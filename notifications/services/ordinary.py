"""Whether a letter whose time has come is still wanted, and the rule of one ordinary letter a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from notifications.enums import DIGEST
from notifications.models import Mail, Notice, Preference
from notifications.rhythm import Rhythm
from notifications.selectors import mail_is_stopped, rhythm_of
from notifications.services.digests import digest_plan


@dataclass(frozen=True)
class Hold:
    """Why a letter does not go now: later (``due_at``) or not at all (``reason``)."""

    due_at: datetime | None = None
    reason: str = ""


def hold_of(*, mail: Mail, now: datetime) -> Hold | None:
    """None: send it. Takes the person's day for an ordinary letter; what comes second goes into the digest."""
    if mail_is_stopped(person_id=mail.person_id, kind=mail.kind):
        return Hold(reason="The person has stopped this kind.")
    if not mail.ordinary or mail.kind == DIGEST:  # the digest took its day when it was written
        return None
    rhythm = rhythm_of(person_id=mail.person_id)
    opens = rhythm.next_open(now)
    if opens > now:
        return Hold(due_at=opens)
    notice = Notice.objects.filter(person_id=mail.person_id, key=mail.key).first()
    if notice is not None and notice.in_app and notice.seen_at is not None:
        return Hold(reason="It was seen on the site first.")
    today = rhythm.day_of(now)
    if _goes_into_digest(mail, rhythm=rhythm, today=today):
        if notice is not None:
            notice.for_digest = True
            notice.save(update_fields=["for_digest"])
            digest_plan(person_id=mail.person_id)
        return Hold(reason="There was an ordinary letter that day; it goes into the digest.")
    return None


def _goes_into_digest(mail: Mail, *, rhythm: Rhythm, today: date) -> bool:
    """True when the day is taken, or is kept free for a digest that is still to go today."""
    planned = Preference.objects.filter(person_id=mail.person_id).values_list("next_digest_at", flat=True).first()
    if planned is not None and rhythm.day_of(planned) <= today:
        return True
    try:
        with transaction.atomic():
            mail.ordinary_on = today
            mail.save(update_fields=["ordinary_on"])
    except IntegrityError:  # the unique key decides, also between two workers
        mail.ordinary_on = None
        return True
    return False
