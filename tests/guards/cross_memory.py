"""What the database told before, told again: the same question at the same place gives the same rows.

Each request of an attack begins with the same rows and is undone. So up to its first write a statement that ran before, as
the same person in the same role, gives what it gave then, and PostgreSQL need not be asked: nine of ten statements of an
attack are such. Where one runs is what the database was told (its settings and its role), not what the code believes.
What sets something or writes is run each time, and so is everything after the first write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

READS = re.compile(r"\s*(SELECT\b|EXECUTE grove_\d+\b)", re.IGNORECASE)
NAMES = re.compile(r"set_config\('([\w.]+)'")
SETS = re.compile(r"set_config\('([\w.]+)', (?:%s|'(\w*)'), true\)")
MARK = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|SET LOCAL ROLE) (\S+)")
MOMENTS = 30  # seconds; what is told as the time of now is the same time of now a little later

Settings = dict[str, Any]
_plain_now = timezone.now


class Moment(datetime):
    """A time that was reckoned from now, which is another the next time; all others are times of rows."""


class Told:
    """Stands for a cursor, with the rows of a statement that was not run."""

    def __init__(self, cursor: Any, rows: list[tuple[Any, ...]], description: Any) -> None:
        self.cursor, self.rows, self.description = cursor, rows, description
        self.rowcount, self.place = len(rows), 0

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.fetchmany(len(self.rows))

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        found = self.rows[self.place : self.place + size]
        self.place += len(found)
        return found

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(iter(self.fetchmany()), None)

    def scroll(self, value: int, mode: str) -> None:
        assert mode == "absolute"
        self.place = value

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.fetchall())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)


class Memory:
    """What statements gave, by where they ran. Good for as long as nothing is changed but within ``remembered``."""

    def __init__(self) -> None:
        self._gave: dict[tuple[Any, ...], tuple[list[tuple[Any, ...]], Any, bool]] = {}
        self.known = 0  # how often something was told again

    def forget(self) -> None:
        """After any change: of rows, of policies, or of how SQL is written."""
        self._gave.clear()

    @contextmanager
    def remembered(self) -> Iterator[None]:
        """Around one request, in a transaction of its own that is undone afterwards."""
        at: Settings = {}
        saved: list[tuple[str, Settings]] = []
        has_written = False

        def remember(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            nonlocal at, has_written
            wrapper, text = context["cursor"], str(sql)
            if isinstance(wrapper.cursor, Told):
                wrapper.cursor = wrapper.cursor.cursor
            reads = bool(READS.match(text)) and ";" not in text and not many
            is_plain = reads and "set_config" not in text and wrapper.cursor.name is None
            key = (tuple(sorted(at.items())), text, _as_key(params)) if is_plain and not has_written else None
            if key in self._gave:
                connection.validate_no_broken_transaction()
                self.known += 1
            else:
                try:
                    answer = execute(sql, params, many, context)
                except Exception:
                    has_written = True  # be it that nothing can be read any more
                    raise
                if key is None:
                    at, has_written = _after(text, params, at, saved), has_written or not (reads or MARK.match(text))
                    return answer
                rows = wrapper.cursor.fetchall()
                self._gave[key] = (rows, wrapper.cursor.description, _may_change(rows))
            rows, description, may_change = self._gave[key]
            wrapper.cursor = Told(wrapper.cursor, deepcopy(rows) if may_change else rows, description)
            return None

        plain = timezone.now
        timezone.now = _now
        try:
            with connection.execute_wrapper(remember):
                yield
        finally:
            timezone.now = plain


def _after(text: str, params: Any, at: Settings, saved: list[tuple[str, Settings]]) -> Settings:
    """The settings after a statement; ``saved`` are those at the savepoints."""
    if "set_config" in text:
        return at | _told_to(text, params, at)
    found = MARK.fullmatch(text)
    if found is None:
        return at
    what, name = found.groups()
    if what == "SET LOCAL ROLE":
        return at | {"role": "" if name == "NONE" else name}
    if what == "SAVEPOINT":
        saved.append((name, at))
        return at
    while saved[-1][0] != name:  # those within it go with it
        saved.pop()
    _name, before = saved[-1] if what == "ROLLBACK TO SAVEPOINT" else saved.pop()
    return before if what == "ROLLBACK TO SAVEPOINT" else at


def _told_to(text: str, params: Any, at: Settings) -> Settings:
    """What a statement sets; where that is not plain to see, all that it comes from."""
    found, values = list(SETS.finditer(text)), iter(params or ())
    if len(found) == text.count("set_config(") and text.count("%s") == sum(one[2] is None for one in found):
        return {one[1]: next(values) if one[2] is None else one[2] for one in found}
    return dict.fromkeys(NAMES.findall(text), (text, _as_key(params), tuple(sorted(at.items()))))


def _may_change(rows: list[tuple[Any, ...]]) -> bool:
    """Whether who is given them could change them."""
    return any(isinstance(value, list | dict | bytearray | memoryview) for row in rows for value in row)


def _as_key(value: Any) -> Any:
    if isinstance(value, Moment) and value.microsecond:
        return round((value - _plain_now()).total_seconds() / MOMENTS)
    if isinstance(value, list | tuple):
        return tuple(map(_as_key, value))
    return repr(value)


def _now() -> Moment:
    now = _plain_now()
    return Moment(*now.timetuple()[:6], now.microsecond, now.tzinfo)
