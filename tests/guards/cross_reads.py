"""What the requests have read, statement by statement, so that it can be read again with one layer off.

A request answers by what the database tells it. Where each of its statements gives the same rows without a layer, so does
the request, down to the last of them: it need not be asked again. Every statement is tried once, however many requests
make it; of those that give other rows with the layer off, the requests are asked again in full.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import md5
from itertools import count
from typing import Any

from django.db import DatabaseError, connection, transaction

from ecosystem import scope as scopes
from ecosystem.models.managers import InScope
from ecosystem.prepared import Slot, _all_kept, _Kept, forget_prepared

PREPARED = re.compile(r"EXECUTE (grove_\d+)\b")
# No page calls a function that writes from a SELECT (test_catalogue_of_postgresql lists those there are).
READS = re.compile(r"\s*SELECT\b", re.IGNORECASE)
MARKS = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK|SET LOCAL ROLE)\b", re.IGNORECASE)
# The scope, which is told anew before a statement is read again.
TELLS = re.compile(r"SELECT set_config\('app\.\w+', (%s|''), true\)")
BEGIN, END = "/*in scope*/", "/*so far*/"
PIECES = re.compile(rf"{re.escape(BEGIN)}|{re.escape(END)}|%s|%%")


@dataclass(frozen=True)
class Place:
    """As whom a statement ran: the three settings that row-level security reads, and the role."""

    environment: str = ""
    readable: str = ""
    person: str = ""
    role: str = ""


@dataclass
class Seen:
    """What one request did: the numbers of what it read, and the statements that may have changed something."""

    read: set[int] = field(default_factory=set)
    written: list[str] = field(default_factory=list)

    @property
    def writes_filtered(self) -> bool:
        """Whether the filter of the managers, which is marked, says what is changed."""
        return any(BEGIN in text for text in self.written)


@dataclass
class Reads:
    """Every statement that was seen, once."""

    numbers: dict[tuple[Place, str, str], int] = field(default_factory=dict)
    statements: list[tuple[Place, str, Any]] = field(default_factory=list)
    gave: dict[int, str] = field(default_factory=dict)  # what each gave when it was first seen, in few letters
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _told: dict[tuple[int, str], bool] = field(default_factory=dict)

    @contextmanager
    def watched(self, *, noting: bool) -> Iterator[Seen]:
        """What is done within. With ``noting`` off only what was written is remembered."""
        seen, last = Seen(), Place()

        def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            nonlocal last
            text, number = str(sql), None
            if MARKS.match(text) or TELLS.match(text):
                pass
            elif (READS.match(text) or PREPARED.match(text)) and ";" not in text and not many:
                if noting:
                    last = _place(last)
                    seen.read.add(number := self._number(last, text, params))
            else:
                seen.written.append(text)
            answer = execute(sql, params, many, context)
            if (
                number is not None and number not in self.gave and not seen.written
            ):  # else it may have read what was written
                self.gave[number] = _told_by(context["cursor"].cursor)
            return answer

        with connection.execute_wrapper(note):
            yield seen

    def _number(self, place: Place, sql: str, params: Any) -> int:
        if found := PREPARED.match(sql):
            sql, params = self._written_out(found[1], params)
        key = (place, sql, _as_key(params))
        if key not in self.numbers:
            self.numbers[key] = len(self.statements)
            self.statements.append((place, sql, params))
        return self.numbers[key]

    def _written_out(self, name: str, given: Any) -> tuple[str, list[Any]]:
        """A prepared read with its values in their places."""
        if name not in self._kept:
            self._kept |= {kept.name: kept for by_shape in _all_kept for kept in by_shape.values()}
        kept, values = self._kept[name], iter(given or ())
        return kept.sql, [next(values) if isinstance(param, Slot) else param for param in kept.params]

    def tell_the_same(self, read: frozenset[int], others: dict[str, str], *, by_name: bool = False) -> bool:
        """Whether these statements give the same rows with other values in the places of these. No, where one stands twice
        or within another; with ``by_name`` also where a statement has none of them."""
        for number in sorted(read):
            place, sql, params = self.statements[number]
            swapped = _swapped(params, others)
            is_named = swapped != list(params or ())
            if swapped is None or (by_name and not is_named):
                return False
            if not is_named:
                continue
            key = (number, _as_key(swapped))
            if key not in self._told:
                if number not in self.gave and (known := _gives(place, sql, params)):
                    self.gave[number] = known
                self._told[key] = self.gave.get(number) == _gives(place, sql, swapped)
            if not self._told[key]:
                return False
        return True

    def of_others(self, read: frozenset[int], others: dict[str, str]) -> frozenset[int]:
        """These statements with other values in the places of these, noted as if they had been made."""
        made = [(self.statements[number], _swapped(self.statements[number][2], others)) for number in read]
        return frozenset(
            self._number(place, sql, params if swapped is None or swapped == list(params or ()) else swapped)
            for (place, sql, params), swapped in made
        )

    def name(self, read: frozenset[int], values: set[str]) -> bool:
        """Whether one of these statements has one of these values, be it within another."""
        within = _words(frozenset(values))
        return bool(values) and any(within.search(repr(self.statements[number][2])) for number in read)

    def texts(self, read: frozenset[int]) -> set[tuple[str, str]]:
        """These statements without their values, and in which role."""
        return {(self.statements[number][0].role, self.statements[number][1]) for number in read}

    def as_it_is(self) -> dict[int, str]:
        """What each statement gives as long as nothing is changed: known of all but those that followed a change."""
        return self.gave | self.rows(leaving=self.gave.keys())

    def rows(self, *, filtered: bool = True, leaving: Collection[int] = ()) -> dict[int, str]:
        """What each statement gives now, in few letters; with ``filtered`` off without the filter of the managers, and only
        those that have it."""
        places = defaultdict(list)
        for number, (place, sql, _params) in enumerate(self.statements):
            if (filtered or BEGIN in sql) and number not in leaving:
                places[place].append(number)
        given: dict[int, str] = {}
        for place, numbers in places.items():
            while numbers:
                number = numbers[0]
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        _stand(cursor, place)
                        while numbers:
                            number = numbers.pop(0)
                            _place_of, sql, params = self.statements[number]
                            given[number] = _given(cursor, *((sql, params) if filtered else unfiltered(sql, params)))
                            if "set_config" in sql:
                                _stand(cursor, place)
                except DatabaseError:  # no two are the same: whoever made it is asked again
                    given[number] = f"error {next(_errors)}"
        return given


def _place(last: Place) -> Place:
    """Where the next statement runs. What looks through the queues keeps the settings of the scope around it."""
    scope = scopes._active.get()
    if scope is None:
        return Place()
    if scope.environment_id == 0:
        return Place(last.environment, last.readable, last.person, "grove_system")
    role = "grove_self" if scope.own else ""
    return Place(str(scope.environment_id), scope.readable_list, str(scope.person_id or ""), role)


def _stand(cursor: Any, place: Place) -> None:
    cursor.execute(
        "SELECT set_config('app.environment', %s, true), set_config('app.readable', %s, true),"
        " set_config('app.person', %s, true)",
        [place.environment, place.readable, place.person],
    )
    if place.role:
        cursor.execute(f"SET LOCAL ROLE {place.role}")


def _gives(place: Place, sql: str, params: Any) -> str:
    """What a statement gives, in few letters; nothing where it is refused."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _stand(cursor, place)
            return _given(cursor, sql, params or None)
    except DatabaseError:
        return ""


def _swapped(params: Any, others: dict[str, str]) -> Any:
    """Other values in the places of these; None where that would not be what a request for the others asks."""
    within, swapped, seen = _words(frozenset(others)), [], set()
    for value in params or ():
        if (word := str(value)) in others and not isinstance(value, list | tuple | bool):
            if word in seen:
                return None
            seen.add(word)
            try:
                swapped.append(type(value)(others[word]))
            except (TypeError, ValueError):  # what the other is would be refused before it is looked up
                return None
        elif others and not isinstance(value, int | float | date) and within.search(repr(value)):
            return None
        else:
            swapped.append(value)
    return swapped


@lru_cache(maxsize=1000)
def _words(values: frozenset[str]) -> re.Pattern[str]:
    """Any of these, standing alone."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(values, key=len, reverse=True)))})(?![\w-])")


_errors = count()


def _given(cursor: Any, sql: str, params: Any) -> str:
    cursor.execute(sql, params)
    return _in_letters(cursor.fetchall())


def _told_by(cursor: Any) -> str:
    """What a cursor of psycopg has just been told, which it can tell again."""
    if rows := cursor.fetchall():
        cursor.scroll(0, mode="absolute")
    return _in_letters(rows)


def _in_letters(rows: list[Any]) -> str:
    return md5(repr(rows).encode(errors="replace")).hexdigest()


def _as_key(value: Any) -> str:
    """Values as they are, but for the moment: some minutes later the same is asked."""
    if isinstance(value, datetime):
        return value.isoformat()[:13]
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_as_key, value))}]"
    return repr(value)


@contextmanager
def marked() -> Iterator[None]:
    """The filter of the managers shows in the SQL where it begins and ends."""
    plain = InScope.as_sql

    def as_sql(self: InScope, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = plain(self, compiler, connection, **extra)
        return f"{BEGIN}{sql}{END}", params

    InScope.as_sql = as_sql  # type: ignore[method-assign]
    forget_prepared()
    try:
        yield
    finally:
        InScope.as_sql = plain  # type: ignore[method-assign]
        forget_prepared()


def unfiltered(sql: str, params: Any) -> tuple[str, Any]:
    """The statement with TRUE where the filter of the managers is, and without its values."""
    if BEGIN not in sql:
        return sql, params
    values, kept, inside, text, end = iter(params), [], False, [], 0
    for piece in PIECES.finditer(sql):
        if not inside:
            text.append(sql[end : piece.start()])
        end = piece.end()
        if piece[0] in {BEGIN, END}:
            inside = piece[0] == BEGIN
            text.append("TRUE" if inside else "")
        elif piece[0] == "%s":
            value = next(values)
            if not inside:
                text.append("%s")
                kept.append(value)
        elif not inside:
            text.append("%%")
    whole = "".join([*text, sql[end:]])
    return (whole, kept) if kept else (whole.replace("%%", "%"), None)
