"""Kinds of questions in a real browser, with the keyboard alone; and an author who writes one."""

import pytest

from assessments.models import Answer, Question
from assessments.services import assessment_create, attempt_start
from demo.loading.exercises import exercises_load
from ecosystem.models import Person
from ecosystem.scope import open_scope
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("packages"), pytest.mark.usefixtures("own_database")]


@pytest.fixture
def base(live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the test asks the database beside the browser's loop
    return f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"


def test_every_kind_is_answered_and_written_with_the_keyboard_alone(base, env, member, browser_of):
    author = member("author", name="Ada Author")
    with open_scope(environment_id=env.pk, person_id=author.person_id):
        exercises_load({"author@demo.example.org": Person.objects.get(pk=author.person_id)})
        quiz = assessment_create(
            title="Exercises", slug="exercises", creators=["Ada"], pass_mark=0.7, shuffle_choices=False,
            questions=list(Question.objects.order_by("pk")),
        )  # fmt: skip
        attempt = attempt_start(assessment=quiz, person_id=author.person_id)
    with chromium() as browser:
        visitor = Visitor(browser, base=base, name="questions")
        session = browser_of(author).cookies["session"].value
        visitor.context.add_cookies([{"name": "session", "value": session, "url": base}])
        page = visitor.page

        def question(number: int, look: str) -> None:
            visitor.go(f"/attempts/{attempt.uid}/{number}/").look(look, shoot_desktop=True)

        def on() -> None:
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: not url.endswith(f"/{number}/"))

        number = 1
        question(1, "ordering")
        for place, words in enumerate(("Look", "Go to", "Listen", "Link"), start=1):
            page.locator(".orderitem", has_text=words).locator("select").focus()
            page.keyboard.type(str(place))
        page.locator(".orderitem button").first.focus()
        page.keyboard.press("Enter")  # the first cannot go higher
        page.locator("button.primary").focus()
        on()
        number = 2
        question(2, "hotspot")
        page.get_by_label("At the round table").focus()
        page.keyboard.press("Space")
        assert page.locator("g.on text").inner_text() == "B"
        page.locator("button.primary").focus()
        on()
        number = 3
        question(3, "drag-text")
        for gap, word in zip(page.locator("select.gap").all(), ("words", "feeling", "need"), strict=True):
            gap.focus()
            page.keyboard.type(word)
        assert page.locator(".words .used").count() == 3
        page.locator("button.primary").focus()
        on()
        number = 4
        question(4, "cloze")
        for gap, word in zip(page.locator(".gap").all(), ("nose", "6", "5", "calmer"), strict=True):
            gap.focus()
            page.keyboard.type(word)
        page.locator("button.primary").focus()
        on()
        number = 5
        question(5, "numeric")
        page.locator("#answer").focus()
        page.keyboard.type("5 040")
        page.locator("button.primary").focus()
        on()
        number = 6
        question(6, "likert")
        for row in page.locator("fieldset.scale").all():
            row.locator("input").first.focus()
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
        page.locator("button.primary").focus()
        on()
        question(7, "file")
        page.set_input_files("#file", {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"What I said."})
        page.get_by_role("button", name="Hand in this file").focus()
        page.keyboard.press("Enter")
        page.get_by_text("notes.txt").wait_for()
        with open_scope(environment_id=env.pk):
            rows = list(Answer.objects.filter(attempt=attempt).order_by("position"))
            assert [row.response is not None for row in rows] == [True] * 7
            assert rows[5].response == {"values": [1, 1, 1]}
        visitor.go(f"/attempts/{attempt.uid}/")
        page.evaluate("document.querySelector('form[action$=\"/finish/\"]').requestSubmit()")
        page.wait_for_url("**/review/")
        visitor.look("review")
        assert "100%" in visitor.text()
        for path, name in (
            ("", "bank"),
            ("objectives/", "objectives"),
            ("questions/new/", "new"),
            ("export/?format=qti3", "export"),
        ):
            visitor.go(f"/banks/exercises-bank/{path}").look(f"bank-{name}", shoot_desktop=True)
        visitor.go(f"/banks/exercises-bank/questions/{rows[0].version.question_id}/").look(
            "bank-question", shoot_desktop=True
        )
        visitor.go("/banks/exercises-bank/questions/new/?type=single")
        page.get_by_label("Question", exact=True).fill("What is \\(2+2\\)?")
        page.locator("[name=rows-0-text]").fill("4")
        page.locator("[name=rows-1-text]").fill("5")
        page.locator("[name=rows-0-correct]").check()
        page.locator("#preview .opt").first.wait_for()  # by itself, while writing
        assert page.locator("#preview math").count() == 1
        visitor.look("write", shoot_desktop=True)
        page.get_by_label("Name", exact=False).first.focus()
        page.keyboard.press("Enter")
        page.get_by_text("What is right").wait_for()
        assert visitor.wrong == []
        visitor.close()
