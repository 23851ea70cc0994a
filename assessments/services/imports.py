"""Files of questions into a bank: first what would happen, then all of it in one transaction."""

from dataclasses import dataclass, field
from itertools import count
from operator import itemgetter
from pathlib import PurePosixPath

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.importers.detecting import parse_questions
from assessments.importers.pictures import MEDIA_TYPES
from assessments.importers.results import Attachment, ImportedQuestion, ImportProblem, ImportResult
from assessments.models import Objective, Picture, Question, QuestionVersion
from assessments.selectors import newest_versions
from assessments.services.banks import LONGEST_WORDS, Said, objective_save, version_of
from assessments.tags import tags_kept
from ecosystem.markup import plain_text
from ecosystem.models import Element, Person
from ecosystem.scope import current_scope
from ecosystem.services.storage import file_store

MOST_LISTED, LONGEST_LISTED = 200, 200


@dataclass(frozen=True)
class Listed:
    """A question that comes in, is changed or is there already, as the preview names it."""

    fate: str
    type: str
    words: str
    line: int


@dataclass(frozen=True)
class ImportReport:
    """Identifiers by what happened to them, and each problem with file, line and reason."""

    filename: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)

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
    return report_of(bank=bank, filename=filename, result=parse_questions(data, filename))


def report_of(*, bank: Element, filename: str, result: ImportResult) -> ImportReport:
    """What bringing in these questions would do."""
    return _compare(filename, result, _known(bank, result))


@transaction.atomic
def bank_import(*, bank: Element, filename: str, data: bytes, by: Person | None = None) -> ImportReport:
    """Bring the questions of a file into the bank: new ones made, changed ones as a next version.

    Its format is told from its content. A question is known by its identifier, so the same file again changes nothing.
    Questions that cannot be kept whole are left out and named with file, line and reason; an error on the way leaves the
    bank as it was.
    """
    return questions_bring(bank=bank, filename=filename, result=parse_questions(data, filename), by=by)


@transaction.atomic
def questions_bring(*, bank: Element, filename: str, result: ImportResult, by: Person | None = None) -> ImportReport:
    """``bank_import`` with what has been read already."""
    if bank.environment_id != current_scope().environment_id:
        raise AssessmentError(_("This bank is offered from above; questions are added where it was made."))
    # Two imports into one bank take turns; who comes second sees what the first brought.
    Element.objects.select_for_update(no_key=True).get(pk=bank.pk)
    known = _known(bank, result)
    report = _compare(filename, result, known)
    pictures = {picture.sha256: picture for question in result.questions for picture in question.attachments}
    pictures_keep(bank=bank, pictures=pictures)
    _write(bank, result.questions, known, changed={*report.created, *report.updated}, by=by)
    return report


def _known(bank: Element, result: ImportResult) -> dict[str, _Known]:
    identifiers = [question.identifier for question in result.questions]
    questions = list(Question.objects.filter(element=bank, identifier__in=identifiers).select_related("objective"))
    newest = newest_versions(question_ids=[question.pk for question in questions])
    return {question.identifier: _Known(question, newest.get(question.pk)) for question in questions}


def _compare(filename: str, result: ImportResult, known: dict[str, _Known]) -> ImportReport:
    report = ImportReport(filename=filename, problems=list(result.problems))
    for question in result.questions:
        there = known.get(question.identifier)
        fate = "created" if there is None else "updated"
        if there is not None and there.newest is not None and _is_same(there, question):
            fate = "unchanged"
        getattr(report, fate).append(question.identifier)
        if len(report.listed) < MOST_LISTED:
            words = plain_text(question.stem)[:LONGEST_LISTED]
            report.listed.append(Listed(fate, question.type, words or question.name, question.line))
    return report


def _is_same(there: _Known, question: ImportedQuestion) -> bool:
    row = there.question
    facts = (row.name, row.category, row.retired_at, row.tags, row.difficulty)
    tags = row.tags if question.tags is None else tags_kept(question.tags)
    wanted = (question.name, _category(question), None, tags, question.difficulty or row.difficulty)
    objective = row.objective.text if row.objective else ""
    same_goal = not question.objective or question.objective == objective
    return facts == wanted and same_goal and there.newest is not None and said_by(question).is_in(there.newest)


def said_by(question: ImportedQuestion) -> Said:
    return Said(question.type, question.stem, question.body, question.feedback, question.hints, question.points)


def _category(question: ImportedQuestion) -> str:
    return " / ".join(question.category)


def _write(
    bank: Element, questions: list[ImportedQuestion], known: dict[str, _Known], *, changed: set[str], by: Person | None
) -> None:
    common = {"environment_id": current_scope().environment_id, "element": bank}
    wanted = [question for question in questions if question.identifier in changed]
    objectives = _objectives(bank, {question.objective for question in wanted} - {""})
    new, old, versions = [], [], []
    for question in wanted:
        there = known.get(question.identifier)
        row = there.question if there else Question(**common, identifier=question.identifier)
        row.name, row.category, row.retired_at = question.name, _category(question), None
        row.type, row.text = question.type, plain_text(question.stem)[:LONGEST_WORDS]
        row.tags = row.tags if question.tags is None else tags_kept(question.tags)
        row.difficulty = question.difficulty or row.difficulty
        row.objective = objectives.get(question.objective, row.objective)
        newest = there.newest if there else None
        if newest is None or not said_by(question).is_in(newest):
            row.newest = newest.number + 1 if newest else 1
            versions.append((row, said_by(question)))
        (old if there else new).append(row)
    Question.objects.bulk_create(new, batch_size=500)
    Question.objects.bulk_update(old, _KEPT, batch_size=500)
    QuestionVersion.objects.bulk_create(
        [version_of(row, said, number=row.newest, author=by) for row, said in versions], batch_size=500
    )


_KEPT = ["name", "category", "retired_at", "type", "text", "tags", "difficulty", "objective", "newest"]


def _objectives(bank: Element, texts: set[str]) -> dict[str, Objective]:
    """The learning objectives with these words, made where they are not there yet."""
    found = {row.text: row for row in Objective.objects.filter(element=bank, text__in=texts)}
    for text in sorted(texts - set(found)):
        slug = slugify(text)[:60] or "objective"
        taken = set(Objective.objects.filter(element=bank, slug__startswith=slug).values_list("slug", flat=True))
        free = next(name for n in count(1) if (name := slug if n == 1 else f"{slug}-{n}") not in taken)
        found[text] = objective_save(bank=bank, slug=free, text=text)
    return found


def pictures_keep(*, bank: Element, pictures: dict[str, Attachment]) -> None:
    """Files go by their content, so a file that is there is the right one, and a rolled-back import leaves at
    worst a file that the next one uses."""
    there = set(Picture.objects.filter(element=bank, sha256__in=pictures).values_list("sha256", flat=True))
    environment_id = current_scope().environment_id
    rows = []
    for sha256, picture in sorted(pictures.items(), key=itemgetter(0)):  # files are locked: all in one order
        if sha256 in there:
            continue
        path = f"pictures/{environment_id}/{sha256}.{MEDIA_TYPES[picture.media_type]}"
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
