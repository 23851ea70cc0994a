"""Handing statements to reactions, at least once, with effects exactly once."""

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.scope import open_scope, system_rows
from records.dispatch import reaction_named
from records.exceptions import DeliveryError
from records.models import Delivery, DeliveryState, Statement
from records.services.recording import announce

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
# Rows younger than this are on their way through Celery; the sweeper leaves them alone.
GRACE = timedelta(seconds=15)


def delivery_run(*, environment_id: int, delivery_id: int) -> bool:
    """Run one reaction; its effects and the mark *done* commit together. True when this call did it.

    A row that another worker holds, or that is done, is left alone. A failure is kept with its reason and
    tried again later, at most ``MAX_ATTEMPTS`` times.
    """
    try:
        with open_scope(environment_id=environment_id):
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True)
                .filter(pk=delivery_id, state=DeliveryState.WAITING)
                .first()
            )
            if delivery is None:
                return False
            statement = Statement.objects.get(pk=delivery.statement_id, stored_at=delivery.statement_stored_at)
            reaction_named(delivery.reaction).run(statement)
            delivery.state, delivery.done_at = DeliveryState.DONE, timezone.now()
            delivery.save(update_fields=["state", "done_at"])
            return True
    except Exception as error:
        logger.exception("delivery %s failed", delivery_id)
        _note_failure(environment_id=environment_id, delivery_id=delivery_id, error=error)
        return False


def _note_failure(*, environment_id: int, delivery_id: int, error: Exception) -> None:
    with open_scope(environment_id=environment_id):
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        if delivery.state != DeliveryState.WAITING:
            return
        delivery.attempts += 1
        delivery.error = f"{type(error).__name__}: {error}"[:2000]
        delivery.due_at = timezone.now() + timedelta(seconds=5 * 3**delivery.attempts)
        if delivery.attempts >= MAX_ATTEMPTS:
            delivery.state = DeliveryState.GIVEN_UP
        delivery.save(update_fields=["attempts", "error", "due_at", "state"])


@transaction.atomic
def delivery_retry(*, delivery: Delivery) -> None:
    """Let it be tried again at once, with all its attempts; the last error stays readable until then.

    Refuses one that is done: its effect is there.
    """
    fresh = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if fresh.state == DeliveryState.DONE:
        raise DeliveryError(_("This has been done already."))
    fresh.state, fresh.attempts, fresh.due_at = DeliveryState.WAITING, 0, clock.now()
    fresh.save(update_fields=["state", "attempts", "due_at"])
    announce(deliveries=[fresh])


def deliveries_overdue(*, limit: int = 1000) -> dict[tuple[int, str], list[int]]:
    """Waiting rows nobody took, as {(environment, queue): ids}, oldest first."""
    found: dict[tuple[int, str], list[int]] = {}
    with system_rows():
        rows = (
            Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lt=timezone.now() - GRACE)
            .order_by("due_at")
            .values_list("environment_id", "queue", "pk")[:limit]
        )
        for environment_id, queue, pk in rows:
            found.setdefault((environment_id, queue), []).append(pk)
    return found


def partitions_ensure(*, months: int = 24) -> None:
    """Make the partitions of this month and the next ``months`` (a function of the owner does it)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_ensure_partitions(%s)", [months])
