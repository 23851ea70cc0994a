"""What becomes of the rows of a prepared read: the same objects as a queryset gives, worked out once.

Django finds out anew for each run which columns become which model, which of them need converting and which
related objects to fill; for a read that is kept, none of it changes.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)

Rows = Iterable[tuple[Any, ...]]


class RowMaker:
    """Made from a queryset and its compiler after ``as_sql``; ``make(rows, connection)`` is what the queryset holds."""

    def __init__(self, queryset: QuerySet[Any], compiler: Any) -> None:
        if queryset._known_related_objects:  # noqa: SLF001 -- what QuerySet itself hands to its iterables
            raise TypeError("A prepared read begins with a manager of a model, not with one of a row.")
        expressions = [column[0] for column in compiler.select[: compiler.col_count]]
        if compiler.has_composite_fields(expressions):
            raise TypeError("A prepared read has no composite columns.")
        self._converters = list(compiler.get_converters(expressions).items())
        self._width = compiler.col_count if compiler.has_extra_select else None
        self._shape = self._shape_of(queryset, compiler)

    def make(self, rows: Rows, connection: Any) -> list[Any]:
        if self._width is not None:
            rows = [row[: self._width] for row in rows]
        if self._converters:
            rows = [self._converted(row, connection) for row in rows]
        return self._shape(rows)

    def _converted(self, row: tuple[Any, ...], connection: Any) -> tuple[Any, ...]:
        values = list(row)
        for place, (converters, expression) in self._converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)

    def _shape_of(self, queryset: QuerySet[Any], compiler: Any) -> Callable[[Rows], list[Any]]:
        kind = queryset._iterable_class  # noqa: SLF001
        query = queryset.query
        if kind is ModelIterable:
            return _models(queryset.db, compiler)
        if kind is ValuesListIterable:
            return list
        if kind is FlatValuesListIterable:
            return lambda rows: [row[0] for row in rows]
        if kind is ValuesIterable:
            names = query.selected or [*query.extra_select, *query.values_select, *query.annotation_select]
            return lambda rows: [dict(zip(names, row, strict=True)) for row in rows]
        raise TypeError(f"A prepared read gives models, values or values_list, not {kind.__name__}.")


def _models(using: str, compiler: Any) -> Callable[[Rows], list[Any]]:
    """As ``ModelIterable``: an instance per row, what ``select_related`` brought, and annotations."""
    info = compiler.klass_info
    model, columns = info["model"], info["select_fields"]
    first, after = columns[0], columns[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:after]]
    related = get_related_populators(info, compiler.select, using)
    annotations = list((compiler.annotation_col_map or {}).items())

    def make(rows: Rows) -> list[Any]:
        found = []
        for row in rows:
            instance = model.from_db(using, names, row[first:after])
            for populator in related:
                populator.populate(row, instance)
            for name, place in annotations:
                setattr(instance, name, row[place])
            found.append(instance)
        return found

    return make
