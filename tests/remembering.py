"""What the database told before, told again: the same question at the same place gives the same rows.

Where thousands of requests each begin with the same rows and are undone, a statement that ran before, as the same person in
the same role, gives up to the first write what it gave then, and PostgreSQL need not be asked: most statements are such.
Where a statement runs is what the database was told (settings, role, savepoints), not what the code believes; and that is
told only along with something that is run. Everything after the first write is run.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

READS = re.compile(r"\s*(SELECT\b|EXECUTE grove_\d+\b)", re.IGNORECASE)
# Settings of the scope, each given or empty; as ecosystem/scope.py says them, which also asks what time it is.
TELLS = re.compile(
    r"SELECT (?:set_config\('[\w.]+', (?:%s|''), true\)(?:, |$))+(?:extract\(epoch FROM clock_timestamp\(\)\)::float8)?$"
)
TOLD = re.compile(r"set_config\('([\w.]+)', (%s|'')")
NAMES = re.compile(r"set_config\('([\w.]+)'")
# One of them that is read first, as ``reading_above`` does: what it gives is what is told.
TELLS_WHAT_IT_READS = re.compile(r"SELECT set_config\('([\w.]+)', \(SELECT [^;]+\), true\)$")
MARKS = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|SET LOCAL ROLE) (\S+)")
MOMENTS = 30  # seconds; what is asked of now is the same a little later

Rows = list[tuple[Any, ...]]
Settings = dict[str, Any]
_plain_now = timezone.now


class Moment(datetime):
    """A time that was reckoned from now, which is another the next time; all others are times of rows."""


class Told:
    """Stands for a cursor, with the rows of a statement that was not run."""

    def __init__(self, cursor: Any, rows: Rows, description: Any = None) -> None:
        self.cursor, self.rows, self.description = cursor, rows, description
        self.rowcount, self.place = len(rows), 0

    def fetchall(self) -> Rows:
        return self.fetchmany(len(self.rows))

    def fetchmany(self, size: int = 1) -> Rows:
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
        self.gave: dict[tuple[Any, ...], tuple[Rows, Any, bool]] = {}
        self.run = self.known = 0

    def forget(self) -> None:
        """After any change: of rows, of policies, or of how SQL is written."""
        self.gave.clear()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Around one request within the open transaction. Of what the database is asked nothing it has nothing to undo."""
        with self.remembered() as request:
            try:
                with transaction.atomic():
                    yield
                    transaction.set_rollback(True)
            finally:
                if request.has_settled:
                    request.settle()

    @contextmanager
    def remembered(self) -> Iterator[_Request]:
        """Around one request, in a transaction of its own that is undone afterwards."""
        request = _Request(self)

        def copied(wrapper: CursorWrapper, *given: Any) -> Any:  # which passes by execute_wrapper
            request.settle()
            return wrapper.cursor.copy_expert(*given)

        timezone.now, CursorWrapper.copy_expert = _now, copied
        try:
            with connection.execute_wrapper(request):
                yield request
            if request.has_written:
                request.settle()
        finally:
            timezone.now = _plain_now
            del CursorWrapper.copy_expert


class _Request:
    """Stands between Django and the database."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.at: Settings = {}
        self.saved: list[tuple[str, Settings]] = []
        self.put_off: list[str | Settings] = []  # marks, and what was told between them
        self.has_written = self.has_settled = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        wrapper, text = context["cursor"], str(sql)
        if isinstance(wrapper.cursor, Told):
            wrapper.cursor = wrapper.cursor.cursor
        if mark := MARKS.fullmatch(text):
            return self._mark(*mark.groups(), wrapper=wrapper)
        if TELLS.fullmatch(text):
            return self._tell(text, params, wrapper=wrapper)
        if not self.has_written and (told := TELLS_WHAT_IT_READS.fullmatch(text)):
            return self._tell_what_it_reads(told[1], execute, sql, params, context)
        reads = bool(READS.match(text)) and ";" not in text and not many
        if reads and "set_config" not in text and wrapper.cursor.name is None and not self.has_written:
            return self._read(execute, sql, params, context)
        self.has_written = self.has_written or not reads
        self.settle()
        answer = execute(sql, params, many, context)
        self.at = self.at | dict.fromkeys(NAMES.findall(text), (text, _as_key(params), _as_key(self.at)))
        return answer

    def _read(self, execute: Callable[..., Any], sql: Any, params: Any, context: Any) -> None:
        wrapper, gave = context["cursor"], self.memory.gave
        key = (_as_key(self.at), str(sql), _as_key(params))
        if key in gave:
            connection.validate_no_broken_transaction()
            self.memory.known += 1
        else:
            self.memory.run += 1
            before = self._what_was_put_off().decode()  # goes along, which takes half as long as going first
            if params is not None:
                before = before.replace("%", "%%")
            try:
                execute(before + str(sql), params, False, context)
            except Exception:
                self.has_written = True  # nothing can be read any more, until it is taken back
                raise
            rows = wrapper.cursor.fetchall()
            gave[key] = (rows, wrapper.cursor.description, _may_change(rows))
        rows, description, may_change = gave[key]
        wrapper.cursor = Told(wrapper.cursor, deepcopy(rows) if may_change else rows, description)

    def _mark(self, what: str, name: str, *, wrapper: Any) -> None:
        if what == "SET LOCAL ROLE":
            self._put_off_telling({"role": name.lower()})
        elif what == "SAVEPOINT":
            self.put_off.append(f"SAVEPOINT {name}")
            self.saved.append((name, self.at))
        else:
            while self.saved[-1][0] != name:  # those within it go with it
                self.saved.pop()
            if what == "ROLLBACK TO SAVEPOINT":
                self.at = self.saved[-1][1]
            else:
                self.saved.pop()
            self._put_off_leaving(what, name)
        wrapper.cursor = Told(wrapper.cursor, [])

    def _put_off_leaving(self, what: str, name: str) -> None:
        """A savepoint that itself was only put off is never made; of what was put off since one that is rolled back
        nothing happens."""
        began = f"SAVEPOINT {name}"
        is_made = began not in self.put_off
        place = 0 if is_made else self.put_off.index(began)
        if what == "ROLLBACK TO SAVEPOINT":
            del self.put_off[place:]
            self.put_off.append(f"{what} {name}" if is_made else began)
        elif is_made:
            self.put_off.append(f"{what} {name}")
        else:
            since = self.put_off[place + 1 :]
            del self.put_off[place:]
            for told in since:
                if isinstance(told, dict):
                    self._put_off_telling(told)

    def _put_off_telling(self, told: Settings) -> None:
        self.at = self.at | told
        if self.put_off and isinstance(self.put_off[-1], dict):
            told = self.put_off.pop() | told
        self.put_off.append(told)

    def _tell(self, text: str, params: Any, *, wrapper: Any) -> None:
        connection.validate_no_broken_transaction()
        values = iter(params or ())
        told = {name: next(values) if how == "%s" else "" for name, how in TOLD.findall(text)}
        self._put_off_telling(told)
        clock = [time.time()] if "clock_timestamp" in text else []
        wrapper.cursor = Told(wrapper.cursor, [(*told.values(), *clock)])

    def _tell_what_it_reads(self, name: str, execute: Callable[..., Any], sql: Any, params: Any, context: Any) -> None:
        self._read(execute, sql, params, context)
        ((value,),) = context["cursor"].cursor.rows
        self._put_off_telling({name: value})

    def _what_was_put_off(self) -> bytes:
        """As SQL in front of what happens next."""
        if not self.put_off:
            self.has_settled = True
            return b""
        parts, values = [], []
        for one in self.put_off:
            told = one if isinstance(one, dict) else {}
            settings = ", ".join("set_config(%s, %s, true)" for _name in told)
            parts.append(f"SELECT {settings}; " if told else f"{one}; ")
            values += [text for pair in told.items() for text in pair]
        self.put_off.clear()
        self.has_settled = True
        connection.ensure_connection()
        with connection.connection.cursor() as cursor:
            return bytes(cursor.mogrify("".join(parts), values))

    def settle(self) -> None:
        """What was put off happens, in its order and at once."""
        if waiting := self._what_was_put_off():
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(waiting)


def _may_change(rows: Rows) -> bool:
    """Whether who is given them could change them."""
    return any(isinstance(value, list | dict | bytearray | memoryview) for row in rows for value in row)


def _as_key(value: Any) -> Any:
    if isinstance(value, Moment) and value.microsecond:
        return round((value - _plain_now()).total_seconds() / MOMENTS)
    if isinstance(value, dict):
        return tuple(sorted((name, _as_key(one)) for name, one in value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_as_key, value))
    return repr(value)


def _now() -> Moment:
    now = _plain_now()
    return Moment(*now.timetuple()[:6], now.microsecond, now.tzinfo)
