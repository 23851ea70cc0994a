"""The queue of whoever marks: what waits, the longest waiting first, a page at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem import clock
from ecosystem.addresses import address
from ecosystem.look import term
from ecosystem.models import STAFF, Group, Membership, Power
from ecosystem.powers import ROLE_POWERS
from ecosystem.prepared import Given, prepared
from ecosystem.registry import Todo
from ecosystem.scope import current_scope
from ecosystem.spans import span_of
from handins.access import barred_from, may_review, not_among, not_of, work_of
from handins.anonymity import with_hidden
from handins.models import Assignment, Round, RoundState
from handins.selectors.assignments import assignments_for
from handins.selectors.confirming import is_unconfirmed

STATES = {
    "waiting": tuple(RoundState.waiting()),
    "marked": tuple(RoundState.judged()),
    "returned": (RoundState.RETURNED,),
}


MOST_COUNTED = 99
MOST_MARKERS = 200


def markers_here() -> QuerySet[Membership]:
    """Whom work can be allocated to from a list: who marks everything here by their role."""
    roles = [role for role, powers in ROLE_POWERS.items() if Power.MARK in powers]
    staff = Membership.objects.filter(ended_at=None, roles__overlap=STAFF)  # by its index: one of all members is slow
    rows = staff.filter(roles__overlap=roles).select_related("person", "environment")
    return rows.order_by("person__name", "pk")[:MOST_MARKERS]


def groups_marked(membership: Membership) -> QuerySet[Group]:
    span, rows = span_of(membership, Power.MARK), Group.objects.order_by("name", "pk")
    return rows if span.everything else rows.filter(pk__in=span.groups)


def rounds_to_list(membership: Membership) -> QuerySet[Round]:
    """Those of ``rounds_for`` bare: to be filtered, counted and ordered without what they are shown with."""
    return work_handed_in(work_of(membership) & not_of(membership.person_id))


def work_handed_in(which: Q) -> QuerySet[Round]:
    rows = Round.objects.filter(which, environment_id=current_scope().environment_id)
    return rows.exclude(state=RoundState.DRAFT)


def rounds_for(membership: Membership) -> QuerySet[Round]:
    """Everything handed in by people whose work this person marks; not their own, and no drafts."""
    return _with_people(rounds_to_list(membership), membership.person_id)


def round_for(membership: Membership, uid: UUID) -> Round | None:
    """The one of ``rounds_for`` that an address names: each page and file of whoever marks begins with it."""
    if not span_of(membership, Power.MARK).everything:
        found: Round | None = rounds_for(membership).filter(uid=uid).first()
        return found
    rows = _of_uid(person=membership.person_id, uid=uid)
    return rows[0] if rows else None


@prepared
def _of_uid(*, person: Given, uid: Given) -> QuerySet[Round]:
    """For whoever marks everything here."""
    return _with_people(work_handed_in(not_of(person)), person).filter(uid=uid)


def _with_people(rows: QuerySet[Round], person: Given) -> QuerySet[Round]:
    rows = rows.select_related(
        "person", "element", "submission__assignment", "submission__team", "reviewer", "marker", "second"
    )
    return with_hidden(rows, person)


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


def elements_marked(membership: Membership) -> QuerySet[Any]:
    """The ids of assignments of which they mark work: all, for whoever marks everything here."""
    if span_of(membership, Power.MARK).everything:
        return Assignment.objects.order_by().values("element_id")
    return rounds_to_list(membership).order_by().values("element_id")


def waits_since(at: datetime | None, *, hides_names: bool) -> str:
    """Such as "3 days"; of work without names whole days only."""
    if hides_names:
        days = (timezone.localdate(clock.now()) - timezone.localdate(at)).days if at else 0
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else _("since today")
    hours = int((clock.now() - at).total_seconds() // 3600) if at else 0
    if hours < 1:
        return _("less than an hour")
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}


def review_todos(membership: Membership) -> list[Todo]:
    """One thing to do on the home page, however many hand-ins wait."""
    if not may_review(membership):
        return []
    if span_of(membership, Power.MARK).everything:
        count = len(_first_hundred(**barred_from(membership.person_id)))
    else:
        waiting = rounds_to_list(membership).filter(~is_unconfirmed(), state__in=RoundState.waiting()).order_by()
        count = waiting[: MOST_COUNTED + 1].count()
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


@prepared
def _first_hundred(*, rounds: Given, submissions: Given, people: Given) -> QuerySet[Any]:
    """Of all that waits here to be marked, whatever comes first."""
    rows = work_handed_in(not_among(rounds, submissions, people))
    waiting = rows.filter(~is_unconfirmed(), state__in=RoundState.waiting()).order_by()
    return waiting.values_list("pk", flat=True)[: MOST_COUNTED + 1]


def _title(count: int) -> str:
    if count > MOST_COUNTED:
        return _("More than %(n)s hand-ins to review") % {"n": MOST_COUNTED}
    return ngettext("%(n)s hand-in to review", "%(n)s hand-ins to review", count) % {"n": count}
