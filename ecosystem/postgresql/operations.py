"""What Django does with PostgreSQL, with the writer of SQL of this folder."""

from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.backends.postgresql import operations
from django.db.models.expressions import Col


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "ecosystem.postgresql.compiler"

    def prepare_join_on_clause(self, lhs_table: str, lhs_field: Any, rhs_table: str, rhs_field: Any) -> Any:
        if _of_one_type(lhs_field, rhs_field, self.connection.alias):
            return Col(lhs_table, lhs_field), Col(rhs_table, rhs_field)
        return super().prepare_join_on_clause(lhs_table, lhs_field, rhs_table, rhs_field)


@lru_cache(maxsize=1000)
def _of_one_type(one: Any, another: Any, alias: str) -> bool:
    """Known of each pair: to say the type of a foreign key, Django makes a field of the kind it points to."""
    connection = connections[alias]
    same: bool = one.db_type(connection) == another.db_type(connection)
    return same
