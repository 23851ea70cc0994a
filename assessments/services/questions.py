"""Questions as authors keep them, with learning objectives."""

import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError, QuestionError
from assessments.models import Objective, Question, QuestionVersion
from assessments.services.banks import question_save
from assessments.services.edits_kept import refuse_from_above
from ecosystem.models import Element, Person
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
    refuse_from_above(bank=bank)
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
def objective_write(*, bank: Element, text: str, by: Person, objective: Objective | None = None) -> Objective:
    """A learning objective, new or reworded. Refuses banks from above and words that are there already."""
    refuse_from_above(bank=bank)
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
    refuse_from_above(bank=objective.element)
    Question.objects.filter(objective=objective).update(objective=None)
    audit(act="objective.removed", by=by, target=objective)
    objective.delete()
