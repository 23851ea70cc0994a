"""What a request did: whether it could be committed, and whether the victim's rows are as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db import DatabaseError, connection, transaction

from ecosystem.models import TenantModel
from tests.guards.twins import Twin, tenant_models

_numbers = count()  # one connection may prepare for several attacks


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def commit_error() -> str:
    """What the database would say at the commit."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # a released savepoint keeps the setting
    except DatabaseError as error:
        return str(error)
    return ""


def prepare_fingerprint(victim: Twin) -> str:
    """One prepared statement over all rows of the victim; returns what executes it in the victim's scope."""
    environment = victim.environment.pk
    people = ",".join(str(row["person_id"]) for row in victim.rows["ecosystem.Membership"])
    wheres: dict[str, str] = {
        model._meta.db_table: f"environment_id = {environment}"
        for model in tenant_models()
        if issubclass(model, TenantModel)
    }
    wheres |= {
        "ecosystem_environment": f"id = {environment}",
        "ecosystem_environmentsetting": f"environment_id = {environment}",
        "ecosystem_host": f"environment_id = {environment}",
        "ecosystem_searchentry": f"environment_id = {environment}",
        "ecosystem_person": f"id IN ({people})",
    }
    parts = " UNION ALL ".join(
        f"SELECT '{table}' || coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS part FROM {table} t WHERE {where}"
        for table, where in wheres.items()
    )
    name = f"victim_{environment}_{next(_numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE {name} AS SELECT md5(string_agg(part, ',' ORDER BY part)) FROM ({parts}) parts")
    scope = f"set_config('app.environment', '{environment}', true), set_config('app.readable', '{environment}', true)"
    return f"SELECT {scope}; EXECUTE {name}"
