"""The queue of whoever marks: what waits, the longest waiting first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem import clock
from ecosystem.addresses import address
from ecosystem.look import term
from ecosystem.models import Group, Membership, Power
from ecosystem.powers import ROLE_POWERS
from ecosystem.registry import Todo
from ecosystem.scope import current_scope
from ecosystem.spans import span_of
from handins.access import may_review, not_of, work_of
from handins.anonymity import with_hidden
from handins.models import Assignment, Round, RoundState
from handins.selectors.assignments import assignments_for

PER_PAGE = 50
STATES = {
    "waiting": tuple(RoundState.waiting()),
    "marked": tuple(RoundState.judged()),
    "returned": (RoundState.RETURNED,),
}


MOST_COUNTED = 99
MODERATE = "moderate"
WHOSE = ("all", "mine", "nobody")
MOST_MARKERS = 200


def of_whom(rows: QuerySet[Round], membership: Membership, whose: str) -> QuerySet[Round]:
    """Allocated to the person (``mine``), to nobody yet (``nobody``), or whatever."""
    if whose == "mine":
        return rows.filter(Q(marker_id=membership.person_id) | Q(second_id=membership.person_id))
    return rows.filter(marker=None) if whose == "nobody" else rows


def markers_here() -> QuerySet[Membership]:
    """Whom work can be allocated to from a list: who marks everything here by their role."""
    roles = [role for role, powers in ROLE_POWERS.items() if Power.MARK in powers]
    rows = Membership.objects.filter(ended_at=None, roles__overlap=roles).select_related("person", "environment")
    return rows.order_by("person__name", "pk")[:MOST_MARKERS]


def groups_marked(membership: Membership) -> QuerySet[Group]:
    span, rows = span_of(membership, Power.MARK), Group.objects.order_by("name", "pk")
    return rows if span.everything else rows.filter(pk__in=span.groups)


def rounds_to_list(membership: Membership) -> QuerySet[Round]:
    """Those of ``rounds_for`` bare: to be filtered, counted and ordered without what they are shown with."""
    rows = Round.objects.filter(work_of(membership), environment_id=current_scope().environment_id)
    return rows.filter(not_of(membership.person_id)).exclude(state=RoundState.DRAFT)


def rounds_for(membership: Membership) -> QuerySet[Round]:
    """Everything handed in by people whose work this person marks; not their own, and no drafts."""
    return _with_people(rounds_to_list(membership), membership)


def _with_people(rows: QuerySet[Round], membership: Membership) -> QuerySet[Round]:
    rows = rows.select_related(
        "person", "element", "submission__assignment", "submission__team", "reviewer", "marker", "second"
    )
    return with_hidden(rows, membership)


def assignments_reviewed(membership: Membership) -> QuerySet[Assignment]:
    """Those that the person may open, and those of work they mark: all of them, for whoever marks everything here."""
    rows = Assignment.objects.select_related("element")
    if span_of(membership, Power.MARK).everything:
        return rows
    open_ones = assignments_for(membership).values("pk")
    return rows.filter(Q(pk__in=open_ones) | Q(element__in=rounds_to_list(membership).values("element_id")))


def assignments_of(slug: str) -> QuerySet[Any]:
    """The ids of what has this slug, found first: an index has the rounds of an assignment in turn."""
    return Assignment.objects.filter(element__slug=slug).order_by().values_list("element_id", flat=True)


def in_turn(rows: QuerySet[Round]) -> QuerySet[Round]:
    """By when they were handed in, the oldest first; what is marked without names by the day, and within it by uids, which
    are drawn by lot."""
    return rows.order_by("turn_at", "uid")


def _beyond(ordered: QuerySet[Round], after: Round) -> QuerySet[Round]:
    """What comes after a row, in the order of ``in_turn``. Said twice, for PostgreSQL to begin there in the index."""
    here = Q(turn_at=after.turn_at, uid__gt=after.uid)
    return ordered.filter(turn_at__gte=after.turn_at).filter(Q(turn_at__gt=after.turn_at) | here)


def elements_marked(membership: Membership) -> QuerySet[Any]:
    """The ids of assignments of which they mark work: all, for whoever marks everything here."""
    if span_of(membership, Power.MARK).everything:
        return Assignment.objects.order_by().values("element_id")
    return rounds_to_list(membership).order_by().values("element_id")


@dataclass(frozen=True)
class Queue:
    """A page of it; ``after`` is the uid to go on from, None on the last page."""

    rows: list[Round]
    after: UUID | None


def queue_page(rows: QuerySet[Round], *, by: Membership, after: Round | None = None) -> Queue:
    """In turn; pages begin after a row, so a long queue costs as much as a short one.

    ``rows`` of ``rounds_to_list``. First which rows, by the index alone; then these with what they are shown with: at once,
    PostgreSQL joins all that waits before it takes fifty.
    """
    ordered = in_turn(rows)
    if after is not None:
        ordered = _beyond(ordered, after)
    pks = list(ordered.values_list("pk", flat=True)[: PER_PAGE + 1])
    shown = Round.objects.filter(pk__in=pks[:PER_PAGE], environment_id=current_scope().environment_id)
    shown = _with_people(shown, by).defer("text", "submission__assignment__markdown", "submission__assignment__html")
    found = sorted(shown.order_by(), key=lambda row: pks.index(row.pk)) if pks else []
    return Queue(found, found[-1].uid if len(pks) > PER_PAGE else None)


class _CountOf(Subquery):
    """How many rows a query of at most so many finds."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def waiting_by_assignment(rows: QuerySet[Round], *, is_short: bool = False) -> list[tuple[str, str, str]]:
    """(slug, title, how many) of what is in ``rows``, "99+" for more; one query.

    Each assignment is asked for its first hundred, so that a long queue costs no more than a short one. What is little
    (``is_short``), such as what is allocated to one person, is counted together.
    """
    if is_short:
        counts = rows.order_by().values_list("element__slug", "element__title").annotate(n=Count("pk"))
    else:
        first = rows.filter(element_id=OuterRef("element_id")).order_by().values("pk")[: MOST_COUNTED + 1]
        counts = Assignment.objects.values_list("element__slug", "element__title").annotate(n=_CountOf(first))
    found = counts.order_by("element__title", "element__slug")
    return [(slug, title, str(n) if n <= MOST_COUNTED else f"{MOST_COUNTED}+") for slug, title, n in found if n]


def waits_for(round: Round) -> str:
    """Such as "3 days"."""
    if round.hides_names:
        days = (
            (timezone.localdate(clock.now()) - timezone.localdate(round.submitted_at)).days if round.submitted_at else 0
        )
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else _("since today")
    hours = int((clock.now() - round.submitted_at).total_seconds() // 3600) if round.submitted_at else 0
    if hours < 1:
        return _("less than an hour")
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}


def review_todos(membership: Membership) -> list[Todo]:
    """One thing to do on the home page, however many hand-ins wait."""
    if not may_review(membership):
        return []
    count = rounds_to_list(membership).filter(state__in=RoundState.waiting()).order_by()[: MOST_COUNTED + 1].count()
    if not count:
        return []
    return [
        Todo(
            rank=20,
            kind=term("handins", membership.environment.words),
            icon="pen-line",
            title=_title(count),
            href=address("reviewing:queue"),
            action=_("Review"),
            why=_("Somebody waits for your feedback."),
        )
    ]


def _title(count: int) -> str:
    if count > MOST_COUNTED:
        return _("More than %(n)s hand-ins to review") % {"n": MOST_COUNTED}
    return ngettext("%(n)s hand-in to review", "%(n)s hand-ins to review", count) % {"n": count}
