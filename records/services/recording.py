"""The one door through which something becomes a record."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import connection

from ecosystem import clock
from ecosystem.hints import hint
from ecosystem.models import Element
from ecosystem.scope import current_scope
from records.dispatch import reactions_to
from records.models import Delivery, Statement
from records.tasks import deliver

KNOW = """
    INSERT INTO records_fact (environment_id, person_id, element_id, verb, times, first_at, last_at, best)
    VALUES (%(environment)s, %(person)s, %(element)s, %(verb)s, 1, %(at)s, %(at)s, %(best)s)
    ON CONFLICT (environment_id, person_id, element_id, verb) DO UPDATE SET
        times = records_fact.times + 1,
        first_at = least(records_fact.first_at, excluded.first_at),
        last_at = greatest(records_fact.last_at, excluded.last_at),
        best = greatest(records_fact.best, excluded.best)
"""


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
    if statement.person_id is not None and statement.element_id is not None:
        _know(statement)
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


def _know(statement: Statement) -> None:
    """Keep the fact; before the reactions, which judge conditions by it."""
    with connection.cursor() as cursor:
        cursor.execute(
            KNOW,
            {
                "environment": statement.environment_id,
                "person": statement.person_id,
                "element": statement.element_id,
                "verb": statement.verb,
                "at": statement.occurred_at,
                "best": statement.scaled,
            },
        )


def announce(*, deliveries: list[Delivery]) -> None:
    """Tell Celery after the commit; when the broker is away the sweeper will."""
    by_queue: dict[str, list[int]] = defaultdict(list)
    for delivery in deliveries:
        by_queue[delivery.queue].append(delivery.pk)
    environment_id = deliveries[0].environment_id
    for queue, ids in by_queue.items():
        hint(deliver, queue=queue, environment_id=environment_id, delivery_ids=ids)
