"""The page of the queue: the reads behind it are prepared for whoever marks everything here.

With tens of thousands that wait, writing and planning the SQL anew cost more than running it; ``./grove bench reviewing``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ecosystem.addresses import address
from ecosystem.models import Element, Membership, Person, Power
from ecosystem.prepared import Among, Given, prepared
from ecosystem.scope import current_scope
from ecosystem.spans import span_of
from handins.access import barred_from, not_among
from handins.anonymity import with_hidden
from handins.models import Assignment, ConfirmationState, IndependentMark, PeerPhase, Round, RoundState
from handins.models.rounds import maker_called
from handins.selectors.confirming import is_unconfirmed
from handins.selectors.moderation import to_moderate
from handins.selectors.peers import phases_reviewed
from handins.selectors.queue import (
    MOST_COUNTED,
    STATES,
    assignments_of,
    assignments_reviewed,
    in_turn,
    markers_here,
    rounds_to_list,
    waits_since,
    work_handed_in,
)

PER_PAGE = 25  # as much as somebody marks at a sitting, made in two thirds of the time that 50 took
MODERATE = "moderate"
WHOSE = ("all", "mine", "nobody")
MOST_LINKS = 20


@dataclass(frozen=True)
class _Shape:
    """What makes the SQL another. ``whose`` is one of ``WHOSE``, or the place of a marker: first or second."""

    state: str
    whose: str
    is_of: bool = False
    is_beyond: bool = False
    most: int = 0


@dataclass(frozen=True)
class Part:
    """Which part of the queue ``by`` looks at: ``state`` is one of ``STATES`` or ``MODERATE``, ``whose`` one of ``WHOSE``:
    allocated to the person, to nobody yet, or whatever."""

    by: Membership
    state: str = "waiting"
    whose: str = "all"

    @property
    def has_boxes(self) -> bool:
        """Its lines have a box to tick; those of others show a face."""
        return self.state in ("waiting", "marked")

    @cached_property
    def barred(self) -> dict[str, list[int]]:
        return barred_from(self.by.person_id)

    def read(self, build: Callable[..., Any], shape: _Shape, **values: Any) -> list[Any]:
        """As it is kept, for whoever marks everything here; what others mark depends on their courses and groups."""
        values = {"person": self.by.person_id, **values}
        if span_of(self.by, Power.MARK).everything:
            return _kept(build, shape)(**values, **self.barred)
        return list(build(shape, rounds_to_list(self.by), **values))


@dataclass(frozen=True)
class Queued:
    """One line of it. ``called`` is what whoever looks may call its maker, and there is no face where names are hidden or lines are ticked;
    ``notes`` are what else is said of it, each with an icon or "", ``chips`` the parameters of components."""

    pk: int
    uid: UUID
    href: str
    called: str
    state: str
    is_double: bool
    hides_names: bool
    initials: str
    photo: str
    notes: list[tuple[str, str]]
    chips: list[dict[str, str]]


@dataclass(frozen=True)
class Queue:
    """A page of it; ``after`` is the uid to go on from, None on the last page."""

    rows: list[Queued]
    after: UUID | None


def queue_page(part: Part, *, of: str = "", after: UUID | None = None) -> Queue:
    """In turn; pages begin after a row, so a long queue costs as much as a short one. ``of``: of one assignment (its slug).

    First which rows, by the index alone; then these with what they are shown with: at once, PostgreSQL joins all that waits
    before it takes a page. Of one assignment, an index has them in turn as well; there are several of one slug only where one
    is offered from above.
    """
    turn, uid = _place_of(part, after)
    shape = _Shape(part.state, part.whose, is_of=bool(of), is_beyond=uid is not None, most=PER_PAGE + 1)
    elements = _elements(slug=of) if of else [None]
    lists = [(one, element) for one in _apart(shape) for element in elements]
    parts = (part.read(_in_turn, one, element=element, turn=turn, uid=uid) for one, element in lists)
    pks = [pk for *_place, pk in sorted(row for rows in parts for row in rows)[: PER_PAGE + 1]]
    shown = _shown(pks=pks[:PER_PAGE], person=part.by.person_id) if pks else []
    found = sorted((_queued(row, has_face=not part.has_boxes) for row in shown), key=lambda row: pks.index(row.pk))
    return Queue(found, found[-1].uid if len(pks) > PER_PAGE else None)


def waiting_by_assignment(part: Part) -> list[tuple[str, str, str]]:
    """(slug, title, how many) of that part, "99+" for more.

    Each assignment is asked for its first hundred, so that a long queue costs no more than a short one. What is
    allocated to one person is counted together, and its titles are read after, because together PostgreSQL walks through
    all that waits rather than through what is one person's.
    """
    found = [row for one in _apart(_Shape(part.state, part.whose)) for row in part.read(_counts, one)]
    if part.whose == "mine":
        counted = Counter[int]()
        for pk, n in found:
            counted[pk] += n
        found = [(slug, title, counted[pk]) for pk, slug, title in _titles(elements=list(counted))] if counted else []
    return [(slug, title, str(n) if n <= MOST_COUNTED else f"{MOST_COUNTED}+") for slug, title, n in found if n]


def _apart(shape: _Shape) -> list[_Shape]:
    """What is one person's as first and as second marker, which nobody is of the same work, each by an index of its own:
    of both at once PostgreSQL reads all there is before it takes a page."""
    return [replace(shape, whose=place) for place in ("first", "second")] if shape.whose == "mine" else [shape]


def teams_and_peers(by: Membership) -> tuple[list[Any], list[Any]]:
    """(slug, title) of the newest assignments that teams hand in, and of those that peers review."""
    if span_of(by, Power.MARK).everything:
        return _in_teams(), _by_peers()
    theirs = assignments_reviewed(by)
    return list(_team_links(theirs)), list(_peer_links(phases_reviewed(theirs)))


@prepared
def _in_teams() -> QuerySet[Any]:
    return _team_links(Assignment.objects.all())


@prepared
def _by_peers() -> QuerySet[Any]:
    return _peer_links(phases_reviewed(Assignment.objects.all()))


def _team_links(rows: QuerySet[Assignment]) -> QuerySet[Any]:
    found = rows.filter(is_group=True).order_by("element__title", "pk")
    return found.values_list("element__slug", "element__title")[:MOST_LINKS]


def _peer_links(rows: QuerySet[PeerPhase]) -> QuerySet[Any]:
    return rows.values_list("element__slug", "element__title")[:MOST_LINKS]


@prepared
def markers_named() -> QuerySet[Any]:
    """(id of the membership, name) of those of ``markers_here``."""
    return markers_here().select_related(None).values_list("pk", "person__name")


@cache
def _kept(build: Callable[..., QuerySet[Any]], shape: _Shape) -> Callable[..., list[Any]]:
    def of_all(rounds: Given, submissions: Given, people: Given, **values: Given) -> QuerySet[Any]:
        return build(shape, work_handed_in(not_among(rounds, submissions, people)), **values)

    @prepared
    def counts(*, person: Given, rounds: Given, submissions: Given, people: Given) -> QuerySet[Any]:
        return of_all(rounds, submissions, people, person=person)

    @prepared
    def turns(
        *, person: Given, rounds: Given, submissions: Given, people: Given, element: Given, turn: Given, uid: Given
    ) -> QuerySet[Any]:
        return of_all(rounds, submissions, people, person=person, element=element, turn=turn, uid=uid)

    @prepared
    def places(*, person: Given, uid: Given, rounds: Given, submissions: Given, people: Given) -> QuerySet[Any]:
        return of_all(rounds, submissions, people, person=person, uid=uid)

    return {_counts: counts, _in_turn: turns, _places: places}[build]


def _listed(rows: QuerySet[Round], shape: _Shape, *, person: Given) -> QuerySet[Round]:
    rows = to_moderate(rows, person) if shape.state == MODERATE else rows.filter(state__in=STATES[shape.state])
    if shape.whose == "mine":
        return rows.filter(Q(marker_id=person) | Q(second_id=person))
    if shape.whose in {"first", "second"}:
        return rows.filter(**{"marker_id" if shape.whose == "first" else "second_id": person})
    return rows.filter(marker=None) if shape.whose == "nobody" else rows


def _in_turn(
    shape: _Shape, rows: QuerySet[Round], *, person: Given, element: Given, turn: Given, uid: Given
) -> QuerySet[Any]:
    """What comes after a place is said twice, for PostgreSQL to begin there in the index."""
    rows = in_turn(_listed(rows, shape, person=person))
    if shape.is_of:
        rows = rows.filter(element_id=element)
    if shape.is_beyond:
        rows = rows.filter(turn_at__gte=turn).filter(Q(turn_at__gt=turn) | Q(turn_at=turn, uid__gt=uid))
    return rows.values_list("turn_at", "uid", "pk")[: shape.most]


class _CountOf(Subquery):
    """How many rows a query of at most so many finds."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _counts(shape: _Shape, rows: QuerySet[Round], *, person: Given) -> QuerySet[Any]:
    rows = _listed(rows, shape, person=person)
    if shape.whose in {"first", "second"}:
        return rows.order_by().values_list("element_id").annotate(n=Count("pk"))
    # In turn where an index has them so: without, PostgreSQL collects all of an assignment before it takes a hundred.
    rows = in_turn(rows) if shape.state in ("waiting", MODERATE) else rows.order_by()
    first = rows.filter(element_id=OuterRef("element_id")).values("pk")[: MOST_COUNTED + 1]
    counts = Assignment.objects.values_list("element__slug", "element__title").annotate(n=_CountOf(first))
    return counts.order_by("element__title", "element__slug")


@prepared
def _titles(*, elements: Given) -> QuerySet[Any]:
    rows = Element.objects.filter(Among("pk", elements)).values_list("pk", "slug", "title")
    return rows.order_by("title", "slug")


@prepared
def _elements(*, slug: Given) -> QuerySet[Any]:
    return assignments_of(slug)


def _place_of(part: Part, uid: UUID | None) -> tuple[Any, Any]:
    """Where a row stands that this person may see; twice None for no such row."""
    if uid is None:
        return None, None
    rows = part.read(_places, _Shape(part.state, part.whose), uid=uid)
    return rows[0] if rows else (None, None)


def _places(_shape: _Shape, rows: QuerySet[Round], *, uid: Given, **_values: Given) -> QuerySet[Any]:
    return rows.filter(uid=uid).order_by().values_list("turn_at", "uid")


COLUMNS = (
    "pk", "uid", "number", "state", "is_late", "submission__assignment__is_double", "is_hidden", "submitted_at",
    "submission__pseudonym", "submission__team__name", "person__name", "person__picture", "element__title",
    "marker__name", "second__name", "reviewer__name", "is_in", "are_in", "is_unconfirmed",
)  # fmt: skip


@prepared
def _shown(*, pks: Given, person: Given) -> QuerySet[Any]:
    given = IndependentMark.objects.filter(round=OuterRef("pk"))
    rows = Round.objects.filter(Among("pk", pks), environment_id=current_scope().environment_id)
    rows = with_hidden(rows, person).annotate(
        is_in=Exists(given.filter(by_id=person)), are_in=Exists(given.filter(place=2)), is_unconfirmed=is_unconfirmed()
    )
    return rows.order_by().values_list(*COLUMNS)


def _queued(row: Iterable[Any], *, has_face: bool) -> Queued:
    pk, uid, number, state, is_late, is_double, is_hidden, at, pseudonym, team, name, picture, *rest = row
    title, marker, second, reviewer, is_in, are_in, is_unconfirmed = rest
    # A model is slow to make: none for a face that is not shown.
    face = Person(name=name, picture=picture) if has_face and not is_hidden else None
    is_waiting = state in RoundState.waiting()
    notes = [("", title), ("", _("Round %(n)s") % {"n": number})]
    if is_waiting:
        notes.append(("hourglass", _("waits %(waits)s") % {"waits": waits_since(at, hides_names=is_hidden)}))
    if is_unconfirmed:
        notes.append(("user-check", str(ConfirmationState.WAITING.label)))
    if is_late:
        notes.append(("triangle-alert", _("late")))
    if marker:
        notes.append(("user", _("for %(name)s") % {"name": marker}))
    if second:
        notes.append(("users", _("second: %(name)s") % {"name": second}))
    return Queued(
        pk=pk, uid=uid, href=address("reviewing:round", uid), state=state, is_double=is_double, hides_names=is_hidden,
        called=maker_called(pseudonym=pseudonym if is_hidden else None, team=team, name=name),
        initials=face.initials if face else "", photo=face.photo if face else "", notes=notes,
        chips=_chips(state, reviewer, is_mine_in=is_waiting and is_in, are_both_in=is_waiting and are_in),
    )  # fmt: skip


def _chips(state: str, reviewer: str | None, *, is_mine_in: bool, are_both_in: bool) -> list[dict[str, str]]:
    """How far it is, and which of two marks are in."""
    if state in (RoundState.CHECKING, RoundState.READY):
        text = str(capfirst(RoundState(state).label))
        return [
            {"text": text, "icon": "eye"}
            if state == RoundState.CHECKING
            else {"text": text, "tone": "ok", "icon": "check"}
        ]
    if are_both_in:
        return [{"text": _("Both marks are in"), "tone": "ok", "icon": "scale"}]
    if is_mine_in:
        return [{"text": _("Your mark is in"), "icon": "check"}]
    return [{"text": reviewer or "", "icon": "eye"}] if state == RoundState.REVIEWING else []
