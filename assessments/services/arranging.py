"""In which order and in which section a quiz asks what it asks."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from assessments.models import Assessment, AssessmentQuestion, Draw, Section
from ecosystem.models import Person
from ecosystem.services.audit import audit


@transaction.atomic
def question_step(*, row: AssessmentQuestion, up: bool, by: Person) -> None:
    """Ask it before the question above it in its section, or after the one below; at the end nothing changes."""
    assessment_hold(assessment=row.assessment)
    here = AssessmentQuestion.objects.get(pk=row.pk)
    rows = AssessmentQuestion.objects.filter(
        assessment_id=here.assessment_id, section_id=here.section_id, question__retired_at=None
    )
    near = (
        rows.filter(position__lt=here.position).order_by("-position")
        if up
        else rows.filter(position__gt=here.position).order_by("position")
    )
    other = near.first()
    if other is None:
        return
    # Each place is taken once, so one of the two waits beside for a moment.
    free = (
        AssessmentQuestion.objects.filter(assessment_id=here.assessment_id).aggregate(last=Max("position"))["last"] + 1
    )
    for one, place in ((here, free), (other, here.position), (here, other.position)):
        AssessmentQuestion.objects.filter(pk=one.pk).update(position=place)
    audit(act="assessment.arranged", by=by, target=row.assessment.element, after={"question": row.question.identifier})


@transaction.atomic
def into_section(
    *, assessment: Assessment, section: Section | None, rows: Iterable[int], draws: Iterable[int], by: Person
) -> int:
    """Ask these questions and draws in the section (None: before all sections), in the order they have; returns how many."""
    assessment_hold(assessment=assessment)
    moved = AssessmentQuestion.objects.filter(assessment=assessment, pk__in=list(rows)).update(section=section)
    moved += Draw.objects.filter(assessment=assessment, pk__in=list(draws)).update(section=section)
    if moved:
        after = {"section": section.title if section else None, "moved": moved}
        audit(act="assessment.arranged", by=by, target=assessment.element, after=after)
    return moved


def assessment_hold(*, assessment: Assessment) -> None:
    """Two authors who arrange it or ask more in it at once wait for each other."""
    Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.pk)
