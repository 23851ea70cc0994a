"""Every type of question in a real browser, on a phone, with the keyboard alone: reached, answered, kept and marked."""

from io import BytesIO

import pytest
from django.core.files.base import File
from PIL import Image

from assessments.models import Answer
from assessments.question_types.registry import question_type
from assessments.services import assessment_create, attempt_start, question_save
from assessments.services.pictures import picture_add
from ecosystem.scope import open_scope
from tests.assessments.answering import make_bank
from tests.assessments.sample_questions import BODIES, KEYS, RIGHT
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("packages"), pytest.mark.usefixtures("own_database")]
GIVEN = {**RIGHT, "essay": {"text": "It depends."}, "likert": {"values": [2, 0]}}
MOST = 80  # presses of one key; more is lost


def focus_until(page, selector: str) -> None:
    """With Tab from where one is."""
    for _press in range(MOST):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with Tab")


def choose(page, selector: str, key: str) -> None:
    """With an arrow, until what has the focus is what is wanted."""
    for _press in range(MOST):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} cannot be chosen with {key}")


def fill(page, name: str, value: str) -> None:
    """Whatever kind of field it is."""
    kind = page.locator(f"[name='{name}']").first.evaluate("field => field.type")
    if kind == "radio":
        focus_until(page, f"[name='{name}']")
        choose(page, f"[name='{name}'][value='{value}']", "ArrowDown")
        page.keyboard.press("Space")
    elif kind == "checkbox":
        focus_until(page, f"[name='{name}'][value='{value}']")
        page.keyboard.press("Space")
    elif kind == "select-one":
        focus_until(page, f"[name='{name}']")
        for _press in range(MOST):
            if page.evaluate("() => document.activeElement.value") == value:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} cannot be set to {value}")
    else:
        focus_until(page, f"[name='{name}']")
        page.keyboard.type(value)


def hand_in(page) -> None:
    focus_until(page, "#file")
    page.set_input_files("#file", {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 notes"})
    focus_until(page, "button[formenctype]")
    page.keyboard.press("Enter")
    page.get_by_text("notes.pdf").wait_for()


def test_each_type_is_answered_with_the_keyboard_alone(live_server, monkeypatch, env, member, browser_of):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the test asks the database beside the browser's loop
    base, learner = f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}", member()
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        bank, drawing = make_bank(), BytesIO()
        Image.new("RGB", (400, 300), "navy").save(drawing, "PNG")
        drawing.seek(0)
        picture = picture_add(bank=bank, upload=File(drawing, name="plan.png"))["picture"]
        asked = [
            question_save(
                bank=bank, identifier=key, type=key, stem=f"<p>A question: {key}</p>",
                body={**BODIES[key], **({"picture": picture} if key == "hotspot" else {})},
            ).question
            for key in KEYS
        ]  # fmt: skip
        quiz = assessment_create(title="Types", slug="types", creators=["Ada"], questions=asked, pass_mark=0.9)
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
    with chromium() as browser:
        visitor = Visitor(browser, base=base, name="types")
        visitor.context.add_cookies(
            [{"name": "session", "value": browser_of(learner).cookies["session"].value, "url": base}]
        )
        page = visitor.page
        visitor.go(f"/attempts/{attempt.uid}/1/")
        for number, key in enumerate(KEYS, start=1):
            visitor.look(f"{number}-{key}")
            if key == "file_upload":
                hand_in(page)
            else:
                with open_scope(environment_id=env.pk):
                    body = Answer.objects.select_related("version").get(attempt=attempt, position=number).version.body
                for name, values in question_type(key).fields(body, GIVEN[key]).items():
                    for value in values:
                        fill(page, name, value)
            focus_until(page, "button.primary")
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url, here=f"/{number}/": not url.endswith(here))
        visitor.look("overview", shoot_desktop=True)
        focus_until(page, "button.primary")
        page.keyboard.press("Enter")
        page.wait_for_url("**/review/")
        visitor.look("review", shoot_desktop=True)
        with open_scope(environment_id=env.pk):
            rows = list(Answer.objects.filter(attempt=attempt).select_related("version").order_by("position"))
        wrong = [row.version.type for row in rows if row.version.type in RIGHT and row.fraction != 1]
        assert wrong == []
        assert all(row.response is not None for row in rows)
        assert visitor.wrong == []
        visitor.close()
