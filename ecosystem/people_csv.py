"""A file of people, read line by line. Every line that cannot be used is named with its number and the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ecosystem.csv_reading import Problem, Reading, UnreadableError, csv_rows
from ecosystem.models import Role

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


@dataclass
class Known:
    """What the lines are compared with. Names of groups in small letters."""

    groups: dict[str, int] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()


def people_read(data: bytes, known: Known) -> Reading:
    """Read a CSV file (comma, semicolon or tab). Texts stay as they are written, also those that look like formulas."""
    reading = Reading()
    try:
        lines = csv_rows(data)
        header = next(lines, (0, []))[1]
        columns = _columns(header)
        for number, cells in lines:
            _read_line(number, dict(zip(columns, cells, strict=False)), len(cells) > len(columns), known, reading)
    except UnreadableError as error:
        return Reading(problems=[*reading.problems, Problem(error.line, str(error))])
    if not reading.rows and not reading.problems:
        reading.problems.append(Problem(0, _("There is nobody in this file.")))
    _mark_doubles(reading)
    reading.problems.sort(key=lambda problem: problem.line)
    return reading


def _columns(header: list[str]) -> list[str]:
    columns = [ALSO.get(name.lower(), name.lower().replace(" ", "_")) for name in header]
    if "email" not in columns:
        raise UnreadableError(_("The first line must name the columns: %(names)s.") % {"names": ", ".join(COLUMNS)})
    if strange := [name for name in columns if name not in COLUMNS]:
        raise UnreadableError(_("There is no column called “%(name)s”.") % {"name": strange[0][:40]})
    if len(set(columns)) < len(columns):
        raise UnreadableError(_("A column stands in the first line twice."))
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
