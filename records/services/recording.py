"""The one door through which something becomes a record."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from ecosystem import clock
from ecosystem.hints import hint
from ecosystem.models import Element
from ecosystem.predicates import facts_changed
from ecosystem.scope import current_scope
from records.dispatch import reactions_to
from records.models import Delivery, Statement
from records.tasks import deliver

KNOW = """
    INSERT INTO records_fact (environment_id, person_id, element_id, verb, times, first_at, last_at, best)
    SELECT %(environment)s, person, %(element)s, %(verb)s, count(*), %(at)s, %(at)s, %(best)s::double precision
    FROM unnest(%(people)s::bigint[]) AS person GROUP BY person ORDER BY person
    ON CONFLICT (environment_id, person_id, element_id, verb) DO UPDATE SET
        times = records_fact.times + excluded.times,
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
    actor = person_id if person_id is not None else scope.person_id
    statement = _statement(verb, element, actor, result, context, occurred_at)
    statement.save(force_insert=True)
    _know([statement])
    _hand_on([statement])
    _announce_facts([statement])
    return statement


def record_many(
    *, verb: str, element: Element | None, person_ids: Sequence[int], context: dict[str, Any] | None = None
) -> list[Statement]:
    """The same of many people, in a few statements of SQL; otherwise as ``record``."""
    statements = [_statement(verb, element, person_id, None, context, None) for person_id in person_ids]
    Statement.objects.bulk_create(statements, batch_size=5000)
    _know(statements)
    _hand_on(statements)
    _announce_facts(statements)
    return statements


def _statement(
    verb: str,
    element: Element | None,
    person_id: int | None,
    result: dict[str, Any] | None,
    context: dict[str, Any] | None,
    occurred_at: datetime | None,
) -> Statement:
    now = clock.now()
    return Statement(
        environment_id=current_scope().environment_id,
        person_id=person_id,
        verb=verb,
        element=element,
        result=result or {},
        context=context or {},
        occurred_at=occurred_at or now,
        stored_at=now,
    )


def _hand_on(statements: list[Statement]) -> None:
    """To each reaction: at once when it is synchronous, else as a row of the outbox."""
    later = []
    for reaction in reactions_to(statements[0].verb) if statements else []:
        if reaction.sync:
            for statement in statements:
                reaction.run(statement)
        elif reaction.wanted():
            later += [
                Delivery(
                    environment_id=statement.environment_id,
                    statement_id=statement.pk,
                    statement_stored_at=statement.stored_at,
                    reaction=reaction.name,
                    queue=reaction.queue,
                    due_at=statement.stored_at,
                )
                for statement in statements
            ]
    if later:
        announce(deliveries=Delivery.objects.bulk_create(later, batch_size=5000))


def _know(statements: list[Statement]) -> None:
    """Keep the fact; before the reactions, which judge conditions by it. All are about the same, of different people."""
    first = statements[0] if statements else None
    people = [statement.person_id for statement in statements if statement.person_id is not None]
    if first is None or first.element_id is None or not people:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            KNOW,
            {
                "environment": first.environment_id,
                "people": people,
                "element": first.element_id,
                "verb": first.verb,
                "at": first.occurred_at,
                "best": first.scaled,
            },
        )


def _announce_facts(statements: list[Statement]) -> None:
    """After the reactions, which say what the person did in a course: its condition may close what is done by it."""
    people = [statement.person_id for statement in statements if statement.person_id is not None]
    if people and statements[0].element_id is not None:
        facts_changed(source="records", person_ids=people, subjects=[statements[0].element_id])


def announce(*, deliveries: list[Delivery]) -> None:
    """Tell Celery after the commit; when the broker is away the sweeper will."""
    by_queue: dict[str, list[int]] = defaultdict(list)
    for delivery in deliveries:
        by_queue[delivery.queue].append(delivery.pk)
    environment_id = deliveries[0].environment_id
    for queue, ids in by_queue.items():
        hint(deliver, queue=queue, environment_id=environment_id, delivery_ids=ids)
