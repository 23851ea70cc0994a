"""Sections of a quiz: their texts where learners meet them, and over the API how a quiz is arranged."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.exceptions import AssessmentError
from assessments.models import Answer, Section
from assessments.services import answer_save, assessment_set, attempt_finish, attempt_start, section_add
from assessments.services.arranging import into_section
from assessments.services.assessing import section_change
from assessments.services.drawing import _places
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_offer
from tests.assessments.answering import make_assessment
from tests.assessments.test_imports import PNG

pytestmark = pytest.mark.django_db
CASE = r"<p>A <em>case</em> of \(x^2\).</p><script>alert(1)</script>"


@pytest.fixture
def quiz(env):
    with open_scope(environment_id=env.pk):
        return make_assessment("single", "single", "single")


@pytest.fixture
def parted(env, quiz, member):
    """The second and third question stand in a section with a text."""
    with open_scope(environment_id=env.pk):
        section = section_add(assessment=quiz, title="The case", text=CASE, by=member("author").person)
        rows = [row.pk for row in quiz.questions.order_by("position")[1:]]
        into_section(assessment=quiz, section=section, rows=rows, draws=[], by=member("author").person)
        assessment_set(assessment=quiz, by=member("author").person, shuffle_questions=False)
    return section


def test_a_learner_reads_the_text_before_within_and_after(env, member, browser_of, quiz, parted):
    learner = member()
    browser = browser_of(learner)
    start = browser.get("/quiz/quiz/").text
    assert "The case" in start
    assert "A <em>case</em> of <math" in start
    assert "alert(1)" not in start
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
    pages = [browser.get(f"/attempts/{attempt.uid}/{place}/").text for place in (1, 2, 3)]
    assert ["A <em>case</em>" in page for page in pages] == [False, True, True]
    assert ['<details class="part" open>' in page for page in pages] == [False, True, False]
    with open_scope(environment_id=env.pk):
        attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
    assert browser.get(f"/attempts/{attempt.uid}/review/").text.count("A <em>case</em>") == 1


@pytest.mark.parametrize("closed", [{"minutes_allowed": 20}, {"password": "sesame"}])
def test_with_a_clock_or_a_password_nobody_reads_ahead(env, member, browser_of, quiz, parted, closed):
    with open_scope(environment_id=env.pk):
        assessment_set(assessment=quiz, by=member("author").person, **closed)
    start = browser_of(member()).get("/quiz/quiz/").text
    assert "The case" in start
    assert "A <em>case</em>" not in start


def test_authors_write_and_change_it_and_running_attempts_follow(env, member, browser_of, quiz, parted):
    author, learner = browser_of(member("author")), member()
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
    path = f"/quizzes/quiz/questions/?section={parted.pk}"
    assert 'value="The case"' in author.get(path).text
    assert "This field is required" in author.post(path, {"add": "section", "section-title": ""}).text
    wish = {"add": "section", "section-title": "At night", "section-text": "It is **dark**."}
    assert author.post(path, wish).url == "/quizzes/quiz/questions/"
    assert author.get("/quizzes/quiz/questions/?section=x").status_code == 302
    with open_scope(environment_id=env.pk):
        row = Section.objects.get()
        assert (row.title, row.text) == ("At night", "<p>It is <strong>dark</strong>.</p>")
        titles = Answer.objects.filter(attempt=attempt).order_by("position").values_list("section", flat=True)
        assert list(titles) == ["", "At night", "At night"]
    assert "It is <strong>dark" in browser_of(learner).get(f"/attempts/{attempt.uid}/3/").text


def test_two_sections_have_two_titles_and_what_is_finished_keeps_its_text(env, member, browser_of, quiz, parted):
    author, learner = member("author"), member()
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
        attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
        with pytest.raises(AssessmentError, match="this title"):
            section_add(assessment=quiz, title="The case", by=author.person)
        section_change(section=parted, title="At night", text=CASE, by=author.person)
    assert "A <em>case</em>" in browser_of(learner).get(f"/attempts/{attempt.uid}/review/").text
    wish = {"add": "section", "section-title": "Late", "section-text": ""}
    answer = browser_of(author).post("/quizzes/quiz/questions/?section=987654", wish, follow=True)
    assert "no longer there" in answer.text
    with open_scope(environment_id=env.pk):
        assert Section.objects.count() == 1


def test_below_an_attempt_follows_its_section_by_each_heading_it_had(
    env, make_environment, member, browser_of, quiz, parted
):
    below, author = make_environment("below", parent=env), member("author").person
    with open_scope(environment_id=env.pk):
        element_offer(element=quiz.element, to=below)
    learner = member(environment=below)
    with open_scope(environment_id=below.pk, person_id=learner.person_id):
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
    with open_scope(environment_id=env.pk):
        for title in ("At night", "In the dark"):
            section_change(section=parted, title=title, text="<p>A lamp</p>", by=author)
        with pytest.raises(AssessmentError, match="had it before"):
            section_add(assessment=quiz, title="The case", by=author)
        section_change(section=parted, title="The case", text="<p>A lamp</p>", by=author)
        section_change(section=parted, title="Again", text="<p>A lamp</p>", by=author)
        assert parted.former == ["At night", "In the dark", "The case"]
    browser, here = browser_of(learner), f"/attempts/{attempt.uid}/"
    pages = [browser.get(f"{here}{name}").text for name in ("2/", "")]
    asked = browser.get(f"/api/v1{here}questions/").json()
    assert (asked["sections"], asked["results"][1]["section"]) == (
        [{"title": "Again", "text": "<p>A lamp</p>"}],
        "Again",
    )
    browser.post(f"{here}finish/")
    pages.append(browser.get(f"{here}review/").text)
    assert [("Again" in page, "The case" in page, "A lamp" in page) for page in pages] == [
        (True, False, True),
        (True, False, False),
        (True, False, True),
    ]


def test_the_api_arranges_what_a_quiz_asks(env, other, member, browser_of, quiz):
    api, path = browser_of(member("author")), "/api/v1/quizzes/quiz/"
    with open_scope(environment_id=env.pk):
        first, second, third = list(quiz.questions.order_by("position"))
        bank = first.question.element
    there = api.post(f"{path}sections/", {"title": "A case", "text": CASE}, content_type="application/json").json()
    section = there["sections"][0]["id"]
    assert "script" not in there["sections"][0]["text"]
    drawn = api.post(
        f"{path}draws/", {"bank": bank.slug, "count": 1, "section": section}, content_type="application/json"
    ).json()
    draw = drawn["draws"][0]["id"]
    moved = {"questions": [second.question_id], "draws": [draw], "section": section}
    assert api.post(f"{path}arrange/", moved, content_type="application/json").json() == {"changed": 2}
    step = {"questions": [third.question_id], "step": "up"}
    assert api.post(f"{path}arrange/", step, content_type="application/json").status_code == 200
    with open_scope(environment_id=env.pk):
        assert [place.pk for place in _places(quiz)] == [third.pk, first.pk, second.pk, draw]
    shown = api.get(f"{path}contents/").json()
    assert [one["question"] for one in shown["questions"]] == [third.question_id, first.question_id, second.question_id]
    for wrong in (
        ("arrange/", {"questions": [1]}),
        ("arrange/", {"questions": [2**62], "step": "up"}),
        ("arrange/", {"questions": [first.question_id], "section": 2**62}),
        ("arrange/", {"questions": [first.question_id, third.question_id], "step": "up"}),
        ("sections/", {"text": "<p>x</p>"}),
        ("sections/", {"remove": True}),
        ("sections/", {"id": 2**62, "title": "x"}),
        ("draws/", {"bank": bank.slug, "count": 99}),
        ("draws/", {"id": draw}),
        ("draws/", {"bank": bank.slug, "objective": "none"}),
    ):
        assert api.post(f"{path}{wrong[0]}", wrong[1], content_type="application/json").status_code == 400, wrong
    changed = api.post(f"{path}sections/", {"id": section, "title": "Another"}, content_type="application/json").json()[
        "sections"
    ]
    assert changed[0] | {"text": ""} == {"id": section, "title": "Another", "text": ""}
    assert "case" in changed[0]["text"]
    assert (
        api.post(f"{path}draws/", {"id": draw, "remove": True}, content_type="application/json").json()["draws"] == []
    )
    assert (
        api.post(f"{path}sections/", {"id": section, "remove": True}, content_type="application/json").json()[
            "sections"
        ]
        == []
    )
    for stranger in (member(), member("author", environment=other)):
        assert browser_of(stranger).get(f"{path}contents/").status_code in (403, 404)


def test_the_api_takes_media_and_an_attempt_tells_its_sections(env, member, browser_of, quiz, parted):
    author, learner = browser_of(member("author")), member()
    with open_scope(environment_id=env.pk):
        bank = quiz.questions.first().question.element
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
    path = f"/api/v1/banks/{bank.slug}/media/"
    kept = author.post(path, {"media": SimpleUploadedFile("dot.png", PNG)})
    assert kept.status_code == 201
    assert kept.json()["address"].startswith("attachment:")
    assert kept.json()["width"] > 0
    refused = author.post(path, {"media": SimpleUploadedFile("dot.png", b"<svg onload=x>")})
    assert refused.status_code in (400, 409)
    asked = browser_of(learner).get(f"/api/v1/attempts/{attempt.uid}/questions/").json()
    assert [one["title"] for one in asked["sections"]] == ["The case"]
    assert [one["section"] for one in asked["results"]] == ["", "The case", "The case"]


def test_authors_see_it_in_the_preview_and_markers_beside_the_answer(env, member, browser_of):
    learner, author, marker = member(), member("author"), member("instructor")
    with open_scope(environment_id=env.pk):
        quiz = make_assessment("single", "essay")
        assessment_set(assessment=quiz, by=author.person, people_mark=True)
        section = section_add(assessment=quiz, title="The case", text=CASE, by=author.person)
        essay = quiz.questions.order_by("position")[1]
        into_section(assessment=quiz, section=section, rows=[essay.pk], draws=[], by=author.person)
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
        answer_save(attempt_uid=attempt.uid, person_id=learner.person_id, position=2, response={"answer": ["My words"]})
        attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
        waits = Answer.objects.get(attempt=attempt, position=2)
    looking = browser_of(author)
    first = looking.get("/quizzes/quiz/preview/", follow=True)
    assert "A <em>case</em>" not in first.text
    assert "A <em>case</em>" in looking.get(first.redirect_chain[-1][0].replace("n=1", "n=2")).text
    assert "A <em>case</em>" in browser_of(marker).get(f"/marking/{waits.pk}/").text
