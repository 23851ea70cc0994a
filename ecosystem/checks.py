"""System checks: the runtime connection must be one that row-level security binds."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connection

ROLE_SQL = """
    SELECT r.rolsuper, r.rolbypassrls,
           EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))
    FROM pg_roles r WHERE r.rolname = current_user
"""


@register(Tags.database)
def runtime_role(databases: Any = None, **_: Any) -> list[Error]:
    """Refuse a connection that is superuser, bypasses row security or owns tables."""
    if not databases or "default" not in databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ROLE_SQL)
        is_super, bypasses, owns = cursor.fetchone()
    problems = {"is a superuser": is_super, "bypasses row-level security": bypasses, "owns tables": owns}
    return [
        Error(
            f"The runtime database role {what}.",
            hint="Let DATABASE_URL connect as grove_app and DATABASE_OWNER_URL as grove_owner (docs/deploy.md).",
            id="ecosystem.E001",
        )
        for what, wrong in problems.items()
        if wrong
    ]
