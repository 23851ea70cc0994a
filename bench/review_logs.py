"""Reading a review log from a file: CSV or TSV, also gzipped, with headers as they are found in the wild."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from memotrainer.engine.lives import Floats, Integers
from memotrainer.engine.logs import ReviewLog, days_by_quiet_hours, exact_gaps_of, gaps_of

NAMES: dict[str, tuple[str, ...]] = {
    "learner": ("learner", "user", "student", "person", "anon student", "anon", "member", "participant", "subject"),
    "item": ("item", "card", "cid", "question", "problem", "exercise", "word", "lexeme", "fact", "assistment", "note", "prompt"),
    "skill": ("skill", "objective", "kc", "kc default", "knowledge component", "concept", "topic", "learning objective", "tag"),
    "time": (
        "review time", "timestamp", "time", "answered at", "reviewed at", "at", "datetime", "date time", "date", "created at",
        "occurred at", "submitted at", "submit time", "start time", "end time", "review date", "review timestamp", "unix time",
        "unixtime", "ts", "ms", "when", "first response time", "first transaction time", "epoch", "day", "day offset", "day index",
    ),
    "rating": ("rating", "review rating", "grade", "ease", "button chosen", "button", "review grade", "review result"),
    "correct": (
        "correct", "is correct", "right", "success", "recalled", "recall", "answered correctly", "correct first attempt", "score",
        "fraction", "outcome", "result", "p recall", "y", "label", "response correct", "is right", "passed",
    ),
}  # fmt: skip
MOST_BAD = 0.05  # share of ratings that may be out of range; those rows are left out
LONGEST_LIFE = 2_000  # answers of one memory; later ones count as another memory's, so that time stays within bounds
LATEST = 2**36  # seconds; later times are broken
COLUMNS = """\
The file: CSV or TSV (comma, semicolon or tab; also .gz), first line the names of its columns, in any order and case:
  what was asked    item_id | card_id | question_id | ...     or skill_id | objective_id; both may be there
  when              review_time | timestamp | time | ...      seconds, ms, us or ns since 1970, whole days, or ISO 8601
  how it went       rating (1 again, 2 hard, 3 good, 4 easy)  or correct (0/1, true/false, yes/no; a share counts from 0.5)
  who (optional)    learner_id | user_id | student_id | ...   without it all rows are of one person
  topic (optional)  skill_id | objective_id | kc | ...        with it, one memory is one person and one skill
Rows without one of them are left out, and counted aloud. Others columns do not matter.
"""
TRUE, FALSE = {"1", "true", "t", "yes", "y", "right", "correct", "pass", "passed"}, {
    "0", "false", "f", "no", "n", "wrong", "incorrect", "fail", "failed",
}  # fmt: skip
TRUE_FALSE_SHARE = 0.5
SUFFIXES = (" id", " ids", " name", " no", " nr", " number", " uid", " uuid")


class LogError(Exception):
    """The file cannot be used; says why and what would help."""


@dataclass
class Read:
    """A log with what was understood of the file."""

    log: ReviewLog
    seconds: Integers
    notes: list[str] = field(default_factory=list)


def read_log(path: Path, *, memory: str = "auto") -> Read:
    """``memory``: what is remembered, "item" or "skill"; "auto" takes the skill where the file has one."""
    header, rows, lines = _table(path)
    columns = _columns(header)
    if "item" not in columns and "skill" not in columns:
        raise _missing("what was asked (item_id, card_id or skill_id)", header)
    if "time" not in columns:
        raise _missing("when it was (review_time or timestamp)", header)
    if "rating" not in columns and "correct" not in columns:
        raise _missing("how it went (rating 1-4, or correct 0/1)", header)
    if memory == "skill" and "skill" not in columns:
        raise _missing("the skill (skill_id or objective_id)", header)
    notes = ["columns: " + ", ".join(f"{name} = {header[place]!r}" for name, place in columns.items())]
    wanted = [columns[name] for name in ("learner", "item", "skill", "time", "rating", "correct") if name in columns]
    outcome = "rating" if "rating" in columns else "correct"
    needed = {columns["time"], columns[outcome], *([columns["learner"]] if "learner" in columns else [])}
    asked = "skill" if "skill" in columns and memory != "item" else "item" if "item" in columns else "skill"
    needed.add(columns[asked])
    at = [
        place
        for place, row in enumerate(rows)
        if len(row) > max(wanted) and all(row[column].strip().lower() not in GONE for column in needed)
    ]
    if not at:
        raise LogError(f"{path.name} has no row with all of: who or what, when, how it went. Line {lines[0]} has not.")
    full = [rows[place] for place in at]
    numbers = [lines[place] for place in at]
    rating, kept = _ratings([row[columns[outcome]] for row in full], name=header[columns[outcome]], lines=numbers)
    seconds, timed, unit = _seconds([row[columns["time"]] for row in full])
    notes.append(f"time: {unit}")
    keep = kept & timed
    read = {place for place, one in zip(at, keep.tolist(), strict=True) if one}
    if len(rows) > len(read):
        first = next(place for place in range(len(rows)) if place not in read)
        notes.append(
            f"{len(rows) - len(read)} of {len(rows)} rows left out, a value is missing or cannot be read;"
            f" the first is line {lines[first]}: {','.join(rows[first])[:80]}"
        )
    full = [row for row, one in zip(full, keep.tolist(), strict=True) if one]
    if not full:
        raise LogError(f"{path.name} has no row whose time and outcome can be read; the first is line {numbers[0]}.")
    rating, seconds = rating[keep], seconds[keep]
    order = np.argsort(seconds, kind="stable")
    number = {
        name: _numbers([full[row][columns[name]].strip() for row in order.tolist()]) for name in columns if name in IDS
    }
    zeros = np.zeros(len(order), dtype=np.int64)
    learner, asked_of = number.get("learner", zeros), number[asked]
    both = "skill" in number and "item" in number and asked == "skill"
    memory_of = _numbers_of(learner * (int(asked_of.max()) + 1) + asked_of)
    lives = _places(memory_of) // LONGEST_LIFE
    memory_of = _numbers_of(memory_of * (int(lives.max()) + 1) + lives)
    day = days_by_quiet_hours(learner=learner, seconds=seconds[order])
    log = ReviewLog(
        learner=learner,
        memory=memory_of,
        skill=number.get("skill", zeros),
        item=number.get("item", zeros) if both or asked == "item" else zeros,
        day=day,
        rating=rating[order],
        gap=gaps_of(memory=memory_of, day=day),
        has_skills="skill" in number,
        has_items="item" in number and int(learner.max()) > 0,
        exact=exact_gaps_of(memory=memory_of, seconds=seconds[order]),
    )
    notes.append(f"{len(log)} answers, {log.learners} people, {int(memory_of.max()) + 1} memories (person and {asked})")
    return Read(log=log, seconds=seconds[order], notes=notes)


IDS = ("learner", "item", "skill")
GONE = {"", "null", "none", "nan", "na", "n/a"}


def _table(path: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """(names of the columns, rows, the line in the file of each row)."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise LogError(f"{path} cannot be read: {error.strerror}.") from error
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise LogError(f"{path.name} is a damaged gzip file.") from error
    text = _decoded(raw)
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(numbered) < 2:
        raise LogError(f"{path.name} has no rows.\n{COLUMNS}")
    numbers, lines = zip(*numbered, strict=True)
    delimiter = max("\t,;|", key=lines[0].count)
    rows = max((_rows(lines, delimiter, quoting) for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)), key=_whole)
    if len(rows) < 2:
        raise LogError(f"{path.name} is not CSV.")
    header = [name.strip() for name in rows[0][1]]
    return header, [row for _line, row in rows[1:]], [numbers[line] for line, _row in rows[1:]]


def _rows(lines: Sequence[str], delimiter: str, quoting: int) -> list[tuple[int, list[str]]]:
    """(place of the line with which it begins, cells) of each row."""
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, quoting=quoting)
    found, begin = [], 0
    try:
        for row in reader:
            cells = [cell.strip().strip('"') for cell in row] if quoting == csv.QUOTE_NONE else row
            found.append((begin, cells))
            begin = reader.line_num
    except csv.Error:
        return []
    return found


def _whole(rows: list[tuple[int, list[str]]]) -> int:
    """How many rows have as many cells as the first: a quote that is never closed swallows all that follow."""
    return sum(len(row) == len(rows[0][1]) for _line, row in rows)


def _decoded(raw: bytes) -> str:
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _plain(name: str) -> str:
    words = "".join(f" {c}" if c.isupper() and n and name[n - 1].islower() else c for n, c in enumerate(name))
    return " ".join("".join(c if c.isalnum() else " " for c in words).lower().split())


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Which column is what: exact names first, then those with "id" behind."""
    plain = [_plain(name) for name in header]
    found: dict[str, int] = {}
    for kind, names in NAMES.items():
        for name in names:
            spellings = [name, *(name + suffix for suffix in SUFFIXES)]
            place = next(
                (plain.index(one) for one in spellings if one in plain and plain.index(one) not in found.values()), None
            )
            if place is not None:
                found[kind] = place
                break
    return found


def _missing(what: str, header: Sequence[str]) -> LogError:
    return LogError(f"No column says {what}. There are: {', '.join(header)}.\n{COLUMNS}")


def _ratings(texts: Sequence[str], *, name: str, lines: Sequence[int]) -> tuple[Integers, np.ndarray]:
    """(ratings 1..4, which rows can be read). Values of 0 and 1 only are wrong and right, whatever the column is called."""
    values = np.array([_value(text) for text in texts])
    there = values[~np.isnan(values)]
    if not len(there):
        raise LogError(
            f"The column {name!r} holds neither ratings nor right and wrong: {texts[0]!r} in line {lines[0]}."
        )
    if there.min() >= 0 and there.max() <= 1:
        known = ~np.isnan(values)
        return np.where(values >= TRUE_FALSE_SHARE, 3, 1).astype(np.int64), known
    beyond = (values > 4) | (values < 0)
    if beyond.sum() > MOST_BAD * len(there):
        first = int(np.flatnonzero(beyond)[0])
        raise LogError(
            f"The column {name!r} holds {there.min():g} to {there.max():g}, as in line {lines[first]}; a rating is 1, 2, 3 or"
            " 4, correct is 0 or 1."
        )
    fits = np.isin(values, (1, 2, 3, 4))  # 0 is no answer (a card put back by hand)
    return np.where(fits, values, 3).astype(np.int64), fits


def _value(text: str) -> float:
    word = text.strip().lower()
    if word in TRUE:
        return 1.0
    if word in FALSE:
        return 0.0
    named = {"again": 1.0, "hard": 2.0, "good": 3.0, "easy": 4.0}.get(word)
    if named is not None:
        return named
    try:
        found = float(word.replace(",", "."))
    except ValueError:
        return float("nan")
    return found if abs(found) < 1e9 else float("nan")


def _seconds(texts: Sequence[str]) -> tuple[Integers, np.ndarray, str]:
    """(seconds since 1970, which rows can be read, what was understood)."""
    numbers = np.array([_number(text) for text in texts])
    if np.isnan(numbers).mean() > 0.5:
        moments, how = _moments(texts)
        known = ~np.isnan(moments)
        return np.where(known, moments, 0).astype(np.int64), known, how
    known = ~np.isnan(numbers)
    numbers = np.where(known, numbers, 0.0)
    size = float(np.median(np.abs(numbers[known])))
    factor, unit = 1.0, "seconds"
    for least, by, name in (
        (1e17, 1e-9, "nanoseconds"),
        (1e14, 1e-6, "microseconds"),
        (1e11, 1e-3, "milliseconds"),
    ):
        if size >= least:
            factor, unit = by, name
            break
    else:
        if float(np.ptp(numbers[known])) < 50_000 and size < 1e8:
            return (numbers * 86400 + 43200).astype(np.int64), known, "whole days"
    known &= np.abs(numbers * factor) < LATEST
    return np.where(known, numbers * factor, 0).astype(np.int64), known, unit


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return float("nan")
    return found if abs(found) < 1e20 else float("nan")


# Tried where ISO 8601 does not fit; the one that fits most rows counts.
WRITTEN = (
    "%d-%m-%Y %H:%M:%S", "%m-%d-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%m-%d-%Y %H:%M", "%m-%d-%Y %I:%M:%S %p", "%m-%d-%Y %I:%M %p",
    "%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %Z",
)  # fmt: skip


def _moments(texts: Sequence[str]) -> tuple[Floats, str]:
    plain = [text.strip().replace("/", "-") for text in texts]
    best = np.array([_moment(text, None) for text in plain])
    how = "ISO 8601; without a zone it counts as UTC"
    for form in WRITTEN if np.isnan(best).mean() > 0.5 else ():
        found = np.array([_moment(text, form) for text in plain])
        if np.isnan(found).sum() < np.isnan(best).sum():
            best, how = found, f"{form}, as UTC"
    return best, how


def _moment(text: str, form: str | None) -> float:
    try:
        moment = datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)  # noqa: DTZ007 -- UTC below
    except ValueError:
        return float("nan")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _numbers(names: Sequence[str]) -> Integers:
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.int64)


def _places(memory: Integers) -> Integers:
    """How many answers of the same memory came before each."""
    order = np.argsort(memory, kind="stable")
    keys = memory[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    places = np.empty(len(memory), dtype=np.int64)
    places[order] = np.arange(len(memory)) - np.repeat(starts, np.diff(np.r_[starts, len(memory)]))
    return places


def _numbers_of(keys: Integers) -> Integers:
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


__all__ = ["COLUMNS", "Floats", "LogError", "Read", "read_log"]
