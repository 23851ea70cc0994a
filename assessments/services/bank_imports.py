"""A file of questions from the moment it comes until it is in the bank: looked at, agreed to, brought in.

Small files are done at once; a worker does large ones and says how far it is. Whatever ends on the way has changed
nothing: all questions are written in one transaction.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.importers.detecting import parse_questions
from assessments.importers.results import ImportResult
from assessments.importers.watching import about_how_many, watched
from assessments.models import BankImport, ImportState
from assessments.services.imports import ImportReport, questions_bring, report_of
from assessments.tasks import run_imports
from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.hints import hint
from ecosystem.languages import language_of, speaking
from ecosystem.models import Element, Environment, Membership, Person
from ecosystem.received import keepable
from ecosystem.rules import is_author
from ecosystem.scope import current_scope, open_scope, system_rows
from ecosystem.services.audit import audit
from ecosystem.services.storage import file_remove, file_store

logger = logging.getLogger(__name__)

AT_ONCE = 300_000  # bytes; what is larger is work for a worker
SILENT = timedelta(minutes=5)  # a worker that says nothing for so long is dead
KEPT_FOR = timedelta(days=1)
MOST_RUNS = 3
SAY_EACH = 1.0  # seconds
MOST_PROBLEMS = 2000


class _StoppedError(Exception):
    """Cancelled, or another worker has it."""


@transaction.atomic
def import_ask(*, bank: Element, filename: str, data: bytes, by: Person) -> BankImport:
    """Keep the file and look at what it would do; what the person had waiting for this bank before is cancelled.

    Refuses (AssessmentError) a bank from above, (EcosystemError) when there is no room for the file.
    """
    if bank.environment_id != current_scope().environment_id:
        raise AssessmentError(_("This bank is offered from above; questions are added where it was made."))
    waiting = BankImport.objects.filter(element=bank, person=by, state__in=[ImportState.LOOKING, ImportState.READY])
    for old in waiting.select_for_update(skip_locked=True):
        _end(old, ImportState.CANCELLED)
    row = BankImport(
        environment_id=bank.environment_id,
        element=bank,
        person=by,
        filename=keepable(filename)[:250],
        size=len(data),
        created_at=clock.now(),
    )
    row.file.name = file_store(path=f"imports/questions/{bank.environment_id}/{row.uid}.bin", content=data)
    if len(data) > AT_ONCE:
        row.total, row.due_at = about_how_many(data), clock.now()
        hint(run_imports, queue="default")
    else:
        _looked(row, report_of(bank=bank, filename=row.filename, result=parse_questions(data, row.filename)))
    row.save(force_insert=True)
    return row


@transaction.atomic
def import_agree(*, row: BankImport, by: Person) -> BankImport:
    """Bring in what was looked at; agreeing twice is once. Refuses when it has been cancelled or failed."""
    found = BankImport.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
    if found is None or found.state in (ImportState.BRINGING, ImportState.DONE):
        return row
    row = found
    if row.state != ImportState.READY:
        raise AssessmentError(_("The file is no longer here. Please choose it again."))
    row.state, row.runs, row.done, row.due_at = ImportState.BRINGING, 0, 0, clock.now()
    if row.size > AT_ONCE:
        hint(run_imports, queue="default")
    else:
        _bring(row, parse_questions(_bytes(row), row.filename), by)
    row.save()
    return row


@transaction.atomic
def import_cancel(*, row: BankImport) -> None:
    """Nothing of it comes into the bank. Cancelling what has ended changes nothing; refuses while it is being written."""
    found = BankImport.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
    if found is None:
        raise AssessmentError(_("The questions are being written at this moment. Look again in a moment."))
    if not found.has_ended:
        _end(found, ImportState.CANCELLED)


def imports_run_due() -> int:
    """Look after all that is due, in whichever environment; returns how many were finished. Twice is once."""
    with system_rows():
        due = BankImport.objects.filter(due_at__lte=clock.now()).order_by("due_at")
        rows = list(due.values_list("environment_id", "pk", "person_id"))
    return sum(_run(environment_id=one, pk=pk, person_id=who) for one, pk, who in rows)


def _run(*, environment_id: int, pk: int, person_id: int) -> bool:
    with open_scope(environment_id=environment_id, person_id=person_id):
        row = _taken(pk)
        if row is None:
            return False
        environment = Environment.objects.get(pk=environment_id)
        language = language_of(person=row.person, environment=environment)
        data = _bytes(row)
    watch = _Watch(row)
    try:
        with speaking(language, environment=environment):
            with watched(watch):
                result = parse_questions(data, row.filename)
            watch.say()
            _finish(row, result)
    except _StoppedError:
        return False
    except EcosystemError as refusal:
        _failed(row, str(refusal))
    except Exception:
        logger.exception("import %s", row.uid)
        with open_scope(environment_id=environment_id):
            BankImport.objects.filter(pk=pk, runs=row.runs).update(due_at=clock.now())
        return False
    return True


def _taken(pk: int) -> BankImport | None:
    """The row, ours until we are silent for too long; None when somebody has it, or when it only had to be ended."""
    row = BankImport.objects.select_related("element", "person").select_for_update(of=("self",), skip_locked=True)
    found: BankImport | None = row.filter(pk=pk, due_at__lte=clock.now()).first()
    if found is None:
        return None
    if found.state == ImportState.READY:
        _end(found, ImportState.CANCELLED)
        return None
    if found.runs >= MOST_RUNS or not default_storage.exists(found.file.name):
        _end(found, ImportState.FAILED, because=_("It stopped several times. Nothing was imported."))
        return None
    found.runs, found.done, found.due_at = found.runs + 1, 0, clock.now() + SILENT
    found.save(update_fields=["runs", "done", "due_at"])
    return found


def _finish(row: BankImport, result: ImportResult) -> None:
    """What was found is kept, or what was agreed to is written, if the row is still ours and wanted."""
    with open_scope(environment_id=row.environment_id, person_id=row.person_id):
        rows = BankImport.objects.select_related("element", "person").select_for_update(of=("self",))
        fresh = rows.filter(pk=row.pk, runs=row.runs, state=row.state).first()
        if fresh is None:
            raise _StoppedError
        if fresh.state == ImportState.LOOKING:
            _looked(fresh, report_of(bank=fresh.element, filename=fresh.filename, result=result))
        else:
            membership = Membership.objects.get(environment_id=row.environment_id, person_id=row.person_id)
            if not is_author(membership):
                raise AssessmentError(_("You cannot change this bank any more."))
            _bring(fresh, result, fresh.person)
        fresh.save()


def _failed(row: BankImport, because: str) -> None:
    with open_scope(environment_id=row.environment_id, person_id=row.person_id):
        found = BankImport.objects.select_for_update().filter(pk=row.pk, runs=row.runs, state=row.state).first()
        if found is not None:
            _end(found, ImportState.FAILED, because=because)


def _looked(row: BankImport, report: ImportReport) -> None:
    row.state, row.report, row.due_at = ImportState.READY, _facts(report), clock.now() + KEPT_FOR
    row.done = row.total = report.read + len(report.left_out)


def _bring(row: BankImport, result: ImportResult, by: Person) -> None:
    report = questions_bring(bank=row.element, filename=row.filename, result=result, by=by)
    row.report, row.done = _facts(report), row.total
    audit(act="questions.imported", by=by, target=row.element, after={"file": row.filename, **_counts(report)})
    _let_go(row, ImportState.DONE)


def _end(row: BankImport, state: ImportState, because: str = "") -> None:
    row.because = because[:300]
    _let_go(row, state)
    row.save()


def _let_go(row: BankImport, state: ImportState) -> None:
    if row.file:
        file_remove(path=row.file.name)
    row.state, row.file, row.due_at, row.ended_at = state, "", None, clock.now()


def _bytes(row: BankImport) -> bytes:
    with default_storage.open(row.file.name) as file:
        content: bytes = file.read()
    return content


def _counts(report: ImportReport) -> dict[str, int]:
    return {
        "created": len(report.created),
        "updated": len(report.updated),
        "unchanged": len(report.unchanged),
        "left_out": len(report.left_out),
    }


def _facts(report: ImportReport) -> dict[str, Any]:
    problems = [
        {"file": one.file, "line": one.line, "name": one.name, "level": one.level, "reason": one.reason}
        for one in report.problems[:MOST_PROBLEMS]
    ]
    listed = [asdict(one) for one in report.listed]
    facts: dict[str, Any] = keepable({**_counts(report), "problems": problems, "listed": listed})
    return {**facts, "more": len(report.problems) - len(problems)}


class _Watch:
    """Writes down how far the reading is, in transactions of its own, and stops it when nobody wants it any more."""

    def __init__(self, row: BankImport, clock_of: Callable[[], float] = time.monotonic) -> None:
        self.row, self.done, self.clock_of = row, 0, clock_of
        self.said_at = clock_of()

    def __call__(self) -> None:
        self.done += 1
        if self.clock_of() - self.said_at >= SAY_EACH:
            self.say()

    def say(self) -> None:
        row = self.row
        with open_scope(environment_id=row.environment_id):
            mine = BankImport.objects.filter(pk=row.pk, runs=row.runs, state=row.state)
            there = mine.update(done=self.done, total=max(row.total, self.done), due_at=clock.now() + SILENT)
        if not there:
            raise _StoppedError
        self.said_at = self.clock_of()
