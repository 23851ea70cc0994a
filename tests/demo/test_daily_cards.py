"""The demo's weeks of daily cards. Worth it: nothing else runs this loader but a whole load of the demo."""

import pytest

from demo.loading.remembering import CARDS_A_DAY, MOST_DAYS, cards_live
from ecosystem.scope import open_scope
from memotrainer.models import Card, QuestionReport, Review
from tests.memotrainer.scene import clock, make_quiz, take_quiz  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db


def test_weeks_of_cards_are_played_for_several_people(env, member, clock):  # noqa: F811 -- the fixture
    clock(2027, 3, 1, 10)
    quiz = make_quiz("single", "true_false", "multiple", "short_text", "numeric", environment=env)
    people = [member() for _n in range(2)]
    for who in people:
        take_quiz(quiz, who)
    clock(2027, 4, 20, 10)
    count = cards_live(env)
    assert 10 <= count <= 2 * MOST_DAYS * CARDS_A_DAY
    with open_scope(environment_id=env.pk):
        reviews = Review.objects.exclude(kind="first")
        assert reviews.count() == count
        assert len({moment.date() for moment in reviews.values_list("answered_at", flat=True)}) >= 5
        assert reviews.filter(fraction__lt=1).exists()
        assert reviews.exclude(foretold=None).exists()
        assert not Card.objects.filter(reviews=1).exists()
        assert QuestionReport.objects.count() == 2
