"""What people who were there thought of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from events.exceptions import EventError
from events.models import Attendance, Evaluation, Event, Presence, Session
from events.services.locking import event_held

LONGEST = 1000


@transaction.atomic
def evaluation_give(*, event: Event, score: int, words: str = "", by: Membership) -> Evaluation:
    """From 1 to 5, with words if wanted; again it takes the place of the first. For who was there, once it is over."""
    held = event_held(event_id=event.pk)
    last = Session.objects.filter(event=held).order_by("-ends_at").first()
    if last is None or last.ends_at > clock.now():
        raise EventError(_("Say what you think of it when it is over."))
    there = [Presence.PRESENT, Presence.PARTLY]
    if not Attendance.objects.filter(session__event=held, person_id=by.person_id, presence__in=there).exists():
        raise EventError(_("Only who was there can say what they think of it."))
    if not 1 <= score <= 5:
        raise EventError(_("Give from 1 to 5."))
    made, _created = Evaluation.objects.update_or_create(
        environment_id=held.environment_id, event=held, person_id=by.person_id,
        defaults={"score": score, "words": words.replace("\x00", "").strip()[:LONGEST], "said_at": clock.now()},
    )  # fmt: skip
    return made
