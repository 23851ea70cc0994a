"""Peer reviews as people see them: what one has to give, what one has got, and who reviews whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.prepared import Given, prepared
from handins.access import not_of, rounds_of, work_of
from handins.computations.weights import Weight
from handins.models import (
    Assignment,
    HandinFile,
    PeerPhase,
    PeerPlan,
    PeerReview,
    PeerState,
    Round,
    RoundState,
    Share,
)
from handins.selectors.confirming import is_unconfirmed
from handins.selectors.rounds import CriterionShown


@dataclass(frozen=True)
class AllocationAsked:
    """What an allocation begins from. ``works``: the people of each round; ``makers``: who stands for it; ``places``: the last
    of each reviewer."""

    works: dict[int, frozenset[int]]
    makers: dict[int, int]
    reviewers: frozenset[int]
    existing: list[tuple[int, int]]
    barred: list[tuple[int, int]]
    places: dict[int, int]


def peer_plan_of(element_id: int) -> PeerPlan | None:
    found: PeerPlan | None = PeerPlan.objects.filter(element_id=element_id).first()
    return found


def peer_phase_of(element_id: int) -> PeerPhase | None:
    """The one of this environment, with its plan; None where peers never reviewed this."""
    found: PeerPhase | None = PeerPhase.objects.filter(element_id=element_id).select_related("plan", "element").first()
    return found


def is_under_review(round: Round) -> bool:
    """Whether peers look at it, or have: then it stays handed in."""
    return PeerReview.objects.filter(round=round).exclude(state=PeerState.DROPPED).exists()


def allocation_asked(phase: PeerPhase) -> AllocationAsked:
    """Of each hand-in the round that is reviewed already, else the newest that is handed in and waits for no supervisor; five
    queries."""
    rows = list(PeerReview.objects.filter(phase=phase).order_by("pk"))
    reviewed = {row.round_id for row in rows if row.state != PeerState.DROPPED}
    newest: dict[int, Round] = {}
    handed_in = Round.objects.filter(~is_unconfirmed(), element_id=phase.element_id).exclude(state=RoundState.DRAFT)
    for round in handed_in.order_by("submission_id", "number"):
        before = newest.get(round.submission_id)
        if before is None or before.pk not in reviewed:
            newest[round.submission_id] = round
    works: dict[int, set[int]] = {round.pk: {round.person_id} for round in newest.values()}
    teams = Round.objects.filter(pk__in=list(works)).exclude(submission__team=None)
    shared = Share.objects.filter(round__in=teams, is_gone=False).order_by("pk")
    people: dict[int, set[int]] = {}
    for round_id, person_id in shared.values_list("round_id", "person_id"):
        people.setdefault(round_id, set()).add(person_id)
    works.update(people)
    everybody = {one for inside in works.values() for one in inside}
    here = Membership.objects.filter(ended_at=None, person_id__in=everybody).values_list("person_id", flat=True)
    dropped = {row.person_id for row in rows if row.state == PeerState.DROPPED}
    places: dict[int, int] = {}
    for row in rows:
        places[row.person_id] = max(places.get(row.person_id, 0), row.place)
    return AllocationAsked(
        works={pk: frozenset(inside) for pk, inside in works.items()},
        makers={round.pk: round.person_id for round in newest.values()},
        reviewers=frozenset(set(here) - dropped),
        existing=[(row.round_id, row.person_id) for row in rows if row.state != PeerState.DROPPED],
        barred=[(row.round_id, row.person_id) for row in rows if row.state == PeerState.DROPPED],
        places=places,
    )


def _is_running(now: Given) -> Q:
    return Q(phase__opened_at__isnull=False, phase__plan__is_on=True, phase__plan__closes_at__gt=now)


def reviews_by(membership: Membership, *, element_id: int | None = None) -> QuerySet[PeerReview]:
    """What the person has to give while it can be given, and what they gave: their own copy, after the end as well."""
    rows = _given_by(membership.person_id, now=clock.now())
    return rows if element_id is None else rows.filter(element_id=element_id)


def reviews_listed(membership: Membership, *, element_id: int) -> list[PeerReview]:
    """Those of ``reviews_by`` of one assignment, for pages."""
    return _listed(person=membership.person_id, now=clock.now(), element=element_id)


def review_by(membership: Membership, uid: UUID) -> PeerReview | None:
    """The one of ``reviews_by`` that an address names."""
    rows = _of_uid(person=membership.person_id, now=clock.now(), uid=uid)
    return rows[0] if rows else None


@prepared
def _listed(*, person: Given, now: Given, element: Given) -> QuerySet[PeerReview]:
    return _given_by(person, now=now).filter(element_id=element)


@prepared
def _of_uid(*, person: Given, now: Given, uid: Given) -> QuerySet[PeerReview]:
    return _given_by(person, now=now).filter(uid=uid)


def _given_by(person: Given, *, now: Given) -> QuerySet[PeerReview]:
    rows = PeerReview.objects.filter(person_id=person).exclude(state=PeerState.DROPPED)
    rows = rows.filter(_is_running(now) | Q(state=PeerState.DONE))
    works = ("round__submission__assignment", "round__submission__team", "author")
    return rows.select_related("phase__plan", "element", *works, "rubric").order_by("place")


def work_is_shown(review: PeerReview) -> bool:
    """The work itself is seen from the opening to the closing only."""
    plan = review.phase.plan
    is_there = review.round.state != RoundState.DRAFT
    return is_there and plan.is_on and review.phase.opened_at is not None and not plan.is_over


def reviews_of(membership: Membership, *, element_id: int | None = None) -> QuerySet[PeerReview]:
    """What others say about the person's work, once they may read it; without what is excluded."""
    seen = Q(phase__plan__at_once=True) | Q(phase__plan__closes_at__lte=clock.now())
    rows = PeerReview.objects.filter(seen, round__in=rounds_of(membership.person_id), state=PeerState.DONE, excluded="")
    if element_id is not None:
        rows = rows.filter(element_id=element_id)
    return rows.select_related("phase__plan", "element", "round", "rubric", "person").order_by(
        "round_id", "allocated_at", "pk"
    )


def reviews_marked(membership: Membership, *, element_id: int | None = None) -> QuerySet[PeerReview]:
    """Those about work that the person marks. ``round.called`` names it: without names where it is marked so."""
    rounds = Round.objects.filter(work_of(membership)).filter(not_of(membership.person_id))
    rows = PeerReview.objects.filter(round__in=rounds.values("pk"))
    if element_id is not None:
        rows = rows.filter(element_id=element_id)
    works = ("round__submission__team", "round__submission__assignment", "round__person")
    return rows.select_related("phase__plan", "element", *works, "person", "rubric")


def criteria_said(review: PeerReview) -> list[CriterionShown]:
    """Criterion by criterion, as marks are shown."""
    if review.rubric is None:
        return []
    shown = []
    for place, criterion in enumerate(review.rubric.criteria):
        key = str(place)
        if key not in review.levels:
            continue
        level = criterion["levels"][review.levels[key]]
        best = max(one["points"] for one in criterion["levels"])
        words = review.comments.get(key, "")
        shown.append(CriterionShown(criterion["title"], level["title"], words, 100 * level["points"] // best))
    return shown


@dataclass(frozen=True)
class Received:
    """One review as the learner reads it. ``who``: a name, or "Reviewer 2"."""

    review: PeerReview
    who: str
    criteria: list[CriterionShown]


def received(rows: Iterable[PeerReview]) -> list[Received]:
    """Numbered within each round, so that a number says nothing about a person."""
    shown, last, number = [], None, 0
    for row in rows:
        number = number + 1 if row.round_id == last else 1
        last = row.round_id
        who = _("Reviewer %(n)s") % {"n": number} if row.phase.plan.is_anonymous else row.person.name
        shown.append(Received(row, who, criteria_said(row)))
    return shown


@dataclass(frozen=True)
class FileShown:
    """``name`` tells nobody who made it, where names are hidden."""

    number: int
    name: str
    file: HandinFile


def files_of(review: PeerReview) -> list[FileShown]:
    """The files of the work, by number; none once it is not shown any more."""
    if not work_is_shown(review):
        return []
    found = HandinFile.objects.filter(round=review.round).order_by("pk")
    return [FileShown(n, file_name(review, n, file), file) for n, file in enumerate(found, 1)]


def file_name(review: PeerReview, number: int, file: HandinFile) -> str:
    if not review.phase.plan.is_anonymous:
        return str(file.name)
    ending = file.name.rpartition(".")[2]
    ending = f".{ending}" if "." in file.name and ending.isalnum() and len(ending) <= 5 else ""
    word = _("work")
    return f"{word}-{review.place}-{number}{ending.lower()}"


def title_of(review: PeerReview) -> str:
    """Whose work it is, as the reviewer may know it."""
    if review.phase.plan.is_anonymous:
        return _("Work %(n)s") % {"n": review.place}
    team = review.round.submission.team
    return str(team.name if team is not None else review.author.name)


@dataclass
class ReviewerRow:
    """How far one person is with their reviews."""

    name: str
    given: int = 0
    missing: int = 0
    dropped: int = 0
    reviews: list[PeerReview] = field(default_factory=list)
    weight: Weight | None = None

    @property
    def uid(self) -> UUID:
        """Of a review of theirs: it stands for them on pages that do not say who they are."""
        return min(row.uid for row in self.reviews)


def reviewers_of(rows: Iterable[PeerReview], weights: Mapping[int, Weight]) -> list[ReviewerRow]:
    found: dict[int, ReviewerRow] = {}
    for row in rows:
        one = found.setdefault(row.person_id, ReviewerRow(row.reviewer_called, weight=weights.get(row.person_id)))
        one.reviews.append(row)
        one.given += row.state == PeerState.DONE
        one.missing += row.state == PeerState.OPEN
        one.dropped += row.state == PeerState.DROPPED
    return sorted(found.values(), key=lambda one: (-one.missing, one.name, one.uid))


def phases_reviewed(assignments: QuerySet[Assignment]) -> QuerySet[PeerPhase]:
    """Of these assignments, the newest first."""
    rows = PeerPhase.objects.filter(element__in=assignments.values("element_id"), plan__is_on=True)
    return rows.select_related("plan", "element").order_by("-pk")
