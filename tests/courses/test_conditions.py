"""Conditions: judged from facts, explained, and the same step by step as from scratch."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import conditions
from courses.conditions import Group, holds, missing
from courses.conditions.wording import lock_sentence
from ecosystem.predicates import Facts, Known, Names

# On a busy machine making an example may take long; that says nothing about conditions.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
VERBS = ["completed", "failed", "passed"]
LEAF = st.builds(lambda verb, pk: {verb: pk}, st.sampled_from(VERBS), st.integers(1, 5))
TREE = st.recursive(
    LEAF,
    lambda inner: (
        st.builds(
            lambda key, parts: {key: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
        )
        | inner.map(lambda tree: {"not": tree})
    ),
    max_leaves=8,
)
RECORDED = st.frozensets(st.tuples(st.sampled_from(VERBS), st.integers(1, 5)))


def known(recorded, at=NOW) -> Facts:
    return Facts(at, known={"records": {pair: Known(1, NOW, NOW) for pair in recorded}})


def truth(tree, facts) -> bool:
    """The same question asked in the plainest way."""
    ((key, value),) = tree.items()
    if key == "all":
        return all(truth(part, facts) for part in value)
    if key == "any":
        return any(truth(part, facts) for part in value)
    if key == "not":
        return not truth(value, facts)
    return (key, value) in facts or (key == "completed" and ("passed", value) in facts)


@patiently
@given(TREE, RECORDED)
def test_the_verdict_is_the_truth(tree, facts):
    assert holds(tree, facts=known(facts)) == truth(tree, facts)
    assert (missing(tree, facts=known(facts)) is None) == truth(tree, facts), "a lock without a reason, or the reverse"


@patiently
@given(TREE)
def test_every_tree_that_is_built_can_be_judged(tree):
    assert conditions.problems(tree) == []


@patiently
@given(TREE, RECORDED, st.integers(6, 9))
def test_only_subjects_change_the_verdict(tree, facts, stranger):
    more = facts | {("passed", stranger), ("completed", stranger), ("failed", stranger)}
    assert holds(tree, facts=known(facts)) == holds(tree, facts=known(more))
    assert ("records", stranger) not in conditions.topics_of(tree)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"all": []},
        {"passed": "quiz"},
        {"passed": True},
        {"seen": 1},
        {"all": [{"any": []}]},
        [],
        {"not": {}},
        {"passed": 1, "failed": 2},
        {"score": {"of": 1}},
        {"score": {"of": 1, "least": 80, "most": 60}},
        {"score": {"of": 1, "least": float("nan")}},
        {"score": {"of": 1, "least": 101}},
        {"attempts": {"of": 1, "least": 0}},
        {"from": "tomorrow"},
        {"from": "0001-01-01"},
        {"until": "9999-12-31"},
        {"group": "a\x00"},
        {"from": "2026-03-01T09:00+01:00"},
        {"until": 20260301},
        {"after_start": {"days": -1}},
        {"after_start": {"days": 1, "hours": 1}},
        {"after": {"of": 1, "wait": {"years": 1}}},
        {"group": " "},
        {"role": "king"},
        {"released": False},
        {"recorded": {"verb": "launched", "of": 1, "who": "me"}},
    ],
)
def test_what_cannot_be_judged_is_said(wrong):
    assert conditions.problems(wrong)


def test_nothing_asked_is_open():
    assert holds(None, facts=known(()))
    assert missing(None, facts=known(())) is None


def literal(leaf, facts) -> bool:
    return truth({leaf.key: leaf.value}, facts) != leaf.negated


def enough(lacking, facts) -> bool:
    """Has what was missing come true?"""
    if not isinstance(lacking, Group):
        return literal(lacking, facts)
    return (all if lacking.every else any)(enough(part, facts) for part in lacking.parts)


def literals(tree, negated=False):
    ((key, value),) = tree.items()
    if key == "not":
        yield from literals(value, not negated)
    elif key in {"all", "any"}:
        for part in value:
            yield from literals(part, negated)
    else:
        yield {"not": {key: value}} if negated else {key: value}


@patiently
@given(TREE, RECORDED, RECORDED)
def test_what_is_missing_is_only_what_does_not_hold_and_all_of_it(tree, facts, later):
    lacking = missing(tree, facts=known(facts))
    if lacking is None:
        return
    assert not any(literal(leaf, facts) for leaf in lacking.leaves)
    assert not enough(lacking, facts)
    kept = all(truth(one, later) for one in literals(tree) if truth(one, facts))
    if kept and enough(lacking, later):
        assert truth(tree, later)


@patiently
@given(TREE, RECORDED)
def test_groups_alternate_so_that_brackets_say_what_is_meant(tree, facts):
    def check(lacking):
        if isinstance(lacking, Group):
            assert len(lacking.parts) > 1
            assert not any(isinstance(part, Group) and part.every == lacking.every for part in lacking.parts)
            for part in lacking.parts:
                check(part)

    check(missing(tree, facts=known(facts)))


A, B, C = "you have finished “A”", "you have passed “B”", "you have finished “C”"
DONE_A, PASSED_B, DONE_C = {"completed": 1}, {"passed": 2}, {"completed": 3}


@pytest.mark.parametrize(
    ("tree", "facts", "reasons"),
    [
        (DONE_A, set(), A),
        ({"all": [DONE_A, PASSED_B]}, set(), f"{A} and {B}"),
        ({"all": [DONE_A, PASSED_B]}, {("completed", 1)}, B),
        ({"any": [DONE_A, PASSED_B, DONE_C]}, set(), f"{A} or {B} or {C}"),
        ({"all": [DONE_A, {"any": [PASSED_B, DONE_C]}]}, set(), f"{A} and ({B} or {C})"),
        ({"all": [DONE_A, {"any": [PASSED_B, DONE_C]}]}, {("completed", 1)}, f"{B} or {C}"),
        ({"all": [DONE_A, {"any": [PASSED_B, DONE_C]}]}, {("passed", 2)}, A),
        ({"any": [DONE_A, {"all": [PASSED_B, DONE_C]}]}, set(), f"{A} or ({B} and {C})"),
        ({"any": [DONE_A, {"all": [PASSED_B, DONE_C]}]}, {("completed", 3)}, f"{A} or {B}"),
        ({"all": [DONE_A, {"all": [PASSED_B, DONE_A]}]}, set(), f"{A} and {B}"),
        ({"not": {"any": [DONE_A, PASSED_B]}}, {("completed", 1)}, "you have not finished “A”"),
        (
            {"not": {"all": [DONE_A, PASSED_B]}},
            {("completed", 1), ("passed", 2)},
            "you have not finished “A” or you have not passed “B”",
        ),
        ({"not": {"not": DONE_A}}, set(), A),
        ({"failed": 2}, set(), "you have tried “B” without passing"),
        ({"not": {"failed": 2}}, {("failed", 2)}, "you have not failed “B”"),
        ({"completed": 9}, set(), "you have finished “another activity”"),
    ],
)
def test_the_lock_in_words(tree, facts, reasons):
    lacking = missing(tree, facts=known(facts))
    assert lock_sentence(lacking, names=Names({1: "A", 2: "B", 3: "C"})) == f"Opens when {reasons}."
