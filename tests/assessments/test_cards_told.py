"""Who sets what learners see of a quiz is told what that means for daily cards; what is said is what happens."""

import pytest

from assessments.showing import EVERYTHING, RIGHT
from ecosystem.scope import open_scope
from memotrainer.daily import today_of
from tests.memotrainer.scene import clock, local, make_quiz, take_quiz  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db
LESS = sorted(EVERYTHING - {RIGHT})


@pytest.mark.parametrize(
    ("review", "closes", "said", "open_", "closed"),
    [
        ({}, False, "", True, True),
        ({"while_open": LESS, "after_close": LESS}, True, "Learners never see the right answers", False, False),
        ({"while_open": LESS}, False, "The quiz never closes", False, False),
        ({"while_open": LESS}, True, "once the quiz has closed", False, True),
        ({"after_close": LESS}, True, "until the quiz closes", True, False),
    ],
)
def test_the_author_is_told_when_there_are_no_cards(
    review,
    closes,
    said,
    open_,
    closed,
    env,
    member,
    browser_of,
    clock,  # noqa: F811
):
    clock(2027, 3, 1, 10)
    author, learner = member("author"), member()
    quiz = make_quiz("single", environment=env)
    with open_scope(environment_id=env.pk):
        quiz.review, quiz.closes_at = review, local(2027, 3, 20) if closes else None
        quiz.save()
    page = browser_of(author).get("/quizzes/quiz/")
    assert page.status_code == 200
    told = page.context["cards"]
    assert (said in told) if said else told == ""
    assert "its questions never become cards" in page.text
    take_quiz(quiz, learner)

    def due() -> bool:
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            return bool(today_of(person_id=learner.person_id).ids)

    clock(2027, 3, 15, 10)
    assert due() is open_
    clock(2027, 4, 20, 10)
    assert due() is (closed if closes else open_)
