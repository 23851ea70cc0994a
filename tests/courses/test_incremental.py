"""Whatever happens, in whatever order: what the incremental evaluation leaves is what judging everything anew would say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from content.services import page_create
from courses.conditions import holds, next_change
from courses.learning.facts import Asked, FactsOf
from courses.models import ActivityState, State, Wake
from courses.services import activity_hold, activity_release, enrolment_create
from courses.services.releases import asks_for_release
from courses.services.states import UNBEGUN, waits_for_time
from courses.services.waking import wakes_drain
from ecosystem import clock
from ecosystem.scope import open_scope
from ecosystem.services.groups import group_member_remove, group_members_add, group_save
from ecosystem.services.people import member_roles_set
from records.services import record

BEGIN = datetime(2026, 3, 27, 12, tzinfo=UTC)  # two days before clocks change in Amsterdam
DAYS = [f"2026-03-{day}" for day in (27, 28, 29, 30, 31)] + ["2026-03-28T14:30"]
ELEMENTS = range(4)
GROUPS = ("Night shift", "Day shift")


def leaves():
    element = st.sampled_from(ELEMENTS)
    wait = st.sampled_from([{"hours": 5}, {"days": 1}, {"days": 2}])
    percent = st.sampled_from([0, 40, 70, 100])
    return st.one_of(
        st.builds(lambda key, pk: {key: pk}, st.sampled_from(["completed", "passed", "failed", "used"]), element),
        st.builds(
            lambda pk, a, b: {"score": {"of": pk, "least": min(a, b), "most": max(a, b)}}, element, percent, percent
        ),
        st.builds(lambda pk, n: {"attempts": {"of": pk, "least": n}}, element, st.integers(1, 3)),
        st.builds(lambda pk, period: {"after": {"of": pk, "wait": period}}, element, wait),
        st.builds(lambda key, day: {key: day}, st.sampled_from(["from", "until"]), st.sampled_from(DAYS)),
        st.builds(lambda key, period: {key: period}, st.sampled_from(["after_start", "after_enrolment"]), wait),
        st.builds(lambda name: {"group": name}, st.sampled_from(GROUPS)),
        st.just({"role": "author"}),
        st.just({"released": True}),
    )


TREES = st.recursive(
    leaves(),
    lambda inner: (
        st.builds(
            lambda key, parts: {key: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
        )
        | inner.map(lambda tree: {"not": tree})
    ),
    max_leaves=5,
)
STEPS = st.one_of(
    st.tuples(
        st.just("record"), st.sampled_from(["launched", "attempted", "completed", "passed", "failed"]),
        st.sampled_from(ELEMENTS), st.sampled_from([None, 0.39, 0.4, 0.7, 1.0]),
    ),
    st.tuples(st.just("time"), st.sampled_from([1, 5, 13, 24, 30])),
    st.tuples(st.just("group"), st.sampled_from(GROUPS), st.booleans()),
    st.tuples(st.just("role"), st.booleans()),
    st.tuples(st.just("release"), st.booleans()),
)  # fmt: skip


class World:
    """A learner in two courses of one environment, another who does nothing, and everything that may happen to the first."""

    def __init__(self, env, boss, learner, idle, elements, groups) -> None:
        self.env, self.boss, self.learner, self.idle = env, boss, learner, idle
        self.elements, self.groups, self.now = elements, groups, BEGIN

    def happens(self, step) -> None:
        with clock.at(self.now):
            getattr(self, f"_{step[0]}")(*step[1:])

    def _record(self, verb, element, scaled) -> None:
        result = {} if scaled is None else {"scaled": scaled}
        record(verb=verb, element=self.elements[element], person_id=self.learner.person_id, result=result)

    def _time(self, hours) -> None:
        self.now += timedelta(hours=hours)
        with clock.at(self.now):
            wakes_drain(environment_id=self.env.pk)

    def _group(self, name, inside) -> None:
        if inside:
            group_members_add(group=self.groups[name], person_ids=[self.learner.person_id], by=self.boss)
        else:
            group_member_remove(group=self.groups[name], person_id=self.learner.person_id, by=self.boss)

    def _role(self, given) -> None:
        member_roles_set(membership=self.learner, roles=["learner", *(["author"] if given else [])], by=self.boss)

    def _release(self, opened) -> None:
        for state in ActivityState.objects.select_related("activity").filter(person_id=self.learner.person_id):
            if asks_for_release(state=state) and (opened or state.state in UNBEGUN):
                (activity_release if opened else activity_hold)(state=state, by=self.boss)

    def is_as_from_scratch(self) -> None:
        states = list(ActivityState.objects.select_related("activity", "enrolment__run").order_by("pk"))
        due = dict(Wake.objects.values_list("state_id", "due_at"))
        facts = {
            person_id: FactsOf(
                person_ids=[person_id],
                asked=Asked.by([one.activity.condition for one in states if one.person_id == person_id]),
                at=self.now,
            )
            for person_id in {one.person_id for one in states}
        }
        for state in states:
            tree = state.activity.condition
            anew = facts[state.person_id].of(state.enrolment, state)
            if state.state in UNBEGUN:
                assert (state.state == State.OPEN) == holds(tree, facts=anew), (tree, anew)
                assert (state.opened_at is None) == (state.state == State.LOCKED)
                if waits_for_time(activity=state.activity):
                    assert due.get(state.pk) == next_change(tree, facts=anew), (tree, anew)


@pytest.fixture
def world(env, member):
    boss, learner, idle = member("admin", "instructor"), member("learner"), member("learner")
    with open_scope(environment_id=env.pk):
        env.time_zone = "Europe/Amsterdam"
        env.save(update_fields=["time_zone"])
        elements = [page_create(title=f"Page {n}", markdown="x", creators=["Ada"]).element for n in ELEMENTS]
        type(elements[0]).objects.filter(pk__in=[e.pk for e in elements]).update(
            kind="assessment"
        )  # can be passed and failed
        for element in elements:
            element.kind = "assessment"
        groups = {name: group_save(name=name, by=boss) for name in GROUPS}
    return World(env, boss, learner, idle, elements, groups)


def with_ids(tree, elements):
    """The numbers of elements as ids."""
    ((key, value),) = tree.items()
    if key in {"all", "any"}:
        return {key: [with_ids(part, elements) for part in value]}
    if key == "not":
        return {key: with_ids(value, elements)}
    if key in {"completed", "passed", "failed", "used"}:
        return {key: elements[value].pk}
    return {key: {**value, "of": elements[value["of"]].pk}} if isinstance(value, dict) and "of" in value else tree


class EnoughError(Exception):
    """Takes the example back."""


# What it finds it shows as it is: to shrink it takes minutes.
@settings(
    max_examples=24, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    st.lists(TREES, min_size=2, max_size=5),
    st.lists(TREES, min_size=1, max_size=3),
    st.lists(STEPS, max_size=3),
    st.lists(STEPS, min_size=3, max_size=9),
)
def test_step_by_step_is_from_scratch(world, plan_of, first, second, before, after):
    with pytest.raises(EnoughError), transaction.atomic(), open_scope(environment_id=world.env.pk):
        world.now = BEGIN
        for step in before:
            world.happens(step)
        for trees, starts_on in ((first, None), (second, datetime(2026, 3, 28).date())):  # noqa: DTZ001 -- a day
            run = plan_of(
                [(world.elements[n % 4], with_ids(tree, world.elements)) for n, tree in enumerate(trees)], starts_on
            )
            with clock.at(world.now):
                for member in (world.learner, world.idle):
                    enrolment_create(run=run, person=member.person)
        world.is_as_from_scratch()
        for step in after:
            world.happens(step)
            world.is_as_from_scratch()
        raise EnoughError


@pytest.fixture
def plan_of():
    """Publishes a plan whatever the check thinks of it: also what can never open must be judged right."""
    from courses.models import Activity, Block, CourseVersion, VersionState
    from courses.services import dependencies_write, run_open
    from ecosystem.services.elements import element_create

    def make(plan, starts_on):
        course = element_create(kind="course", title="Course", slug=f"course-{starts_on}", creators=["Ada"])
        common = {"environment_id": course.environment_id, "element": course}
        version = CourseVersion.objects.create(**common, number=1, state=VersionState.PUBLISHED, published_at=BEGIN)
        block = Block.objects.create(**common, version=version, title="One", position=0)
        activities = Activity.objects.bulk_create(
            [
                Activity(
                    **common, version=version, block=block, target=element, type=element.kind, title=element.title,
                    position=position, condition=condition,
                )
                for position, (element, condition) in enumerate(plan)
            ]
        )  # fmt: skip
        dependencies_write(activities=activities)
        return run_open(element=course, starts_on=starts_on)

    return make
