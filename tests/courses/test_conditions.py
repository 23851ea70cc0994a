"""Conditions: judged from facts, explained, and the same step by step as from scratch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import conditions
from courses.conditions import Group, holds, missing
from courses.wording import lock_sentence

LEAF = st.builds(lambda verb, pk: {verb: pk}, st.sampled_from(sorted(conditions.RECORDS)), st.integers(1, 5))
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
FACTS = st.frozensets(st.tuples(st.sampled_from(sorted(conditions.RECORDS)), st.integers(1, 5)))


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


@given(TREE, FACTS)
def test_the_verdict_is_the_truth(tree, facts):
    assert holds(tree, facts=facts) == truth(tree, facts)
    assert (missing(tree, facts=facts) is None) == truth(tree, facts), "a lock without a reason, or the reverse"


@given(TREE)
def test_every_tree_that_is_built_can_be_judged(tree):
    assert conditions.problems(tree) == []


@given(TREE, FACTS, st.integers(6, 9))
def test_only_subjects_change_the_verdict(tree, facts, stranger):
    more = facts | {("passed", stranger), ("completed", stranger), ("failed", stranger)}
    assert holds(tree, facts=facts) == holds(tree, facts=more)
    assert stranger not in conditions.subjects(tree)


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
    ],
)
def test_what_cannot_be_judged_is_said(wrong):
    assert conditions.problems(wrong)


def test_nothing_asked_is_open():
    assert holds(None, facts=frozenset())
    assert missing(None, facts=frozenset()) is None


def literal(leaf, facts) -> bool:
    return truth({leaf.verb: leaf.element_id}, facts) != leaf.negated


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


@given(TREE, FACTS, FACTS)
def test_what_is_missing_is_only_what_does_not_hold_and_all_of_it(tree, facts, later):
    lacking = missing(tree, facts=facts)
    if lacking is None:
        return
    assert not any(literal(leaf, facts) for leaf in lacking.leaves)
    assert not enough(lacking, facts)
    kept = all(truth(one, later) for one in literals(tree) if truth(one, facts))
    if kept and enough(lacking, later):
        assert truth(tree, later)


@given(TREE, FACTS)
def test_groups_alternate_so_that_brackets_say_what_is_meant(tree, facts):
    def check(lacking):
        if isinstance(lacking, Group):
            assert len(lacking.parts) > 1
            assert not any(isinstance(part, Group) and part.every == lacking.every for part in lacking.parts)
            for part in lacking.parts:
                check(part)

    check(missing(tree, facts=facts))


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
    lacking = missing(tree, facts=frozenset(facts))
    assert lock_sentence(lacking, titles={1: "A", 2: "B", 3: "C"}) == f"Opens when {reasons}."
