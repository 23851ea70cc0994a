"""Recordings as an answer and as feedback: asked for, played from the isolated host only, unseen before the release."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ecosystem.exceptions import EcosystemError
from ecosystem.isolated import sign
from handins.models import FeedbackFile, HandinFile
from handins.services import handin_file_add, mark_give, round_start, round_submit, rounds_release
from handins.services.feedback_files import feedback_file_add, feedback_file_remove
from handins.services.uploading import upload_begin, upload_finish, upload_take
from tests.handins.conftest import levels, pdf, within

pytestmark = pytest.mark.django_db
SOUND = b"\x1a\x45\xdf\xa3" + b"sound" * 100


def sound(name: str = "said.weba") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, SOUND, content_type="text/html")


def test_an_assignment_asks_for_a_recording(make_assignment, member):
    learner = member()
    assignment = make_assignment(takes_files=False, takes_text=False, takes_audio=True)
    with within(learner):
        draft = round_start(assignment=assignment, by=learner)
        with pytest.raises(EcosystemError, match="these kinds of files: weba"):
            handin_file_add(round=draft, upload=pdf(), by=learner)
        with pytest.raises(EcosystemError, match="not what its name says"):
            handin_file_add(round=draft, upload=SimpleUploadedFile("a.webm", b"<html>"), by=learner)
        with pytest.raises(EcosystemError, match="nothing to hand in"):
            round_submit(round=draft, by=learner)
        assert handin_file_add(round=draft, upload=sound(), by=learner).media_type == "audio/webm"
        assert round_submit(round=draft, by=learner).state == "submitted"


def test_spoken_feedback_is_for_the_learner_once_it_is_released(make_assignment, handed_in, member, marker, browser_of):
    learner, assignment = member(name="Lea"), make_assignment()
    round = handed_in(assignment, learner)
    desk, mine, other = browser_of(marker), browser_of(learner), browser_of(member(name="Eve"))
    assert desk.post(f"/reviewing/{round.uid}/files/", {"files": [sound(), pdf("notes.pdf")]}).status_code == 302
    with within(marker):
        said, notes = FeedbackFile.objects.order_by("pk")
    desk.post(f"/reviewing/{round.uid}/files/", {"do": f"remove:{notes.uid}"})
    page = desk.get(f"/reviewing/{round.uid}/")
    assert b"said.weba" in page.content
    assert b"notes.pdf" not in page.content
    place = f"/handins/feedback/{said.uid}/"
    assert (desk.get(place).status_code, mine.get(place).status_code, other.get(place).status_code) == (200, 404, 404)
    assert b"said.weba" not in mine.get("/handins/my-plan/").content
    assert other.post(f"/reviewing/{round.uid}/files/", {"files": [sound()]}).status_code == 404
    with within(marker):
        mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[round], by=marker)
        with pytest.raises(EcosystemError, match="has it already"):
            feedback_file_remove(file=said, by=marker)
    answer = mine.get(place)
    assert answer["Content-Disposition"].startswith("attachment")
    shown = mine.get("/handins/my-plan/")
    assert b"said.weba" in shown.content
    assert "media-src blob: http://packages.alpha.localhost" in shown["Content-Security-Policy"]


def test_what_is_played_is_played_from_the_isolated_host(make_assignment, handed_in, member, marker):
    round = handed_in(make_assignment(), member())
    with within(marker):
        said = feedback_file_add(round=round, upload=sound(), by=marker)
        notes = feedback_file_add(round=round, upload=pdf(), by=marker)
    isolated = Client(HTTP_HOST="packages.alpha.localhost")
    good = f"/handins/{sign('handin-feedback', round.environment_id, said.pk)}/"
    answer = isolated.get(good, headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer["Content-Type"], b"".join(answer.streaming_content)) == (
        206,
        "audio/webm",
        SOUND[:4],
    )
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Client(HTTP_HOST="alpha.localhost").get(good).status_code == 404, "never in the origin of the site"
    for token in ("forged", sign("handin-file", round.environment_id, said.pk), sign("handin-feedback", 0, said.pk),
                  sign("handin-feedback", round.environment_id, notes.pk)):  # fmt: skip
        assert isolated.get(f"/handins/{token}/").status_code == 404


def test_a_long_recording_of_the_reviewer_comes_in_parts(make_assignment, handed_in, member, marker, browser_of):
    learner = member()
    round = handed_in(make_assignment(), learner)
    said = {"handin": str(round.uid), "name": "said.weba", "size": len(SOUND), "is_feedback": True}
    assert browser_of(learner).post("/api/v1/uploads/", said, "application/json").status_code == 400
    upload = browser_of(marker).post("/api/v1/uploads/", said, "application/json")
    assert upload.status_code == 201
    with within(learner), pytest.raises(EcosystemError, match="Only somebody who marks"):
        upload_begin(round=round, name="a.webm", size=9, is_feedback=True, by=learner)
    with within(marker):
        found = upload_begin(round=round, name="said.weba", size=len(SOUND), is_feedback=True, by=marker)
        assert str(found.uid) == upload.json()["uid"]
        upload_take(upload=found, start=0, content=ContentFile(SOUND), by=marker)
        made = upload_finish(upload=found, sha256=hashlib.sha256(SOUND).hexdigest(), by=marker)
        assert (made.person_id, made.by_id) == (learner.person_id, marker.person_id)
        assert not HandinFile.objects.exists()
