"""What is good once is good once, also for two at the same moment; each beside a naive way that lets both through."""

import threading
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connections

from lti.models import Launch, Score, SpentAssertion
from tests.lti.conftest import within
from tests.lti.small_tool import form_of
from tests.lti.test_scores import AGS, score

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_database")]
AT_ONCE = 4


def at_once(act: Callable[[], int]) -> list[int]:
    """The answers of so many who do the same at the same moment, in connections of their own."""
    answers, start = [], threading.Barrier(AT_ONCE)

    def run() -> None:
        try:
            start.wait(30)
            answers.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_hint_assertion_and_score_count_once(browser_of, learner, link, enrolment, theirs):
    browser = browser_of(learner)
    _address, fields = form_of(browser.post(f"/tools/{link.element.slug}/launch/"))
    question = f"/lti/auth?{urlencode(theirs.question(fields))}"
    assert at_once(lambda: browser.get(question).status_code) == [200, 400, 400, 400]
    assertion = theirs.assertion()
    assert at_once(lambda: theirs.ask_token(assertion).status_code) == [200, 401, 401, 401]
    claims = theirs.launch(browser, link.element.slug)
    token, said = theirs.ask_token().json()["access_token"], score(claims, 45)
    assert at_once(lambda: theirs.say(claims[AGS]["lineitem"], said, token).status_code) == [204] * AT_ONCE
    with within(learner):
        assert (Launch.objects.exclude(came_at=None).count(), Score.objects.count()) == (2, 1)


def test_who_looks_first_and_writes_then_lets_two_through(learner, tool):
    """The control: without the key of the database both find that nobody was there."""
    meet = threading.Barrier(AT_ONCE)

    def naive() -> int:
        with within(learner):
            is_new = not SpentAssertion.objects.filter(digest="the same").exists()
            meet.wait(30)
        return int(is_new)

    assert at_once(naive) == [1] * AT_ONCE
