"""Conditions: judged from facts, explained, and the same step by step as from scratch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import conditions
from courses.conditions import evaluate

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
    verdict = evaluate(tree, facts=facts)
    assert verdict.met == truth(tree, facts)
    if not verdict.met:
        assert verdict.missing, "a lock without a reason"


@given(TREE)
def test_every_tree_that_is_built_can_be_judged(tree):
    assert conditions.problems(tree) == []


@given(TREE, FACTS, st.integers(6, 9))
def test_only_subjects_change_the_verdict(tree, facts, stranger):
    more = facts | {("passed", stranger), ("completed", stranger), ("failed", stranger)}
    assert evaluate(tree, facts=facts).met == evaluate(tree, facts=more).met
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
    assert evaluate(None, facts=frozenset()).met
