"""CSV for people's spreadsheets: what is text stays text."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

# A spreadsheet would run a cell that begins like this as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Without it Excel reads accents wrongly.
MARK = "\ufeff"


def safe_text(text: str) -> str:
    """``text`` with a quotation mark before it when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(*, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A CSV file a line at a time, beginning with the names of the columns. ``None`` is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    yield MARK
    for row in _with_head(columns, rows):
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _with_head(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[Iterable[Any]]:
    yield columns
    yield from rows
