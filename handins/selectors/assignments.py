"""Assignments as people read them: until when, by what they are judged, and what is still to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.addresses import address
from ecosystem.models import Membership
from ecosystem.prepared import Given, prepared
from ecosystem.registry import Achievement, Todo
from ecosystem.rules import is_author
from ecosystem.visibility import elements_for
from handins.access import rounds_of
from handins.models import Assignment, Extension, Round, RoundState, Rubric, Submission

SOON = timedelta(days=14)
MOST_TODOS = 5


@dataclass(frozen=True)
class Terms:
    """The dates that hold for one person."""

    due_at: datetime | None
    closes_at: datetime | None
    is_extended: bool = False

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and clock.now() > self.closes_at

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and clock.now() > self.due_at


def terms_of(assignment: Assignment, *, person_ids: Collection[int]) -> Terms:
    """Those of everybody, or of the extension; more time for one of a team is more time for the team."""
    extensions = Extension.objects.filter(element_id=assignment.element_id, person_id__in=person_ids)
    extension = extensions.order_by("-until", "pk").first()
    return _terms(assignment, extension)


def _terms(assignment: Assignment, extension: Extension | None) -> Terms:
    due, closes = assignment.due_at, assignment.closes_at
    if extension is None:
        return Terms(due, closes)
    return Terms(extension.until, max(closes, extension.until) if closes else None, is_extended=True)


def words_in(text: str) -> int:
    return len(text.split())


def assignments_for(membership: Membership) -> QuerySet[Assignment]:
    """Assignments that ``membership`` may open; authors open the drafts too."""
    rows = Assignment.objects.select_related("element")
    return rows if is_author(membership) else rows.filter(element__in=elements_for(membership))


def newest_rubric(assignment: Assignment) -> Rubric | None:
    """The one that counts now; None without criteria."""
    found: Rubric | None = Rubric.objects.filter(assignment=assignment).order_by("-number").first()
    return found if found is not None and found.criteria else None


def passed_assignments(membership: Membership) -> list[Achievement]:
    """For the transcript: what the person has passed; one query."""
    mine = Submission.objects.filter(person_id=membership.person_id, team=None, passed=True)
    released = Round.objects.filter(
        pk__in=rounds_of(membership.person_id), element_id=OuterRef("element_id"), state=RoundState.RETURNED
    )
    at = Subquery(released.order_by("-released_at").values("released_at")[:1])
    rows = mine.annotate(at=at).exclude(at=None).order_by("pk")
    found = rows.values_list("element__title", "element__slug", "at", "score")
    made = [Achievement(title, at, score, href=address("handins:work", slug)) for title, slug, at, score in found]
    return sorted(made, key=lambda one: one.at, reverse=True)


def handin_todos(membership: Membership) -> list[Todo]:
    """Drafts that are begun, and feedback that asks for another round; those due first."""
    person_id = membership.person_id
    open_rows = [
        row
        for row in _unfinished(person=person_id)
        if row.state == RoundState.DRAFT
        or row.number < row.submission.assignment.most_rounds + row.submission.more_rounds
    ]
    if not open_rows:
        return []
    more = Extension.objects.filter(person_id=person_id, element__in=[row.element_id for row in open_rows])
    extensions = {row.element_id: row for row in more}
    return [
        _todo(row, _terms(row.submission.assignment, extensions.get(row.element_id))) for row in open_rows[:MOST_TODOS]
    ]


@prepared
def _unfinished(*, person: Given) -> QuerySet[Round]:
    later = Round.objects.filter(submission=OuterRef("submission"), number__gt=OuterRef("number"))
    return (
        Round.objects.filter(pk__in=rounds_of(person), state__in=[RoundState.DRAFT, RoundState.RETURNED])
        .exclude(state=RoundState.RETURNED, submission__passed=True)
        .filter(~Exists(later))
        .select_related("submission__assignment", "element")
        .order_by("submission__assignment__due_at", "pk")[: MOST_TODOS * 2]
    )


def _todo(row: Round, terms: Terms) -> Todo:
    is_draft = row.state == RoundState.DRAFT
    return Todo(
        rank=20 if terms.due_at and terms.due_at <= clock.now() + SOON else 30,
        kind=gettext_lazy("Hand-in"),
        icon="pen-line",
        title=row.element.title,
        href=address("handins:work", row.element.slug),
        action=gettext_lazy("Go on") if is_draft else gettext_lazy("Improve it"),
        why=gettext_lazy("You have begun it.") if is_draft else gettext_lazy("There is feedback for a next round."),
        due=timezone.localdate(terms.due_at) if terms.due_at else None,
    )


def own_assignments(membership: Membership) -> QuerySet[Submission]:
    """What the person has begun or handed in, the newest first; ``newest`` is the state of its last round."""
    rows = Submission.objects.filter(person_id=membership.person_id, team=None).select_related("element", "assignment")
    rounds = Round.objects.filter(pk__in=rounds_of(membership.person_id), element_id=OuterRef("element_id"))
    return rows.annotate(newest=Subquery(rounds.order_by("-number").values("state")[:1])).order_by("-pk")


def how_far(state: str | None) -> str:
    """What a learner may know of it: not whether it has its mark before that is released."""
    known = RoundState.REVIEWING if state in RoundState.judged() else state
    return str(RoundState(known).label) if known else ""
