"""What sharing out the work would do, before it is done (the same seed, so the same pairs), and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from ecosystem.addresses import address
from ecosystem.models import Membership, Person
from ecosystem.prepared import Given, prepared
from ecosystem.registry import Todo
from handins.access import not_of, work_of
from handins.computations.allocation import pairs_missing
from handins.models import PeerPhase, PeerReview, PeerState, Round
from handins.selectors.peers import allocation_asked

MOST_SHOWN, MOST_TODOS = 200, 30


@dataclass(frozen=True)
class Preview:
    """``rows``: (reviewer, whose works) of people whose work may be seen, without any names where that is marked so; ``new``:
    how many reviews in all."""

    works: int
    people: int
    new: int
    rows: list[tuple[str, list[str]]]


def allocation_preview(phase: PeerPhase, membership: Membership) -> Preview:
    asked = allocation_asked(phase)
    pairs = pairs_missing(
        works=asked.works, reviewers=asked.reviewers, existing=asked.existing, barred=asked.barred,
        each=phase.plan.each, seed=phase.seed,
    )  # fmt: skip
    rows = Round.objects.filter(work_of(membership), pk__in=list(asked.works)).filter(not_of(membership.person_id))
    known = rows.select_related("person", "submission__team", "submission__assignment")
    titles = {round.pk: round.called for round in known}
    is_nameless = any(round.hides_names for round in known)
    by_person: dict[int, list[str]] = {}
    for round_id, person_id in pairs:
        if round_id in titles:
            by_person.setdefault(person_id, []).append(titles[round_id])
    if is_nameless:
        shown = sorted((phase.pseudonym_of(pk), sorted(theirs)) for pk, theirs in by_person.items())[:MOST_SHOWN]
    else:
        people = Person.objects.filter(pk__in=list(by_person)).order_by("name", "pk")[:MOST_SHOWN]
        shown = [(one.name, sorted(by_person[one.pk])) for one in people]
    return Preview(len(asked.works), len(asked.reviewers), len(pairs), shown)


@prepared
def _waiting(*, person: Given) -> QuerySet[PeerReview]:
    rows = PeerReview.objects.filter(person_id=person, state=PeerState.OPEN, phase__opened_at__isnull=False)
    return (
        rows.filter(phase__plan__is_on=True)
        .select_related("phase__plan", "element")
        .order_by("phase__plan__closes_at", "pk")[:MOST_TODOS]
    )


def peer_todos(membership: Membership) -> list[Todo]:
    """One thing to do for each assignment whose peers wait for a review."""
    found: dict[int, list[PeerReview]] = {}
    for row in _waiting(person=membership.person_id):
        if not row.phase.plan.is_over:
            found.setdefault(row.element_id, []).append(row)
    return [
        Todo(
            rank=20,
            kind=gettext_lazy("Peer review"),
            icon="users",
            title=rows[0].element.title,
            href=address("handins:peers", rows[0].element.slug),
            action=gettext_lazy("Review"),
            why=ngettext("%(n)s work of somebody else waits for you.", "%(n)s works of others wait for you.", len(rows))
            % {"n": len(rows)},
            due=timezone.localdate(rows[0].phase.plan.closes_at),
        )
        for rows in found.values()
    ]
