"""Until where somebody has read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ecosystem.models import Membership
from ecosystem.scope import current_scope
from social.models import Thread, ThreadSeen


@transaction.atomic
def thread_read(*, thread: Thread, by: Membership, at: datetime) -> None:
    """The person has the thread open, and may; ``at``: when the last post was written that they see of it."""
    seen_keep(thread=thread, person_id=by.person_id, at=at)


def seen_keep(*, thread: Thread, person_id: int, at: datetime) -> None:
    """Who goes back to an earlier part has read the later ones all the same."""
    mine = {"environment_id": current_scope().environment_id, "thread": thread, "person_id": person_id}
    _seen, made = ThreadSeen.objects.get_or_create(**mine, defaults={"seen_at": at})
    if not made:
        ThreadSeen.objects.filter(**mine, seen_at__lt=at).update(seen_at=at)
