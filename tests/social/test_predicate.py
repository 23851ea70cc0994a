"""Conditions that count posts: what each post does at once is what judging everything anew would say; and in words."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from courses.conditions import holds
from courses.learning.facts import Asked, FactsOf
from courses.models import ActivityState, State
from courses.services.states import UNBEGUN
from ecosystem import clock
from ecosystem.predicates import Facts, Names
from social.models import Post
from social.predicates import Posted
from social.services import post_hide, post_show, post_withdraw
from tests.social.conftest import within

pytestmark = pytest.mark.django_db
STEPS = st.lists(
    st.tuples(st.sampled_from(["ask", "reply", "withdraw", "hide", "show"]), st.integers(0, 9)), min_size=2, max_size=8
)


class EnoughError(Exception):
    """Takes the example back."""


@settings(
    max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(STEPS)
def test_post_by_post_is_from_scratch(world, steps):
    it, theirs = world
    lea = it.learners[0]
    with pytest.raises(EnoughError), transaction.atomic():
        for step, number in steps:
            with within(lea):
                mine = list(Post.objects.filter(person_id=lea.person_id).order_by("pk"))
            post = mine[number % len(mine)] if mine else None
            if step == "ask":
                it.asks(lea)
            elif step == "reply":
                it.replies(lea, theirs)
            elif post is not None:
                _change(it, lea, step, post)
            _is_as_from_scratch(lea)
        raise EnoughError


def _change(it, lea, step, post):
    with within(lea if step == "withdraw" else it.guide):
        found = Post.objects.select_related("thread__room").get(pk=post.pk)
        if step == "withdraw":
            post_withdraw(post=found, by=lea)
        elif step == "show":
            post_show(post=found, by=it.guide)
        elif found.stands:
            post_hide(post=found, why="No.", by=it.guide)


def _is_as_from_scratch(lea):
    with within(lea):
        for state in ActivityState.objects.select_related("activity", "enrolment__run").filter(person_id=lea.person_id):
            tree = state.activity.condition
            facts = FactsOf(person_ids=[lea.person_id], asked=Asked.by([tree]), at=clock.now()).of(
                state.enrolment, state
            )
            if state.state in UNBEGUN:
                assert (state.state == State.OPEN) == holds(tree, facts=facts), (tree, facts)


@pytest.fixture
def world(stage):
    it = stage()
    return it, it.asks(it.learners[1])


def test_it_says_what_it_asks_in_words():
    names, asks = Names({1: "Nights"}), Posted()
    value = {"of": 1, "least": 3}
    once = asks.words({"of": 1, "least": 1}, names, negated=False, facts=None)
    assert once == "you have posted in “Nights”"
    known = Facts(clock.now(), known={"posts": {1: 2}})
    assert asks.words(value, names, negated=False, facts=known) == "you have posted 3 times in “Nights” (2 so far)"
    assert asks.words(value, names, negated=True, facts=None) == "you have posted less than 3 times in “Nights”"
    assert [asks.holds(value, facts) for facts in asks.samples(value)] == [False, True]
    assert asks.impossible(value, {1: "page"}, names)
    assert not asks.impossible(value, {1: "discussion"}, names)
    assert asks.problems({"of": 1, "least": 0})
