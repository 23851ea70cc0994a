"""The process that makes and reads sheets for spreadsheet programs (``handins.files.sheets`` starts it): ``write`` makes a workbook
of a file of JSON, ``read`` says the cells of a workbook's first sheet as CSV.

It knows neither settings nor database, and its memory and time are limited: a workbook that swells takes only this process.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ecosystem.process_limits import limits_set

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 10_001, 200, 2_000_000
LARGEST_PARTS = 48 * 1024 * 1024  # all of it unpacked
CHOICES = "choices"
AS_TEXT = "@"  # what is typed into such a cell stays text


def _write(path: str) -> bytes:
    """``head``, ``rows`` and ``widths``; ``choices``: {place of a column: what to choose from there}. Every cell is text or a number."""
    said = json.loads(Path(path).read_text())
    book = Workbook()
    sheet, lists = book.active, book.create_sheet(CHOICES)
    lists.sheet_state = "hidden"
    for number, row in enumerate([said["head"], *said["rows"]], start=1):
        for place, value in enumerate(row, start=1):
            _put(sheet.cell(number, place), value, is_head=number == 1)
    sheet.freeze_panes = "C2"
    for place, width in enumerate(said["widths"], start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for count, (place, choices) in enumerate(said["choices"].items(), start=1):
        _offer(sheet, lists, count, int(place) + 1, choices, max(2, len(said["rows"]) + 1))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(cell: Cell, value: Any, *, is_head: bool) -> None:
    """Text is never taken for a formula, also not when somebody types in the cell again."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) or None
        if cell.value is not None:
            cell.data_type, cell.quotePrefix = "s", cell.value[0] in "=+-@"
        cell.number_format = AS_TEXT
    else:
        cell.value = value
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.font = Font(bold=is_head)


def _offer(sheet: Worksheet, lists: Worksheet, count: int, column: int, choices: list[str], last: int) -> None:
    """A list to choose from in each cell of a column; something else can be typed, and is judged when it comes back."""
    for number, choice in enumerate(choices, start=1):
        _put(lists.cell(number, count), choice, is_head=False)
    at, letter = get_column_letter(count), get_column_letter(column)
    rule = DataValidation(type="list", formula1=f"{CHOICES}!${at}$1:${at}${len(choices)}", allow_blank=True)
    rule.showErrorMessage = False
    rule.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(rule)


def _read(path: str) -> Iterator[str]:
    """The cells as they were typed: formulas are not worked out, links to other workbooks not followed, entities refused."""
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST_PARTS:
            raise ValueError("too large")
    book = load_workbook(path, read_only=True, keep_links=False)
    out, left = io.StringIO(newline=""), MOST_CHARACTERS
    writer = csv.writer(out)
    for count, row in enumerate(book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)):
        if count == MOST_ROWS:
            raise ValueError("too many rows")
        cells = [_said(cell.value, is_formula=cell.data_type == "f") for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        writer.writerow(cells)
        line = out.getvalue()
        left -= len(line)
        if left <= 0:
            raise ValueError("too large")
        yield line
        out.seek(0)
        out.truncate()


def _said(value: Any, *, is_formula: bool) -> str:
    if value is None:
        return ""
    if is_formula:
        return "=" + str(value).lstrip("=")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\x00", "")


def main() -> None:
    act, path, megabytes, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    limits_set(megabytes=megabytes, seconds=seconds)
    if act == "write":
        sys.stdout.buffer.write(_write(path))
        return
    for line in _read(path):
        sys.stdout.buffer.write(line.encode(errors="ignore"))


if __name__ == "__main__":
    main()
