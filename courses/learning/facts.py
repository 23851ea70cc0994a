"""What is known of people, as conditions need it: loaded together for any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from courses.conditions import Step, Tree, elements_of, topics_of
from courses.conditions.trees import leaves_of
from ecosystem.models import Element, Environment
from ecosystem.predicates import Facts, Names, Subject, predicates, sources
from ecosystem.scope import current_scope

if TYPE_CHECKING:
    from courses.models import Activity, Enrolment

# Sources that are read from the enrolment and the state themselves.
AT_HAND = {"releases"}


class MayBeReleased(Protocol):
    """The state of an activity, as far as a condition looks at it."""

    released_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """What conditions ask for: (source, subject) pairs, the elements they name, and whether local days matter to them."""

    topics: frozenset[tuple[str, Subject]] = frozenset()
    elements: frozenset[int] = frozenset()
    days: bool = False

    @classmethod
    def by(cls, trees: Iterable[Tree | None]) -> Asked:
        asked = list(trees)
        return cls(
            frozenset().union(*(topics_of(tree) for tree in asked)),
            frozenset().union(*(elements_of(tree) for tree in asked)),
            any(_needs_zone(tree) for tree in asked),
        )

    @classmethod
    def together(cls, several: Iterable[Asked]) -> Asked:
        parts = list(several)
        return cls(
            frozenset().union(*(part.topics for part in parts)),
            frozenset().union(*(part.elements for part in parts)),
            any(part.days for part in parts),
        )

    def wanted(self) -> dict[str, set[Subject]]:
        """Subjects by source."""
        found: dict[str, set[Subject]] = {}
        for source, subject in self.topics:
            found.setdefault(source, set()).add(subject)
        return found


class FactsOf:
    """The facts of these people about everything that conditions ask for: one query per source.

    ``about`` adds elements whose records are wanted whether a condition asks for them or not.
    """

    def __init__(self, *, person_ids: Iterable[int], asked: Asked, at: datetime, about: Iterable[int] = ()) -> None:
        people, wanted = sorted(set(person_ids)), asked.wanted()
        if about := set(about):
            wanted.setdefault("records", set()).update(about)
        self.at = at
        self.loaded = {
            source: sources[source].load(people, sorted(subjects, key=str))
            for source, subjects in wanted.items()
            if source not in AT_HAND
        }
        self.zone = zone_here() if asked.days else UTC

    def of(self, enrolment: Enrolment, state: MayBeReleased | None = None) -> Facts:
        """At the moment asked for. ``enrolment`` comes with its run."""
        starts_on = enrolment.first_day
        known = {
            source: found.get(enrolment.person_id, sources[source].nothing) for source, found in self.loaded.items()
        }
        return Facts(
            at=self.at,
            zone=self.zone,
            begins_at=datetime.combine(starts_on, time.min, tzinfo=self.zone).astimezone(UTC) if starts_on else None,
            enrolled_at=enrolment.enrolled_at,
            released=state is not None and state.released_at is not None,
            known=known,
        )


def _needs_zone(tree: Tree | None) -> bool:
    """Whether local days matter: for all predicates on time."""
    return any(
        ask.sort in {"moment", "period"} for key, _value in leaves_of(tree) for ask in predicates[key].asks
    )  # fmt: skip


def zone_here() -> tzinfo:
    """The time zone in which the people of the open scope live their days."""
    name = Environment.objects.values_list("time_zone", flat=True).get(pk=current_scope().environment_id)
    return ZoneInfo(name)


def steps_of(activities: Iterable[Activity]) -> list[Step]:
    """Activities, which come with ``target``, as the check and the simulator take them."""
    return [
        Step(
            key=activity.uid,
            title=activity.title,
            target_id=activity.target_id,
            kind=activity.target.kind,
            condition=activity.condition,
            optional=activity.optional,
        )
        for activity in activities
    ]


def elsewhere_of(steps: Iterable[Step]) -> list[Step]:
    """What conditions of these steps ask to have been done although it is no step here, by title."""
    asked = list(steps)
    subjects = {pk for step in asked for source, pk in topics_of(step.condition) if source == "records"}
    rows = Element.objects.filter(pk__in=subjects - {step.target_id for step in asked}).order_by("title", "pk")
    return [Step(key=row.uid, title=row.title, target_id=row.pk, kind=row.kind) for row in rows]


def names_for(*, trees: Iterable[Tree | None], titles: Mapping[int, str] | None = None) -> Names:
    """What everything in these conditions is called; ``titles`` are known already. One query per source at most."""
    return names_of(Asked.by(trees), titles=titles)


def names_of(asked: Asked, *, titles: Mapping[int, str] | None = None) -> Names:
    """The same of what is asked for."""
    known = dict(titles or {})
    if unknown := asked.elements - known.keys():
        known |= dict(Element.objects.filter(pk__in=unknown).values_list("pk", "title"))
    others: dict[tuple[str, Subject], str] = {}
    for source, subjects in asked.wanted().items():
        if source in sources:
            others |= {(source, subject): name for subject, name in sources[source].names(subjects).items()}
    return Names(known, others)
