"""Sheets as workbooks of spreadsheet programs (.xlsx), made and read by a process of its own under limits of time and memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from handins.files.apart import said_apart

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = b"PK\x03\x04"
MODULE, SECONDS = "handins.files.workbook", 20


def is_workbook(data: bytes) -> bool:
    return data.startswith(MARK)


def workbook_of(
    *, head: list[str], rows: Iterable[Iterable[Any]], choices: Mapping[int, list[str]], widths: list[int]
) -> bytes | None:
    """None where it cannot be made in time. ``choices``: {place of a column: what to choose from there}."""
    said = {"head": head, "rows": [list(row) for row in rows], "choices": choices, "widths": widths}
    return _apart("write", json.dumps(said).encode())


def csv_of_workbook(data: bytes) -> bytes | None:
    """The cells of its first sheet, as CSV; None where that is no workbook, swells, or takes too long."""
    return _apart("read", data)


def _apart(act: str, data: bytes) -> bytes | None:
    with tempfile.NamedTemporaryFile(suffix=".xlsx" if act == "read" else ".json") as copy:
        copy.write(data)
        copy.flush()
        return said_apart(MODULE, act, copy.name, limit=SECONDS, seconds=SECONDS)
