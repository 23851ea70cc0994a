"""Files into banks: exact counts, twice is once, hostile files, and the pages of authors."""

import base64
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import BankImport, Picture, Question, QuestionVersion
from assessments.services import bank_import, import_preview, question_save
from ecosystem.models import Element
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_offer
from tests.assessments.answering import BODIES, make_assessment, make_bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]

HELM_QUESTIONS, HELM_LEFT_OUT = 29, 0
HELM = sorted((Path(__file__).parents[2] / "demo" / "banks" / "helm").glob("*.xml"))
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def moodle(*questions: str) -> bytes:
    return f'<?xml version="1.0"?>\n<quiz>{"".join(questions)}</quiz>'.encode()


def true_false(number: str, *, text: str = "Is it so?", extra: str = "") -> str:
    return f"""
    <question type="truefalse"><name><text>Q {number}</text></name><idnumber>{number}</idnumber>
      <questiontext format="html"><text><![CDATA[<p>{text}</p>]]></text>{extra}</questiontext>
      <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>
    </question>"""


@pytest.fixture
def bank(env) -> Element:
    with open_scope(environment_id=env.pk):
        return make_bank()


@pytest.mark.scoped
def test_helm_comes_in_whole_and_twice_is_once(env):
    bank = make_bank()
    assert len(HELM) == 29
    first = [bank_import(bank=bank, filename=path.name, data=path.read_bytes()) for path in HELM]
    assert sum(len(report.created) for report in first) == HELM_QUESTIONS
    assert sum(len(report.updated) + len(report.unchanged) for report in first) == 0
    assert sum(len(report.left_out) for report in first) == HELM_LEFT_OUT
    assert Question.objects.count() == QuestionVersion.objects.count() == HELM_QUESTIONS
    again = [bank_import(bank=bank, filename=path.name, data=path.read_bytes()) for path in HELM]
    assert sum(len(report.unchanged) for report in again) == HELM_QUESTIONS
    assert sum(len(report.created) + len(report.updated) for report in again) == 0
    assert Question.objects.count() == QuestionVersion.objects.count() == HELM_QUESTIONS


@pytest.mark.scoped
def test_changed_question_is_a_next_version(env):
    bank = make_bank()
    bank_import(bank=bank, filename="a.xml", data=moodle(true_false("1"), true_false("2")))
    report = bank_import(
        bank=bank, filename="b.xml", data=moodle(true_false("1"), true_false("2", text="Really?"), true_false("3"))
    )
    assert (report.created, report.updated, report.unchanged) == (["3"], ["2"], ["1"])
    versions = QuestionVersion.objects.order_by("question__identifier", "number")
    assert list(versions.values_list("question__identifier", "number")) == [("1", 1), ("2", 1), ("2", 2), ("3", 1)]


@pytest.mark.scoped
def test_retired_question_that_comes_again_is_used_again(env):
    bank = make_bank()
    bank_import(bank=bank, filename="a.xml", data=moodle(true_false("1")))
    Question.objects.update(retired_at="2026-01-01T00:00:00Z")
    assert bank_import(bank=bank, filename="a.xml", data=moodle(true_false("1"))).updated == ["1"]
    assert Question.objects.get().retired_at is None
    assert QuestionVersion.objects.count() == 1


@pytest.mark.scoped
def test_preview_writes_nothing(env):
    report = import_preview(bank=make_bank(), filename="a.xml", data=moodle(true_false("1"), "<question type='x'/>"))
    assert report.created == ["1"]
    (left_out,) = report.left_out
    assert (left_out.file, left_out.line) == ("a.xml", 6)
    assert left_out.reason
    assert not Question.objects.exists()


@pytest.mark.scoped
def test_number_of_queries_does_not_grow_with_the_file(env):
    bank = make_bank()
    counts = []
    for size in (1, 3):
        data = moodle(*[true_false(f"{size}-{n}") for n in range(size)])
        with CaptureQueriesContext(connection) as captured:
            bank_import(bank=bank, filename="a.xml", data=data)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.scoped
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"<quiz>",
        b"<html></html>",
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>',
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
        b"<quiz>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</quiz>",
    ],
)
def test_hostile_file_is_one_problem_and_no_question(env, data):
    report = bank_import(bank=make_bank(), filename="bad.xml", data=data)
    assert report.read == 0
    assert report.left_out
    assert not Question.objects.exists()


@pytest.mark.scoped
def test_scripts_of_a_file_never_reach_a_page(env):
    text = "Hi<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>"
    bank_import(bank=make_bank(), filename="a.xml", data=moodle(true_false("1", text=text)))
    for version in QuestionVersion.objects.all():
        assert "alert" not in version.stem


@pytest.mark.scoped
def test_pictures_are_kept_once(env):
    bank = make_bank()
    file = f'<file name="dot.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'
    text = '<img src="@@PLUGINFILE@@/dot.png" alt="A dot">'
    data = moodle(true_false("1", text=text, extra=file), true_false("2", text=text, extra=file))
    for _twice in range(2):
        bank_import(bank=bank, filename="a.xml", data=data)
    picture = Picture.objects.get()
    with picture.file.open() as kept:
        assert (picture.name, picture.media_type, kept.read()) == ("dot.png", "image/png", PNG)
    assert default_storage.listdir(f"pictures/{env.pk}")[1] == [f"{picture.sha256}.png"]
    assert f"attachment:{picture.sha256}" in QuestionVersion.objects.first().stem


def with_picture(env, bank: Element) -> Picture:
    file = f'<file name="dot.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'
    text = '<img src="@@PLUGINFILE@@/dot.png" alt="A dot">'
    with open_scope(environment_id=env.pk):
        bank_import(bank=bank, filename="a.xml", data=moodle(true_false("1", text=text, extra=file)))
        return Picture.objects.get()


def test_picture_is_served_to_members_only_and_can_do_nothing(env, other, bank, member, browser_of):
    picture = with_picture(env, bank)
    path = f"/pictures/{picture.sha256}/"
    answer = browser_of(member()).get(path)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, PNG, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert browser_of(member(environment=other)).get(path).status_code == 404
    assert browser_of(env).get(path).status_code == 302
    for wrong in ("0" * 64, "x", picture.sha256.upper()):
        assert browser_of(member()).get(f"/pictures/{wrong}/").status_code == 404


def test_picture_has_its_address_in_the_player(env, bank, member, browser_of):
    from assessments.services import assessment_create

    picture = with_picture(env, bank)
    with open_scope(environment_id=env.pk):
        assessment_create(title="T", creators=["A"], slug="t", questions=list(Question.objects.all()), pass_mark=0.5)
    browser = browser_of(member())
    page = browser.get(browser.post("/quiz/t/").url).content.decode()
    assert f'src="/pictures/{picture.sha256}/"' in page
    assert "attachment:" not in page


def sent(browser, data: bytes, name: str = "my.xml"):
    return browser.post("/banks/bank/import/", {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_author_looks_then_imports(env, bank, member, browser_of):
    browser = browser_of(member("author"))
    data = moodle(true_false("1"), true_false("2"), "<question type='stack'><name><text>Hard</text></name></question>")
    looked = sent(browser, data)
    page = looked.content.decode()
    assert "Import 2 questions" in page
    assert page.count("True or false") == 2, "what comes in is named"
    assert "STACK questions are not supported yet." in page
    assert "Hard" in page
    here = looked.request["PATH_INFO"]
    with open_scope(environment_id=env.pk):
        assert not Question.objects.exists()
    for _twice in range(2):
        done = browser.post(f"{here}agree/", follow=True).content.decode()
        assert "Imported." in done
        assert "STACK questions are not supported yet." in done, "what was left out can be read afterwards"
    with open_scope(environment_id=env.pk):
        assert Question.objects.count() == 2
        assert not BankImport.objects.get().file
    assert "my.xml" in browser.get("/banks/bank/import/").text


def test_kept_file_belongs_to_who_brought_it(env, other, bank, member, browser_of):
    here = sent(browser_of(member("author")), moodle(true_false("1"))).request["PATH_INFO"]
    colleague = browser_of(member("author"))
    assert "says whether it comes in" in colleague.get(here).text
    assert colleague.post(f"{here}agree/").status_code == 404
    assert browser_of(member("author", environment=other)).get(here).status_code == 404
    assert browser_of(member("learner")).get(here).status_code == 404
    with open_scope(environment_id=env.pk):
        assert not Question.objects.exists()


def test_hostile_upload_is_shown_as_a_problem(bank, member, browser_of):
    bomb = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "a">]><quiz>&a;</quiz>'
    answer = sent(browser_of(member("author")), bomb, name="<b>.xml")
    assert answer.status_code == 200
    assert "nothing in this file" in answer.content.decode()
    assert "<b>.xml" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/banks/", "/banks/bank/", "/banks/bank/import/"])
def test_banks_are_for_authors(env, other, bank, member, browser_of, path):
    assert browser_of(member("author")).get(path).status_code == 200
    assert browser_of(member("learner")).get(path).status_code == 404
    if path != "/banks/":
        assert browser_of(member("admin", environment=other)).get(path).status_code == 404


def test_offered_bank_is_read_only(env, make_environment, member, browser_of):
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        assessment = make_assessment("single")
        element_offer(element=assessment.element, to=below)
    browser = browser_of(member("author", environment=below))
    page = browser.get("/banks/quiz-bank/")
    assert "Question 1?" in page.content.decode()
    assert "Import questions" not in page.content.decode()
    assert browser.get("/banks/quiz-bank/import/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_bank_pages_take_the_same_queries(env, bank, member, browser_of, count):
    with open_scope(environment_id=env.pk):
        for n in range(count):
            question_save(bank=bank, identifier=f"q{n}", type="single", stem=f"<p>Why {n}?</p>", body=BODIES["single"])
            make_bank(slug=f"other-{n}")
    browser = browser_of(member("author"))
    for path, wanted in (("/banks/", 1), ("/banks/bank/", 8)):
        with CaptureQueriesContext(connection) as captured:
            browser.get(path)
        assert sum('FROM "assessments_' in query["sql"] for query in captured) == wanted


def test_search_in_a_bank(env, bank, member, browser_of):
    with open_scope(environment_id=env.pk):
        for word in ("apple", "pear"):
            question_save(
                bank=bank, identifier=word, type="single", stem=f"<p>What is an {word}?</p>", body=BODIES["single"]
            )
    page = browser_of(member("author")).get("/banks/bank/?q=APPLE what").content.decode()
    assert "What is an apple?" in page
    assert "What is an pear?" not in page
    assert "Nothing found" in browser_of(member("author")).get("/banks/bank/?q=%25").content.decode()
    assert browser_of(member("author")).get("/banks/bank/?q=%00").status_code == 404


def test_command_uses_the_same_service(env, bank, tmp_path, capsys):
    path = tmp_path / "a.xml"
    path.write_bytes(moodle(true_false("1"), "<question type='stack'/>"))
    call_command("import_questions", "alpha", "bank", str(path))
    said = capsys.readouterr().out
    assert "a.xml: 1 new, 0 changed, 0 the same, 1 left out" in said
    assert "a.xml:6: error:" in said
    with open_scope(environment_id=env.pk):
        assert Question.objects.get().identifier == "1"
    for wrong in (("nowhere", "bank"), ("alpha", "nothing")):
        with pytest.raises(CommandError):
            call_command("import_questions", *wrong, str(path))
    with pytest.raises(CommandError):
        call_command("import_questions", "alpha", "bank", str(tmp_path / "missing.xml"))
