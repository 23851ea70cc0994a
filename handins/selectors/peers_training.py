"""Samples to practise on: those of an assignment, and whether somebody may review the work of peers by now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ecosystem.models import Membership
from handins.models import ExemplarState, PeerPlan, PeerSample, PeerTry
from handins.selectors.assignments import assignments_for


@dataclass(frozen=True)
class CriterionBeside:
    """One criterion as the learner and the teacher judged it."""

    title: str
    mine: str
    theirs: str
    comment: str

    @property
    def is_same(self) -> bool:
        return self.mine == self.theirs


@dataclass(frozen=True)
class Practice:
    """Samples with one's own try of each, and whether that is enough."""

    rows: list[tuple[PeerSample, PeerTry | None]]
    is_ready: bool

    @property
    def left(self) -> PeerSample | None:
        return next((sample for sample, tried in self.rows if tried is None), None)


def samples_of(element_id: int) -> QuerySet[PeerSample]:
    """Those that can be shown: an example only while whoever made it agrees."""
    shown = Q(exemplar=None) | Q(exemplar__state=ExemplarState.AGREED)
    return (
        PeerSample.objects.filter(shown, element_id=element_id)
        .select_related("exemplar__round", "rubric", "element")
        .order_by("pk")
    )


def samples_for(membership: Membership) -> QuerySet[PeerSample]:
    """Of assignments that the person may open."""
    shown = Q(exemplar=None) | Q(exemplar__state=ExemplarState.AGREED)
    rows = PeerSample.objects.filter(shown, element__in=assignments_for(membership).values("element_id"))
    return rows.select_related("exemplar__round", "rubric", "element").order_by("pk")


def practice_of(membership: Membership, plan: PeerPlan) -> Practice:
    """Ready: without samples, once a try is near enough, or when all were tried; two queries."""
    samples = list(samples_of(plan.element_id))
    found = PeerTry.objects.filter(sample__in=samples, person_id=membership.person_id) if samples else []
    tries = {one.sample_id: one for one in found}
    rows = [(sample, tries.get(sample.pk)) for sample in samples]
    near = any(tried is not None and points_apart(sample, tried) <= plan.near for sample, tried in rows)
    return Practice(rows, is_ready=near or len(tries) == len(samples))


def points_apart(sample: PeerSample, tried: PeerTry) -> int:
    return round(abs(sample.score - tried.score) * 100)


def beside(sample: PeerSample, tried: PeerTry) -> list[CriterionBeside]:
    return [
        CriterionBeside(
            criterion["title"],
            criterion["levels"][tried.levels[str(place)]]["title"],
            criterion["levels"][sample.levels[str(place)]]["title"],
            sample.comments.get(str(place), ""),
        )
        for place, criterion in enumerate(sample.rubric.criteria)
    ]


def unready_elements(membership: Membership) -> frozenset[int]:
    """Assignments whose work the person may not see yet, because they have not practised enough; three queries."""
    plans = PeerPlan.objects.filter(is_on=True, element__in=PeerSample.objects.values("element_id")).order_by("pk")
    samples: dict[int, list[PeerSample]] = {}
    for sample in samples_of_all(plan.element_id for plan in plans):
        samples.setdefault(sample.element_id, []).append(sample)
    mine = PeerTry.objects.filter(person_id=membership.person_id, sample__element_id__in=list(samples))
    tries = {one.sample_id: one for one in mine}
    return frozenset(
        plan.element_id
        for plan in plans
        if (found := samples.get(plan.element_id))
        and not all(one.pk in tries for one in found)
        and not any(one.pk in tries and points_apart(one, tries[one.pk]) <= plan.near for one in found)
    )


def samples_of_all(element_ids: Iterable[int]) -> QuerySet[PeerSample]:
    shown = Q(exemplar=None) | Q(exemplar__state=ExemplarState.AGREED)
    return PeerSample.objects.filter(shown, element_id__in=list(element_ids)).order_by("pk")
