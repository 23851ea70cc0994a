"""Invented learners in a plan: what is open to them, what is locked and why, and what time will open. Pure; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from courses.conditions.check import Step
from courses.conditions.trees import holds, missing, next_change
from ecosystem.predicates import Facts, Known, Subject, sources

OUTCOMES = ("completed", "passed", "failed")
MOST_COMING = 12


@dataclass(frozen=True)
class Deed:
    """Something that the learner did with an element. ``percent`` is the result, when there is one."""

    element_id: int
    verb: str
    at: datetime
    percent: float | None = None


@dataclass(frozen=True)
class Given:
    """Something that is simply so from ``at`` on: what ``source`` knows about ``subject``, as its ``invent`` takes it."""

    source: str
    subject: Subject
    value: Any
    at: datetime


@dataclass(frozen=True)
class SampleLearner:
    """``at`` is what their clock says; ``released`` are keys of steps that an instructor opened."""

    name: str
    enrolled_at: datetime
    at: datetime
    starts_on: date | None = None
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset({"learner"})
    deeds: tuple[Deed, ...] = ()
    released: frozenset[str] = frozenset()
    given: tuple[Given, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A step as the learner finds it: ``look`` is locked, open or done; ``facts`` are what that was judged from."""

    step: Step
    look: str
    facts: Facts


@dataclass(frozen=True)
class Coming:
    """What only time brings: a step that opens, or locks, at a moment."""

    at: datetime
    step: Step
    opens: bool


@dataclass
class _Record:
    times: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    best: float | None = None
    verbs: set[str] = field(default_factory=set)


def known_of(learner: SampleLearner, *, zone: tzinfo) -> dict[str, Any]:
    """What a real learner with this past would have known of them. Each result was a try, and each try an opening."""
    records: dict[tuple[str, int], _Record] = {}
    for deed in learner.deeds:
        verbs = {"launched", deed.verb} | ({"attempted"} if deed.verb in {"passed", "failed"} else set())
        for verb in verbs:
            one = records.setdefault((verb, deed.element_id), _Record())
            one.times += 1
            one.first_at = min(filter(None, (one.first_at, deed.at)))
            one.last_at = max(filter(None, (one.last_at, deed.at)))
            if verb == deed.verb and deed.percent is not None:
                one.best = max(one.best or 0.0, deed.percent / 100)
    known = {key: Known(one.times, one.first_at, one.last_at, one.best) for key, one in records.items()}
    return {**_given(learner, zone), "records": known, "groups": learner.groups, "roles": learner.roles}


def _given(learner: SampleLearner, zone: tzinfo) -> dict[str, dict[Subject, Any]]:
    found: dict[str, dict[Subject, Any]] = {}
    for one in learner.given:
        source = sources.get(one.source)
        if source is not None and source.invent is not None:
            found.setdefault(one.source, {})[one.subject] = source.invent.fact(one.value, one.at.astimezone(zone))
    return found


def _facts(learner: SampleLearner, step: Step, known: dict[str, Any], zone: tzinfo) -> Facts:
    return Facts(
        at=learner.at,
        zone=zone,
        begins_at=datetime.combine(learner.starts_on, time.min, tzinfo=zone) if learner.starts_on else None,
        enrolled_at=learner.enrolled_at,
        released=str(step.key) in learner.released,
        known=known,
    )


def shown(steps: Sequence[Step], learner: SampleLearner, *, zone: tzinfo) -> list[Shown]:
    """Each step in the order of the plan, at the moment of the learner's clock."""
    begun = {deed.element_id for deed in learner.deeds}
    finished = {deed.element_id for deed in learner.deeds if deed.verb in {"completed", "passed"}}
    known, found = known_of(learner, zone=zone), []
    for step in steps:
        facts = _facts(learner, step, known, zone)
        look = "locked"
        if step.target_id in finished and (holds(step.condition, facts=facts) or step.target_id in begun):
            look = "done"
        elif step.target_id in begun or holds(step.condition, facts=facts):
            look = "open"
        found.append(Shown(step, look, facts))
    return found


def coming(steps: Sequence[Step], learner: SampleLearner, *, zone: tzinfo) -> list[Coming]:
    """What opens and locks from now on if the learner does nothing, the next first; at most twelve."""
    begun = {deed.element_id for deed in learner.deeds}
    known, found = known_of(learner, zone=zone), list[Coming]()
    for step in steps:
        if step.target_id in begun:
            continue
        facts = _facts(learner, step, known, zone)
        for _turn in range(MOST_COMING):
            moment = next_change(step.condition, facts=facts)
            if moment is None:
                break
            facts = replace(facts, at=moment)
            found.append(Coming(moment, step, missing(step.condition, facts=facts) is None))
    return sorted(found, key=lambda one: one.at)[:MOST_COMING]


def does(learner: SampleLearner, step: Step, *, verb: str, percent: float | None, is_open: bool) -> SampleLearner:
    """The learner after doing a step now. Refuses what nobody could do: a locked step, an outcome that it has not."""
    if not is_open:
        raise ValueError(_("This step is locked for them."))
    if verb not in OUTCOMES or (percent is not None and not 0 <= percent <= 100):
        raise ValueError(_("Choose what comes of it."))
    return replace(learner, deeds=(*learner.deeds, Deed(step.target_id, verb, learner.at, percent)))
