"""An environment is planned to go; what its tables hold, before and after."""

from django.db import connection

from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
from ecosystem.services.subenvironments import environment_archive, environment_removal_plan

WITH_ENVIRONMENT = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'environment_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


def counted(environment_id: int) -> dict[str, int]:
    """Rows per table of PostgreSQL's catalogue, as the environment itself sees them."""
    with open_scope(environment_id=environment_id), connection.cursor() as cursor:
        cursor.execute(WITH_ENVIRONMENT)
        names = sorted(name for (name,) in cursor.fetchall())
        found = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}" WHERE environment_id = %s', [environment_id])
            found[name] = cursor.fetchone()[0]
    return found


def commit() -> None:
    """What a commit would do: links of the audit chain are made then."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def planned(environment: Environment, by: Membership, *, days: int = 0) -> Environment:
    with open_scope(environment_id=by.environment_id, person_id=by.person_id):
        environment_archive(environment=environment, by=by)
        row = environment_removal_plan(environment=environment, name=environment.name, days=days, by=by)
    commit()
    return row
