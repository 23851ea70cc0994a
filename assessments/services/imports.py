"""Files of questions into a bank: first what would happen, then all of it in one transaction."""

from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import PurePosixPath

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.importers.moodle_xml import parse_moodle_xml
from assessments.importers.results import Attachment, ImportedQuestion, ImportProblem, ImportResult
from assessments.models import Picture, Question, QuestionVersion
from assessments.selectors import newest_versions
from assessments.services.banks import same_content
from ecosystem.models import Element
from ecosystem.scope import current_scope
from ecosystem.services.storage import file_store

LARGEST_FILE = 25 * 1024 * 1024  # bytes
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}


@dataclass(frozen=True)
class ImportReport:
    """Identifiers by what happened to them, and each problem with file, line and reason."""

    filename: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)

    @property
    def read(self) -> int:
        return len(self.created) + len(self.updated) + len(self.unchanged)

    @property
    def left_out(self) -> list[ImportProblem]:
        return [problem for problem in self.problems if problem.level == "error"]

    @property
    def notices(self) -> list[ImportProblem]:
        return [problem for problem in self.problems if problem.level != "error"]


@dataclass(frozen=True)
class _Known:
    question: Question
    newest: QuestionVersion | None


def import_preview(*, bank: Element, filename: str, data: bytes) -> ImportReport:
    """What ``bank_import`` would do with this file; nothing is written."""
    result = _parsed(filename, data)
    return _compare(filename, result, _known(bank, result))


@transaction.atomic
def bank_import(*, bank: Element, filename: str, data: bytes) -> ImportReport:
    """Bring the questions of a Moodle XML file into the bank: new ones made, changed ones as a next version.

    A question is known by its identifier, so the same file again changes nothing. Questions that cannot be
    kept whole are left out and named with line and reason; an error on the way leaves the bank as it was.
    """
    if bank.environment_id != current_scope().environment_id:
        raise AssessmentError(_("This bank is offered from above; questions are added where it was made."))
    # Two imports into one bank take turns; who comes second sees what the first brought.
    Element.objects.select_for_update(no_key=True).get(pk=bank.pk)
    result = _parsed(filename, data)
    known = _known(bank, result)
    report = _compare(filename, result, known)
    pictures = {picture.sha256: picture for question in result.questions for picture in question.attachments}
    _keep_pictures(bank, pictures)
    _write(bank, result.questions, known, changed={*report.created, *report.updated})
    return report


def _parsed(filename: str, data: bytes) -> ImportResult:
    if len(data) > LARGEST_FILE:
        most = LARGEST_FILE // 1024 // 1024
        reason = _("The file is larger than %(most)s MB. Export it in parts.") % {"most": most}
        return ImportResult(problems=[ImportProblem(file=filename, line=0, name="", reason=reason)])
    return parse_moodle_xml(data, filename=filename)


def _known(bank: Element, result: ImportResult) -> dict[str, _Known]:
    identifiers = [question.identifier for question in result.questions]
    questions = list(Question.objects.filter(element=bank, identifier__in=identifiers))
    newest = newest_versions(question_ids=[question.pk for question in questions])
    return {question.identifier: _Known(question, newest.get(question.pk)) for question in questions}


def _compare(filename: str, result: ImportResult, known: dict[str, _Known]) -> ImportReport:
    report = ImportReport(filename=filename, problems=list(result.problems))
    for question in result.questions:
        there = known.get(question.identifier)
        if there is None:
            report.created.append(question.identifier)
        elif there.newest is not None and _is_same(there, question):
            report.unchanged.append(question.identifier)
        else:
            report.updated.append(question.identifier)
    return report


def _is_same(there: _Known, question: ImportedQuestion) -> bool:
    facts = (there.question.name, there.question.category, there.question.retired_at)
    return facts == (question.name, _category(question), None) and _is_same_content(there.newest, question)


def _is_same_content(version: QuestionVersion | None, question: ImportedQuestion) -> bool:
    return version is not None and same_content(
        version, type=question.type, stem=question.stem, body=question.body, feedback=question.feedback
    )


def _category(question: ImportedQuestion) -> str:
    return " / ".join(question.category)


def _write(bank: Element, questions: list[ImportedQuestion], known: dict[str, _Known], *, changed: set[str]) -> None:
    common = {"environment_id": current_scope().environment_id, "element": bank}
    wanted = [question for question in questions if question.identifier in changed]
    new, old = [], []
    for question in wanted:
        there = known.get(question.identifier)
        row = there.question if there else Question(**common, identifier=question.identifier)
        row.name, row.category, row.retired_at = question.name, _category(question), None
        (old if there else new).append(row)
    Question.objects.bulk_create(new, batch_size=500)
    Question.objects.bulk_update(old, ["name", "category", "retired_at"], batch_size=500)
    rows = {row.identifier: row for row in [*new, *old]}
    versions = []
    for question in wanted:
        there = known.get(question.identifier)
        newest = there.newest if there else None
        if _is_same_content(newest, question):
            continue
        versions.append(
            QuestionVersion(
                **common,
                question=rows[question.identifier],
                number=newest.number + 1 if newest else 1,
                type=question.type,
                stem=question.stem,
                body=question.body,
                feedback=question.feedback,
            )
        )
    QuestionVersion.objects.bulk_create(versions, batch_size=500)


def _keep_pictures(bank: Element, pictures: dict[str, Attachment]) -> None:
    """Files go by their content, so a file that is there is the right one, and a rolled-back import leaves at
    worst a file that the next one uses."""
    there = set(Picture.objects.filter(element=bank, sha256__in=pictures).values_list("sha256", flat=True))
    environment_id = current_scope().environment_id
    rows = []
    for sha256, picture in sorted(pictures.items(), key=itemgetter(0)):  # files are locked: all in one order
        if sha256 in there:
            continue
        path = f"pictures/{environment_id}/{sha256}.{_ENDINGS[picture.media_type]}"
        path = file_store(path=path, content=picture.content, keep=True)
        name = PurePosixPath(picture.name).name[:250] or "picture"
        rows.append(
            Picture(
                environment_id=environment_id,
                element=bank,
                sha256=sha256,
                name=name,
                media_type=picture.media_type,
                file=path,
            )
        )
    Picture.objects.bulk_create(rows)
