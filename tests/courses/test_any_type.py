"""A course takes whatever an app registers: a kind that courses have never heard of is made, planned, opened and done."""

import pytest
from django import forms

from assessments.models import Assessment
from assessments.services import bank_create, question_save
from courses.models import Activity, CourseVersion, Enrolment
from courses.services import draft_of, enrolment_create, run_open
from ecosystem.models import Element, Power
from ecosystem.registry import ActivityType, ElementKind, InlineForm, activity_types, element_kinds, inline_forms
from ecosystem.services.elements import element_create
from events.models import Event
from records.services import record
from tests.courses.conftest import uids, within
from tests.courses.packing import BODY
from tests.courses.test_builder import BUILD, text_of


class WalkForm(forms.Form):
    title = forms.CharField(max_length=200)
    guide = forms.CharField(max_length=200)


def walk_make(*, cleaned, by, **facts):
    return element_create(kind="walk", title=cleaned["title"], summary=cleaned["guide"], creators=[by.person], **facts)


@pytest.fixture
def walk(monkeypatch):
    """What an app would register in its ``kinds.py``."""
    kind = ElementKind("walk", "walk through the ward", "map", lambda element: f"/walks/{element.slug}/")
    step = ActivityType(
        "walk",
        "Walk",
        "map",
        lambda element, onward: f"/walks/{element.slug}/?next={onward}",
        passes=frozenset({"passed"}),
    )
    monkeypatch.setitem(element_kinds._items, "walk", kind)
    monkeypatch.setitem(activity_types._items, "walk", step)
    monkeypatch.setitem(inline_forms._items, "walk", InlineForm("Walk", "map", WalkForm, walk_make))


def test_a_kind_of_its_own_goes_all_the_way(author, member, browser_of, built, walk):
    browser, learner = browser_of(author), member("learner")
    with within(author):
        element_create(kind="walk", title="Old walk", creators=[author.person])
        draft = draft_of(element=built, by=author)
        chapter = uids(draft)["Two"]
    page = text_of(browser.get(f"{BUILD}?add={chapter}"))
    assert "Old walk" in page
    made = {"act": "activity_new", "block": chapter, "kind": "walk", "seen": 0}
    assert browser.post(BUILD, {**made, "title": "Night walk"}).status_code == 400
    browser.post(BUILD, {**made, "title": "Night walk", "guide": "Bo"})
    assert "Night walk" in text_of(browser.get("/courses/built/build/preview/"))
    browser.post("/courses/built/build/publish/", {"seen": 1})
    with within(author):
        version = CourseVersion.objects.get(element=built, number=2)
        step = Activity.objects.get(version=version, title="Night walk")
        target = Element.objects.get(kind="walk", title="Night walk")
        assert (step.type, step.target, target.summary) == ("walk", target, "Bo")
        enrolment = enrolment_create(run=run_open(element=built), person=learner.person)
    assert f'href="/walks/{target.slug}/?next=/courses/built/next/"' in browser_of(learner).get("/courses/built/").text
    with within(learner):
        record(verb="passed", element=target, result={"scaled": 0.8})
        state = enrolment.states.get(activity=step)
        assert (state.state, state.passed, state.score) == ("completed", True, 0.8)
        assert Enrolment.objects.get(pk=enrolment.pk).progress > 0


def test_a_type_that_no_course_could_complete_is_refused_when_it_is_registered():
    with pytest.raises(ValueError, match="attended is no outcome"):
        ActivityType("event", "Event", "calendar", lambda element, onward: "", completes=frozenset({"attended"}))


def test_a_quiz_and_a_survey_are_made_in_passing(author, give, browser_of, built):
    with within(author):
        draft = draft_of(element=built, by=author)
        chapter = uids(draft)["Two"]
        bank = bank_create(title="Bank", creators=[author.person])
        for n in range(3):
            question_save(bank=bank, identifier=f"q{n}", type="single", stem="<p>Warm?</p>", body=BODY)
    browser = browser_of(author)
    new = {"act": "activity_new", "block": chapter, "seen": 0}
    quiz = {**new, "kind": "assessment", "title": "Check", "bank": bank.pk}
    assert "There are 3 questions in this bank." in text_of(browser.post(BUILD, {**quiz, "count": 4}))
    browser.post(BUILD, {**quiz, "count": 2})
    survey = {**new, "seen": 1, "kind": "survey", "title": "How was it?", "question": "What was <missing>?"}
    assert "Write between 1 and 20 statements." in text_of(browser.post(BUILD, {**survey, "statements": "a\n" * 21}))
    for _twice in range(2):
        browser.post(BUILD, {**survey, "statements": "I can use this\n\nI <b>liked</b> it"})
    with within(author):
        made = Assessment.objects.get(element__title="How was it?")
        assert (made.mode, made.attempts_allowed, made.element.kind) == ("survey", 1, "assessment")
        opinions, words = [row.question.versions.get() for row in made.questions.select_related("question")]
        assert [one["text"] for one in opinions.body["statements"]] == [
            "I can use this", "I &lt;b&gt;liked&lt;/b&gt; it",
        ]  # fmt: skip
        assert "&lt;missing&gt;" in words.stem
        assert Assessment.objects.get(element__title="Check").draws.get().count == 2
        assert Activity.objects.filter(version=draft).count() == 5
    page = text_of(browser.get("/courses/built/build/preview/"))
    assert "Survey" in page
    assert "Quiz" in page
    helper = give(Power.MANAGE_CONTENT, course=built)
    page = text_of(browser_of(helper).get(f"{BUILD}?add={chapter}"))
    assert "Survey" in page
    assert "Question bank" not in page  # it tells of banks that they may not see
    refused = browser_of(helper).post(BUILD, {**quiz, "seen": 2, "title": "Mine", "count": 1})
    assert "This cannot be made here." in text_of(refused)


def test_an_event_is_made_in_passing_by_who_may_organise_one(author, member, browser_of, built):
    both = member("author", "manager", name="Bo")
    with within(author):
        chapter = uids(draft_of(element=built, by=author))["Two"]
    new = {"act": "activity_new", "kind": "event", "block": chapter, "seen": 0, "title": "Practice morning"}
    assert "This cannot be made here." in text_of(browser_of(author).post(BUILD, new))
    assert "people say that they are interested" not in text_of(browser_of(author).get(f"{BUILD}?add={chapter}"))
    browser = browser_of(both)
    assert "people say that they are interested" in text_of(browser.get(f"{BUILD}?add={chapter}"))
    assert "greater than or equal to 1" in text_of(browser.post(BUILD, {**new, "capacity": 0}))
    browser.post(BUILD, {**new, "capacity": 8})
    with within(both):
        made = Event.objects.get()
        assert (made.capacity, made.zone, made.sessions.count()) == (8, both.environment.time_zone, 0)
        assert Activity.objects.filter(target=made.element).count() == 1
