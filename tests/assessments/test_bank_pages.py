"""Banks for their authors: written, found, changed many at a time, moved, exported; and what others may not."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import AnswerFile, Objective, Question, QuestionVersion
from assessments.question_forms import SHEETS
from assessments.question_types.registry import QUESTION_TYPES, question_type
from assessments.selectors.banks import Wish, bank_questions
from assessments.services import (
    answer_save,
    assessment_create,
    attempt_finish,
    attempt_start,
    bank_create,
    objective_save,
    question_save,
)
from assessments.texts import html_of, text_of
from ecosystem.models import AuditEntry, Element, Person
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_offer
from tests.assessments.answering import make_assessment, make_bank, right_form
from tests.assessments.sample_questions import BODIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]


@pytest.fixture
def bank(env) -> Element:
    with open_scope(environment_id=env.pk):
        return make_bank()


@pytest.fixture
def author(member, browser_of):
    return browser_of(member("author", name="Ada Author"))


def make(bank: Element, key: str = "single", name: str = "q", **facts: object) -> Question:
    with open_scope(environment_id=bank.environment_id):
        body = BODIES[key]
        stem = body.get("text", f"<p>{name}?</p>")
        return question_save(bank=bank, identifier=name, type=key, stem=stem, body=body, **facts).question


def form_of(page: str) -> dict[str, object]:
    """What a browser would send for the form of a question as it was shown."""
    form: dict[str, object] = {}
    text = page.split("data-writing>")[1]
    for tag in re.findall(r"<input[^>]*>", text):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if (
            not name
            or (kind and kind[1] in {"checkbox", "radio"} and " checked" not in tag)
            or (kind and kind[1] == "file")
        ):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        form[name[1]] = unescape(value[1]) if value else "on" if kind and kind[1] == "checkbox" else ""
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', text, re.S):
        form[name] = unescape(value)
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        form[name] = unescape(chosen[1]) if chosen else ""
    return form


@pytest.mark.parametrize("key", sorted(QUESTION_TYPES))
def test_every_type_can_be_opened_looked_at_and_saved_unchanged(bank, author, key):
    """What the form shows is what there is: saving it makes no new version, and a change makes one."""
    row = make(bank, key)
    assert author.get(f"/banks/bank/questions/{row.pk}/").status_code == 200
    address = f"/banks/bank/questions/{row.pk}/edit/"
    form = form_of(author.get(address).content.decode())
    answer = author.post(address, {**form, "look": "1"})
    shown = answer.content.decode()
    assert 'class="shown"' in shown, [
        answer.context[name].errors for name in ("form", "options", "rows") if answer.context[name]
    ]
    saved = author.post(address, {**form, "save": "1"})
    assert saved.status_code == 302, saved.content.decode()[:3000]
    with open_scope(environment_id=bank.environment_id):
        first = QuestionVersion.objects.get(question=row, number=1)
        kind = question_type(key)
        newest = QuestionVersion.objects.filter(question=row).latest("number")
        assert kind.public(newest.body) == kind.public(first.body)
        assert sorted(version.number for version in row.versions.all()) in ([1], [1, 2])
        assert kind.reveal(newest.body, None)["right"] == kind.reveal(first.body, None)["right"]
    author.post(address, {**form, "save": "1", "feedback": "Because *so*", "hints": "One\n\nTwo"})
    with open_scope(environment_id=bank.environment_id):
        changed = QuestionVersion.objects.filter(question=row).latest("number")
        assert changed.feedback == "<p>Because <em>so</em></p>"
        assert changed.hints == ["<p>One</p>", "<p>Two</p>"]
        assert changed.author_name == "Ada Author"
    page = author.get(f"/banks/bank/questions/{row.pk}/versions/").content.decode()
    assert "Because *so*" in page
    assert "Ada Author" in page


def test_a_new_question_from_nothing(bank, author):
    assert author.get("/banks/bank/questions/new/").content.decode().count("?type=") == len(SHEETS)
    address = "/banks/bank/questions/new/?type=single"
    form = form_of(author.get(address).content.decode())
    assert form["rows-TOTAL_FORMS"] == "4"
    more = form_of(author.post(address, {**form, "more": "1"}).content.decode())
    assert more["rows-TOTAL_FORMS"] == "7"
    form |= {
        "stem": "What is \\(1+1\\)?",
        "rows-0-text": "2",
        "rows-1-text": "3",
        "tags": "sums, easy",
        "difficulty": "2",
    }
    refused = author.post(address, {**form, "save": "1"}).content.decode()
    assert "at least one choice as right" in refused
    form |= {"rows-0-correct": "on", "rows-1-worth": "-50", "negative": "on", "save": "1"}
    assert author.post(address, form).status_code == 302
    with open_scope(environment_id=bank.environment_id):
        row = Question.objects.get()
        version = QuestionVersion.objects.get()
    assert (row.tags, row.difficulty, row.text, row.newest) == (["easy", "sums"], 2, "What is \\(1+1\\)?", 1)
    assert version.body["choices"][1] == {"text": "3", "correct": False, "feedback": "", "fraction": "-0.5"}
    assert "<math" in author.get(f"/banks/bank/questions/{row.pk}/").content.decode()


def test_a_change_says_who_is_affected_and_earlier_answers_stay(env, bank, author, member):
    who = member()
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        attempt = attempt_start(assessment=make_assessment("single"), person_id=who.person_id)
        version = attempt.answers.select_related("version").get().version
        answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=1, response=right_form(version))
        attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)
    address = f"/banks/quiz-bank/questions/{version.question_id}/edit/"
    page = author.get(address).content.decode()
    assert "1 person has answered it" in page
    assert "A quiz" in page
    done = author.post(address, {**form_of(page), "stem": "Other?", "save": "1"}, follow=True)
    assert "1 person answered an earlier version" in done.content.decode()
    with open_scope(environment_id=env.pk):
        attempt.refresh_from_db()
        assert attempt.score == 1
        assert attempt.answers.get().version_id == version.pk
        assert Question.objects.get(pk=version.question_id).newest == 2
        assert AuditEntry.objects.filter(act="question.changed").count() == 1


def test_questions_are_found_by_all_that_is_known_of_them(env, bank, author, member):
    maker = member("author", name="Grace Maker")
    with open_scope(environment_id=env.pk):
        goal = objective_save(bank=bank, slug="g", text="Greet people")
        person = Person.objects.get(pk=maker.person_id)
        rows = {
            "plain": make(bank, name="plain"),
            "tagged": make(bank, name="tagged", tags=["b", "a"]),
            "aimed": make(bank, name="aimed", objective=goal, difficulty=5),
            "due": make(bank, name="due", review_on=date(2020, 1, 1)),
            "later": make(bank, name="later", review_on=date(2999, 1, 1)),
            "made": make(bank, "true_false", name="made", author=person),
        }

        def found(**wish):
            return [row.identifier for row in bank_questions(bank=bank, wish=Wish(**wish))]

        assert found() == list(rows)
        assert found(tag="a") == ["tagged"]
        assert found(objective=goal.pk) == found(difficulty=5) == ["aimed"]
        assert found(review_by=date(2026, 1, 1)) == ["due"]
        assert found(author="Grace Maker") == found(type="true_false") == found(text="MADE") == ["made"]
        assert found(retired=True) == []
    page = author.get("/banks/bank/?tag=a&q=tag&author=&objective=x&difficulty=9999999999").content.decode()
    assert page.count('name="chosen"') == 1
    assert "Grace Maker" in page


def test_many_are_changed_at_once_and_only_what_was_asked(env, bank, author):
    rows = [make(bank, name=f"n{n}", tags=["old"]) for n in range(4)]
    with open_scope(environment_id=env.pk):
        goal = objective_save(bank=bank, slug="g", text="Goal")

    def bulk(**form):
        return author.post("/banks/bank/bulk/", form, follow=True).content.decode()

    assert "2 questions changed." in bulk(act="tag", tags="new, Other", chosen=[rows[0].pk, rows[1].pk])
    assert "4 questions changed." in bulk(act="untag", tags="old", all="1", sure="1")
    bulk(act="objective", new_objective=goal.pk, chosen=[rows[0].pk])
    bulk(act="difficulty", new_difficulty="4", chosen=[rows[0].pk])
    bulk(act="review", review_on="2027-01-02", chosen=[rows[0].pk])
    bulk(act="retire", chosen=[rows[3].pk])
    assert "Tick at least one" in bulk(act="retire")
    assert "at least one tag" in bulk(act="tag", chosen=[rows[0].pk])
    with open_scope(environment_id=env.pk):
        first, second, third, fourth = Question.objects.filter(element=bank).order_by("pk")
        assert (first.tags, first.objective, first.difficulty, str(first.review_on)) == (
            ["new", "Other"],
            goal,
            4,
            "2027-01-02",
        )
        assert (second.tags, third.tags, second.objective) == (["new", "Other"], [], None)
        assert fourth.retired_at is not None
        assert QuestionVersion.objects.filter(element=bank).count() == 4
    bulk(act="restore", chosen=[fourth.pk], retired="1")
    with open_scope(environment_id=env.pk):
        assert Question.objects.get(pk=fourth.pk).retired_at is None


def test_questions_move_with_versions_makers_and_objectives(env, bank, author):
    with open_scope(environment_id=env.pk):
        to = bank_create(title="Other", slug="other-bank", creators=["Ada"])
        goal = objective_save(bank=bank, slug="g", text="Goal")
        row = make(bank, name="moving", objective=goal, tags=["t"], author="Grace")
        asked = make_assessment("single")
    moved = author.post("/banks/bank/bulk/", {"act": "move", "to": to.pk, "chosen": [row.pk]}, follow=True)
    assert "1 question changed." in moved.content.decode()
    with open_scope(environment_id=env.pk):
        there = Question.objects.get(element=to)
        assert (there.identifier, there.tags, there.objective.text, there.objective.element) == (
            "moving",
            ["t"],
            "Goal",
            to,
        )
        assert there.versions.get().author_name == "Grace"
        assert Question.objects.get(pk=row.pk).retired_at is not None
        used = asked.questions.get().question_id
    again = author.post("/banks/bank/bulk/", {"act": "move", "to": to.pk, "chosen": [row.pk]}, follow=True)
    assert "same identifiers" in again.content.decode()
    kept = author.post("/banks/quiz-bank/bulk/", {"act": "move", "to": to.pk, "chosen": [used]}, follow=True)
    assert "asked in a quiz" in kept.content.decode()


def test_learning_objectives_are_kept(env, bank, author):
    page = author.post("/banks/bank/objectives/", {"text": "Read a  plan"}, follow=True).content.decode()
    assert "Read a plan" in page
    assert "there already" in author.post("/banks/bank/objectives/", {"text": "Read a plan"}).content.decode()
    with open_scope(environment_id=env.pk):
        goal = Objective.objects.get()
        row = make(bank, objective=goal)
    address = f"/banks/bank/objectives/{goal.pk}/"
    author.post(address, {"text": "Read a map"})
    author.post(address, {"remove": "1"})
    with open_scope(environment_id=env.pk):
        assert not Objective.objects.exists()
        assert Question.objects.get(pk=row.pk).objective is None


def test_a_bank_is_made_and_exported(env, author):
    assert author.post("/banks/new/", {"title": "New", "summary": "", "language": "en"}).url == "/banks/new-2/"
    with open_scope(environment_id=env.pk):
        bank = Element.objects.get(kind="question_bank", title="New")
        assert bank.credits.get().name == "Ada Author"
    make(bank)
    make(bank, "likert", name="l")
    page = author.get(f"/banks/{bank.slug}/export/?format=moodle_xml").content.decode()
    assert "cannot carry this question (Agree or disagree)" in page
    gift = author.get(f"/banks/{bank.slug}/export/?format=gift").context
    assert gift["done"].written == len(gift["done"].content.decode().split("// [id:")) - 1
    file = author.get(f"/banks/{bank.slug}/export/?format=qti3&download=1")
    assert file.content[:2] == b"PK"
    assert "attachment" in file.headers["Content-Disposition"]


def test_who_may_not_and_what_comes_from_above(env, other, make_environment, bank, member, browser_of):
    row = make(bank)
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        element_offer(element=bank, to=below)
    reading = ["", "objectives/", "export/", f"questions/{row.pk}/", f"questions/{row.pk}/versions/"]
    writing = ["questions/new/", f"questions/{row.pk}/edit/", "import/"]
    for who in (member(), member("instructor"), member("author", environment=other)):
        for tail in reading + writing:
            assert browser_of(who).get(f"/banks/bank/{tail}").status_code in (403, 404), tail
    lent = browser_of(member("author", environment=below))
    for tail in reading:
        assert lent.get(f"/banks/bank/{tail}").status_code == 200, tail
    for tail in writing:
        assert lent.get(f"/banks/bank/{tail}").status_code == 404, tail
    assert lent.post("/banks/bank/bulk/", {"act": "retire", "chosen": [row.pk]}).status_code == 404
    assert lent.post("/banks/bank/objectives/", {"text": "x"}).status_code == 404


def test_lists_cost_the_same_for_one_and_many(env, bank, author):
    def cost(address: str) -> int:
        author.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert author.get(address).status_code == 200
        return len(queries)

    make(bank, name="first", tags=["a"])
    few = [
        cost(address)
        for address in ("/banks/bank/", "/banks/bank/objectives/", "/banks/bank/export/?format=moodle_xml")
    ]
    for n in range(5):
        with open_scope(environment_id=env.pk):
            goal = objective_save(bank=bank, slug=f"g{n}", text=f"Goal {n}")
        make(bank, name=f"more {n}", tags=[f"t{n}"], objective=goal, author=f"Maker {n}")
    many = [
        cost(address)
        for address in ("/banks/bank/", "/banks/bank/objectives/", "/banks/bank/export/?format=moodle_xml")
    ]
    assert many == few


def test_a_file_is_handed_in_taken_back_and_only_ones_own_counts(env, bank, member, browser_of):
    who, stranger = member(), member()
    with open_scope(environment_id=env.pk):
        questions = [make(bank, "file_upload", name="f"), make(bank, name="s")]
        quiz = assessment_create(title="Files", slug="files", creators=["Ada"], questions=questions, pass_mark=0.5)
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        attempt = attempt_start(assessment=quiz, person_id=who.person_id)
    browser, address = browser_of(who), f"/attempts/{attempt.uid}/1/files/"

    def send(name: str, content: bytes, who=browser):
        return who.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)

    assert "report.pdf" in send("report.pdf", b"%PDF-1.7 x").content.decode()
    assert "these kinds of files: pdf" in send("x.exe", b"MZ").content.decode()
    assert "not what its name says" in send("x.pdf", b"<script>").content.decode()
    assert "Choose a file first" in browser.post(address, follow=True).content.decode()
    send("two.pdf", b"%PDF-1.7 y")
    assert "No more files" in send("three.pdf", b"%PDF-1.7 z").content.decode()
    assert send("b.pdf", b"%PDF-1.7 x", browser_of(stranger)).status_code == 404
    with open_scope(environment_id=env.pk):
        first, second = AnswerFile.objects.order_by("pk")
    browser.post(f"/attempts/{attempt.uid}/1/", {"answer": [str(second.uid)]})
    page = browser.get(f"/attempts/{attempt.uid}/1/").content.decode()
    assert "two.pdf" in page
    assert "report.pdf" not in page
    browser.post(f"/attempts/{attempt.uid}/finish/")
    with open_scope(environment_id=env.pk):
        assert attempt.answers.get(position=1).fraction is None
    assert AnswerFile(file=first.file).file.name.startswith("answers/")


def test_texts_go_there_and_back():
    for html in (
        "<p>A <strong>b</strong> &amp; c</p>",
        "<p>One</p>\n<p>Two</p>",
        "<p>\\(a_1 * b_2 * c\\)</p>",
        "<p>x</p><table><tbody><tr><td>1</td></tr></tbody></table>",
    ):
        assert html_of(text_of(html)) == html
    assert text_of("<p>One</p>\n<p>Two</p>") == "One\n\nTwo"
    assert "<script" not in html_of("<p><script>alert(1)</script>x")
    assert html_of("<script>alert(1)</script>").startswith("<p>&lt;script")
