"""Every element that is available here, with its facts and health, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from assessments.selectors.analysing import flagged_by_element
from courses.models import Activity, CourseRun, CourseVersion, Enrolment, VersionState
from ecosystem.models import Connection, Element, Lifecycle, Membership
from ecosystem.prepared import Among, Given, prepared
from ecosystem.registry import element_kinds
from ecosystem.scope import current_scope
from gardening.health import WINDOW, Facts, Health, Owner, health_of
from memotrainer.insight import recall_by_element
from records.models import Statement

# Their use leaves no records here.
UNMEASURED = frozenset({"external"})
# Stores of parts, which live and die with the quizzes that draw on them.
NOT_GROWN = frozenset({"question_bank"})


@dataclass(frozen=True)
class Item:
    """An element as a gardener sees it. ``courses`` are the ids of the courses it is a part of."""

    element: Element
    facts: Facts
    health: Health
    courses: tuple[int, ...] = ()
    icon: str = "puzzle"
    kind: str = ""
    is_ours: bool = True

    @property
    def pk(self) -> int:
        return self.element.pk


@dataclass
class _Traffic:
    uses: dict[int, int] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)


def inventory(*, now: datetime) -> list[Item]:
    """Elements that are not retired, own and offered, by title: as many queries, however many there are."""
    parts, since = parts_of_courses(), now - WINDOW
    return _items(_alive(), parts, _traffic(parts, _recorded(since=since, now=now), _active(since=since)), now)


def item_called(*, slug: str, now: datetime) -> Item | None:
    """The element of the inventory with this slug, our own before one that is offered here; its owner comes with it.

    Of records only those of the element are read, and of the parts it has.
    """
    here = current_scope().environment_id
    same = sorted(_called(slug=slug), key=lambda element: element.environment_id != here)
    if not same:
        return None
    element, parts, since = same[0], parts_of_courses(), now - WINDOW
    about = [element.pk, *parts.get(element.pk, ())]
    rows = _recorded_of(elements=about, since=since, now=now), _active_in(element=element.pk, since=since)
    return _items([element], parts, _traffic(parts, *rows), now)[0]


def _items(elements: Iterable[Element], parts: dict[int, set[int]], traffic: _Traffic, now: datetime) -> list[Item]:
    part_of: dict[int, list[int]] = defaultdict(list)
    for course, targets in parts.items():
        for target in targets:
            part_of[target].append(course)
    degree = _degrees()
    flagged, recall = flagged_by_element(), _recall(parts)
    here, today = current_scope().environment_id, timezone.localdate(now)
    found = []
    for element in elements:
        courses = tuple(part_of.get(element.pk, ()))
        facts = Facts(
            today=today,
            uses=None if element.kind in UNMEASURED else traffic.uses.get(element.pk, 0),
            people=traffic.people.get(element.pk, 0),
            created_on=timezone.localdate(element.created_at),
            updated_on=timezone.localdate(element.updated_at),
            review_on=element.review_on,
            owner=_owner(element, here),
            connections=degree.get(element.pk, 0) + len(courses),
            flagged=flagged.get(element.pk, 0),
            recall=recall.get(element.pk),
        )
        kind = element_kinds.get(element.kind)
        found.append(
            Item(
                element,
                facts,
                health_of(facts),
                courses,
                kind.icon if kind else "puzzle",
                str(kind.label) if kind else element.kind,
                element.environment_id == here,
            )
        )
    return found


def grown() -> QuerySet[Element]:
    """What the inventory is of."""
    return Element.objects.exclude(lifecycle=Lifecycle.RETIRED).exclude(kind__in=NOT_GROWN)


def _by_title() -> QuerySet[Element]:
    """With whether the owner is still a member."""
    still = Membership.objects.filter(person_id=OuterRef("owner_id"), ended_at=None)
    return grown().annotate(owner_stays=Exists(still)).order_by("title", "pk")


@prepared
def _alive() -> QuerySet[Element]:
    return _by_title()


@prepared
def _called(*, slug: Given) -> QuerySet[Element]:
    return _by_title().filter(slug=slug).select_related("owner")


def parts_of_courses() -> dict[int, set[int]]:
    """The elements used by the newest published version of each course, and by versions that still run here."""
    parts: dict[int, set[int]] = defaultdict(set)
    for course, target in _parts():
        parts[course].add(target)
    return dict(parts)


@prepared
def _parts() -> QuerySet[Activity, tuple[int, int]]:
    published = CourseVersion.objects.filter(state=VersionState.PUBLISHED)
    newest = published.order_by("element", "-number").distinct("element").values("pk")
    running = CourseRun.objects.values("version")
    rows = Activity.objects.filter(version__in=newest) | Activity.objects.filter(version__in=running)
    return rows.values_list("element_id", "target_id").distinct()


def _traffic(
    parts: dict[int, set[int]], recorded: Iterable[tuple[int, int, int]], active: Iterable[tuple[int, int]]
) -> _Traffic:
    """Records in the window. A course also counts what happens in its parts, and its active people."""
    traffic = _Traffic()
    own = {}
    for element_id, uses, people in recorded:
        own[element_id] = traffic.uses[element_id] = uses
        traffic.people[element_id] = people
    for course, targets in parts.items():
        traffic.uses[course] = own.get(course, 0) + sum(own.get(target, 0) for target in targets)
    for element_id, people in active:
        traffic.people[element_id] = max(people, traffic.people.get(element_id, 0))
    return traffic


@prepared
def _recorded(*, since: Given, now: Given) -> QuerySet[Statement, tuple[int, int, int]]:
    return _uses(Statement.objects.filter(element__isnull=False), since, now)


@prepared
def _recorded_of(*, elements: Given, since: Given, now: Given) -> QuerySet[Statement, tuple[int, int, int]]:
    return _uses(Statement.objects.filter(Among("element_id", elements)), since, now)


def _uses(rows: QuerySet[Statement], since: Any, now: Any) -> QuerySet[Statement, tuple[int, int, int]]:
    """By element: how many records there are, and of how many people."""
    # `stored_at` is never before `occurred_at` and lets PostgreSQL leave old partitions alone.
    rows = rows.filter(stored_at__gte=since, occurred_at__gte=since, occurred_at__lte=now)
    return rows.values_list("element_id").annotate(Count("pk"), Count("person_id", distinct=True))


@prepared
def _active(*, since: Given) -> QuerySet[Enrolment, tuple[int, int]]:
    return _people(Enrolment.objects.filter(last_active_at__gte=since))


@prepared
def _active_in(*, element: Given, since: Given) -> QuerySet[Enrolment, tuple[int, int]]:
    return _people(Enrolment.objects.filter(element_id=element, last_active_at__gte=since))


def _people(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment, tuple[int, int]]:
    return rows.values_list("element_id").annotate(Count("person_id", distinct=True))


def _recall(parts: dict[int, set[int]]) -> dict[int, int]:
    """Percent known today of what quizzes asked, and of what all those of a course did."""
    known = recall_by_element()
    found = {element_id: recall for element_id, (_cards, recall) in known.items()}
    for course, targets in parts.items():
        of = [known[target] for target in targets if target in known]
        if of:
            found[course] = round(sum(cards * recall for cards, recall in of) / sum(cards for cards, _recall in of))
    return found


def _degrees() -> dict[int, int]:
    degree: dict[int, int] = defaultdict(int)
    for source, target in _ends():
        degree[source] += 1
        degree[target] += 1
    return degree


@prepared
def _ends() -> QuerySet[Connection, tuple[int, int]]:
    return Connection.objects.values_list("source_id", "target_id")


def _owner(element: Any, here: int) -> Owner:
    if element.owner_id is None:
        return "none"
    # Whether the owner of something offered from above is still there is for that environment to know.
    return "here" if element.environment_id != here or element.owner_stays else "left"
