"""Every element that is available here, with its facts and health, in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from assessments.selectors.analysing import flagged_by_element
from courses.models import Activity, CourseRun, CourseVersion, Enrolment, VersionState
from ecosystem.models import Connection, Element, Lifecycle, Membership
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
    alive = Element.objects.exclude(lifecycle=Lifecycle.RETIRED).exclude(kind__in=NOT_GROWN)
    elements = list(alive.select_related("owner").order_by("title", "pk"))
    parts = parts_of_courses()
    part_of: dict[int, list[int]] = defaultdict(list)
    for course, targets in parts.items():
        for target in targets:
            part_of[target].append(course)
    traffic = _traffic(parts, now)
    degree = _degrees()
    flagged, recall = flagged_by_element(), _recall(parts)
    members = set(Membership.objects.filter(ended_at=None).values_list("person_id", flat=True))
    here = current_scope().environment_id
    found = []
    for element in elements:
        courses = tuple(part_of.get(element.pk, ()))
        facts = Facts(
            today=timezone.localdate(now),
            uses=None if element.kind in UNMEASURED else traffic.uses.get(element.pk, 0),
            people=traffic.people.get(element.pk, 0),
            created_on=timezone.localdate(element.created_at),
            updated_on=timezone.localdate(element.updated_at),
            review_on=element.review_on,
            owner=_owner(element, members, here),
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


def parts_of_courses() -> dict[int, set[int]]:
    """The elements used by the newest published version of each course, and by versions that still run here."""
    published = CourseVersion.objects.filter(state=VersionState.PUBLISHED)
    newest = published.order_by("element", "-number").distinct("element").values("pk")
    running = CourseRun.objects.values("version")
    rows = Activity.objects.filter(version__in=newest) | Activity.objects.filter(version__in=running)
    parts: dict[int, set[int]] = defaultdict(set)
    for course, target in rows.values_list("element_id", "target_id").distinct():
        parts[course].add(target)
    return dict(parts)


def _traffic(parts: dict[int, set[int]], now: datetime) -> _Traffic:
    """Records in the window. A course also counts what happens in its parts, and its active people."""
    since = now - WINDOW
    # `stored_at` is never before `occurred_at` and lets PostgreSQL leave old partitions alone.
    rows = (
        Statement.objects.filter(
            stored_at__gte=since, occurred_at__gte=since, occurred_at__lte=now, element__isnull=False
        )
        .values_list("element_id")
        .annotate(Count("pk"), Count("person_id", distinct=True))
    )
    traffic = _Traffic()
    own = {}
    for element_id, uses, people in rows:
        own[element_id] = traffic.uses[element_id] = uses
        traffic.people[element_id] = people
    for course, targets in parts.items():
        traffic.uses[course] = own.get(course, 0) + sum(own.get(target, 0) for target in targets)
    active = Enrolment.objects.filter(last_active_at__gte=since).values_list("element_id")
    for element_id, people in active.annotate(Count("person_id", distinct=True)):
        traffic.people[element_id] = max(people, traffic.people.get(element_id, 0))
    return traffic


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
    for source, target in Connection.objects.values_list("source_id", "target_id"):
        degree[source] += 1
        degree[target] += 1
    return degree


def _owner(element: Element, members: set[int], here: int) -> Owner:
    if element.owner_id is None:
        return "none"
    # Whether the owner of something offered from above is still there is for that environment to know.
    return "here" if element.environment_id != here or element.owner_id in members else "left"
