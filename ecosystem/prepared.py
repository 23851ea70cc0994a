"""Reads whose SQL is written once and then only given values: for the pages that everybody opens all day.

Django writes the SQL of a queryset anew for every run, about a millisecond each; on the home page that was
half of its cost. ``@prepared`` does it once per process and shape of scope, and PostgreSQL parses and plans it once
per connection (PREPARE, unless ``PREPARE_ON_SERVER`` is off). What a row is stays the same: model instances with
``select_related`` and annotations, or what ``values`` and ``values_list`` give.

    @prepared
    def _courses(*, person: Given) -> QuerySet[Enrolment]:
        return Enrolment.objects.filter(person_id=person).select_related("element")

    rows = _courses(person=membership.person_id)

The function must build the same queryset whatever it is given; branches belong to the caller. It must not put a
value into the SQL in another way than through its parameters. Lists go through ``Among``.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connections
from django.db.models import BooleanField, Expression, F, Func, IntegerField, QuerySet, prefetch_related_objects

from ecosystem.prepared_rows import RowMaker
from ecosystem.scope import current_scope, scope_for_writing_sql

Given = Any  # a Slot while the SQL is written, the value itself when it is not kept


class Slot(Expression):
    """The place of a value in SQL that is kept."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=IntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Among(Func):
    """``column = ANY(list)``: true when the column is in a list given at each call."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, values: Given) -> None:
        super().__init__(F(column), values)


# What stands for the scope of the moment in SQL that is kept.
ENVIRONMENT, PERSON = Slot("scope.environment"), Slot("scope.person")


PLACE = re.compile(r"%s|%%")
_numbers = count(1)
# Which names a connection to the server knows, until it is closed.
_known_to: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class _Kept:
    """One queryset as SQL with places for values."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self.using = queryset.db
        self.prefetches = queryset._prefetch_related_lookups  # noqa: SLF001 -- as QuerySet._fetch_all does
        compiler = queryset.query.get_compiler(using=self.using)
        self.sql, self.params = compiler.as_sql()
        self.rows = RowMaker(queryset, compiler)
        self.slots = [param.name for param in self.params if isinstance(param, Slot)]
        self.name = f"grove_{next(_numbers)}"
        self.execute = f"EXECUTE {self.name}" + (f"({', '.join(['%s'] * len(self.slots))})" if self.slots else "")

    def run(self, values: dict[str, Any]) -> list[Any]:
        connection = connections[self.using]
        if settings.PREPARE_ON_SERVER:
            self._prepare(connection)
            sql, bound = self.execute, [values[name] for name in self.slots]
        else:
            sql = self.sql
            bound = [values[param.name] if isinstance(param, Slot) else param for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(sql, bound)
            found = self.rows.make(cursor.fetchall(), connection)
        if found and self.prefetches:
            prefetch_related_objects(found, *self.prefetches)
        return found

    def _prepare(self, connection: Any) -> None:
        """Name it on this connection. A name outlives the roll-back of the transaction that gave it."""
        connection.ensure_connection()
        known = _known_to.setdefault(connection.connection, set())
        if self.name in known:
            return
        places, numbers = iter(self.params), count(1)

        def place(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return found[0]
            return f"${next(numbers)}" if isinstance(next(places), Slot) else "%s"

        sql = PLACE.sub(place, self.sql)
        # Round Django's cursor: naming is no query of a page, and is done at another time in each process.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name} AS {sql}", [one for one in self.params if not isinstance(one, Slot)])
        known.add(self.name)


_all_kept: list[dict[tuple[bool, bool], _Kept]] = []


def forget_prepared() -> None:
    """Write the SQL anew: for tests that change how it is written."""
    for kept in _all_kept:
        kept.clear()


def prepared(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """A function with the keywords of ``build`` that returns the rows of its queryset as a list."""
    names = tuple(inspect.signature(build).parameters)
    kept: dict[tuple[bool, bool], _Kept] = {}
    _all_kept.append(kept)

    @wraps(build)
    def rows(**values: Any) -> list[Any]:
        scope = current_scope()
        if len(scope.readable) > 1:  # a manager's subtree: rare, and its SQL is another
            return list(build(**values))
        shape = (scope.own, bool(scope.readable))
        if shape not in kept:
            stand_in = replace(
                scope, environment_id=ENVIRONMENT, person_id=PERSON, readable=(ENVIRONMENT,) if scope.readable else ()
            )
            with scope_for_writing_sql(stand_in):
                kept[shape] = _Kept(build(**{name: Slot(name) for name in names}))
        return kept[shape].run({**values, ENVIRONMENT.name: scope.environment_id, PERSON.name: scope.person_id})

    return rows
