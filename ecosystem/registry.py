"""How apps above add to what apps below show, without being imported by them.

Each app registers itself in its ``kinds.py``, which its ``apps.py`` imports when the models are loaded:

* ``element_kinds``: a kind of element (icon, name, where it opens),
* ``activity_types``: a kind of element that can be an activity of a course,
* ``inline_forms``: how a new element of a kind is made in passing, while a course is built,
* ``todos``: what a learner could do next (home page),
* ``home_sections``: rows of cards on the home page,
* ``nav``: an entry of the main navigation,
* ``role_pages``: a page of another role (garden, report, admin),
* ``measures``: one number or series that dashboards, exports and API show alike,
* ``audit_acts``: what an act in the audit log is called,
* ``group_joins``: what happens when people are put into a group,
* ``group_ends``: what happens before a group is deleted,
* ``leavings``: what happens when people leave an environment,
* ``transcript_sections``: what somebody has achieved in one environment,
* ``withheld_scores``: which scores somebody may not see yet,
* ``remembered``: how much somebody still knows of what elements taught.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ecosystem.models import Element, Membership
from ecosystem.rules import Rule, is_member

Words = str | Promise
T = TypeVar("T")


class Registry(Generic[T]):
    """Named things in the order of registration; a second registration of a name is an error."""

    def __init__(self) -> None:
        self._items: dict[str, T] = {}

    def register(self, key: str, item: T) -> T:
        if key in self._items:
            raise ValueError(f"{key!r} is registered twice.")
        self._items[key] = item
        return item

    def get(self, key: str) -> T | None:
        return self._items.get(key)

    def __getitem__(self, key: str) -> T:
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def items(self) -> Iterator[tuple[str, T]]:
        return iter(self._items.items())


OUTCOMES = frozenset({"completed", "passed", "failed"})


@dataclass(frozen=True)
class ElementKind:
    """``href`` gives the page of an element; ``uses`` the ids of elements that must be offered along with it."""

    key: str
    label: Words
    icon: str
    href: Callable[[Element], str]
    uses: Callable[[Element], set[int]] = lambda element: set()


@dataclass(frozen=True)
class ActivityType:
    """What can be a step of a course; courses take any that is registered, under the kind of its element.

    ``completes``, ``passes``, ``fails``: the record verbs that say so of the element; of ``OUTCOMES``, which are what
    courses react to and conditions ask for. ``called``: of these elements, those that people call something else.
    """

    key: str
    label: Words
    icon: str
    launch_url: Callable[[Element, str], str]  # (element, next) -> address; `next` is where to go afterwards
    completes: frozenset[str] = frozenset({"completed"})
    passes: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()
    called: Callable[[list[int]], Mapping[int, Words]] | None = None

    def __post_init__(self) -> None:
        if unknown := (self.completes | self.passes | self.fails) - OUTCOMES:
            raise ValueError(
                f"{self.key}: {', '.join(sorted(unknown))} is no outcome; use {', '.join(sorted(OUTCOMES))}."
            )


@dataclass(frozen=True)
class InlineForm:
    """A new element of one kind, made on a page about something else. Keyed by the kind.

    ``form`` is a Django form class that has the field ``title``. ``create(cleaned=, by=, **facts)`` makes the element from
    its cleaned data; ``facts`` are facts of the element (``ecosystem.services.elements.element_create``) that the page decides.
    ``kind`` is that of the element, where it is not the key; ``rule`` says who may.
    """

    label: Words
    icon: str
    form: Callable[..., Any]
    create: Callable[..., Element]
    kind: str = ""
    rule: Rule = is_member


@dataclass(frozen=True)
class Todo:
    """One thing to do. Lower ``rank`` comes first: 10 started, 20 due soon, 30 open step, 40 cards, 60 discover."""

    rank: int
    kind: Words
    icon: str
    title: str
    href: str
    action: Words
    minutes: int = 0
    where: Words = ""
    percent: int | None = None
    why: Words = ""
    due: date | None = None

    @property
    def facts(self) -> list[tuple[str, Words]]:
        """(icon, text) pairs for a row of a list."""
        found: list[tuple[str, Words]] = [("", self.kind)]
        if self.minutes:
            found.append(("clock", _("%(minutes)s min") % {"minutes": self.minutes}))
        if self.where:
            found.append(("", self.where))
        return found


@dataclass(frozen=True)
class HomeSection:
    """A row of cards on the home page; each card is the parameters of the component ``course_card``."""

    title: Words
    more: Words
    href: str
    cards: list[dict[str, Any]]


@dataclass(frozen=True)
class NavEntry:
    key: str
    label: Words
    short: Words
    icon: str
    href: Callable[[], str]
    rule: Rule = is_member
    badge: Callable[[Membership], int] | None = None


@dataclass(frozen=True)
class RolePage:
    """An environment may give one that ``is_term`` a name of its own (``ecosystem.look``)."""

    label: Words
    href: Callable[[], str]
    rule: Rule
    is_term: bool = False


@dataclass(frozen=True)
class Figure:
    """The value of a measure. ``series`` are (label, value) pairs; ``of`` the whole, when it is a share."""

    value: float | int | None
    of: int | None = None
    series: list[tuple[str, float | None]] = field(default_factory=list)
    target: float | None = None
    note: Words = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """One named figure about the open scope; screen, file and API all call ``compute``.

    One that ``narrows`` also takes a ``span`` (``ecosystem.spans``) and is then about that; the others are only for
    whoever may open reports of the whole environment.
    """

    key: str
    label: Words
    unit: Words
    definition: Words
    compute: Callable[..., Figure]
    narrows: bool = False


@dataclass(frozen=True)
class Achievement:
    """One line of a transcript. ``score`` is from 0 to 1, ``note`` what else is to be said, such as *expired*."""

    title: str
    at: datetime
    score: float | None = None
    until: datetime | None = None
    note: Words = ""
    href: str = ""  # a path on the host of that environment

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 69.6 does not look like the 70 that was asked for."""
        return None if self.score is None else int(self.score * 100 + 1e-6)


@dataclass(frozen=True)
class TranscriptSection:
    """``achievements`` of the person of a membership, newest first, read in the scope of that environment.

    Sections stand in the order of ``rank``.
    """

    rank: int
    label: Words
    icon: str
    achievements: Callable[[Membership], list[Achievement]]


element_kinds: Registry[ElementKind] = Registry()
activity_types: Registry[ActivityType] = Registry()
inline_forms: Registry[InlineForm] = Registry()
todos: Registry[Callable[[Membership], list[Todo]]] = Registry()
home_sections: Registry[Callable[[Membership], HomeSection | None]] = Registry()
nav: Registry[NavEntry] = Registry()
role_pages: Registry[RolePage] = Registry()
measures: Registry[Measure] = Registry()
audit_acts: Registry[Words] = Registry()
# (group=, person_ids= of who is in it since now), in the transaction of their joining; telling twice is once.
group_joins: Registry[Callable[..., None]] = Registry()
# (group=), in the transaction that deletes it: who only remembers it lets go. What still goes by it keeps it from going.
group_ends: Registry[Callable[..., None]] = Registry()
# (person_ids= of who has left this environment, by=), in the transaction of their leaving; telling twice is once.
leavings: Registry[Callable[..., None]] = Registry()
transcript_sections: Registry[TranscriptSection] = Registry()
# (person_id=, element_ids=) -> the elements whose scores the person may not see now: of a test that still runs for others.
withheld_scores: Registry[Callable[..., Collection[int]]] = Registry()


def scores_withheld(*, person_id: int, element_ids: Collection[int]) -> frozenset[int]:
    """Those of the elements whose scores the person may not see now; whoever shows somebody their own scores asks."""
    if not element_ids:
        return frozenset()
    return frozenset().union(*(one(person_id=person_id, element_ids=element_ids) for one in withheld_scores))


# (person_id=, element_ids=) -> by element, what the person would answer right now, in percent; without those nothing is known of.
remembered: Registry[Callable[..., Mapping[int, int]]] = Registry()
