"""Sample learners as they are kept between two requests: plain values in the session of one browser, no row anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from courses.conditions import Step, missing, topics_of
from courses.conditions.simulation import Deed, Given, SampleLearner, coming, does, shown
from courses.conditions.wording import lock_sentence
from courses.exceptions import CourseError
from ecosystem.people_predicates import group_key
from ecosystem.predicates import FIRST_YEAR, LAST_YEAR, Names, Subject, sources
from ecosystem.registry import activity_types

if TYPE_CHECKING:
    from ecosystem.predicates import Invention

MOST = 6
MOST_DEEDS = 500
STEPS_OF_TIME = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


def learner_from(kept: Mapping[str, Any]) -> SampleLearner:
    """From plain values. Refuses what is no learner."""
    try:
        deeds = [
            Deed(int(d["element"]), str(d["verb"]), _moment(d["at"]), None if d.get("percent") is None else float(d["percent"]))
            for d in kept.get("deeds", [])[:MOST_DEEDS]
        ]  # fmt: skip
        starts_on = kept.get("starts_on")
        return SampleLearner(
            name=str(kept["name"]).strip()[:80],
            enrolled_at=_moment(kept["enrolled_at"]),
            at=_moment(kept["at"]),
            starts_on=_moment(f"{starts_on}T12:00+00:00").date() if starts_on else None,
            groups=frozenset(group_key(str(name)) for name in kept.get("groups", [])),
            roles=frozenset(str(role) for role in kept.get("roles", ["learner"])),
            deeds=tuple(deeds),
            released=frozenset(str(uid) for uid in kept.get("released", [])),
            given=tuple(
                Given(str(g["source"]), g["subject"], g["value"], _moment(g["at"])) for g in kept.get("given", [])
            ),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise CourseError(_("This sample learner cannot be read.")) from None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(text)
    return moment


def learner_kept(learner: SampleLearner) -> dict[str, Any]:
    return {
        "name": learner.name,
        "enrolled_at": learner.enrolled_at.isoformat(),
        "at": learner.at.isoformat(),
        "starts_on": learner.starts_on.isoformat() if learner.starts_on else None,
        "groups": sorted(learner.groups),
        "roles": sorted(learner.roles),
        "deeds": [
            {"element": d.element_id, "verb": d.verb, "at": d.at.isoformat(), "percent": d.percent}
            for d in learner.deeds
        ],
        "released": sorted(learner.released),
        "given": [
            {"source": g.source, "subject": g.subject, "value": g.value, "at": g.at.isoformat()} for g in learner.given
        ],
    }


def lived(steps: Sequence[Step], learner: SampleLearner, *, names: Names, zone: tzinfo) -> list[dict[str, Any]]:
    """Each step with its look and, when it is locked, what it waits for in words."""
    rows = []
    for one in shown(steps, learner, zone=zone):
        lacking = missing(one.step.condition, facts=one.facts) if one.look == "locked" else None
        kind = activity_types.get(one.step.kind)
        rows.append(
            {
                "uid": one.step.key,
                "title": one.step.title,
                "look": one.look,
                "why": lock_sentence(lacking, names=names, facts=one.facts) if lacking else "",
                "can_be_passed": bool(kind and kind.passes),
                "waits_for_release": lacking is not None and any(leaf.key == "released" for leaf in lacking.leaves),
            }
        )
    return rows


def foretold(steps: Sequence[Step], learner: SampleLearner, *, zone: tzinfo) -> list[dict[str, Any]]:
    return [
        {"at": one.at.astimezone(zone), "title": one.step.title, "opens": one.opens}
        for one in coming(steps, learner, zone=zone)
    ]


def done(
    steps: Sequence[Step], learner: SampleLearner, *, uid: str, verb: str, percent: float | None, zone: tzinfo
) -> SampleLearner:
    """The learner after a step. Refuses a step that is not there, or not open to them now."""
    one = next((one for one in shown(steps, learner, zone=zone) if str(one.step.key) == uid), None)
    if one is None:
        raise CourseError(_("There is no such step."))
    if len(learner.deeds) >= MOST_DEEDS:
        raise CourseError(_("That is enough for one learner. Begin with a new one."))
    try:
        return does(learner, one.step, verb=verb, percent=percent, is_open=one.look != "locked")
    except ValueError as refusal:
        raise CourseError(str(refusal)) from None


def released(steps: Sequence[Step], learner: SampleLearner, *, uid: str) -> SampleLearner:
    """After an instructor opened a step for them."""
    if uid not in {str(step.key) for step in steps}:
        raise CourseError(_("There is no such step."))
    return replace(learner, released=learner.released | {uid})


@dataclass(frozen=True)
class Askable:
    """Something that a condition asks for and that nobody does in a course: it is simply said of a sample learner."""

    source: str
    subject: Subject
    invent: Invention

    @property
    def key(self) -> str:
        return f"{self.source}-{self.subject}"


def askables(steps: Sequence[Step]) -> list[Askable]:
    """Everything of that sort that the conditions of these steps ask for, each once."""
    topics = dict.fromkeys(topic for step in steps for topic in sorted(topics_of(step.condition), key=str))
    return [
        Askable(source, subject, invent)
        for source, subject in topics
        if source in sources and (invent := sources[source].invent) is not None
    ]


def said(learner: SampleLearner, one: Askable, *, value: Any) -> SampleLearner:
    """After it was said of them, from now on; what was said of it before goes."""
    unsaid_of = unsaid(learner, one)
    return replace(unsaid_of, given=(*unsaid_of.given, Given(one.source, one.subject, value, learner.at)))


def unsaid(learner: SampleLearner, one: Askable) -> SampleLearner:
    about = (one.source, one.subject)
    return replace(learner, given=tuple(g for g in learner.given if (g.source, g.subject) != about))


def moved(learner: SampleLearner, *, by: str = "", to: datetime | None = None) -> SampleLearner:
    """With the clock moved on. Refuses to go back behind what they have done: it could not have happened."""
    try:
        moment = to or learner.at + STEPS_OF_TIME[by]
    except (KeyError, OverflowError):
        raise CourseError(_("Choose where the clock should stand.")) from None
    past = [*(deed.at for deed in learner.deeds), *(one.at for one in learner.given)]
    earliest = max([learner.enrolled_at, *past])
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise CourseError(_("Choose where the clock should stand."))
    if moment < earliest:
        raise CourseError(_("The clock cannot go back behind what the learner has done."))
    return replace(learner, at=moment)
