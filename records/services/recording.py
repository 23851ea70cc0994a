"""The one door through which something becomes a record."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from ecosystem import clock
from ecosystem.hints import hint
from ecosystem.models import Element
from ecosystem.scope import current_scope
from records.dispatch import reactions_to
from records.models import Delivery, Statement
from records.tasks import deliver


def record(
    *,
    verb: str,
    element: Element | None = None,
    person_id: int | None = None,
    result: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> Statement:
    """Append a statement in the caller's transaction, run what must react at once, queue the rest.

    ``person_id`` defaults to the person of the scope. The deliveries commit with the statement; Celery only
    hears of them afterwards, and a lost message is sent again by ``records.sweep``.
    """
    scope = current_scope()
    now = clock.now()
    statement = Statement(
        environment_id=scope.environment_id,
        person_id=person_id if person_id is not None else scope.person_id,
        verb=verb,
        element=element,
        result=result or {},
        context=context or {},
        occurred_at=occurred_at or now,
        stored_at=now,
    )
    statement.save(force_insert=True)
    later = []
    for reaction in reactions_to(verb):
        if reaction.sync:
            reaction.run(statement)
        else:
            later.append(
                Delivery(
                    environment_id=scope.environment_id,
                    statement_id=statement.pk,
                    statement_stored_at=now,
                    reaction=reaction.name,
                    queue=reaction.queue,
                    due_at=now,
                )
            )
    if later:
        announce(deliveries=Delivery.objects.bulk_create(later))
    return statement


def announce(*, deliveries: list[Delivery]) -> None:
    """Tell Celery after the commit; when the broker is away the sweeper will."""
    by_queue: dict[str, list[int]] = defaultdict(list)
    for delivery in deliveries:
        by_queue[delivery.queue].append(delivery.pk)
    environment_id = deliveries[0].environment_id
    for queue, ids in by_queue.items():
        hint(deliver, queue=queue, environment_id=environment_id, delivery_ids=ids)
