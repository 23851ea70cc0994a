"""One daily set over the environments of a person: the same wherever it is opened, each answer kept where its card is, and
nothing of anybody or anywhere that this sign-in may not open.

Worth it: the only tests in which one request reads and writes rows of two environments.
"""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from assessments.models import Picture, Question, QuestionVersion
from assessments.services import question_save
from ecosystem.models import Element, Environment, Membership, Person
from ecosystem.scope import current_scope, open_scope
from ecosystem.services.elements import element_offer
from memotrainer.badge import due_count
from memotrainer.daily import today_of
from memotrainer.exceptions import CardError
from memotrainer.models import Card, QuestionReport, Review, Trainer, Withdrawal
from memotrainer.selectors import session_of
from memotrainer.services import goal_make, trainer_remind, wish_everywhere
from notifications.models import Mail, Notice
from records.models import Statement
from tests.assessments.answering import BODIES, right_form
from tests.assessments.test_imports import with_picture
from tests.cast import People, environment
from tests.memotrainer.scene import cards_of, item, local, make_quiz, own_clock, take_quiz
from tests.memotrainer.test_answers import refused, send
from tests.memotrainer.test_learning import answer
from tests.standing import World, stands

pytestmark = pytest.mark.django_db


@stands("env", "other", "two", folder="tests/memotrainer/test_everywhere.py")
def cards_here_and_there() -> World:
    env, other = environment("alpha"), environment("beta")
    member = People(env)
    with own_clock() as clock:
        return {"env": env, "other": other, "two": quizzed(env, other, member, clock), "count": member.count}


@pytest.fixture
def two(env, other, member, clock, standing):
    """One person with three cards here and two there, from Monday 1 March; it is Thursday the 4th."""
    both = standing.get("two") or quizzed(env, other, member, clock)
    clock(2027, 3, 4, 9)
    return both


def quizzed(env, other, member, clock):
    clock(2027, 3, 1, 10)
    here = member()
    there = member(environment=other, email=here.person.email)
    take_quiz(make_quiz("single", "numeric", "single", environment=env), here)
    take_quiz(make_quiz("single", "true_false", environment=other), there)
    return here, there


def fresh(who):
    with open_scope(environment_id=who.environment_id):
        return Membership.objects.select_related("person", "environment").get(pk=who.pk)


def ids(*people):
    return {card.pk for who in people for card in cards_of(who)}


def asked(browser):
    return browser.get("/memo/session/").json()


def version_of(card):
    with open_scope(environment_id=card.environment_id):
        return QuestionVersion.objects.get(question_id=card.question_id)


def counts(who, model, **where):
    with open_scope(environment_id=who.environment_id):
        return model.objects.filter(**where).count()


def given(card, *, at=None, uid=""):
    version = version_of(card)
    return item(card, right_form(version), version=version.pk, at=at or local(2027, 3, 4, 8), uid=uid)


def test_the_set_is_one_wherever_it_is_opened(two, member, browser_of, django_assert_num_queries):
    browsers = [browser_of(who) for who in two]
    sets = [asked(browser) for browser in browsers]
    assert [[card["id"] for card in one["cards"]] for one in sets] == [[card["id"] for card in sets[0]["cards"]]] * 2
    assert {card["id"] for card in sets[0]["cards"]} == ids(*two)
    assert [one["minutes"] for one in sets] == [3, 3]
    for who, browser, one in zip(two, browsers, sets, strict=True):
        home = browser.get("/").content.decode()
        assert "5 questions" in home
        assert "3 min" in home
        own = ids(who)
        away = {card["place"]["at"] for card in one["cards"] if card["id"] not in own}
        assert away == {f"at {next(it for it in two if it is not who).environment.name}"}
        assert {card["place"]["at"] for card in one["cards"] if card["id"] in own} == {""}
        strange = next(card for card in one["cards"] if card["id"] not in own)
        assert strange["place"]["href"].startswith("http://")
        assert browser.get("/memo/extra/").context["count"] == 5
        assert sum(count for _day, count in browser.get("/memo/progress/").context["rows"]) == 5
    with open_scope(environment_id=two[0].environment_id, person_id=two[0].person_id):
        quizzes = [Element.objects.get(pk=cards_of(two[0])[0].source_id)]
        goal_make(title="Both stay", quizzes=quizzes, by=member("author"))
    assert browsers[0].get("/memo/goals/both-stay/").context["today"] == 5
    wishes = {"reminders": "on", "reminder_hour": "7", "weekdays": ["6"], "session_size": "3"}
    page = browsers[0].get("/memo/settings/")
    assert "Your daily set is one with Beta" in page.content.decode()
    browsers[0].post("/memo/settings/", wishes)
    assert [len(asked(browser)["cards"]) for browser in browsers] == [3, 3]
    first = asked(browsers[0])["cards"][0]["id"]
    card = next(card for who in two for card in cards_of(who) if card.pk == first)
    send(browsers[1], given(card))
    assert [len(asked(browser)["cards"]) for browser in browsers] == [2, 2]
    for who in two:
        with open_scope(environment_id=who.environment_id, person_id=who.person_id):
            assert due_count(mine := fresh(who)) == 2
            with django_assert_num_queries(0):  # it stands on every page
                assert due_count(mine) == 2
    calendar = [browser.get("/memo/progress/").context["calendar"] for browser in browsers]
    assert [sum(day.answers for _n, row in one.rows for day in row if day) for one in calendar] == [6, 6]


def test_wishes_are_saved_in_the_order_in_which_answers_are_kept_and_nowhere_when_refused_here(two):
    _first, here = sorted(two, key=lambda who: who.environment_id)
    seen = []

    def save(*, person_id, is_refused):
        seen.append(current_scope().environment_id)
        Trainer.objects.filter(person_id=person_id).update(session_size=5)
        if is_refused and seen[-1] == here.environment_id:
            raise CardError("No.")

    with open_scope(environment_id=here.environment_id, person_id=here.person_id), pytest.raises(CardError):
        wish_everywhere(here=fresh(here), save=save, is_refused=True)
    assert [counts(who, Trainer, session_size=5) for who in two] == [0, 0]
    with open_scope(environment_id=here.environment_id, person_id=here.person_id):
        wish_everywhere(here=fresh(here), save=save, is_refused=False)
    assert seen == sorted(who.environment_id for who in two) * 2
    assert [counts(who, Trainer, session_size=5) for who in two] == [1, 1]


def test_an_answer_is_kept_once_where_its_card_is(two, browser_of):
    here, there = two
    browser, mine, strange = browser_of(here), cards_of(here)[0], cards_of(there)[0]
    sent = [given(mine), given(strange, at=local(2027, 3, 3, 21))]
    assert [set(send(browser, *sent).json()["accepted"]) for _turn in range(2)] == [{one["id"] for one in sent}] * 2
    for who, one in ((here, sent[0]), (there, sent[1])):
        assert counts(who, Review, uid=one["id"]) == counts(who, Statement, verb="reviewed") == 1
        assert counts(who, Review, kind="review") == 1
    with open_scope(environment_id=there.environment_id):
        assert Review.objects.get(uid=sent[1]["id"]).answered_at == local(2027, 3, 3, 21)
        assert Trainer.objects.get().next_reminder_at == local(2027, 3, 5, 8)
    undo = {"id": str(uuid4()), "undo": sent[1]["id"], "card": strange.pk, "at": local(2027, 3, 4, 9).isoformat()}
    assert send(browser, undo).json() == {"accepted": [undo["id"]], "refused": []}
    assert send(browser, undo | {"card": 0}).json()["refused"] == [], "the card may be gone when it is sent again"
    assert (counts(here, Withdrawal), counts(there, Withdrawal)) == (0, 1)

    page = browser.get(f"/memo/card/{strange.pk}/")
    assert "Safe start · Beta" in page.content.decode()
    assert page.context["environment"].name == "Alpha"
    version = version_of(strange)
    uid = str(uuid4())
    told = browser.post(
        f"/memo/card/{strange.pk}/", {"uid": uid, "version": version.pk, **right_form(version)}, follow=True
    )
    assert told.context["told"].correct
    assert "at Beta" in told.content.decode()
    assert counts(there, Review, uid=uid) == 1
    assert browser.post(f"/memo/card/{strange.pk}/report/", {"text": "Odd."}).status_code == 302
    assert (counts(here, QuestionReport), counts(there, QuestionReport)) == (0, 1)
    assert browser.post("/memo/undo/", {"uid": uid}).url == f"/memo/card/{strange.pk}/"
    assert (counts(here, Withdrawal), counts(there, Withdrawal)) == (0, 2)


def leave(there: Membership) -> None:
    with open_scope(environment_id=there.environment_id):
        Membership.objects.filter(pk=there.pk).update(ended_at=timezone.now())
    Person.objects.filter(pk=there.person_id).update(places=2)  # so that the list that was kept is still believed


def setting(key: str, value: object):
    def put(there: Membership) -> None:
        Environment.objects.filter(pk=there.environment_id).update(resolved={key: value})

    return put


def archive(there: Membership) -> None:
    Environment.objects.filter(pk=there.environment_id).update(archived_at=timezone.now())


@pytest.mark.parametrize(
    ("close", "is_linked"),
    [
        (leave, False),
        (archive, False),
        (setting("sign_in_methods", ["organisation"]), True),
        (setting("second_factor", "everybody"), True),
        (setting("session_days", 7), True),
    ],
)
def test_what_this_sign_in_may_not_open_is_not_there(two, browser_of, close, is_linked):
    here, there = two
    browser, strange = browser_of(here), cards_of(there)[0]
    asked(browser)  # which environments there are is known from now on
    before = given(strange)
    send(browser, before)
    close(there)
    assert {card["id"] for card in asked(browser)["cards"]} == ids(here)
    for address in (f"/memo/card/{strange.pk}/", f"/memo/card/{strange.pk}/media/{'0' * 64}/"):
        assert browser.get(address).status_code == 404
    cache.clear()  # five minutes later nobody believes the list of environments that was kept
    late, undo = given(strange), {"id": str(uuid4()), "undo": before["id"], "card": strange.pk}
    told = send(browser, late, undo)
    assert told.json()["accepted"] == []
    assert set(refused(told)) == ({late["id"], undo["id"]} if close is leave else set()), "else the device keeps it"
    assert browser.post(f"/memo/card/{strange.pk}/", {"answer": "1"}).status_code == 404
    assert browser.post(f"/memo/card/{strange.pk}/report/", {"text": "x"}).status_code == 404
    assert browser.post("/memo/undo/", {"uid": before["id"]}).status_code == 404
    assert (counts(there, Review, kind="review"), counts(there, Withdrawal), counts(there, QuestionReport)) == (1, 0, 0)
    send(browser, *(given(card) for card in cards_of(here)))
    with open_scope(environment_id=here.environment_id, person_id=here.person_id):
        assert due_count(fresh(here)) == 0
    page = browser.get("/memo/")
    assert [(place.count, place.href) for place in page.context["elsewhere"]] == [
        (1, "http://beta.localhost:8000/memo/")
    ] * is_linked
    assert ("asks for a sign-in of its own" in page.content.decode()) == is_linked


def test_nobody_reaches_the_cards_of_another(two, env, other, member, browser_of):
    here, there = two
    thief = member()
    member(environment=other, email=thief.person.email)
    browser = browser_of(thief)
    for card in (cards_of(here)[0], cards_of(there)[0]):
        theirs = given(card)
        send(browser_of(here), theirs)
        for address in (f"/memo/card/{card.pk}/", f"/memo/card/{card.pk}/media/{'0' * 64}/"):
            assert browser.get(address).status_code == 404
        assert browser.post(f"/memo/card/{card.pk}/report/", {"text": "x"}).status_code == 404
        assert browser.post("/memo/undo/", {"uid": theirs["id"]}).status_code == 404
        assert refused(send(browser, given(card)))
    assert asked(browser)["cards"] == []
    assert {counts(who, Withdrawal) for who in two} == {0}
    assert {counts(who, Review, person=thief.person) for who in two} == {0}
    with open_scope(environment_id=env.pk, person_id=thief.person_id):  # as somebody sees the site as another
        seen = {shown.card.pk for shown in session_of(membership=fresh(here)).cards}
        assert seen == ids(here) - {cards_of(here)[0].pk}
        assert due_count(fresh(here)) == 2


def test_a_picture_of_a_card_comes_by_its_own_door(two, other, browser_of, settings, tmp_path):
    here, there = two
    strange, mine = cards_of(there)[0], cards_of(here)[0]
    with open_scope(environment_id=other.pk):
        bank = Element.objects.get(pk=strange.bank_id)
    kept: Picture = with_picture(other, bank)
    with open_scope(environment_id=other.pk):
        question = Question.objects.get(pk=strange.question_id)
        text = f'<p>What is this?</p><img src="attachment:{kept.sha256}" alt="A star">'
        question_save(
            bank=bank, identifier=question.identifier, type="single", stem=text, body=BODIES["single"], feedback=text
        )
    browser, door = browser_of(here), f"/memo/card/{strange.pk}/media/{kept.sha256}/"
    card = next(card for card in asked(browser)["cards"] if card["id"] == strange.pk)
    assert door in card["stem"]
    assert door in card["why"]
    assert "/pictures/" not in str(card)
    assert door in browser.get(f"/memo/card/{strange.pk}/").content.decode()
    answer = browser.get(door)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content)
    take_quiz(make_quiz("single", environment=other, slug="more"), there)
    another = next(card for card in cards_of(there) if card.bank_id != strange.bank_id)
    for card in (mine, another):
        assert browser.get(f"/memo/card/{card.pk}/media/{kept.sha256}/").status_code == 404
    assert browser.get(f"/pictures/{kept.sha256}/").status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_queries_grow_with_environments_only(env, other, member, clock, browser_of, django_assert_num_queries, count):
    clock(2027, 3, 1, 10)
    here = member()
    for who in (here, member(environment=other, email=here.person.email)):
        take_quiz(make_quiz(*["single"] * count, environment=who.environment), who)
    clock(2027, 3, 4, 9)
    browser = browser_of(here)
    browser.get("/memo/")
    with django_assert_num_queries(32):
        page = browser.get("/memo/")
    assert page.context["count"] == 2 * count


def test_a_question_that_is_a_card_in_two_environments_is_asked_once(env, make_environment, member, clock):
    clock(2027, 3, 1, 10)
    below = make_environment("below", parent=env)
    quiz, here = make_quiz("single", "numeric", environment=env), member()
    there = member(environment=below, email=here.person.email)
    with open_scope(environment_id=env.pk):
        element_offer(element=quiz.element, to=below)
    for who in (here, there):
        take_quiz(quiz, who)
    clock(2027, 3, 4, 9)
    assert len(ids(here, there)) == 4
    for who in (here, there):
        with open_scope(environment_id=who.environment_id, person_id=who.person_id):
            mine = fresh(who)
            today = today_of(person_id=who.person_id, here=mine)
            found = Card.objects.filter(pk__in=today.ids)
            assert len(today.ids) == due_count(mine) == 2
            assert found.count() + len(today.homes) == 2
    answer(here, cards_of(here)[0])
    for who in (here, there):
        with open_scope(environment_id=who.environment_id, person_id=who.person_id):
            mine = fresh(who)
            assert len(today_of(person_id=who.person_id, here=mine).ids) == due_count(mine) == 1, "nor once more there"


def test_what_one_knows_here_says_what_is_of_everywhere(two, member, browser_of):
    here, _there = two
    page = browser_of(here).get("/memo/progress/").text
    assert "These figures are about Alpha" in page
    assert page.count("Here and at Beta together") == 2
    with open_scope(environment_id=here.environment_id):
        Card.objects.all().delete()
    page = browser_of(here).get("/memo/progress/").text
    assert "Your last three months" in page, "what was answered there"
    assert "No cards yet" not in page
    assert "Your last three months" not in browser_of(member()).get("/memo/progress/").text


def test_one_reminder_over_all_from_where_most_is_due(two, env, other, clock, browser_of):
    here, _there = two
    clock(2027, 3, 4, 8)

    def told():
        found = []
        for place in (env, other):
            with open_scope(environment_id=place.pk):
                found += [(place.slug, title) for title in Notice.objects.values_list("title", flat=True)]
        return found

    trainer_remind()
    assert told() == [("alpha", "5 questions, about 3 minutes")]
    clock(2027, 3, 4, 9)
    mine = cards_of(here)
    send(browser_of(here), *(given(card, at=local(2027, 3, 4, 8)) for card in mine[:2]))
    with open_scope(environment_id=other.pk):
        Trainer.objects.update(next_reminder_at=local(2027, 3, 4, 9))
    trainer_remind()
    assert len(told()) == 1, "most is due there now, and they were reminded today"
    clock(2027, 3, 5, 8)
    trainer_remind()
    assert told()[1:] == [("beta", "3 questions, about 2 minutes")]
    with open_scope(environment_id=other.pk):
        mail = Mail.objects.get()
        assert "http://beta.localhost:8000/memo/" in mail.text
        assert Trainer.objects.get().ignored == 1, "what was answered elsewhere counts as an answer"
    address = mail.stop_href.removeprefix("http://beta.localhost:8000")
    browser_of(other).post(address, {"pause": "1"})
    for who in two:
        with open_scope(environment_id=who.environment_id):
            assert Trainer.objects.get(person_id=who.person_id).paused_until == local(2027, 3, 12).date()
    browser_of(here).post("/memo/pause/", {})
    for who in two:
        with open_scope(environment_id=who.environment_id):
            assert Trainer.objects.get(person_id=who.person_id).paused_until is None
    Person.objects.filter(pk=here.person_id).update(is_active=False)
    clock(2027, 3, 8, 8)
    with open_scope(environment_id=env.pk, person_id=here.person_id):
        assert not today_of(person_id=here.person_id, here=fresh(here)).homes
