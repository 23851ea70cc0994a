"""CSV: one question per line, columns by name. The columns are written down in docs/question-formats.md.

Cells with several values divide them by |. Texts are Markdown.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.importers.building import Builder
from assessments.importers.cloze_text import number_text
from assessments.importers.results import ImportResult, QuestionRefusedError
from assessments.importers.text_files import TextRefusedError, read_text
from ecosystem.markup import markdown_line_to_html, markdown_to_html

Row = dict[str, str]
COLUMNS = (
    "identifier", "type", "name", "category", "question", "answers", "right", "feedback", "hints", "tags", "difficulty",
    "objective", "points", "tolerance", "unit", "case", "accents", "minimum", "maximum",
)  # fmt: skip
NEEDED = frozenset({"type", "question"})
LONGEST_CELL = 100_000  # characters
MOST_VALUES = 100
YES = frozenset({"1", "yes", "true", "x", "ja"})


def parse_csv(data: bytes, *, filename: str) -> ImportResult:
    """Return the questions in the file and what could not be read. Never raises."""
    builder = Builder(filename=filename)
    try:
        file = read_text(data)
        rows = _rows(file.text, builder)
    except TextRefusedError as refused:
        builder.refuse(str(refused))
        return builder.result
    if file.notice:
        builder.notice(file.notice)
    for line, row in rows:
        if builder.is_full(line=line):
            break
        try:
            _add(builder, row, line)
        except QuestionRefusedError as refused:
            builder.refuse(str(refused), line=line, name=row.get("name") or row.get("identifier") or row["question"])
    builder.finish()
    return builder.result


def is_header(line: str) -> bool:
    """Return whether a line names the columns of questions."""
    return {name.strip().strip('"').lower() for name in re.split(r"[,;\t]", line[:2000])} >= NEEDED


def _rows(text: str, builder: Builder) -> Iterator[tuple[int, Row]]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    header: list[str] = []
    after = 0
    try:
        for cells in reader:
            line, after = after + 1, reader.line_num
            if not header:
                header = _header(cells, builder)
            elif any(cell.strip() for cell in cells):
                yield line, _row(header, cells)
    except csv.Error:
        builder.refuse(
            _("From here the file cannot be read: a quotation mark is not closed, or a cell is too long."),
            line=after + 1,
        )


def _header(cells: list[str], builder: Builder) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    for name in header:
        if name and name not in COLUMNS:
            builder.notice(_("The column %(name)s is not known and not read.") % {"name": name[:80]}, line=1)
    return header


def _row(header: list[str], cells: list[str]) -> Row:
    known = dict.fromkeys(COLUMNS, "")
    return known | {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in known}


def _add(builder: Builder, row: Row, line: int) -> None:
    if any(len(cell) > LONGEST_CELL for cell in row.values()):
        raise QuestionRefusedError(_("A text of this question is too long."))
    make = _BODIES.get(row["type"].lower())
    if make is None:
        known = ", ".join(_BODIES)
        raise QuestionRefusedError(
            _("There is no type %(kind)s here. These are read: %(known)s.")
            % {"kind": row["type"][:40] or "?", "known": known}
        )
    builder.add(
        row["type"].lower(),
        make(row),
        line=line,
        kind="csv",
        name=row["name"],
        stem=_stem(row),
        feedback=markdown_to_html(row["feedback"]),
        category=tuple(part.strip()[:250] for part in row["category"].split("/") if part.strip()),
        identifier=row["identifier"],
        tags=tuple(_values(row, "tags")) if row["tags"] else None,
        hints=tuple(markdown_to_html(hint) for hint in _values(row, "hints")),
        difficulty=_difficulty(row),
        points=_whole(row, "points", least=1, most=1000) or 1,
        objective=row["objective"][:300],
    )


def _stem(row: Row) -> str:
    return re.sub(r"\[\[[0-9]{1,3}\]\]", "____", markdown_to_html(row["question"]))


def _values(row: Row, column: str) -> list[str]:
    r"""Return the parts of a cell; \| is the sign itself."""
    parts = [part.replace("\x1f", "|").strip() for part in row[column].replace("\\|", "\x1f").split("|")]
    if len(parts) > MOST_VALUES:
        raise QuestionRefusedError(
            _("The cell %(column)s has more than %(most)s parts.") % {"column": column, "most": MOST_VALUES}
        )
    return [part for part in parts if part]


def _whole(row: Row, column: str, *, least: int, most: int) -> int | None:
    text = row[column]
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise QuestionRefusedError(
            _("%(column)s is a whole number from %(least)s to %(most)s.")
            % {"column": column, "least": least, "most": most}
        )
    return int(text)


def _difficulty(row: Row) -> int | None:
    return _whole(row, "difficulty", least=1, most=5)


def _letters(row: Row, count: int) -> set[int]:
    """Return the places of the right choices, written as letters or numbers."""
    found = set()
    for part in re.split(r"[,|\s]+", row["right"].strip()):
        place = -1
        if re.fullmatch(r"[A-Za-z]", part):
            place = ord(part.upper()) - ord("A")
        elif re.fullmatch(r"[0-9]{1,3}", part):
            place = int(part) - 1
        if not 0 <= place < count:
            raise QuestionRefusedError(
                _("right names a choice that is not there: %(name)s.") % {"name": part[:20] or "?"}
            )
        found.add(place)
    return found


def _choices(row: Row) -> dict[str, Any]:
    texts = _values(row, "answers")
    right = _letters(row, len(texts))
    return {"choices": [{"text": markdown_line_to_html(text), "correct": n in right} for n, text in enumerate(texts)]}


def _true_false(row: Row) -> dict[str, Any]:
    said = row["right"].lower()
    if said not in {"true", "false"}:
        raise QuestionRefusedError(_("right is true or false."))
    return {"answer": said == "true"}


def _short_text(row: Row) -> dict[str, Any]:
    return {
        "answers": [{"text": text} for text in _values(row, "right")],
        "case_sensitive": row["case"].lower() in YES,
        "ignore_accents": row["accents"].lower() in {"ignore", "no", "0"},
    }


def _numeric(row: Row) -> dict[str, Any]:
    tolerance, kind = row["tolerance"] or "0", "absolute"
    if tolerance.endswith("%"):
        tolerance, kind = format(Decimal(number_text(tolerance[:-1].strip())) / 100, "f"), "relative"
    return {
        "answers": [
            {"value": number_text(value), "tolerance": number_text(tolerance), "tolerance_kind": kind}
            for value in _values(row, "right")
        ],
        "unit": row["unit"][:40],
    }


def _pairs(row: Row) -> dict[str, Any]:
    pairs, distractors = [], []
    for text in _values(row, "answers"):
        left, equals, answer = text.partition("=")
        if equals and left.strip():
            pairs.append({"text": markdown_line_to_html(left), "answer": answer.strip()})
        else:
            distractors.append((answer or left).strip())
    return {"pairs": pairs, "distractors": distractors}


def _ordering(row: Row) -> dict[str, Any]:
    return {"items": [{"text": markdown_line_to_html(text)} for text in _values(row, "answers")], "grading": "place"}


def _gaps(row: Row) -> dict[str, Any]:
    return {
        "text": markdown_to_html(row["question"]),
        "choices": [{"text": text, "group": "1"} for text in _values(row, "answers")],
    }


def _essay(row: Row) -> dict[str, Any]:
    return {
        "minimum_words": _whole(row, "minimum", least=0, most=10_000) or 0,
        "maximum_words": _whole(row, "maximum", least=0, most=10_000) or 0,
    }


def _likert(row: Row) -> dict[str, Any]:
    return {
        "statements": [{"text": markdown_line_to_html(text)} for text in _values(row, "answers")],
        "scale": _values(row, "right"),
    }


_BODIES: dict[str, Callable[[Row], dict[str, Any]]] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _pairs,
    "ordering": _ordering,
    "gap_select": _gaps,
    "drag_text": _gaps,
    "essay": _essay,
    "likert": _likert,
}
