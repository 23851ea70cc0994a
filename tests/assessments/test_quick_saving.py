"""The plain way of saving keeps every promise of the ordinary one: what is not plain goes that way, and is answered by it."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Answer, AnswerAside, Assessment, Attempt
from assessments.services import attempt_finish, attempt_start
from ecosystem.models import Membership, Person, SignIn
from ecosystem.scope import open_scope
from tests.assessments.answering import make_assessment, right_form

pytestmark = pytest.mark.usefixtures("own_database")
SAVED = [("right", 1), ("wrong", 2)]


class Player:
    """A page of an attempt, as quiz-player.js sends from it."""

    def __init__(self, browser, uid) -> None:
        self.browser, self.at = browser, f"/attempts/{uid}/"
        page = browser.get(f"{self.at}1/").text
        self.ticket = page.split('data-ticket="')[1].split('"')[0]
        self.values = [part.split('"')[0] for part in page.split('name="answer" value="')[1:]]

    def save(self, seq, *, base=None, client="page", value=0, ticket=None, browser=None):
        item = {
            "id": f"i{seq}", "position": 1, "fields": {"answer": [self.values[value]]}, "flagged": False,
            "client": client, "seq": seq, "base": seq - 1 if base is None else base, "seconds": 2,
        }  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            sent = (browser or self.browser).post(
                f"{self.at}answers/",
                json.dumps({"items": [item]}),
                content_type="application/json",
                headers={"x-attempt-ticket": self.ticket if ticket is None else ticket},
            )
        self.queries = len(asked)
        return sent


@pytest.fixture
def learner(env, member):
    return member()


@pytest.fixture
def player(env, learner, browser_of):
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=make_assessment("single", "single"), person_id=learner.person_id)
    player = Player(browser_of(learner), attempt.uid)
    assert player.save(1).status_code == 200  # the ordinary way: this process learns what is asked
    return player


def revision(env) -> int:
    with open_scope(environment_id=env.pk):
        return Answer.objects.get(position=1).revision


@pytest.mark.parametrize("prepare", [True, False])
def test_one_statement_and_each_saving_once(env, player, settings, prepare):
    settings.PREPARE_ON_SERVER = prepare
    assert player.save(2, value=1).json()["accepted"] == ["i2"]
    assert player.queries == 1
    player.save(1)  # came again, late
    player.save(2)
    assert player.save(3).json()["accepted"] == ["i3"]
    assert player.queries == 1
    with open_scope(environment_id=env.pk):
        answer = Answer.objects.select_related("version").get(position=1)
        assert (answer.revision, answer.seconds, answer.client, answer.seen) == (3, 6, "page", [["page", 3]])
        chosen = player.values[0] in right_form(answer.version)["answer"]
        assert (answer.response == {"choice": 0}) == chosen


def test_another_window_is_told_apart(env, player):
    assert player.save(1, client="other", base=1, value=1).status_code == 200
    assert player.queries == 1, "it had seen the newest"
    player.save(2, base=1)  # the first window had not
    assert player.queries > 1
    with open_scope(environment_id=env.pk):
        assert AnswerAside.objects.count() == 1
        assert Answer.objects.get(position=1).seen == [["other", 1], ["page", 2]]


@pytest.mark.parametrize("change", ["finished", "late", "settled", "forward"])
def test_what_is_refused_stays_refused(env, learner, player, change):
    with open_scope(environment_id=env.pk):
        attempt = Attempt.objects.get()
        if change == "finished":
            attempt_finish(attempt_uid=attempt.uid, person_id=attempt.person_id)
        elif change == "late":
            Attempt.objects.update(deadline_at=timezone.now() - timedelta(hours=1))
        elif change == "settled":
            Answer.objects.update(settled_at=timezone.now())
        else:
            Assessment.objects.update(forward_only=True)
            Attempt.objects.update(reached=2)
    assert player.save(2, value=1).status_code == 409
    assert revision(env) == 1


@pytest.mark.parametrize("change", ["sign-in", "session", "membership", "person", "password"])
def test_who_is_out_is_out_at_once(env, learner, player, change):
    if change == "session":
        player.browser.session.flush()
    else:
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            if change == "sign-in":
                SignIn.objects.update(ended_at=timezone.now())
            elif change == "membership":
                Membership.objects.filter(pk=learner.pk).update(ended_at=timezone.now())
            elif change == "person":
                Person.objects.filter(pk=learner.person_id).update(is_active=False)
            else:
                person = Person.objects.get(pk=learner.person_id)
                person.set_password("another one")
                person.save()
    sent = player.save(2, value=1)
    assert sent.status_code in (302, 403)
    assert revision(env) == 1


def test_a_ticket_opens_nothing_elsewhere(env, other, member, player, browser_of):
    stranger, neighbour = browser_of(member()), browser_of(member(environment=other))
    for browser in (stranger, neighbour):
        assert player.save(2, value=1, browser=browser).status_code == 404
    for forged in ("x", player.ticket[:-1] + ("A" if player.ticket[-1] != "A" else "B"), "::"):
        sent = player.save(2, value=1, ticket=forged, browser=stranger)
        assert sent.status_code == 404
    assert revision(env) == 1
