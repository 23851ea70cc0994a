"""Until where somebody has read."""

from __future__ import annotations

from django.db import transaction

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from social.models import Thread, ThreadSeen


@transaction.atomic
def thread_read(*, thread: Thread, by: Membership) -> None:
    """The person has the thread open now, and may."""
    seen_keep(thread=thread, person_id=by.person_id)


def seen_keep(*, thread: Thread, person_id: int) -> None:
    ThreadSeen.objects.update_or_create(
        environment_id=current_scope().environment_id,
        thread=thread,
        person_id=person_id,
        defaults={"seen_at": clock.now()},
    )
