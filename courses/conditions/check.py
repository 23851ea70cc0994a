"""Activities that no learner can ever open, found before a plan is published, and why.

``check`` asks for each activity whether there is any state of the world in which its condition holds. What counts are the
predicates themselves: for everything that a condition speaks of (a quiz, the clock, a group) all states worth
telling apart are tried (``Predicate.samples``), so what the check thinks possible is what the learner would meet. An
element of the course can have been done only once one of its activities can open; that is repeated until nothing
more opens. What never opens is dead: by contradiction, in a circle, or waiting for something dead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from courses.conditions.clock import said
from courses.conditions.trees import Tree, leaves_of
from ecosystem.predicates import Facts, Names, Predicate, predicates

# Work after which it gives up about an activity and lets it pass: it never accuses wrongly.
MOST_STEPS = 200_000
LONG_AGO, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One activity of a plan. ``key`` is for the caller; ``kind`` of its target, as ``Element.kind``."""

    key: Hashable
    title: str
    target_id: int
    kind: str
    condition: Tree | None = None
    optional: bool = False


@dataclass(frozen=True)
class Finding:
    """Something that makes activities dead. ``keys`` are theirs; ``words`` is a sentence or two for the author.

    ``sort``: contradiction, circle, impossible (nobody can ever do what it asks for), over (its days have passed) or waits
    (for something dead, or for something that comes too late).
    """

    sort: str
    keys: tuple[Hashable, ...]
    words: str


@dataclass(frozen=True)
class Literal:
    key: str
    value: Any
    negated: bool

    def true_in(self, facts: Facts) -> bool:
        return predicates[self.key].holds(self.value, facts) != self.negated


def check(
    steps: Sequence[Step],
    *,
    titles: Mapping[int, str] | None = None,
    kinds: Mapping[int, str] | None = None,
    now: datetime = LONG_AGO,
) -> list[Finding]:
    """What can never open from ``now`` on, in the order of the plan; empty when everything can.

    ``titles`` and ``kinds`` are of elements outside the course that conditions name, which anybody may do anywhere.
    """
    world = _World(
        names=Names({**(titles or {}), **{step.target_id: step.title for step in steps}}),
        kinds={**(kinds or {}), **{step.target_id: step.kind for step in steps}},
        inside=frozenset(step.target_id for step in steps),
        now=now,
    )
    askers: dict[int, list[Step]] = {}
    for step in steps:
        for pk in _asked(step):
            askers.setdefault(pk, []).append(step)
    opens: dict[Hashable, datetime] = {}
    waiting = deque(steps)
    while waiting:
        step = waiting.popleft()
        moment = world.opens_at(step)
        if moment is None or opens.get(step.key, LATEST) <= moment:
            continue
        opens[step.key] = moment
        if moment < world.earliest.get(step.target_id, LATEST):
            world.earliest[step.target_id] = moment
            waiting += askers.get(step.target_id, [])
    dead = [step for step in steps if step.key not in opens]
    return _explained(dead, world) if dead else []


@dataclass
class _World:
    """What is known so far: from when on each element of the course can have been done."""

    names: Names
    kinds: Mapping[int, str]
    inside: frozenset[int]
    now: datetime
    earliest: dict[int, datetime] = field(default_factory=dict)

    def opens_at(self, step: Step) -> datetime | None:
        """The first moment at which somebody could find it open; None when there is none."""
        return self.first_moment(step.condition)

    def first_moment(self, tree: Tree | None, *, now: datetime | None = None, free: bool = False) -> datetime | None:
        """``free``: as if everything in the course could have been done from the beginning."""
        begin = self.now if now is None else now
        if tree is None:
            return begin
        moments, spent, named = {begin}, 0, set[int]()
        for key, value in leaves_of(tree):
            predicate = predicates[key]
            if predicate.about(value) == "clock":
                moments |= {facts.at for facts in predicate.samples(value)}
            if not free:
                named |= predicate.elements(value) & self.inside
        moments |= {self.earliest[pk] for pk in named if pk in self.earliest}
        for moment in sorted(one for one in moments if one >= begin):
            never = {pk for pk in named if self.earliest.get(pk, LATEST) > moment}
            search = _Search(never, self.kinds, moment, spent)
            if search.finds(tree):
                return moment
            spent = search.steps
        return None


class _Samples:
    """Facts that are made when they are first looked at, and kept; ``many`` is about how many there are."""

    def __init__(self, facts: Iterable[Facts], many: int) -> None:
        self.many, self._rest = many, iter(facts)
        self._made: list[Facts] = []

    def __iter__(self) -> Iterator[Facts]:
        yield from self._made
        for facts in self._rest:
            self._made.append(facts)
            yield facts


@dataclass
class _Search:
    """Looks for a set of literals that makes the tree hold and that some state of the world fulfils."""

    never: set[int]  # elements that nobody can have done
    kinds: Mapping[int, str]
    at: datetime
    steps: int = 0
    _worlds: dict[Hashable, _Samples] = field(default_factory=dict)

    def finds(self, tree: Tree) -> bool:
        together: dict[Hashable, list[tuple[Predicate, Any]]] = {}
        for key, value in leaves_of(tree):
            together.setdefault(predicates[key].about(value), []).append((predicates[key], value))
        # Counted before they are made: bounds of several sorts about one element multiply.
        many = {about: self._many(about, leaves) for about, leaves in together.items()}
        self.steps += sum(many.values())
        if self.steps > MOST_STEPS:
            return True
        self._worlds = {
            about: _Samples(self._samples(about, leaves), many[about]) for about, leaves in together.items()
        }
        return self._try([(tree, False)], {})

    def _many(self, about: Hashable, leaves: list[tuple[Predicate, Any]]) -> int:
        first, value = leaves[0]
        return 1 if about == "clock" or first.elements(value) & self.never else first.many(leaves)

    def _samples(self, about: Hashable, leaves: list[tuple[Predicate, Any]]) -> Iterable[Facts]:
        if about == "clock":
            return [Facts(self.at)]
        first, value = leaves[0]
        if first.elements(value) & self.never:
            return islice(first.samples(value), 1)  # nothing is known about it
        if first.joint:
            return first.samples(value, leaves)
        return (facts for one, other in leaves for facts in one.samples(other, leaves))

    def _try(self, goals: list[tuple[Tree, bool]], chosen: dict[Hashable, list[Literal]]) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS or not goals:
            return True
        (tree, negated), *rest = goals
        ((key, value),) = tree.items()
        if key == "not":
            return self._try([(value, not negated), *rest], chosen)
        if key not in {"all", "any"}:
            return self._take(Literal(key, value, negated), rest, chosen)
        if (key == "all") != negated:
            return self._try([*((part, negated) for part in value), *rest], chosen)
        return any(self._try([(part, negated), *rest], chosen) for part in value)

    def _take(self, literal: Literal, rest: list[tuple[Tree, bool]], chosen: dict[Hashable, list[Literal]]) -> bool:
        predicate = predicates[literal.key]
        if not literal.negated and predicate.impossible(literal.value, self.kinds, Names()):
            return False
        about = predicate.about(literal.value)
        together = [*chosen.get(about, []), literal]
        self.steps += self._worlds[about].many
        if not any(all(one.true_in(world) for one in together) for world in self._worlds[about]):
            return False
        return self._try(rest, {**chosen, about: together})


def _explained(dead: list[Step], world: _World) -> list[Finding]:
    found: list[Finding] = []
    told: set[Hashable] = set()
    for step in dead:
        by_itself = _by_itself(step, world)
        if by_itself is not None:
            found.append(by_itself)
            told.add(step.key)
    waits = {step.key: [other for other in dead if other.target_id in _asked(step)] for step in dead}
    for circle in _circles([step for step in dead if step.key not in told], waits):
        found.append(_circle_words(circle, waits))
        told |= {step.key for step in circle}
    found += [_waiting_words(step, waits[step.key], world) for step in dead if step.key not in told]
    order = {step.key: index for index, step in enumerate(dead)}
    return sorted(found, key=lambda finding: order[finding.keys[0]])


def _asked(step: Step) -> set[int]:
    return {pk for key, value in leaves_of(step.condition) for pk in predicates[key].elements(value)}


def _by_itself(step: Step, world: _World) -> Finding | None:
    """It could not even open if everything else had been done."""
    if world.first_moment(step.condition, free=True) is not None:
        return None
    reasons = [
        reason
        for key, value in leaves_of(step.condition)
        if (reason := predicates[key].impossible(value, world.kinds, world.names))
    ]
    if reasons:
        words = _("“%(title)s” can never open: %(reason)s.") % {"title": step.title, "reason": reasons[0]}
        return Finding("impossible", (step.key,), words)
    if world.first_moment(step.condition, now=LONG_AGO, free=True) is not None:
        words = _("“%(title)s” can no longer open: the time in which it could is over.") % {"title": step.title}
        return Finding("over", (step.key,), words)
    parts = _(" and ").join(
        predicates[one.key].words(one.value, world.names, negated=one.negated, facts=None)
        for one in _clash(step, world)
    )
    words = _("“%(title)s” can never open: nobody can meet all of this at once: %(parts)s.") % {
        "title": step.title,
        "parts": parts,
    }
    return Finding("contradiction", (step.key,), words)


def _clash(step: Step, world: _World) -> list[Literal]:
    """The literals that exclude each other: two of them when that is enough to see it, else all that must hold."""
    needed = list(_needed(step.condition or {}, negated=False))
    for index, one in enumerate(needed):
        for other in needed[:index]:
            pair = {"all": [_tree(other), _tree(one)]}
            if world.first_moment(pair, now=LONG_AGO, free=True) is None:
                return [other, one]
    return needed or [Literal(key, value, negated=False) for key, value in leaves_of(step.condition)]


def _tree(literal: Literal) -> Tree:
    leaf = {literal.key: literal.value}
    return {"not": leaf} if literal.negated else leaf


def _needed(tree: Tree, *, negated: bool) -> Iterable[Literal]:
    """The literals without which it cannot hold."""
    if not tree:
        return
    ((key, value),) = tree.items()
    if key == "not":
        yield from _needed(value, negated=not negated)
    elif key not in {"all", "any"}:
        yield Literal(key, value, negated)
    elif (key == "all") != negated or len(value) == 1:
        for part in value:
            yield from _needed(part, negated=negated)


def _circles(dead: list[Step], waits: Mapping[Hashable, list[Step]]) -> list[list[Step]]:
    """Groups of activities of which each waits, by way of others, for each other of the group."""
    among = {step.key for step in dead}
    reached = {step.key: _reached(step, waits, among) for step in dead}
    found: list[list[Step]] = []
    placed: set[Hashable] = set()
    for step in dead:
        if step.key in placed or step.key not in reached[step.key]:
            continue
        group = [other for other in dead if other.key in reached[step.key] and step.key in reached[other.key]]
        placed |= {other.key for other in group}
        found.append(group)
    return found


def _reached(step: Step, waits: Mapping[Hashable, list[Step]], among: set[Hashable]) -> set[Hashable]:
    """What it waits for, and what that waits for."""
    found: set[Hashable] = set()
    work = [step]
    while work:
        following = [one for one in waits[work.pop().key] if one.key in among and one.key not in found]
        found |= {one.key for one in following}
        work += following
    return found


def _circle_words(circle: list[Step], waits: Mapping[Hashable, list[Step]]) -> Finding:
    if len(circle) == 1:
        words = _("“%(title)s” waits for itself, so it can never open.") % {"title": circle[0].title}
        return Finding("circle", (circle[0].key,), words)
    path = _round(circle, waits)
    chain = _(", and ").join(
        _("“%(one)s” waits for “%(other)s”") % {"one": one.title, "other": other.title}
        for one, other in zip(path, [*path[1:], path[0]], strict=True)
    )
    words = _("These wait for each other, so none of them can open first: %(chain)s.") % {"chain": chain}
    return Finding("circle", tuple(step.key for step in circle), words)


def _round(circle: list[Step], waits: Mapping[Hashable, list[Step]]) -> list[Step]:
    """One way round inside the group, from its first and back."""
    path, among = [circle[0]], {step.key for step in circle}
    while True:
        following = next(one for one in waits[path[-1].key] if one.key in among)
        if following in path:
            return path[path.index(following) :]
        path.append(following)


def _waiting_words(step: Step, waits: list[Step], world: _World) -> Finding:
    if waits:
        words = _("“%(title)s” can never open: it waits for “%(other)s”, which can never open either.")
        return Finding("waits", (step.key,), words % {"title": step.title, "other": waits[0].title})
    last = max((pk for pk in _asked(step) if pk in world.earliest), key=lambda pk: world.earliest[pk], default=None)
    if last is None:
        return Finding("waits", (step.key,), _("“%(title)s” can never open.") % {"title": step.title})
    words = _("“%(title)s” can never open: “%(other)s” opens on %(day)s at the earliest, and that is too late.")
    day = said(world.earliest[last].strftime("%Y-%m-%d"))
    return Finding("waits", (step.key,), words % {"title": step.title, "other": world.names.element(last), "day": day})
