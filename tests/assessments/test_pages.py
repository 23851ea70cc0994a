"""Taking a quiz in a browser without JavaScript, and what nobody may see or do there."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Answer, Attempt
from assessments.services import answer_save, attempt_finish, attempt_start, question_save
from content.services import page_create
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from tests.assessments.answering import BODIES, SECRET, WHY, make_assessment, right_form, wrong_form

pytestmark = pytest.mark.django_db
EVERY = tuple(BODIES)


@pytest.fixture
def quiz(env):
    def make(*types: str, **facts: object):
        with open_scope(environment_id=env.pk):
            return make_assessment(*types, **facts)

    return make


def begin(who: Membership, assessment) -> Attempt:
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        return attempt_start(assessment=assessment, person_id=who.person_id, onward="/courses/c/")


def answers_of(attempt: Attempt) -> list[Answer]:
    with open_scope(environment_id=attempt.environment_id):
        return list(Answer.objects.filter(attempt=attempt).select_related("version").order_by("position"))


def post(browser: Client, attempt: Attempt, position: int, form: dict, **more: str):
    return browser.post(f"/attempts/{attempt.uid}/{position}/", {**form, **more})


def test_whole_way_without_javascript(env, member, browser_of, quiz):
    quiz("single", "true_false", "multiple", "short_text", "numeric")
    who = member()
    browser = browser_of(who)
    assert b"5 questions" in browser.get("/quiz/quiz/?next=/courses/c/").content
    first = browser.post("/quiz/quiz/", {"next": "/courses/c/"})
    attempt = browser_attempt(who)
    assert first.url == f"/attempts/{attempt.uid}/1/"
    for answer in answers_of(attempt):
        page = browser.get(f"/attempts/{attempt.uid}/{answer.position}/")
        assert page.status_code == 200
        onward = post(browser, attempt, answer.position, right_form(answer.version), go="next")
    assert onward.url == f"/attempts/{attempt.uid}/"
    assert "All questions are answered" in browser.get(onward.url).content.decode()
    done = browser.post(f"/attempts/{attempt.uid}/finish/")
    assert done.url == f"/attempts/{attempt.uid}/review/"
    page = browser.get(done.url).content.decode()
    assert "Passed" in page
    assert 'href="/courses/c/"' in page
    assert "100%" in browser.get("/quiz/quiz/").content.decode()


def browser_attempt(who: Membership) -> Attempt:
    with open_scope(environment_id=who.environment_id):
        return Attempt.objects.get(person_id=who.person_id)


@pytest.mark.parametrize(
    ("go", "where"),
    [("next", "3/"), ("back", "1/"), ("overview", ""), ("3", "3/"), ("9", ""), ("-1", "3/"), ("٣", "3/")],
)
def test_buttons_save_and_go(member, browser_of, quiz, go, where):
    who = member()
    attempt = begin(who, quiz("single", "single", "single"))
    form = right_form(answers_of(attempt)[1].version)
    assert post(browser_of(who), attempt, 2, form, go=go).url == f"/attempts/{attempt.uid}/{where}"
    assert answers_of(attempt)[1].response is not None


@pytest.mark.parametrize("key", ["matching", "gap_select"])
def test_chosen_options_are_shown_again(member, browser_of, quiz, key):
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz(key, "single"))
    page = browser.get(f"/attempts/{attempt.uid}/1/").content.decode()
    fields = dict(pieces(page))
    assert len(fields) == 2
    post(browser, attempt, 1, {name: values[-1] for name, values in fields.items()})
    again = browser.get(f"/attempts/{attempt.uid}/1/").content.decode()
    assert [f'value="{values[-1]}" selected' in again for values in fields.values()] == [True, True]
    assert again.count(" selected") == 2


def pieces(page: str):
    """(name, values) of each select of the page."""
    for part in page.split("<select")[1:]:
        select = part.split("</select>")[0]
        name = select.split('name="')[1].split('"')[0]
        yield name, [value.split('"')[0] for value in select.split('<option value="')[1:] if not value.startswith('"')]


@pytest.mark.parametrize("key", ["single", "multiple", "true_false", "short_text", "numeric", "essay"])
def test_answer_and_flag_are_shown_again(member, browser_of, quiz, key):
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz(key, "single"))
    form = right_form(answers_of(attempt)[0].version)
    post(browser, attempt, 1, form, has_flag="1", flagged="1")
    page = browser.get(f"/attempts/{attempt.uid}/1/").content.decode()
    for value in form["answer"]:
        assert f'value="{value}" checked' in page or f'value="{value}"' in page or f">{value}</textarea>" in page
    assert page.count(" checked") == 1 + (len(form["answer"]) if key in ("single", "multiple", "true_false") else 0)
    post(browser, attempt, 1, {}, has_flag="1")
    assert (answers_of(attempt)[0].response, answers_of(attempt)[0].flagged) == (None, False)


def test_right_answers_are_nowhere_before_the_end(member, browser_of, quiz):
    """The marker word stands in every body where only the author may see it."""
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz(*EVERY))
    pages = ["/quiz/quiz/", f"/attempts/{attempt.uid}/", f"/attempts/{attempt.uid}/review/"]
    pages += [f"/attempts/{attempt.uid}/{n}/" for n in range(1, len(EVERY) + 1)]
    for address in pages:
        text = browser.get(address, follow=True).content.decode()
        assert SECRET not in text
        assert "424242" not in text
        assert WHY not in text
        assert "correct" not in text
    for answer in answers_of(attempt):
        if answer.version.type in ("single", "true_false", "numeric"):
            saved = browser.post(
                f"/attempts/{attempt.uid}/{answer.position}/",
                wrong_form(answer.version),
                headers={"accept": "application/json"},
            )
            assert set(saved.json()) == {"saved_at", "answered"}
    browser.post(f"/attempts/{attempt.uid}/finish/")
    review = browser.get(f"/attempts/{attempt.uid}/review/").content.decode()
    assert SECRET in review
    assert WHY in review


def test_marker_notes_are_not_in_the_review(member, browser_of, quiz):
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz("true_false", "essay"))
    browser.post(f"/attempts/{attempt.uid}/finish/")
    assert SECRET not in browser.get(f"/attempts/{attempt.uid}/review/").content.decode()


def test_everything_of_an_attempt_is_404_for_others(env, other, member, browser_of, quiz):
    attempt = begin(member(), quiz("single"))
    form = right_form(answers_of(attempt)[0].version)
    strangers = [member(), member("admin"), member("admin", environment=other)]
    for stranger in strangers:
        browser = browser_of(stranger)
        for tail in ("", "1/", "review/"):
            assert browser.get(f"/attempts/{attempt.uid}/{tail}").status_code == 404
        assert post(browser, attempt, 1, form).status_code == 404
        assert browser.post(f"/attempts/{attempt.uid}/finish/").status_code == 404
        items = {"items": [{"id": "x", "position": 1, "fields": form}]}
        sent = browser.post(f"/attempts/{attempt.uid}/answers/", json.dumps(items), content_type="application/json")
        assert sent.status_code == 404
    assert answers_of(attempt)[0].response is None


def test_visitors_are_asked_to_sign_in(env, browser_of, quiz, member):
    attempt = begin(member(), quiz("single"))
    for path in (
        "/quiz/quiz/",
        f"/attempts/{attempt.uid}/",
        f"/attempts/{attempt.uid}/1/",
        "/banks/",
        f"/pictures/{'0' * 64}/",
    ):
        assert browser_of(env).get(path).url.startswith("/accounts/login/")


def test_what_waited_on_a_device_comes_in_order_and_once(member, browser_of, quiz):
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz("single", "short_text"))
    version = answers_of(attempt)[0].version
    items = [
        {"id": "a", "position": 1, "fields": wrong_form(version), "flagged": True},
        {"id": "b", "position": 2, "fields": {"answer": ["Paris"]}},
        {"id": "c", "position": 1, "fields": right_form(version), "flagged": False, "at": "2026-01-01T00:00:00Z"},
    ]
    for _twice in range(2):
        sent = browser.post(f"/attempts/{attempt.uid}/answers/", {"items": items}, content_type="application/json")
        assert sent.json()["accepted"] == ["a", "b", "c"]
    assert [(answer.response, answer.flagged) for answer in answers_of(attempt)] == [
        ({"choice": 0}, False),
        ({"text": "Paris"}, False),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b"\xff", b'{"items": 3}', b'{"items": [3]}', b'{"items": [{"id": 1, "position": 1, "fields": {}}]}',
        b'{"items": [{"id": "a", "position": true, "fields": {}}]}',
        b'{"items": [{"id": "a", "position": 1, "fields": {"answer": "x"}}]}',
        b'{"items": [{"id": "a", "position": 1, "fields": {"answer": [1]}}]}',
        b'{"items": [{"id": "a", "position": 1, "fields": {"fraction": ["1"]}}]}',
        b'{"items": [{"id": "a", "position": 1, "fields": [], "flagged": 2}]}',
        b"[" * 50_000,
    ],
)  # fmt: skip
def test_what_is_no_list_of_answers_is_refused(member, browser_of, quiz, body):
    who = member()
    attempt = begin(who, quiz("single"))
    sent = browser_of(who).post(f"/attempts/{attempt.uid}/answers/", body, content_type="application/json")
    assert sent.status_code == 400
    assert sent.json()["detail"]


def test_one_wrong_item_leaves_all_out(member, browser_of, quiz):
    who = member()
    attempt = begin(who, quiz("short_text"))
    items = [
        {"id": "a", "position": 1, "fields": {"answer": ["Paris"]}},
        {"id": "b", "position": 7, "fields": {"answer": ["Rome"]}},
    ]
    sent = browser_of(who).post(f"/attempts/{attempt.uid}/answers/", {"items": items}, content_type="application/json")
    assert sent.status_code == 404
    assert answers_of(attempt)[0].response is None


def test_after_the_end_nothing_changes(member, browser_of, quiz):
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz("single"))
    browser.post(f"/attempts/{attempt.uid}/finish/")
    form = right_form(answers_of(attempt)[0].version)
    review = f"/attempts/{attempt.uid}/review/"
    assert browser.get(f"/attempts/{attempt.uid}/1/").url == review
    assert browser.get(f"/attempts/{attempt.uid}/").url == review
    refused = browser.post(f"/attempts/{attempt.uid}/1/", form, headers={"accept": "application/json"})
    assert refused.status_code == 409
    items = {"items": [{"id": "a", "position": 1, "fields": form}]}
    sent = browser.post(f"/attempts/{attempt.uid}/answers/", items, content_type="application/json")
    assert sent.status_code == 409
    assert post(browser, attempt, 1, form).url == review
    assert answers_of(attempt)[0].response is None
    assert browser.post(f"/attempts/{attempt.uid}/finish/").url == review


def test_after_a_survey_nothing_stays_on_the_device(member, browser_of, quiz):
    """What still waited there is named in the answer, and so taken from the outbox, though no row of it is left."""
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz("single", mode="survey"))
    form = right_form(answers_of(attempt)[0].version)
    browser.post(f"/attempts/{attempt.uid}/finish/")
    items = {"items": [{"id": "a", "position": 1, "fields": form}]}
    sent = browser.post(f"/attempts/{attempt.uid}/answers/", items, content_type="application/json")
    assert (sent.status_code, sent.json()["set_aside"]) == (409, ["a"])
    assert answers_of(attempt) == []
    stranger = browser_of(member()).post(f"/attempts/{attempt.uid}/answers/", items, content_type="application/json")
    assert stranger.status_code == 404


def test_no_way_out_to_strangers(member, browser_of, quiz):
    quiz("single")
    who = member()
    browser = browser_of(who)
    browser.post("/quiz/quiz/", {"next": "https://evil.example/"})
    assert browser_attempt(who).onward == ""
    page = browser.get("/quiz/quiz/?next=https://evil.example/").content.decode()
    assert '"https://evil.example' not in page


def test_used_up_attempts_are_told(member, browser_of, quiz):
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz("single", attempts_allowed=1))
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)
    page = browser.get("/quiz/quiz/").content.decode()
    assert "used all your attempts" in page
    assert ">Try again<" not in page
    page = browser.post("/quiz/quiz/", follow=True).content.decode()
    assert page.count("used all your attempts") == 2


def test_failing_says_what_to_read_again(env, member, browser_of, quiz):
    who, assessment = member(), quiz("single", "true_false")
    with open_scope(environment_id=env.pk):
        source = page_create(title="How it works", markdown="Text", creators=["Ada"], slug="how").element
        question = assessment.questions.get(position=1).question
        question_save(
            bank=question.element,
            identifier="q1",
            type="single",
            stem="<p>Question 1?</p>",
            body=BODIES["single"],
            feedback=WHY,
            objective=question.objective,
            source=source,
        )
    browser, attempt = browser_of(who), begin(who, assessment)
    first, second = answers_of(attempt)
    post(browser, attempt, 1, wrong_form(first.version))
    post(browser, attempt, 2, right_form(second.version))
    browser.post(f"/attempts/{attempt.uid}/finish/")
    page = browser.get(f"/attempts/{attempt.uid}/review/").content.decode()
    assert "Not passed yet" in page
    assert "Know what it says" in page
    assert "50% right" in page
    assert page.count('href="/learn/how/"') == 2
    assert "Try again" in page


def own_queries(ask) -> int:
    """How many queries of the page are about assessments; the shell around it is tested elsewhere."""
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return sum('FROM "assessments_' in query["sql"] or "UPDATE" in query["sql"] for query in captured)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_queries_however_many_questions(env, member, browser_of, quiz, count, settings):
    settings.PREPARE_ON_SERVER = False  # else a query is only a name
    who = member()
    browser, attempt = browser_of(who), begin(who, quiz(*["single"] * count))
    form = right_form(answers_of(attempt)[0].version)
    here, as_json = f"/attempts/{attempt.uid}/", {"accept": "application/json"}
    assert own_queries(lambda: browser.get("/quiz/quiz/")) == 6
    assert own_queries(lambda: browser.get(f"{here}1/")) == 3
    assert own_queries(lambda: browser.post(f"{here}1/", form, headers=as_json)) == 2
    assert own_queries(lambda: browser.get(here)) == 2
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)
    assert own_queries(lambda: browser.get(f"{here}review/")) == 7


def test_review_of_an_offered_quiz_works_below(env, make_environment, member, browser_of, quiz):
    from ecosystem.services.elements import element_offer

    assessment = quiz(*EVERY)
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        element_offer(element=assessment.element, to=below)
    who = member(environment=below)
    browser = browser_of(who)
    browser.post("/quiz/quiz/")
    attempt = browser_attempt(who)
    browser.post(f"/attempts/{attempt.uid}/finish/")
    assert browser.get(f"/attempts/{attempt.uid}/review/").status_code == 200


def test_answer_of_someone_else_is_not_kept_by_the_service(member, quiz):
    attempt, stranger = begin(member(), quiz("single")), member()
    with open_scope(environment_id=stranger.environment_id), pytest.raises(Answer.DoesNotExist):
        answer_save(attempt_uid=attempt.uid, person_id=stranger.person_id, position=1, response={})
