"""Django's writer of SQL, without what it works out for every query and this application has no use for.

Writing SQL is a quarter of all the time of Python here. The SQL stays the same to the letter: `tests/ecosystem/test_writing.py`
writes it in both ways.
"""

from functools import lru_cache
from typing import Any

from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.models.expressions import Col

# By these names Django looks for them.
__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLCompiler(compiler.SQLCompiler):
    def compile(self, node: Any) -> tuple[str, Any]:
        """Most of what is written are columns."""
        if type(node) is not Col or not node.alias:
            return super().compile(node)
        table, column, known = node.alias, node.target.column, self.quote_cache
        return (
            f"{known.get(table) or self.quote_name_unless_alias(table)}"
            f".{known.get(column) or self.quote_name_unless_alias(column)}"
        ), []

    def get_default_columns(
        self, select_mask: Any, start_alias: Any = None, opts: Any = None, from_parent: Any = None
    ) -> list[Col]:
        """All of a model: the same columns for each query."""
        opts = opts or self.query.get_meta()
        if select_mask or not opts or opts.parents:  # with a parent of its own, some are in another table
            return super().get_default_columns(select_mask, start_alias, opts, from_parent)
        return list(_columns_of(opts.model, start_alias or self.query.get_initial_alias()))

    def _order_by_pairs(self) -> Any:
        """Django makes a reference to each column that is selected, in case the order is by an expression among them or by
        a name that one was given. An order by fields is by neither."""
        names = [one.lstrip("-+") if isinstance(one, str) else None for one in self._ordering()]
        selected = self.select
        if (
            not selected
            or self.query.combinator
            or None in names
            or any(name in names for _, _, name in selected if name)
        ):
            return super()._order_by_pairs()
        self.select = None
        try:
            return list(super()._order_by_pairs())
        finally:
            self.select = selected

    def _ordering(self) -> tuple[Any, ...]:
        """All that it may be by."""
        meta = self.query.get_meta()
        return (*self.query.extra_order_by, *self.query.order_by, *((meta and meta.ordering) or ()))


@lru_cache(maxsize=2000)
def _columns_of(model: Any, alias: str) -> tuple[Col, ...]:
    return tuple(field.get_col(alias) for field in model._meta.concrete_fields)
