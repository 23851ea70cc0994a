"""The check before publishing: what can never open is found and explained, and what can open is never accused."""

import tracemalloc
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.conditions import Step, check, holds, problems
from courses.conditions.check import LONG_AGO
from ecosystem.predicates import Facts, Known

KINDS = {"p": "page", "q": "assessment"}


def plan(**conditions):
    """``plan(p1=None, q2={...})``: pages and quizzes whose ids are their numbers."""
    return [
        Step(name, name.upper(), int(name[1:]), KINDS[name[0]], condition) for name, condition in conditions.items()
    ]


def found(steps, **more):
    return [(finding.sort, finding.keys, finding.words) for finding in check(steps, **more)]


def both(*parts):
    return {"all": list(parts)}


def test_a_plan_in_which_everything_opens_has_no_findings():
    steps = plan(
        p1=None,
        q2={"completed": 1},
        p3={"any": [{"passed": 2}, {"all": [{"failed": 2}, {"attempts": {"of": 2, "least": 3}}]}]},
        p4=both({"score": {"of": 2, "least": 40, "most": 70}}, {"not": {"passed": 2}}),
        p5=both({"from": "2026-03-01"}, {"until": "2026-03-01"}),
        p6={"completed": 7},  # the other order than the plan
        p7=None,
        p8=both({"completed": 99}, {"group": "Night shift"}, {"not": {"role": "author"}}, {"released": True}),
        p9=both({"after": {"of": 1, "wait": {"days": 3}}}, {"not": {"after": {"of": 1, "wait": {"days": 7}}}}),
    )
    assert found(steps) == []


@pytest.mark.parametrize(
    ("condition", "sort", "words"),
    [
        (
            both({"from": "2026-05-05"}, {"until": "2026-05-01"}),
            "contradiction",
            "“P1” can never open: nobody can meet all of this at once: it is 5 May 2026 or later and it is not later than 1 May 2026.",
        ),
        (
            both({"score": {"of": 2, "least": 80}}, {"score": {"of": 2, "most": 79}}),
            "contradiction",
            "“P1” can never open: nobody can meet all of this at once: your best result of “Q2” is at least 80% and your best result of “Q2” is at most 79%.",
        ),
        (
            both({"passed": 2}, {"not": {"completed": 2}}),
            "contradiction",
            "“P1” can never open: nobody can meet all of this at once: you have passed “Q2” and you have not finished “Q2”.",
        ),
        (
            both({"group": "A"}, {"not": {"group": "a"}}),
            "contradiction",
            "“P1” can never open: nobody can meet all of this at once: you are in the group “A” and you are not in the group “a”.",
        ),
        ({"passed": 3}, "impossible", "“P1” can never open: “P3” is nothing that one can pass."),
        ({"completed": 1}, "circle", "“P1” waits for itself, so it can never open."),
    ],
)  # fmt: skip
def test_what_is_dead_by_itself_is_explained(condition, sort, words):
    assert found(plan(p1=condition, q2=None, p3=None)) == [(sort, ("p1",), words)]


def test_the_same_bound_twice_is_no_contradiction():
    assert found(plan(p1=both({"score": {"of": 2, "least": 70}}, {"score": {"of": 2, "most": 70}}), q2=None)) == []
    assert (
        found(plan(p1=both({"attempts": {"of": 2, "least": 5}}, {"failed": 2}, {"not": {"passed": 2}}), q2=None)) == []
    )


def test_a_circle_is_named_once_and_what_hangs_on_it_too():
    steps = plan(p1={"completed": 3}, p2={"completed": 1}, p3={"completed": 2}, p4={"completed": 3}, p5=None)
    assert found(steps) == [
        (
            "circle",
            ("p1", "p2", "p3"),
            "These wait for each other, so none of them can open first:"
            " “P1” waits for “P3”, and “P3” waits for “P2”, and “P2” waits for “P1”.",
        ),
        ("waits", ("p4",), "“P4” can never open: it waits for “P3”, which can never open either."),
    ]


def test_a_way_out_breaks_a_circle():
    assert found(plan(p1={"any": [{"completed": 2}, {"group": "A"}]}, p2={"completed": 1})) == []


def test_days_are_compared_along_the_way():
    steps = plan(p1={"from": "2026-05-01"}, p2={"completed": 1}, p3=both({"completed": 2}, {"until": "2026-04-30"}))
    assert found(steps) == [
        ("waits", ("p3",), "“P3” can never open: “P2” opens on 1 May 2026 at the earliest, and that is too late.")
    ]
    steps = plan(p1={"from": "2026-05-01"}, p2={"completed": 1}, p3=both({"completed": 2}, {"until": "2026-05-01"}))
    assert found(steps) == []


def test_days_that_have_passed_are_told_apart_from_contradictions():
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert found(plan(p1={"until": "2026-05-01"}), now=now) == [
        ("over", ("p1",), "“P1” can no longer open: the time in which it could is over.")
    ]
    assert found(plan(p1={"until": "2026-06-01"}), now=now) == []


def test_a_long_chain_against_the_order_and_wide_trees_are_quick():
    chain = [Step(n, str(n), n, "page", {"completed": n + 1} if n < 499 else None) for n in range(500)]
    assert check(chain) == []
    wide = {"all": [{"any": [{"completed": n}, {"not": {"completed": n}}, {"group": str(n)}]} for n in range(60)]}
    assert check(plan(p1=wide)) == []


def test_bounds_that_multiply_let_it_pass_and_are_not_saved_in_such_numbers():
    many = both(
        *({"attempts": {"of": 2, "least": n}} for n in range(1, 67)),
        *({"score": {"of": 2, "least": n}} for n in range(1, 68)),
        *({"after": {"of": 2, "wait": {"hours": n}}} for n in range(1, 68)),
    )
    with no_memory_to_waste():
        assert check(plan(q2=None, p1={"all": [many, {"completed": 1}]})) == []
    assert problems(many) == ["A condition asks at most 20 things about one activity."]
    assert problems(both(*many["all"][:20])) == []


@contextmanager
def no_memory_to_waste(most=50_000_000):
    """Fails when what is done inside takes more bytes than that at once."""
    tracemalloc.start()
    yield
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken < most


LEAF = st.one_of(
    st.builds(lambda key, pk: {key: pk}, st.sampled_from(["completed", "passed", "failed"]), st.integers(1, 3)),
    st.builds(lambda pk, a, b: {"score": {"of": pk, "least": min(a, b), "most": max(a, b)}}, st.integers(1, 3), *[st.sampled_from([0, 50, 60, 100])] * 2),
    st.sampled_from([{"group": "A"}, {"from": "2026-05-02"}, {"until": "2026-05-01"}, {"released": True}]),
)  # fmt: skip
TREES = st.recursive(
    LEAF,
    lambda inner: (
        st.builds(
            lambda key, parts: {key: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
        )
        | inner.map(lambda tree: {"not": tree})
    ),
    max_leaves=4,
)
# What can come of a quiz that is open, with any result or none, and what the world can do meanwhile.
OUTCOMES = [(verb, best) for verb in ("passed", "failed", "completed") for best in (None, 0.0, 0.5, 0.55, 0.6, 1.0)]
DAYS = [datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC)]


def lived(conditions) -> set[int]:
    """Every activity that some learner opens, found by living through all lives: the plainest check there is.

    A life is, of each activity, its verbs and the best result, and the day, the group and the release.
    """
    nothing = tuple((pk, frozenset(), None) for pk in conditions)
    seen, opened, work = set(), set(), [(nothing, 0, False, False)]
    while work:
        life = work.pop()
        if life in seen:
            continue
        seen.add(life)
        done, day, group, released = life
        known = {(verb, pk): Known(1, DAYS[0], DAYS[0], best) for pk, verbs, best in done for verb in verbs}
        facts = Facts(DAYS[day], released=released, known={"records": known, "groups": {"a"} if group else set()})
        for pk, tree in conditions.items():
            if holds(tree, facts=facts):
                opened.add(pk)
                work += [(after(done, pk, verb, best), day, group, released) for verb, best in OUTCOMES]
        if opened == set(conditions):
            break
        work += [(done, 1, group, released), (done, day, not group, released), (done, day, group, not released)]
    return opened


def after(done, pk, verb, best):
    """The same life with one more outcome; the best result stays the best."""
    return tuple(
        (one, verbs | {verb}, max((x for x in (before, best) if x is not None), default=None))
        if one == pk else (one, verbs, before)
        for one, verbs, before in done
    )  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, TREES)
def test_the_check_says_what_all_possible_lives_say(one, other):
    """Activity 3 waits for itself, so nobody ever did anything with it."""
    conditions = {1: one, 2: other}
    steps = [Step(pk, str(pk), pk, "assessment", tree) for pk, tree in conditions.items()]
    steps.append(Step(3, "3", 3, "assessment", {"completed": 3}))
    dead = {key for finding in check(steps, now=LONG_AGO) for key in finding.keys}
    assert dead == {1, 2, 3} - lived(conditions)
