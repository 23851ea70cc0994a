"""Pictures, sounds and films in questions that are written on the page."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Picture, Question, QuestionVersion
from ecosystem.models import Element
from ecosystem.scope import open_scope
from tests.assessments.answering import make_bank
from tests.assessments.test_bank_pages import form_of
from tests.assessments.test_imports import PNG

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]


@pytest.fixture
def bank(env) -> Element:
    with open_scope(environment_id=env.pk):
        return make_bank()


@pytest.fixture
def author(member, browser_of):
    return browser_of(member("author", name="Ada Author"))


def test_a_place_in_a_picture_is_written_with_its_picture(bank, author):
    address = "/banks/bank/questions/new/?type=hotspot"
    form = form_of(author.get(address).content.decode()) | {"stem": "Where?", "alt": "A plan", "save": "1"}
    for n, name in enumerate(("Door", "Desk")):
        form |= {f"rows-{n}-name": name, f"rows-{n}-coords": f"{n}, {n}, 1, 1", f"rows-{n}-shape": "rect"}
    form |= {"rows-0-correct": "on"}
    bad = author.post(address, {**form, "upload": SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")})
    assert "SVG" in bad.content.decode()
    assert author.post(address, {**form, "upload": SimpleUploadedFile("a.png", PNG)}).status_code == 302
    with open_scope(environment_id=bank.environment_id):
        version = QuestionVersion.objects.get()
        picture = Picture.objects.get()
    assert version.body["picture"] == f"attachment:{picture.sha256}"
    assert (version.body["width"], version.body["height"]) == (1, 1)


def test_a_picture_and_a_sound_come_into_a_question_that_is_written(env, bank, author):
    path = "/banks/bank/questions/new/?type=essay"
    sound = SimpleUploadedFile("a.mp3", b"ID3" + bytes(200))

    def add(stem: str, media: object, says: str = "A [red] ladder") -> str:
        sent = {"stem": stem, "points": "1", "media_add": "1", "media_says": says, "media": media}
        return author.post(path, sent).context["form"]["stem"].value()

    text = add("What is wrong?", SimpleUploadedFile("x.png", PNG))
    assert re.fullmatch(r"What is wrong\?\n\n!\[A red ladder\]\(attachment:[0-9a-f]{64}\)", text)
    text = add(text, sound)
    assert re.search(r'<p>A \[red\] ladder</p>\n<audio src="attachment:[0-9a-f]{64}"></audio>$', text)
    for wrong in (SimpleUploadedFile("x.svg", b"<svg onload='x'/>"), ""):
        assert add("Same", wrong) == "Same"
    assert add("Same", SimpleUploadedFile("x.png", PNG), says="") == "Same"
    with open_scope(environment_id=env.pk):
        assert sorted(Picture.objects.values_list("media_type", flat=True)) == ["audio/mpeg", "image/png"]
        assert not Question.objects.exists()
    saved = author.post(
        path, {"stem": text, "points": "1", "minimum_words": "0", "maximum_words": "0", "save": "1"}, follow=True
    ).content.decode()
    assert len(re.findall(r'src="/pictures/[0-9a-f]{64}/"', saved)) == 2


def test_a_picture_that_was_only_chosen_is_saved_with_the_question(env, bank, author):
    path = "/banks/bank/questions/new/?type=essay"
    sent = {"stem": "What is wrong?", "points": "1", "minimum_words": "0", "maximum_words": "0", "save": "1"}
    without_words = author.post(path, {**sent, "media": SimpleUploadedFile("x.png", PNG)})
    assert without_words.context["media"].errors.keys() == {"media_says"}
    author.post(path, {**sent, "media": SimpleUploadedFile("x.png", PNG), "media_says": "A ladder"})
    with open_scope(environment_id=env.pk):
        assert "A ladder" in QuestionVersion.objects.get().stem
