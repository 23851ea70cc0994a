"""Marks that people give. Each is added to those before; what counts is the newest final one."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import MarkError
from assessments.models import Answer, Attempt, Mark, Question, Rubric, Step
from assessments.question_types.base import FRACTION_STEP
from assessments.services.results import result_add
from ecosystem import clock
from ecosystem.models import Membership, Person, Power
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.spans import span_of

MOST_CRITERIA, MOST_LEVELS = 12, 8


@transaction.atomic
def answer_mark(
    *, answer: Answer, fraction: Decimal, by: Membership, comment: str = "", rubric: Mapping[str, int] | None = None
) -> Mark:
    """Add a mark: a share of the points, 0..1. It counts at once, or with two markers once both agree, one comes round to the other's, or a third decides.

    For whoever may mark this person's work. Refuses (MarkError) an attempt that still runs, somebody's own answer, a second
    mark by the first marker, and a share outside 0..1. With a rubric the levels make the share: ``rubric`` is {place of the criterion: place of the level}.
    """
    attempt = (
        Attempt.objects.select_related("assessment", "element")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=answer.attempt_id)
    )
    if not Attempt.objects.filter(span_of(by, Power.MARK).of_work(), pk=attempt.pk).exists():
        raise MarkError(_("Only somebody who marks the work of this person can do that."))
    if attempt.finished_at is None:
        raise MarkError(_("This attempt still runs."))
    if answer.person_id == by.person_id:
        raise MarkError(_("Nobody marks their own work."))
    levels: dict[str, int] = {}
    if rubric is not None:
        fraction, levels = rubric_share(question_id=answer.version.question_id, chosen=rubric)
    if not 0 <= fraction <= 1:
        raise MarkError(_("A mark lies between nothing and all of the points."))
    fraction = fraction.quantize(FRACTION_STEP, rounding=ROUND_HALF_UP)
    answer.refresh_from_db(fields=["fraction"])
    marker = by.person
    step = _step(answer, attempt, marker)
    _refuse_alone(answer, attempt, step, marker, fraction)
    mark = _add(answer, step, fraction, marker, comment, levels)
    other = answer.marks.filter(step=Step.FIRST).order_by("-pk").first() if step == Step.SECOND else None
    if other is not None and other.fraction == fraction:
        mark = _add(answer, Step.FINAL, fraction, marker, comment, levels)
    if mark.step == Step.FINAL:
        _count(answer, attempt, fraction, marker, _("marked"))
    audit(
        act="answer.marked",
        by=marker,
        target=attempt,
        before={"share": None if mark.before is None else str(mark.before)},
        after={"share": str(fraction), "position": answer.position, "step": step},
    )
    return mark


def _step(answer: Answer, attempt: Attempt, by: Person) -> str:
    """Which marker this is. With one marker, and once one counts, each mark is final."""
    if not attempt.assessment.second_marker or answer.fraction is not None:
        return Step.FINAL
    given = {mark.step: mark for mark in answer.marks.order_by("pk")}
    if Step.FIRST not in given:
        return Step.FIRST
    if Step.SECOND in given:
        return Step.FINAL
    if given[Step.FIRST].by_id == by.pk:
        raise MarkError(_("Somebody else gives the second mark."))
    return Step.SECOND


def _refuse_alone(answer: Answer, attempt: Attempt, step: str, by: Person, fraction: Decimal) -> None:
    """Of two who differ one may come round to what the other says; any other mark is for a third, also once one counts."""
    if step != Step.FINAL or not attempt.assessment.second_marker:
        return
    given = list(answer.marks.order_by("pk"))
    two = {mark.by_id for mark in given if mark.step in {Step.FIRST, Step.SECOND}}
    others = {mark.by_id: mark.fraction for mark in given if mark.by_id != by.pk}  # the newest of each
    if by.pk not in two or fraction in others.values():
        return
    if answer.fraction is None:
        raise MarkError(_("The two marks differ. Give the same as the other marker, or let somebody else decide."))
    raise MarkError(_("Two people stand for this mark. Let somebody else change it."))


def _add(answer: Answer, step: str, fraction: Decimal, by: Person, comment: str, rubric: dict[str, int]) -> Mark:
    return Mark.objects.create(
        environment_id=answer.environment_id,
        answer=answer,
        person_id=answer.person_id,
        step=step,
        by=by,
        fraction=fraction,
        before=answer.fraction,
        comment=comment.strip(),
        rubric=rubric,
        at=clock.now(),
    )


def _count(answer: Answer, attempt: Attempt, fraction: Decimal, by: Person, because: str) -> None:
    Answer.objects.filter(pk=answer.pk).update(fraction=fraction)
    answer.fraction = fraction
    answers = Answer.objects.filter(attempt=attempt).select_related("version")
    result_add(attempt=attempt, answers=answers, because=because, by=by)


def rubric_share(*, question_id: int, chosen: Mapping[str, int]) -> tuple[Decimal, dict[str, int]]:
    """The share of the points that the chosen levels make, and the choice; MarkError when a criterion has none."""
    rubric = Rubric.objects.filter(question_id=question_id).first()
    if rubric is None:
        raise MarkError(_("This question has no rubric."))
    earned = most = 0
    levels: dict[str, int] = {}
    for place, criterion in enumerate(rubric.criteria):
        level = chosen.get(str(place))
        if not isinstance(level, int) or not 0 <= level < len(criterion["levels"]):
            raise MarkError(_("Choose a level for “%(title)s”.") % {"title": criterion["title"]})
        levels[str(place)] = level
        earned += criterion["levels"][level]["points"]
        most += max(one["points"] for one in criterion["levels"])
    return (Decimal(earned) / most if most else Decimal(0)), levels


@transaction.atomic
def rubric_save(*, question: Question, criteria: list[dict[str, Any]], by: Person) -> Rubric | None:
    """How answers to the question are marked from now on; none takes the rubric away. Marks that were given stay.

    ``criteria``: [{"title", "levels": [{"title", "points"}]}]; refuses (MarkError) one without two levels, or without points.
    """
    if len(criteria) > MOST_CRITERIA or any(len(one["levels"]) > MOST_LEVELS for one in criteria):
        raise MarkError(_("A rubric has at most 12 criteria of 8 levels."))
    for one in criteria:
        if (
            not one["title"].strip()
            or len(one["levels"]) < 2
            or not any(level["points"] > 0 for level in one["levels"])
        ):
            raise MarkError(_("Each criterion needs a name, two levels, and one level that earns points."))
    before = Rubric.objects.filter(question=question).first()
    audit(
        act="rubric.saved",
        by=by,
        target=question,
        before={"criteria": before.criteria if before else []},
        after={"criteria": criteria},
    )
    if not criteria:
        Rubric.objects.filter(question=question).delete()
        return None
    rubric, _created = Rubric.objects.update_or_create(
        environment_id=current_scope().environment_id,
        question=question,
        defaults={"bank_id": question.element_id, "criteria": criteria},
    )
    return rubric
