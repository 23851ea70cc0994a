"""A sheet of marks that is filled in elsewhere: a line for each round, with columns for what is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.csv_reading import Problem, UnreadableError, csv_rows
from ecosystem.spreadsheets import csv_lines
from handins.files.sheets import workbook_of
from handins.models import Round, Rubric

# As they stand in the file; in English everywhere, so that a sheet can be read back in any language.
ROUND, PERSON, NUMBER, AT, LATE, SCORE, PASSED, COMMENT = (
    "hand-in", "person", "round", "handed in", "late", "score", "passed", "comment",
)  # fmt: skip
FACTS = [ROUND, PERSON, NUMBER, AT, LATE]
WIDTHS = {ROUND: 14, PERSON: 24, NUMBER: 8, AT: 18, LATE: 8, SCORE: 8, PASSED: 10, COMMENT: 60}
MOST_LINES = 500
MINUTE, DAY = "%Y-%m-%d %H:%M", "%Y-%m-%d"
YES, NO = {"yes", "ja", "1", "true"}, {"no", "nee", "0", "false"}
HOSTILE = ("=", "@", "\t", "\r")  # what a spreadsheet would run; a minus begins many a sentence


@dataclass(frozen=True)
class Filled:
    """A line with something filled in: what ``mark_give`` takes, for the round ``uid``."""

    line: int
    uid: UUID
    facts: dict[str, Any]


@dataclass(frozen=True)
class Foreseen:
    """What a line comes to: whose work, and the mark."""

    line: int
    called: str
    percent: int | None
    passed: bool


@dataclass
class Sheet:
    """What was read: good lines with what each comes to once it was tried, and every bad one with its reason."""

    lines: list[Filled] = field(default_factory=list)
    foreseen: list[Foreseen] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def sheet_of(rounds: Iterable[Round], rubric: Rubric | None) -> Iterator[str]:
    """The sheet as CSV, a line at a time; nothing in it is a formula."""
    return csv_lines(columns=_head(rubric), rows=_rows(rounds, rubric))


def sheet_book(rounds: Iterable[Round], rubric: Rubric | None) -> bytes | None:
    """The same for a spreadsheet program, with lists to choose from; None where it cannot be made."""
    head, criteria = _head(rubric), rubric.criteria if rubric else []
    choices = {len(FACTS) + place: [level["title"] for level in one["levels"]] for place, one in enumerate(criteria)}
    choices[head.index(PASSED)] = ["yes", "no"]
    widths = [WIDTHS.get(name, 20) for name in head]
    return workbook_of(head=head, rows=_rows(rounds, rubric), choices=choices, widths=widths)


def _head(rubric: Rubric | None) -> list[str]:
    criteria = _columns(rubric)
    return [*FACTS, *criteria, *([] if criteria else [SCORE]), PASSED, COMMENT]


def _rows(rounds: Iterable[Round], rubric: Rubric | None) -> Iterator[list[Any]]:
    empty = [""] * (len(_head(rubric)) - len(FACTS))
    for row in rounds:
        at = f"{timezone.localtime(row.submitted_at):{DAY if row.hides_names else MINUTE}}"
        yield [str(row.uid), row.called, row.number, at, "yes" if row.is_late else "", *empty]


def _columns(rubric: Rubric | None) -> list[str]:
    return [f"{place + 1}. {one['title']}" for place, one in enumerate(rubric.criteria)] if rubric else []


def sheet_read(data: bytes, *, rubric: Rubric | None) -> Sheet:
    """Lines in which nothing is filled in are left out."""
    try:
        lines = list(csv_rows(data, counts_rows=True))
        if not lines or ROUND not in (head := [cell.lower() for cell in lines[0][1]]):
            return _unreadable(_("The first line must be that of the sheet you downloaded."))
    except UnreadableError as error:
        return _unreadable(str(error), line=error.line)
    if len(lines) > MOST_LINES + 1:
        return _unreadable(_("At most %(most)s lines at once.") % {"most": MOST_LINES})
    sheet, seen = Sheet(), set[UUID]()
    for number, cells in lines[1:]:
        row = dict(zip(head, cells, strict=False))
        try:
            filled = _line(number, row, rubric, seen)
        except ValueError as error:
            sheet.problems.append(Problem(number, str(error), row.get(PERSON, "")[:80]))
            continue
        if filled is not None:
            seen.add(filled.uid)
            sheet.lines.append(filled)
    return sheet


def _unreadable(reason: str, *, line: int = 0) -> Sheet:
    return Sheet(problems=[Problem(line, reason)])


def _line(number: int, row: dict[str, str], rubric: Rubric | None, seen: set[UUID]) -> Filled | None:
    columns = _columns(rubric)
    asked = [*(column.lower() for column in columns), SCORE, PASSED, COMMENT]
    if not any(row.get(name) for name in asked):
        return None
    if bad := next((name for name in asked if row.get(name, "").startswith(HOSTILE)), None):
        raise ValueError(_("“%(column)s” holds a formula. Write what it should say.") % {"column": bad})
    try:
        uid = UUID(row.get(ROUND, ""))
    except ValueError:
        raise ValueError(_("This is no hand-in of the sheet.")) from None
    if uid in seen:
        raise ValueError(_("This hand-in stands in the sheet twice."))
    levels = {str(place): _level(row.get(column.lower(), ""), rubric, place) for place, column in enumerate(columns)}
    facts = {
        "levels": levels,
        "percent": None if columns else _percent(row.get(SCORE, "")),
        "passed": _passed(row.get(PASSED, "")),
        "comment": row.get(COMMENT, ""),
    }
    return Filled(number, uid, facts)


def _level(said: str, rubric: Rubric | None, place: int) -> int:
    """By its name or its points."""
    criterion = rubric.criteria[place] if rubric else {"levels": [], "title": ""}
    for number, level in enumerate(criterion["levels"]):
        if said.casefold() == level["title"].casefold() or said == str(level["points"]):
            return number
    titles = ", ".join(level["title"] for level in criterion["levels"])
    raise ValueError(_("“%(title)s” is one of: %(levels)s.") % {"title": criterion["title"], "levels": titles})


def _percent(said: str) -> int | None:
    said = said.removesuffix("%").strip()
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and int(said[:9]) <= 100):
        raise ValueError(_("A score is a whole number from 0 to 100."))
    return int(said)


def _passed(said: str) -> bool | None:
    if not said:
        return None
    if said.lower() in YES | NO:
        return said.lower() in YES
    raise ValueError(_("“passed” is yes or no."))
