"""Answers from pages and devices: once each, in any order, and only to one's own cards."""

import itertools
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.services import attempt_start
from ecosystem.scope import open_scope
from memotrainer.models import Card, Review, Trainer
from memotrainer.selectors import retention_of_environment
from memotrainer.services import AnswerGiven, answers_take
from records.models import Statement
from tests.assessments.answering import right_form, wrong_form
from tests.cast import People, environment
from tests.memotrainer.scene import cards_of, item, local, make_quiz, own_clock, take_quiz
from tests.standing import World, stands

pytestmark = pytest.mark.django_db
TYPES = ("single", "true_false", "multiple", "short_text", "numeric", "matching", "single", "numeric")


@stands("env", "learner", folder="tests/memotrainer/test_answers.py")
def eight_cards() -> World:
    env = environment("alpha")
    member = People(env)
    with own_clock() as clock:
        return {"env": env, "learner": quizzed(env, member, clock), "count": member.count}


@pytest.fixture
def learner(env, member, clock, standing):
    """Has eight cards from a quiz on 1 March; it is the 4th now."""
    who = standing.get("learner") or quizzed(env, member, clock)
    clock(2027, 3, 4, 9)
    return who


def quizzed(env, member, clock):
    clock(2027, 3, 1, 10)
    who = member()
    take_quiz(make_quiz(*TYPES[:5], "single", "true_false", "numeric", environment=env), who)
    return who


def versions(who):
    with open_scope(environment_id=who.environment_id):
        cards = {(card.person_id, card.question_id): card.pk for card in Card.objects.all()}
        reviews = Review.objects.select_related("version")
        return {cards[review.person_id, review.question_id]: review.version for review in reviews}


def send(browser, *items):
    return browser.post("/memo/answers/", json.dumps({"items": list(items)}), content_type="application/json")


def refused(answer):
    """Ids, as ``static/js/store.js`` reads them."""
    return [one["id"] for one in answer.json()["refused"]]


def state(card):
    with open_scope(environment_id=card.environment_id):
        card.refresh_from_db()
    return (card.stability, card.difficulty, card.run, card.reviews, card.lapses, card.last_reviewed_at)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(hours=st.lists(st.integers(1, 24 * 40), min_size=2, max_size=6), data=st.data())
def test_offline_answers_in_any_order_equal_a_replay(learner, hours, data):
    card, who = cards_of(learner)[0], learner
    version = versions(who)[card.pk]
    given_items = [
        AnswerGiven(
            uid=uuid4(),
            card_id=card.pk,
            answered_at=local(2027, 1, 10, 9) + timedelta(hours=hour),
            data=right_form(version) if right else wrong_form(version),
        )
        for hour, right in zip(hours, itertools.cycle([True, False, True]), strict=False)
    ]
    order = data.draw(st.permutations(given_items))
    results = []
    for sequence in (given_items, order):
        with open_scope(environment_id=who.environment_id, person_id=who.person_id):
            for one in sequence:
                assert answers_take(person_id=who.person_id, items=[one]).accepted == [one.uid]
            results.append(state(card))
            Review.objects.filter(uid__in=[one.uid for one in given_items]).delete()
    assert results[0] == results[1]
    assert results[0][3] == len(hours) + 1


def test_the_same_answer_twice_is_one_review(learner, browser_of):
    browser, card = browser_of(learner), cards_of(learner)[0]
    version = versions(learner)[card.pk]
    sent = item(card, right_form(version), version=version.pk, at=local(2027, 3, 4, 8))
    first, again = send(browser, sent), send(browser, sent, sent)
    assert first.json() == {"accepted": [sent["id"]], "refused": []}
    assert again.json()["refused"] == []
    with open_scope(environment_id=learner.environment_id):
        assert Review.objects.filter(uid=sent["id"]).count() == 1
        assert Card.objects.get(pk=card.pk).reviews == 2
        assert Statement.objects.filter(verb="reviewed").count() == 1


def test_a_clock_that_runs_ahead_counts_as_now(learner, browser_of):
    browser, card = browser_of(learner), cards_of(learner)[0]
    version = versions(learner)[card.pk]
    send(browser, item(card, right_form(version), version=version.pk, at=local(2031, 1, 1, 8)))
    assert state(card)[5] == local(2027, 3, 4, 9)


def test_a_neighbour_cannot_see_or_answer_my_card(learner, member, other, browser_of):
    card = cards_of(learner)[0]
    version = versions(learner)[card.pk]
    for stranger in (member(), member(environment=other)):
        browser = browser_of(stranger)
        assert browser.get(f"/memo/card/{card.pk}/").status_code == 404
        assert browser.post(f"/memo/card/{card.pk}/", right_form(version)).status_code == 404
        sent = item(card, right_form(version), version=version.pk, at=local(2027, 3, 4, 8))
        assert refused(send(browser, sent)) == [sent["id"]]
    assert state(card)[3] == 1


def test_my_answer_cannot_be_read_through_its_id(learner, member, browser_of):
    card = cards_of(learner)[0]
    version = versions(learner)[card.pk]
    sent = item(card, right_form(version), version=version.pk, at=local(2027, 3, 4, 8))
    send(browser_of(learner), sent)
    thief = member()
    assert refused(send(browser_of(thief), sent)) == [sent["id"]]
    assert browser_of(thief).get(f"/memo/card/{card.pk}/?answered={sent['id']}").status_code == 404


def test_a_signed_out_device_keeps_its_answers(learner, env, browser_of):
    answer = send(browser_of(env), {"id": str(uuid4())})
    assert (answer.status_code, "accepted" in answer.json()) == (401, False)


@pytest.mark.parametrize(
    "broken", ["[]", "{}", '{"items": 4}', '{"items": [4, null, {"id": 5}, {"id": "x", "card": "a"}]}', '"x"']
)
def test_nonsense_is_refused_without_an_error(learner, browser_of, broken):
    answer = browser_of(learner).post("/memo/answers/", broken, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["accepted"] == []
    assert refused(answer) == ["x"] * ('"x", "card"' in broken)
    assert browser_of(learner).post("/memo/answers/", "{", content_type="application/json").status_code == 400


def test_the_page_holds_no_answers_and_the_device_does(learner, browser_of):
    page = browser_of(learner).get("/memo/")
    assert "Only-the-author-knows-this-word" not in page.content.decode()
    data = browser_of(learner).get("/memo/session/").json()
    assert len(data["cards"]) == 8
    assert "Only-the-author-knows-this-word" in json.dumps(data)


def test_questions_of_an_open_test_stay_away(learner, env, browser_of):
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        quiz = make_quiz("single", environment=env, slug="other")
    take_quiz(quiz, learner, right=False)
    card = next(card for card in cards_of(learner) if card.source_id == quiz.element_id)
    with open_scope(environment_id=env.pk):
        Card.objects.filter(pk=card.pk).update(due_at=local(2027, 3, 4, 8, 59), last_reviewed_at=local(2027, 3, 2))
    browser = browser_of(learner)
    ids = lambda: {one["id"] for one in browser.get("/memo/session/").json()["cards"]}  # noqa: E731
    assert card.pk in ids()
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        attempt_start(assessment=quiz, person_id=learner.person_id)
    assert card.pk not in ids()
    assert browser.get(f"/memo/card/{card.pk}/").status_code == 302


def test_every_card_by_plain_forms(learner, browser_of):
    browser = browser_of(learner)
    asked = versions(learner)
    for _ in range(8):
        page = browser.get("/memo/")
        card = page.context["shown"].card
        version = asked[card.pk]
        answer = browser.post(
            f"/memo/card/{card.pk}/",
            {"uid": str(uuid4()), "version": version.pk, **right_form(version)},
            follow=True,
        )
        assert answer.context["told"].correct, version.type
        assert "Because that is what the text says." in answer.content.decode()
        assert "Safe start" in answer.content.decode()
    assert browser.get("/memo/").templates[0].name == "memotrainer/rest.html"


def test_an_empty_form_is_no_answer(learner, browser_of):
    card = cards_of(learner)[0]
    browser = browser_of(learner)
    assert browser.post(f"/memo/card/{card.pk}/", {"uid": str(uuid4())}).status_code == 302
    assert state(card)[3] == 1


def test_an_answer_wakes_the_reminders(learner, browser_of, env):
    with open_scope(environment_id=env.pk):
        Trainer.objects.filter(person_id=learner.person_id).update(ignored=4, next_reminder_at=None)
    card = cards_of(learner)[0]
    version = versions(learner)[card.pk]
    send(browser_of(learner), item(card, right_form(version), version=version.pk, at=local(2027, 3, 4, 8)))
    with open_scope(environment_id=env.pk):
        trainer = Trainer.objects.get(person_id=learner.person_id)
    assert (trainer.ignored, trainer.next_reminder_at) == (0, local(2027, 3, 5, 8))


@pytest.mark.parametrize("count", [1, 8])
def test_query_count_of_the_session(env, member, clock, browser_of, django_assert_num_queries, count):
    clock(2027, 3, 1, 10)
    who = member()
    take_quiz(make_quiz(*["single"] * count, environment=env), who)
    clock(2027, 3, 5, 9)
    browser = browser_of(who)
    browser.get("/memo/")
    with django_assert_num_queries(13):
        page = browser.get("/memo/")
    assert page.context["count"] == count


def test_progress_and_settings(learner, browser_of, env):
    browser = browser_of(learner)
    page = browser.get("/memo/progress/")
    assert (page.context["recall"].met, page.context["recall"].of) == (8, 8)
    assert 80 < page.context["recall"].recall_percent < 90
    wishes = {"reminders": "on", "reminder_hour": "7", "weekdays": ["6", "7"], "session_size": "5"}
    assert browser.post("/memo/settings/", wishes).status_code == 302
    with open_scope(environment_id=env.pk):
        trainer = Trainer.objects.get(person_id=learner.person_id)
    assert (trainer.weekdays, trainer.next_reminder_at) == ([6, 7], local(2027, 3, 6, 7))
    assert len(browser.get("/memo/session/").json()["cards"]) == 5
    assert browser.post("/memo/settings/", {**wishes, "weekdays": []}).status_code == 200
    browser.post("/memo/settings/", {**wishes, "reminders": ""})
    with open_scope(environment_id=env.pk):
        assert Trainer.objects.get(person_id=learner.person_id).next_reminder_at is None


def test_retention_from_cards_and_from_the_log_agree(env, member, clock):
    clock(2027, 3, 1, 10)
    quiz = make_quiz("single", "numeric", environment=env)
    for right in (True, True, False, True, True):
        take_quiz(quiz, member(), right=right)
    now = clock(2027, 3, 9, 10)
    with open_scope(environment_id=env.pk):
        today = retention_of_environment(now)
        clock(2027, 6, 1, 10)
        then = retention_of_environment(now)
        from memotrainer.fsrs import retrievability

        by_hand = [float(retrievability(stability=card.stability, elapsed_days=8.0)) for card in Card.objects.all()]
    assert today == then
    assert today.value == pytest.approx(100 * sum(by_hand) / len(by_hand), abs=0.05)
    assert today.details == {"cards": 10, "known": 0, "people": 5}


def test_no_figure_about_few_people(env, member, clock):
    now = clock(2027, 3, 1, 10)
    take_quiz(make_quiz(environment=env), member())
    with open_scope(environment_id=env.pk):
        assert retention_of_environment(now).value is None
