"""A CSV file from a spreadsheet, read line by line, whatever is imported from it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

Line = tuple[int, list[str]]
MOST_LINES = 10_000
LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Problem:
    """``line`` counts from 1, with the header; 0 is the file as a whole."""

    line: int
    reason: str
    text: str = ""


@dataclass
class Reading:
    """``rows`` are good lines as dictionaries with ``line``, in the order of the file."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class UnreadableError(Exception):
    """The file as a whole cannot be used; ``line`` is where that shows, 0 when everywhere."""

    def __init__(self, reason: str, *, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


def csv_rows(data: bytes, *, counts_rows: bool = False) -> Iterator[Line]:
    """(line number, cells) of each line that is not empty; with ``counts_rows`` the number is that of a spreadsheet, in which a
    cell of several lines is one row."""
    if len(data) > LARGEST:
        raise UnreadableError(_("The file is larger than 4 MB. Split it."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(_("The file is not in UTF-8. Save it as “CSV UTF-8”.")) from None
    if "\x00" in text:
        raise UnreadableError(_("This is not a CSV file."))
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    filled = (
        (line, [cell.strip() for cell in row])
        for line, row in _parted(reader, counts_rows=counts_rows)
        if any(map(str.strip, row))
    )
    return _at_most(filled)


def _parted(reader: Any, *, counts_rows: bool) -> Iterator[Line]:
    begun = 1
    try:
        for count, row in enumerate(reader, start=1):
            yield count if counts_rows else reader.line_num, row
            begun = count + 1 if counts_rows else reader.line_num + 1
    except csv.Error:
        reason = _("From here the file cannot be read: a quotation mark is not closed, or a cell is too long.")
        raise UnreadableError(reason, line=begun) from None


def _at_most(lines: Iterator[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines):  # the header is line 0
        if count > MOST_LINES:
            raise UnreadableError(_("The file has more than %(most)s lines. Split it.") % {"most": f"{MOST_LINES:,}"})
        yield line
