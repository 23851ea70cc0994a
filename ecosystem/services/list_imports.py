"""Lists from a file: look first, then all or nothing."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.csv_reading import Problem, Reading, UnreadableError, csv_rows
from ecosystem.exceptions import EcosystemError
from ecosystem.list_kinds import ListKind
from ecosystem.models import Membership, PeopleImport
from ecosystem.services.audit import audit
from ecosystem.services.imports import KEPT_FOR

MOST = 2000


@transaction.atomic
def list_import_read(*, kind: ListKind, data: bytes, by: Membership) -> tuple[PeopleImport | None, Reading]:
    """Read a file and keep it to be confirmed; no import when one line cannot be used. Changes nothing else.

    What ``by`` looked at before and did not confirm goes.
    """
    _refuse_strangers(kind, by)
    reading = _read(kind, data)
    if not reading.problems:
        reading.problems = sorted(kind.check(reading.rows), key=lambda problem: problem.line)
    PeopleImport.objects.filter(kind=kind.key, by=by.person, done_at=None).delete()
    if reading.problems:
        return None, reading
    kept = PeopleImport.objects.create(
        environment_id=by.environment_id, kind=kind.key, by=by.person, rows=reading.rows, count=len(reading.rows)
    )
    return kept, reading


@transaction.atomic
def list_import_confirm(*, kind: ListKind, uid: uuid.UUID, by: Membership) -> PeopleImport:
    """Do what a file says that ``by`` has looked at. Confirming twice is confirming once.

    Refuses a file that is not kept any longer, and the whole file when something has changed since.
    """
    _refuse_strangers(kind, by)
    kept = PeopleImport.objects.select_for_update().filter(uid=uid, kind=kind.key, by=by.person).first()
    if kept is None or (kept.done_at is None and kept.created_at < timezone.now() - KEPT_FOR):
        raise EcosystemError(_("This file is not here any longer. Choose it again."))
    if kept.done_at is not None:
        return kept
    if problems := kind.check(kept.rows):
        first = {"line": problems[0].line, "reason": problems[0].reason}
        raise EcosystemError(_("Line %(line)s: %(reason)s Choose the file again.") % first)
    kind.write(kept.rows, by)
    audit(act="list.imported", by=by.person, after={"list": kind.key, "lines": kept.count})
    kept.done_at = timezone.now()
    kept.save(update_fields=["done_at", "rows"])
    return kept


def _refuse_strangers(kind: ListKind, by: Membership) -> None:
    if not kind.rule(by):
        raise EcosystemError(_("You cannot bring in this list."))


def _read(kind: ListKind, data: bytes) -> Reading:
    reading = Reading()
    try:
        lines = csv_rows(data)
        columns = _columns(kind, next(lines, (0, []))[1])
        for number, cells in lines:
            _line(kind, number, columns, cells, reading)
    except UnreadableError as error:
        return Reading(problems=[*reading.problems, Problem(error.line, str(error))])
    if not reading.rows and not reading.problems:
        reading.problems.append(Problem(0, _("There is nothing in this file.")))
    if len(reading.rows) > MOST:
        return Reading(problems=[Problem(0, _("The file has more than %(most)s lines. Split it.") % {"most": MOST})])
    return reading


def _columns(kind: ListKind, header: list[str]) -> list[str]:
    columns = [name.lower().replace(" ", "_") for name in header]
    if not set(kind.required) <= set(columns):
        names = ", ".join(kind.required)
        raise UnreadableError(_("The first line must name at least these columns: %(names)s.") % {"names": names})
    if strange := [name for name in columns if name not in kind.columns]:
        raise UnreadableError(_("There is no column called “%(name)s”.") % {"name": strange[0][:40]})
    if len(set(columns)) < len(columns):
        raise UnreadableError(_("A column stands in the first line twice."))
    return columns


def _line(kind: ListKind, number: int, columns: list[str], cells: list[str], reading: Reading) -> None:
    row: dict[str, Any] = {"line": number, **dict.fromkeys(kind.columns, "")}
    row |= dict(zip(columns, cells, strict=False))
    row |= {name: row[name].lower() for name in ("email", "owner") if name in row}
    reasons = [_("There are more cells than columns.")] if len(cells) > len(columns) else []
    reasons += [_("“%(name)s” is missing.") % {"name": name} for name in kind.required if not row[name]]
    reading.problems += [Problem(number, reason, str(row[kind.required[0]])[:80]) for reason in reasons]
    reading.rows.append(row)
