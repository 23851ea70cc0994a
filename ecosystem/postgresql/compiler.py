"""Django's writer of SQL, without what it works out for every query and this application has no use for.

Writing SQL is a quarter of all the time of Python here. The SQL stays the same to the letter: `tests/ecosystem/test_writing.py`
writes it in both ways.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLUpdateCompiler,
)
from django.db.models import Field
from django.db.models.expressions import Col
from django.db.models.fields.related_lookups import RelatedExact
from django.db.models.lookups import Exact, IntegerFieldExact

SAME = frozenset({Exact, IntegerFieldExact, RelatedExact})
EXACT = frozenset({int, str, UUID})  # not truth: a column that is true is written as itself
# By these names Django looks for them.
__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLCompiler(compiler.SQLCompiler):
    def compile(self, node: Any) -> tuple[str, Any]:
        """Most of what is written are columns, and that they are the same as a value."""
        kind = type(node)
        if kind in SAME and type(node.lhs) is Col and type(node.rhs) in EXACT and not node.bilateral_transforms:
            field = node.lhs.output_field
            if kind is not IntegerFieldExact or (0 <= node.rhs < 2**31 and "Small" not in field.get_internal_type()):
                column, _ = self.compile(node.lhs)
                of = getattr(field, "target_field", field)
                return f"{column} = %s", [of.get_db_prep_value(node.rhs, self.connection, prepared=True)]
        if kind is not Col or not node.alias:
            return super().compile(node)
        table, column, known = node.alias, node.target.column, self.quote_cache
        return (
            f"{known.get(table) or self.quote_name_unless_alias(table)}"
            f".{known.get(column) or self.quote_name_unless_alias(column)}"
        ), []

    def get_select(self, with_col_aliases: bool = False) -> Any:  # noqa: FBT001, FBT002 -- as Django's
        """Whole rows, with those they point to: the columns of a table are written once for all queries."""
        query = self.query
        if (
            with_col_aliases
            or query.selected is not None
            or not query.default_cols
            or query.extra_select
            or query.annotation_select
            or query._filtered_relations  # noqa: SLF001
            or query.get_select_mask()
            or query.get_meta().parents
        ):
            return super().get_select(with_col_aliases)
        alias = query.get_initial_alias()
        selected = [(column, None) for column in _columns_of(query.model, alias)]
        info: dict[str, Any] = {"model": query.model, "select_fields": list(range(len(selected)))}
        if query.select_related:
            info["related_klass_infos"] = self.get_related_selections(selected, {})
        written: list[Any] = []
        while len(written) < len(selected):
            column = selected[len(written)][0]
            of_table = self._written(column)
            here = selected[len(written) : len(written) + len(of_table)]
            if of_table and [id(one) for one, _ in here] == [id(one) for one, _, _ in of_table]:
                written += of_table
            else:  # not all of its columns
                written.append((column, column.select_format(self, *self.compile(column)), None))
        return written, info, {}

    def _written(self, column: Any) -> tuple[Any, ...]:
        """All columns of its table as they stand in SQL."""
        if type(column) is not Col:
            return ()
        return _columns_written(column.target.model, column.alias, self.quote_name_unless_alias(column.alias))

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


class SQLInsertCompiler(compiler.SQLInsertCompiler):
    def as_sql(self) -> Any:
        """One row of plain values: only those are new each time."""
        query = self.query
        if len(query.objs) != 1 or not query.fields or query.on_conflict is not None or query.raw:
            return super().as_sql()
        row, fields = query.objs[0], tuple(query.fields)
        if any(hasattr(getattr(row, field.attname), "resolve_expression") for field in fields):
            return super().as_sql()
        values = [field.get_db_prep_save(field.pre_save(row, True), self.connection) for field in fields]  # noqa: FBT003
        if any(hasattr(value, "as_sql") for value in values):
            return super().as_sql()
        places = [
            field.get_placeholder(value, self, self.connection) if hasattr(field, "get_placeholder") else "%s"
            for field, value in zip(fields, values, strict=True)
        ]
        returned, self.returning_params = _returned(tuple(self.returning_fields or ()), self.connection.alias)
        head = _head(query.get_meta().db_table, fields, self.connection.alias)
        return [(f"{head} VALUES ({', '.join(places)}){returned}", (*values, *self.returning_params))]


@lru_cache(maxsize=1000)
def _head(table: str, fields: tuple[Any, ...], alias: str) -> str:
    quote = connections[alias].ops.quote_name
    return f"INSERT INTO {quote(table)} ({', '.join(quote(field.column) for field in fields)})"


@lru_cache(maxsize=1000)
def _returned(fields: tuple[Any, ...], alias: str) -> tuple[str, Any]:
    sql, params = connections[alias].ops.return_insert_columns(fields)
    return sql and f" {sql}", params


@lru_cache(maxsize=2000)
def _columns_written(model: Any, alias: str, table: str) -> tuple[Any, ...]:
    """None where a field has a way of its own to be selected."""
    columns = _columns_of(model, alias)
    if any(type(column.target).select_format is not Field.select_format for column in columns):
        return ()
    return tuple((column, (f'{table}."{column.target.column}"', ()), None) for column in columns)


@lru_cache(maxsize=2000)
def _columns_of(model: Any, alias: str) -> tuple[Col, ...]:
    return tuple(field.get_col(alias) for field in model._meta.concrete_fields)
