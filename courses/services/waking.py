"""The queue of what waits for time: only what is due is touched, in small batches, by as many workers as there are."""

import logging
import time
from datetime import timedelta

from django.db.models import Count

from courses.models import EnrolmentState, Wake
from courses.services.opening_notices import opened_tell
from courses.services.states import states_judge
from ecosystem import clock
from ecosystem.scope import open_scope, system_rows

logger = logging.getLogger(__name__)

BATCH = 500
AFTER_FAILURE = timedelta(hours=1)
LONGEST = 40  # seconds that one task works


def wakes_waiting() -> dict[int, int]:
    """How many are due, by environment."""
    with system_rows():
        due = Wake.objects.filter(due_at__lte=clock.now()).values("environment_id")
        return dict(due.annotate(count=Count("pk")).values_list("environment_id", "count"))


def wakes_drain(*, environment_id: int) -> int:
    """Judge what is due in an environment until nothing is, for at most 40 seconds; returns how many were.

    Each batch in a transaction of its own. What another worker or somebody's own fact holds is left to them. One state that
    fails is tried again an hour later and stops no other.
    """
    done, end = 0, time.monotonic() + LONGEST
    while time.monotonic() < end:
        handled = _batch_safely(environment_id)
        done += handled
        if handled < BATCH:
            break
    return done


def _batch_safely(environment_id: int) -> int:
    try:
        with open_scope(environment_id=environment_id):
            return _batch(BATCH)
    except Exception:
        logger.exception("what is due in environment %s; one by one now", environment_id)
    return sum(_one_safely(environment_id, pk) for pk in _due(environment_id))


def _due(environment_id: int) -> list[int]:
    with open_scope(environment_id=environment_id):
        due = Wake.objects.filter(due_at__lte=clock.now()).order_by("due_at")
        return list(due.values_list("pk", flat=True)[:BATCH])


def _one_safely(environment_id: int, pk: int) -> int:
    try:
        with open_scope(environment_id=environment_id):
            return _batch(1, pk=pk)
    except Exception:
        logger.exception("waiting activity %s", pk)
        with open_scope(environment_id=environment_id):
            Wake.objects.filter(pk=pk).update(due_at=clock.now() + AFTER_FAILURE)
        return 0


def _batch(most: int, **only: int) -> int:
    """Never waits for a row, so it can stand in nobody's way."""
    now = clock.now()
    wakes = list(
        Wake.objects.select_for_update(of=("self", "state", "state__enrolment"), no_key=True, skip_locked=True)
        .select_related("state__enrolment")
        .prefetch_related("state__activity", "state__enrolment__run")  # few, and shared by very many
        .filter(due_at__lte=now, **only)
        .order_by("due_at")[:most]
    )
    living = [wake for wake in wakes if wake.state.enrolment.state in EnrolmentState.living()]
    opened_tell(states=states_judge(states=[wake.state for wake in living], at=now))
    gone = {wake.pk for wake in wakes} - {wake.pk for wake in living}
    Wake.objects.filter(pk__in=gone).delete()  # who comes back is looked at again then
    Wake.objects.filter(pk__in=[wake.pk for wake in living], due_at__lte=now).delete()  # nothing left to wait for
    return len(wakes)
