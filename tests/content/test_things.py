"""Files and videos: what comes in, what is served and how, what counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content.exceptions import ContentError
from content.media import captions_text, video_seconds
from content.models import Document, Video, Watching
from content.services import (
    document_create,
    document_save,
    video_create,
    video_open,
    video_save,
    video_watched,
)
from content.services.videos import merged
from ecosystem import clock
from ecosystem.documents import DocumentError, plain_name
from ecosystem.isolated import sign
from ecosystem.models import AuditEntry, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services.settings import setting_save
from ecosystem.setting_tree import Own
from records.models import Statement
from tests.content.making import CAPTIONS, PDF, mp4, upload

pytestmark = pytest.mark.django_db


def facts(**other: object) -> dict[str, object]:
    return {
        "title": "Thing", "summary": "", "language": "en", "minutes": 5, "tags": "", "visibility": "members", **other,
    }  # fmt: skip


@pytest.fixture
def author(member):
    return member("author")


# --- files -----------------------------------------------------------------------------------------------------------
def test_a_file_is_brought_in_replaced_and_downloaded_as_a_file(env, other, author, member, browser_of):
    browser = browser_of(author)
    made = browser.post("/content/new/file/", facts(upload=upload("../../Plan <1>.pdf", PDF)))
    assert made.headers["Location"] == "/content/thing/edit/"
    with open_scope(environment_id=env.pk):
        row = Document.objects.get()
        first = row.file.name
        assert (row.name, row.media_type, row.size) == ("Plan <1>.pdf", "application/pdf", len(PDF))
        assert "Plan" not in first
    reader = browser_of(member())
    served = reader.get("/files/thing/download/")
    assert b"".join(served.streaming_content) == PDF
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert (served.headers["X-Content-Type-Options"], served.headers["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    assert browser.post("/content/thing/edit/", facts(upload=upload("b.txt", b"Hello"))).status_code == 302
    with open_scope(environment_id=env.pk):
        row = Document.objects.get()
        assert (row.name, row.media_type) == ("b.txt", "text/plain; charset=utf-8")
        assert list(StoredFile.objects.values_list("path", "size")) == [(row.file.name, 5)]
        assert AuditEntry.objects.filter(act="file.replaced").count() == 1
    assert browser_of(member(environment=other)).get("/files/thing/download/").status_code == 404
    assert reader.post("/learn/thing/done/").headers["Location"] == "/files/thing/"


def test_a_pdf_is_shown_from_the_other_host_only(env, member, browser_of, client):
    with open_scope(environment_id=env.pk):
        row = document_create(title="Plan", upload=upload("a.pdf", PDF), creators=["Ada"])
    page = browser_of(member()).get("/files/plan/")
    address = page.context["viewer"]
    assert address.startswith("http://packages.alpha.localhost/documents/")
    assert page.headers["Content-Security-Policy"].endswith("; frame-src http://packages.alpha.localhost")
    path = address.removeprefix("http://packages.alpha.localhost")
    there = client.get(path, headers={"host": "packages.alpha.localhost"})
    assert there.status_code == 200
    assert "frame-ancestors 'self' http://alpha.localhost" in there.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in there.headers
    assert client.get(path, headers={"host": "alpha.localhost"}).status_code == 404
    forged = [
        sign("document", env.pk + 1, row.pk),
        sign("package", env.pk, row.pk),
        sign("document", env.pk, row.pk + 1),
        "nonsense",
        sign(),
    ]
    for token in forged:
        answer = client.get(f"/documents/{token}/", headers={"host": "packages.alpha.localhost"})
        assert (answer.status_code, answer.content) == (404, b"There is nothing here."), token


def test_nothing_of_the_site_is_on_the_other_host(env, member, browser_of):
    browser = browser_of(member())
    for path in ("/", "/accounts/login/", "/courses/", "/api/v1/me/", "/admin/", "/healthz"):
        answer = browser.get(path, headers={"host": "packages.alpha.localhost"})
        assert answer.status_code in {404, 200 if path == "/healthz" else 404}, path
    assert browser.get("/", headers={"host": "packages.nobody.localhost"}).status_code == 404
    assert browser.get("/", headers={"host": "packages."}).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<script>"), ("a.svg", b"<svg/>"), ("a.php", b"<?php"), ("a.py", b"x"), (".htaccess", b"x"), ("a", b"x"),
        ("a.pdf", b"<html>"), ("a.pdf.html", PDF), ("a.png", PDF), ("a.docx", b"<html>"), ("a.txt", b"a\0b"), ("a.txt", b"\xff\xfe"),
        ("a.pdf", b""), ("a.pdf.", b"<script>"),
    ],
)  # fmt: skip
def test_a58_a_file_that_is_not_what_its_name_says_is_refused(env, name, data):
    with open_scope(environment_id=env.pk):
        with pytest.raises(DocumentError):
            document_create(title="x", upload=upload(name, data), creators=["Ada"])
        assert not StoredFile.objects.exists()


def test_a58_names_are_made_harmless():
    assert plain_name("..\\..\\a/b\x00\u202ec.pdf. ") == "bc.pdf"
    assert plain_name("///") == "file"


def test_a61_a_full_environment_takes_no_file(env, author, member, browser_of):
    with open_scope(environment_id=env.pk):
        setting_save(key="storage_limit", own=Own(1), by=member("admin"))
    big = upload("a.txt", b"x" * 1024 * 1024 + b"x")
    answer = browser_of(author).post("/content/new/file/", facts(upload=big))
    assert answer.status_code == 200
    assert "no room" in str(answer.context["form"].errors)
    with open_scope(environment_id=env.pk):
        assert not Document.objects.exists()


def test_ranges(env, member, browser_of):
    with open_scope(environment_id=env.pk):
        video_create(title="Film", upload=upload("a.mp4", mp4()), creators=["Ada"], no_captions_because="Silent.")
    browser, whole = browser_of(member()), mp4()
    for wish, status, data in [
        ("bytes=0-3", 206, whole[:4]), ("bytes=4-", 206, whole[4:]), ("bytes=-2", 206, whole[-2:]),
        ("bytes=9999999-", 416, b""), ("bytes=0-1,3-4", 200, whole), ("words=1-2", 200, whole), ("bytes=-", 200, whole),
    ]:  # fmt: skip
        answer = browser.get("/videos/film/file/", headers={"range": wish})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert (answer.status_code, body) == (status, data), wish


# --- videos ----------------------------------------------------------------------------------------------------------
def film(env, **other):
    with open_scope(environment_id=env.pk):
        wish = {"upload": upload("a.mp4", mp4()), "creators": ["Ada"], "captions": CAPTIONS, **other}
        return video_create(title="Film", **wish)


def test_a_video_needs_captions_or_a_reason(env, author, browser_of):
    browser = browser_of(author)
    refused = browser.post("/content/new/video/", facts(upload=upload("a.mp4", mp4())))
    assert "Add captions" in str(refused.context["form"].errors)
    form = facts(upload=upload("a.mp4", mp4(150)), captions=upload("a.vtt", CAPTIONS))
    assert browser.post("/content/new/video/", form).status_code == 302
    page = browser.get("/videos/thing/")
    assert '<track kind="captions" srclang="en"' in page.text
    assert b"".join(browser.get("/videos/thing/captions/").streaming_content) == CAPTIONS
    with open_scope(environment_id=env.pk):
        assert Video.objects.get().seconds == 150


@pytest.mark.parametrize("data", [b"", b"SRT\n1 --> 2", b"WEBVTTX\n1 --> 2", b"WEBVTT\n", b"\xff\xfe-->"])
def test_what_are_no_captions_is_refused(data):
    with pytest.raises(ContentError):
        captions_text(data)


@pytest.mark.parametrize("cut", [0, 4, 12, 30, 60])
def test_a_damaged_video_is_refused(cut):
    data = mp4()[:cut]
    with pytest.raises(ContentError):
        video_seconds(name="a.mp4", file=upload("a.mp4", data), size=len(data))


def test_watching_counts_what_can_have_been_shown(env, member, monkeypatch):
    video, person = film(env), member()
    start = timezone.now()
    at = [start]
    monkeypatch.setattr(clock, "now", lambda: at[0])

    def say(seconds_later: float, position: float, *spans: tuple[float, float]) -> Watching:
        at[0] = start + timedelta(seconds=seconds_later)
        with open_scope(environment_id=env.pk, person_id=person.person_id):
            return video_watched(video=video, position=position, spans=spans)

    with open_scope(environment_id=env.pk, person_id=person.person_id):
        with pytest.raises(ContentError):
            video_watched(video=video, position=0, spans=[])
        video_open(video=video)
        video_open(video=video)
    assert say(1, 95, (0, 95)).share == 0, "95 seconds were shown within one"
    assert say(31, 30, (0, 30)).share == 0.3
    assert say(31, 30, (0, 30)).share == 0.3, "the same twice counted"
    assert say(60, 60, (30, 60), (float("nan"), 4), (70, 65), (-5, 3)).share == 0.6
    assert say(91, 1e9, (60, 95)).position == 100
    row = say(120, 100, (0, 100))
    assert (row.share, row.completed_at is not None) == (1, True)
    with open_scope(environment_id=env.pk):
        said = Statement.objects.filter(verb="completed").get()
        assert said.result["reported_by"] == "player"
        assert said.result["watched"] >= 0.9
        assert Statement.objects.filter(verb="launched").count() == 1


def test_many_reports_at_once_show_no_more_than_one(env, member, monkeypatch):
    video, person = film(env), member()
    start = timezone.now()
    at = [start]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    with open_scope(environment_id=env.pk, person_id=person.person_id):
        video_open(video=video)
        for number in range(10):
            row = video_watched(video=video, position=0, spans=[(number * 9, number * 9 + 9)])
            video_open(video=video)
        assert row.share == 0.09, "each report or opening brought its own slack"
        at[0] = start + timedelta(seconds=4)
        assert video_watched(video=video, position=0, spans=[(9, 17)]).share == 0.17, "at twice the speed"
        at[0] = start + timedelta(seconds=10)
        assert video_watched(video=video, position=0, spans=[(17, 29)]).share == 0.29
        at[0] = start + timedelta(seconds=60)
        video_watched(video=video, position=0, spans=[])
        assert video_watched(video=video, position=0, spans=[(29, 40)]).share == 0.29, "the slack grew with waiting"


def test_another_video_is_watched_anew_but_completed_stays(env, author, member):
    video, person = film(env), member()
    with open_scope(environment_id=env.pk, person_id=person.person_id):
        row = video_open(video=video)
        row.share, row.spans, row.completed_at = 1, [[0, 100]], timezone.now()
        row.save()
    with open_scope(environment_id=env.pk):
        video_save(video=video, by=author.person, upload=upload("b.mp4", mp4(50)))
        again = Watching.objects.get()
        assert (again.share, again.spans, again.completed_at is not None) == (0, [], True)
        assert StoredFile.objects.count() == 2


def test_the_player_of_one_person_says_nothing_of_another(env, other, member, browser_of):
    film(env)
    one, two = browser_of(member()), browser_of(member())
    said = {"position": 5, "spans": [[0, 5]]}
    assert one.post("/videos/film/watched/", said, content_type="application/json").status_code == 409
    one.get("/videos/film/")
    assert one.post("/videos/film/watched/", said, content_type="application/json").json() == {
        "percent": 5,
        "completed": False,
    }
    assert 'data-position="5.00"' in one.get("/videos/film/").text
    assert 'data-position="0.00"' in two.get("/videos/film/").text
    for bad in (
        "[]",
        "{",
        '{"position": "x", "spans": []}',
        '{"position": 1, "spans": [[1]]}',
        '{"position": 1e999, "spans": 3}',
    ):
        assert one.post("/videos/film/watched/", bad, content_type="application/json").status_code == 400, bad
    assert browser_of(env).post("/videos/film/watched/", said, content_type="application/json").status_code == 401
    stranger = browser_of(member(environment=other))
    assert stranger.post("/videos/film/watched/", said, content_type="application/json").status_code == 404


def test_spans_are_joined_inside_the_video():
    assert merged([(5, 9), (0, 5.3), (20, 10), (90, 300), (-3, 1)], 100) == [[0, 9], [90, 100]]


def test_software_makes_them_too(env, author, member, browser_of):
    client, learner = browser_of(author), browser_of(member())
    made = client.post("/api/v1/files/", {"title": "Plan", "upload": upload("a.pdf", PDF), "visibility": "members"})
    assert (made.status_code, made.json()["media_type"]) == (201, "application/pdf")
    assert learner.post("/api/v1/files/plan/done/").json() == {"done": True}
    assert learner.post("/api/v1/files/", {"title": "x", "upload": upload("a.pdf", PDF)}).status_code == 403
    wish = {"title": "There", "url": "https://example.org/", "visibility": "members"}
    assert client.post("/api/v1/links/", wish, content_type="application/json").status_code == 201
    changed = client.patch("/api/v1/links/there/", {"url": "https://example.org/b"}, content_type="application/json")
    assert changed.json()["url"] == "https://example.org/b"
    assert client.post("/api/v1/links/there/check/").status_code == 200
    film = {
        "title": "Film",
        "upload": upload("a.mp4", mp4()),
        "captions": upload("a.vtt", CAPTIONS),
        "visibility": "members",
    }
    assert client.post("/api/v1/videos/", film).json()["captions"] is True
    assert learner.post("/api/v1/videos/film/open/").status_code == 200
    said = {"position": 5, "spans": [[0, 5]]}
    assert learner.post("/api/v1/videos/film/watched/", said, content_type="application/json").json()["share"] == 0.05


def test_document_save_from_below_is_refused(env, author):
    with open_scope(environment_id=env.pk):
        row = document_create(title="Plan", upload=upload("a.pdf", PDF), creators=["Ada"])
        saved = document_save(document=row, by=author.person, title="Plan B")
        assert saved.element.title == "Plan B"
        assert AuditEntry.objects.get(act="content.changed").after == {"title": "Plan B"}
