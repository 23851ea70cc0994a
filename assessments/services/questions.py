"""Questions as authors keep them: written, moved, with learning objectives."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError, QuestionError
from assessments.models import AssessmentQuestion, Objective, Picture, Question, QuestionVersion
from assessments.services.banks import question_save
from ecosystem import clock
from ecosystem.models import Element, Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit

MOST_AT_ONCE = 20_000


@transaction.atomic
def question_write(
    *, bank: Element, by: Person, question: Question | None = None, identifier: str = "", **content: Any
) -> QuestionVersion:
    """The question as its author wrote it: a new one, or the next version of one that is there.

    ``content`` as for ``question_save``. Refuses (AssessmentError) banks from above and, with the reason, what cannot be
    asked or marked.
    """
    _refuse_from_above(bank)
    if question is None:
        identifier = identifier or f"q-{secrets.token_hex(6)}"
        if Question.objects.filter(element=bank, identifier=identifier).exists():
            raise QuestionError(_("Another question of this bank has this identifier."))
        before = None
    else:
        question = Question.objects.select_for_update(no_key=True).get(pk=question.pk, element=bank)
        identifier, before = question.identifier, question.newest
    version = question_save(bank=bank, identifier=identifier, author=by, **content)
    if before is None:
        audit(act="question.written", by=by, target=version.question)
    else:
        audit(
            act="question.changed",
            by=by,
            target=version.question,
            before={"version": before},
            after={"version": version.number},
        )
    return version


@transaction.atomic
def questions_move(*, bank: Element, question_ids: Iterable[int], to: Element, by: Person) -> int:
    """Give these questions to another bank of this environment, with all versions, makers and pictures.

    Answers keep pointing at the versions they were given to, so those stay behind, retired. Refuses questions that a
    quiz asks, and identifiers that the other bank has already.
    """
    _refuse_from_above(bank)
    _refuse_from_above(to)
    if to.pk == bank.pk or to.kind != "question_bank":
        raise AssessmentError(_("Choose another bank."))
    rows = list(_locked(bank, question_ids))
    _refuse_asked(rows)
    taken = Question.objects.filter(element=to, identifier__in=[row.identifier for row in rows])
    if names := list(taken.values_list("identifier", flat=True)[:3]):
        raise AssessmentError(
            _("“%(bank)s” has questions with the same identifiers: %(names)s.")
            % {"bank": to.title, "names": ", ".join(names)}
        )
    objectives = _objectives_in(to, rows)
    copies = {
        row.pk: Question(
            environment_id=row.environment_id, element=to, identifier=row.identifier, name=row.name,
            category=row.category, source=row.source, objective=objectives.get(row.objective_id), type=row.type,
            text=row.text, newest=row.newest, tags=row.tags, difficulty=row.difficulty, review_on=row.review_on,
            retired_at=row.retired_at,
        )
        for row in rows
    }  # fmt: skip
    Question.objects.bulk_create(copies.values(), batch_size=500)
    versions = list(QuestionVersion.objects.filter(question__in=rows))
    for version in versions:
        version.pk, version.question, version.element = None, copies[version.question_id], to
    QuestionVersion.objects.bulk_create(versions, batch_size=500)
    _pictures_copy(bank, to, versions)
    Question.objects.filter(pk__in=[row.pk for row in rows]).update(retired_at=clock.now())
    if rows:
        audit(act="questions.moved", by=by, target=bank, after={"questions": len(rows), "to": to.title})
    return len(rows)


@transaction.atomic
def objective_write(*, bank: Element, text: str, by: Person, objective: Objective | None = None) -> Objective:
    """A learning objective, new or reworded. Refuses banks from above and words that are there already."""
    _refuse_from_above(bank)
    text = " ".join(text.split())[:300]
    if not text:
        raise AssessmentError(_("Write what somebody can do afterwards."))
    others = Objective.objects.filter(element=bank, text=text)
    if others.exclude(pk=objective.pk if objective else None).exists():
        raise AssessmentError(_("This learning objective is there already."))
    if objective is None:
        objective = Objective(environment_id=bank.environment_id, element=bank, slug=f"o-{secrets.token_hex(5)}")
    before, objective.text = objective.text, text
    objective.save()
    audit(act="objective.written", by=by, target=objective, before={"text": before}, after={"text": text})
    return objective


@transaction.atomic
def objective_remove(*, objective: Objective, by: Person) -> None:
    """Its questions stay, without an objective."""
    _refuse_from_above(objective.element)
    Question.objects.filter(objective=objective).update(objective=None)
    audit(act="objective.removed", by=by, target=objective)
    objective.delete()


def _locked(bank: Element, question_ids: Iterable[int]) -> list[Question]:
    """In one order, so that two authors at once wait for each other and do not hang."""
    wanted = list(question_ids)[:MOST_AT_ONCE]
    rows = Question.objects.filter(element=bank, pk__in=wanted)
    return list(rows.select_for_update(no_key=True, of=("self",)).select_related("objective", "source").order_by("pk"))


def _refuse_from_above(bank: Element) -> None:
    if bank.environment_id != current_scope().environment_id:
        raise AssessmentError(_("This bank is offered from above; questions are changed where it was made."))


def _refuse_asked(rows: list[Question]) -> None:
    asked = AssessmentQuestion.objects.filter(question__in=rows).select_related("element", "question")
    titles = sorted({row.element.title for row in asked})
    if titles:
        raise AssessmentError(
            _("Some of these questions are asked in a quiz (%(titles)s). Take them out there first.")
            % {"titles": ", ".join(titles[:3])}
        )


def _objectives_in(bank: Element, rows: list[Question]) -> dict[int | None, Objective]:
    """The objectives of the questions as the other bank has them; by the same words, otherwise made anew."""
    wanted = {row.objective_id: row.objective for row in rows if row.objective is not None}
    known = {one.text: one for one in Objective.objects.filter(element=bank)}
    found: dict[int | None, Objective] = {}
    for pk, objective in wanted.items():
        if objective.text not in known:
            known[objective.text] = Objective.objects.create(
                environment_id=bank.environment_id,
                element=bank,
                slug=f"o-{secrets.token_hex(5)}",
                text=objective.text,
            )
        found[pk] = known[objective.text]
    return found


def _pictures_copy(bank: Element, to: Element, versions: list[QuestionVersion]) -> None:
    words = " ".join(f"{version.stem} {version.feedback} {version.body} {version.hints}" for version in versions)
    there = set(Picture.objects.filter(element=to).values_list("sha256", flat=True))
    pictures = [
        picture
        for picture in Picture.objects.filter(element=bank)
        if picture.sha256 in words and picture.sha256 not in there
    ]
    for picture in pictures:
        picture.pk, picture.element = None, to
    Picture.objects.bulk_create(pictures)
