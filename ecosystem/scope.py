"""For which environment and person this piece of work is done. No answer means no rows.

A scope *is* a transaction: opening it begins one and tells PostgreSQL with ``SET LOCAL``, so nothing
survives it on a pooled connection. Requests, tasks and commands each open exactly one; services nest
inside. Managers filter by it when their SQL is written, row-level security holds it a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import DatabaseError, connection, transaction

from ecosystem.clock import refuse_another_time


class NoScopeError(RuntimeError):
    """A row of some environment was asked for without saying for whom."""


@dataclass(frozen=True)
class Scope:
    """``readable`` are the environments whose private rows may be read: the active one and those delegated.
    ``with_archived`` is for ``system_rows()``."""

    environment_id: int
    person_id: int | None = None
    readable: tuple[int, ...] = ()
    own: bool = False
    with_archived: bool = False

    @property
    def readable_list(self) -> str:
        return ",".join(map(str, self.readable))


_active: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope:
    """The open scope; raises when there is none."""
    scope = _active.get()
    if scope is None:
        raise NoScopeError("Open ecosystem.scope.open_scope(...) first: no query runs without an environment.")
    return scope


def scope_is_open() -> bool:
    return _active.get() is not None


def _tell_database(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.environment', %s, true), set_config('app.readable', %s, true),"
            " set_config('app.person', %s, true), extract(epoch FROM clock_timestamp())::float8",
            [str(scope.environment_id), scope.readable_list, str(scope.person_id or "")],
        )
        refuse_another_time(cursor.fetchone()[3])


def _forget_in_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.environment', '', true), set_config('app.readable', '', true),"
            " set_config('app.person', '', true)"
        )


@contextmanager
def open_scope(*, environment_id: int, person_id: int | None = None, readable: tuple[int, ...] = ()) -> Iterator[Scope]:
    """Run the body for one environment (and person) in one transaction.

    Leaving normally commits, an exception rolls back. Nested scopes are savepoints and give the outer
    scope back when they end.
    """
    scope = Scope(environment_id, person_id, tuple(dict.fromkeys((environment_id, *readable))))
    outer = _active.get()
    nested = connection.in_atomic_block
    token = _active.set(scope)
    try:
        with transaction.atomic():
            _tell_database(scope)
            yield scope
    finally:
        _active.reset(token)
    # After an error the roll-back has taken the settings back; the commit of an outermost transaction drops
    # them by itself, one query less per request.
    if nested:
        _tell_database(outer) if outer else _forget_in_database()


def become_person(person_id: int | None) -> None:
    """Set the person of the open scope, once the sign-in has been checked."""
    scope = replace(current_scope(), person_id=person_id)
    _active.set(scope)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.person', %s, true)", [str(person_id or "")])


@contextmanager
def own_rows() -> Iterator[Scope]:
    """Read the person's *own* private rows in every environment they belong to, and nothing else.

    Runs as the database role ``grove_self``, whose only policies are on the person column and which may
    only SELECT. For the few selectors behind transcript, environment switcher, MemoTrainer and export.
    """
    scope = current_scope()
    if scope.person_id is None:
        raise NoScopeError("own_rows() needs a signed-in person.")
    token = _active.set(replace(scope, own=True))
    try:
        with _role("grove_self"):
            yield _active.get()  # type: ignore[misc]
    finally:
        _active.reset(token)


@contextmanager
def reading_above() -> Iterator[tuple[int, ...]]:
    """Also read the private rows of every environment above; gives the ids of all, this one first.

    Only for ``ecosystem.powers``, which asks what somebody holds from above. Writing stays in the active one.
    """
    scope = current_scope()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.readable', (SELECT string_agg(ancestor_id::text, ',' ORDER BY depth)"
            " FROM ecosystem_environmentancestor WHERE environment_id = %s), true)",
            [scope.environment_id],
        )
        ids = tuple(map(int, cursor.fetchone()[0].split(",")))
    token = _active.set(replace(scope, readable=ids))
    try:
        yield ids
    finally:
        _active.reset(token)
        with suppress(DatabaseError), connection.cursor() as cursor:  # an error's roll-back gives it back by itself
            cursor.execute("SELECT set_config('app.readable', %s, true)", [scope.readable_list])


@contextmanager
def system_rows(*, with_archived: bool = False) -> Iterator[None]:
    """Read the few technical queues (outbox, reminders) across environments, to learn *where* work waits.

    Runs as ``grove_system`` in a transaction (a savepoint inside another); the work itself then opens the
    scope of its environment. Archived environments are left alone, so what tells or makes something waits there;
    ``with_archived`` is for work that takes away, which was promised.
    """
    token = _active.set(Scope(environment_id=0, with_archived=with_archived))
    try:
        with _role("grove_system"):
            yield
    finally:
        _active.reset(token)


@contextmanager
def scope_for_writing_sql(scope: Scope) -> Iterator[None]:
    """Let managers see ``scope`` while SQL is written that is run later (``ecosystem.prepared``). Runs nothing."""
    token = _active.set(scope)
    try:
        yield
    finally:
        _active.reset(token)


@contextmanager
def _role(name: str) -> Iterator[None]:
    """Act as another role inside a savepoint, whose roll-back gives the old role back after an error."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {name}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
