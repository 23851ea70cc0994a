"""Over what somebody holds a power: all of the environment, or single courses and groups. Narrows every list to that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from ecosystem.models import GroupMember, Membership, Power
from ecosystem.powers import courses_of, groups_of, holds
from ecosystem.registry import Registry

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY  # not Q(), which in "Q() | something" would mean only that
RESULTS = (Power.SEE_RESULTS, Power.MARK)


@dataclass(frozen=True)
class Takers:
    """What an app knows of the people in courses, given the ids of the courses.

    ``people`` gives the ids of those who are in them, ``work`` rows with ``person_id`` and ``target_id``: who does which
    element as a step of them.
    """

    people: Callable[[frozenset[int]], QuerySet]
    work: Callable[[frozenset[int]], QuerySet]


takers: Registry[Takers] = Registry()


@dataclass(frozen=True)
class Span:
    """What one or several powers of a person reach. Each condition is for rows of the open scope."""

    everything: bool = False
    courses: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()

    def of_people(self, *, person: str = "person_id") -> Q:
        """Rows about people in these groups and courses."""
        if self.everything:
            return EVERYBODY
        found = self._in_groups(person)
        if self.courses:
            for known in takers:
                found |= Q(**{f"{person}__in": known.people(self.courses)})
        return found

    def of_courses(self, *, course: str = "element_id", person: str = "person_id") -> Q:
        """Rows about a person in a course, such as enrolments: of these courses, or of people in these groups."""
        if self.everything:
            return EVERYBODY
        return self._in_groups(person) | Q(**{f"{course}__in": self.courses})

    def of_work(self, *, element: str = "element_id", person: str = "person_id") -> Q:
        """Rows about what a person did with an element, such as attempts: as a step of these courses, or in these groups."""
        found = self.of_courses(course=element, person=person)
        if self.courses and not self.everything:
            for known in takers:
                steps = known.work(self.courses)
                found |= Q(Exists(steps.filter(person_id=OuterRef(person), target_id=OuterRef(element))))
        return found

    def covers_course(self, course_id: int) -> bool:
        return self.everything or course_id in self.courses

    def only_groups(self) -> Span:
        return Span(groups=self.groups)

    def _in_groups(self, person: str) -> Q:
        if not self.groups:
            return NOBODY
        inside = GroupMember.objects.filter(group_id__in=self.groups).values("person_id")
        return Q(**{f"{person}__in": inside})


WHOLE = Span(everything=True)


def span_of(membership: Membership, *powers: Power) -> Span:
    """Over what the person holds one of ``powers``, here and now."""
    if any(holds(membership, power) for power in powers):
        return WHOLE
    return Span(courses=courses_of(membership, *powers), groups=groups_of(membership, *powers))
