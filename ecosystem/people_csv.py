"""A file of people, read line by line. Every line that cannot be used is named with its number and the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ecosystem.models import Role

Line = tuple[int, list[str]]
MOST_LINES = 10_000
LARGEST = 4 * 1024 * 1024
COLUMNS = ("email", "name", "job_title", "roles", "group")
LONGEST = {"email": 254, "name": 120, "job_title": 120, "group": 80}
# What a header may also say, so that a file from a Dutch spreadsheet is read as it is.
ALSO = {
    "e-mail": "email", "mail": "email", "e-mailadres": "email", "naam": "name", "job title": "job_title",
    "functie": "job_title", "role": "roles", "rol": "roles", "rollen": "roles", "groep": "group",
}  # fmt: skip
SAMPLE = (
    "email,name,job_title,roles,group\r\n"
    "ama@example.org,Ama Mensah,Nurse,learner,Night shift\r\n"
    "jan@example.org,Jan de Vries,Ward manager,learner|instructor,\r\n"
)


@dataclass(frozen=True)
class Problem:
    """``line`` counts from 1, with the header; 0 is the file as a whole."""

    line: int
    reason: str
    text: str = ""


@dataclass
class Known:
    """What the lines are compared with. Names of groups in small letters."""

    groups: dict[str, int] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()


@dataclass
class Reading:
    """``rows`` are good lines as dictionaries with ``line``, in the order of the file."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def people_read(data: bytes, known: Known) -> Reading:
    """Read a CSV file (comma, semicolon or tab). Texts stay as they are written, also those that look like formulas."""
    reading = Reading()
    try:
        lines = _lines(data)
        header = next(lines, (0, []))[1]
        columns = _columns(header)
        for number, cells in lines:
            _read_line(number, dict(zip(columns, cells, strict=False)), len(cells) > len(columns), known, reading)
    except (_UnreadableError, csv.Error) as error:
        reason = str(error) if isinstance(error, _UnreadableError) else _("This is not a CSV file.")
        return Reading(problems=[Problem(0, reason)])
    if not reading.rows and not reading.problems:
        reading.problems.append(Problem(0, _("There is nobody in this file.")))
    _mark_doubles(reading)
    reading.problems.sort(key=lambda problem: problem.line)
    return reading


class _UnreadableError(Exception):
    """The file as a whole cannot be used."""


def _lines(data: bytes) -> Iterator[Line]:
    """(line number, cells) of each line that is not empty."""
    if len(data) > LARGEST:
        raise _UnreadableError(_("The file is larger than 4 MB. Split it."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _UnreadableError(_("The file is not in UTF-8. Save it as “CSV UTF-8”.")) from None
    if "\x00" in text:
        raise _UnreadableError(_("This is not a CSV file."))
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    filled = ((reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row)))
    return _at_most(filled)


def _at_most(lines: Iterator[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines):  # the header is line 0
        if count > MOST_LINES:
            raise _UnreadableError(_("The file has more than %(most)s lines. Split it.") % {"most": f"{MOST_LINES:,}"})
        yield line


def _columns(header: list[str]) -> list[str]:
    columns = [ALSO.get(name.lower(), name.lower().replace(" ", "_")) for name in header]
    if "email" not in columns:
        raise _UnreadableError(_("The first line must name the columns: %(names)s.") % {"names": ", ".join(COLUMNS)})
    if strange := [name for name in columns if name not in COLUMNS]:
        raise _UnreadableError(_("There is no column called “%(name)s”.") % {"name": strange[0][:40]})
    if len(set(columns)) < len(columns):
        raise _UnreadableError(_("A column stands in the first line twice."))
    return columns


def _read_line(number: int, cells: dict[str, str], too_wide: bool, known: Known, reading: Reading) -> None:  # noqa: FBT001 -- private
    row: dict[str, Any] = {"line": number, **{name: cells.get(name, "") for name in COLUMNS}}
    row["email"] = row["email"].lower()
    reasons = [_("There are more cells than columns.")] if too_wide else []
    for name, longest in LONGEST.items():
        if len(row[name]) > longest:
            reasons.append(_("“%(name)s” is longer than %(most)s characters.") % {"name": name, "most": longest})
    reasons += _email_reasons(row["email"])
    row["roles"], wrong = _roles(row["roles"], known)
    reasons += wrong
    group = row["group"].lower()
    if group and group not in known.groups:
        reasons.append(_("There is no group called “%(name)s”.") % {"name": row["group"][:80]})
    row["group"] = known.groups.get(group)
    if reasons:
        reading.problems += [Problem(number, reason, row["email"][:80]) for reason in reasons]
    else:
        reading.rows.append(row)


def _email_reasons(email: str) -> list[str]:
    if not email:
        return [_("The e-mail address is missing.")]
    try:
        validate_email(email)
    except ValidationError:
        return [_("This is not an e-mail address.")]
    return []


def _roles(text: str, known: Known) -> tuple[list[str], list[str]]:
    """Roles by key or by their word in the active language, parted by a bar; empty is learner."""
    words = {str(Role(role).label).lower(): role for role in Role.values} | {role: role for role in Role.values}
    wanted = [part.strip().lower() for part in text.split("|") if part.strip()] or [str(Role.LEARNER.value)]
    roles, reasons = [], []
    for word in wanted:
        role = words.get(word)
        if role is None:
            reasons.append(_("There is no role called “%(name)s”.") % {"name": word[:40]})
        elif role not in known.roles:
            reasons.append(_("You cannot give the role “%(name)s”.") % {"name": capfirst(str(Role(role).label))})
        else:
            roles.append(str(role))
    return roles, reasons


def _mark_doubles(reading: Reading) -> None:
    """An address counts where it stands first."""
    first: dict[str, int] = {}
    good = []
    for row in reading.rows:
        if row["email"] in first:
            reason = _("The same address is on line %(line)s.") % {"line": first[row["email"]]}
            reading.problems.append(Problem(row["line"], reason, row["email"]))
        else:
            first[row["email"]] = row["line"]
            good.append(row)
    reading.rows = good
