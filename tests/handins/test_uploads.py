"""Large files part by part: cut and gone on with, never twice, never somebody else's, cleaned up when given up."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import EnvironmentSetting, StoredFile
from handins.exceptions import HandinError, WrongOffsetError
from handins.models import HandinFile, Upload, UploadPart
from handins.services import round_start, round_submit
from handins.services.uploading import SMALLEST_PART, upload_begin, upload_drop, upload_finish, upload_take
from handins.tasks import forget_uploads
from tests.handins.conftest import pdf, within

pytestmark = pytest.mark.django_db
HALF = SMALLEST_PART
FILM = b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 257 + b"\x00" * HALF
SUM = hashlib.sha256(FILM).hexdigest()


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path) -> None:
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": options}


@pytest.fixture
def learner(member):
    return member(name="Lea")


@pytest.fixture
def draft(make_assignment, learner):
    assignment = make_assignment(most_mb=200)
    with within(learner):
        return round_start(assignment=assignment, by=learner)


def begun(draft, by, **said) -> Upload:
    return upload_begin(**{"round": draft, "name": "film.webm", "size": len(FILM), "by": by, **said})


def take(*, content: bytes, **said) -> Upload:
    return upload_take(content=ContentFile(content), **said)


def on_disk(env_id: int) -> list[str]:
    folder = f"handins/{env_id}"
    return sorted(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else []


def test_a_file_is_cut_in_the_middle_and_gone_on_with(draft, learner, django_capture_on_commit_callbacks):
    with within(learner):
        upload = begun(draft, learner)
        assert take(upload=upload, start=0, content=FILM[:HALF], by=learner).received == HALF
        # The line was cut before the answer: the same part again is the same part.
        assert take(upload=upload, start=0, content=FILM[:HALF], by=learner).received == HALF
        assert UploadPart.objects.count() == 1
        # Another page begins with the same file: it goes on.
        again = begun(draft, learner)
        assert (again.pk, again.received) == (upload.pk, HALF)
        with pytest.raises(WrongOffsetError) as wrong:
            take(upload=again, start=HALF + 1, content=FILM[HALF + 1 :], by=learner)
        assert wrong.value.offset == HALF
        with pytest.raises(HandinError, match="Go on from there"):
            upload_finish(upload=again, sha256=SUM, by=learner)
        take(upload=again, start=HALF, content=FILM[HALF:], by=learner)
        with pytest.raises(HandinError, match="changed on its way"):
            upload_finish(upload=again, sha256="0" * 64, by=learner)
        with django_capture_on_commit_callbacks(execute=True):
            made = upload_finish(upload=again, sha256=SUM.upper(), by=learner)
        assert upload_finish(upload=again, sha256=SUM, by=learner) == made
        with made.file.open() as kept:
            assert (made.media_type, made.size, kept.read()) == ("video/webm", len(FILM), FILM)
        assert not UploadPart.objects.exists()
        assert on_disk(learner.environment_id) == [made.file.name.rsplit("/", 1)[1]]
        assert list(StoredFile.objects.filter(path__startswith="handins/").values_list("size", flat=True)) == [
            len(FILM)
        ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "film.exe"}, "these kinds of files"),
        ({"size": 201 * 1024 * 1024}, "larger than 200 MB"),
        ({"name": "book.pdf", "size": 51 * 1024 * 1024}, "larger than 50 MB"),
        ({"size": 0}, "nothing in this file"),
    ],
)
def test_what_would_be_refused_in_the_end_is_refused_at_once(draft, learner, said, words):
    with within(learner), pytest.raises(EcosystemError, match=words):
        begun(draft, learner, **said)


def test_the_content_says_what_it_is(draft, learner):
    with within(learner):
        upload = begun(draft, learner)
        with pytest.raises(EcosystemError, match="not what its name says"):
            take(upload=upload, start=0, content=b"<script>" * (HALF // 8), by=learner)
        for wrong in (b"", FILM[:HALF][:100], FILM + b"more"):
            with pytest.raises(HandinError, match="another size"):
                take(upload=upload, start=0, content=wrong, by=learner)


def test_a61_parts_count_for_the_storage_limit_also_side_by_side(draft, learner, member):
    admin = member("admin")
    with within(admin):
        EnvironmentSetting.objects.create(environment=admin.environment, key="storage_limit", value=1)
    size, chunk = 700 * 1024, 350 * 1024
    film = FILM[:4] + b"x" * (size - 4)
    with within(learner):
        with pytest.raises(EcosystemError, match="no room"):
            begun(draft, learner, size=2 * 1024 * 1024)
        one, two = begun(draft, learner, size=size), begun(draft, learner, name="b.webm", size=size)
        take(upload=one, start=0, content=film[:chunk], by=learner)
        take(upload=two, start=0, content=film[:chunk], by=learner)
        with pytest.raises(EcosystemError, match="no room"):
            for upload in (one, two):
                take(upload=upload, start=chunk, content=film[chunk:], by=learner)
        upload_drop(upload=two, by=learner)
        # Its parts and the whole are never counted together.
        one.refresh_from_db()
        if one.received < size:
            take(upload=one, start=chunk, content=film[chunk:], by=learner)
        assert upload_finish(upload=one, sha256=hashlib.sha256(film).hexdigest(), by=learner).size == size


def test_what_was_given_up_goes_after_three_days(draft, learner, django_capture_on_commit_callbacks):
    with within(learner):
        upload = begun(draft, learner)
        take(upload=upload, start=0, content=FILM[:HALF], by=learner)
    assert forget_uploads() == 0
    assert len(on_disk(learner.environment_id)) == 1
    with clock.at(clock.now() + timedelta(days=4)), django_capture_on_commit_callbacks(execute=True):
        assert forget_uploads() == 1
    assert on_disk(learner.environment_id) == []
    with within(learner):
        assert not Upload.objects.exists()
        assert not StoredFile.objects.filter(path__startswith="handins/").exists()
        with pytest.raises(HandinError, match="given up"):
            take(upload=upload, start=HALF, content=FILM[HALF:], by=learner)


def test_nothing_comes_into_what_is_handed_in(draft, learner):
    with within(learner):
        upload = begun(draft, learner)
        take(upload=upload, start=0, content=FILM[:HALF], by=learner)
        draft.text = "Mine"
        draft.save()
        round_submit(round=draft, by=learner)
        with pytest.raises(HandinError, match="handed in"):
            take(upload=upload, start=HALF, content=FILM[HALF:], by=learner)
        assert not HandinFile.objects.exists()


def test_over_the_api(draft, learner, member, browser_of):
    mine, other = browser_of(learner), browser_of(member(name="Eve"))
    begun_by_eve = other.post(
        "/api/v1/uploads/", {"handin": str(draft.uid), "name": "f.webm", "size": 9}, "application/json"
    )
    assert begun_by_eve.status_code == 400
    said = {"handin": str(draft.uid), "name": "film.webm", "size": len(FILM)}
    upload = mine.post("/api/v1/uploads/", said, "application/json").json()
    place = f"/api/v1/uploads/{upload['uid']}/"

    def part(who, start, content):
        return who.patch(place, content, "application/octet-stream", headers={"Upload-Offset": str(start)})

    assert part(other, 0, FILM[:HALF]).status_code == 404
    assert part(mine, 0, FILM[:HALF]).json()["received"] == HALF
    wrong = part(mine, 5, FILM[:HALF])
    assert (wrong.status_code, wrong["Upload-Offset"], wrong["Content-Type"]) == (
        409,
        str(HALF),
        "application/problem+json",
    )
    assert part(mine, "x", FILM).status_code == 400
    assert part(mine, HALF, b"").status_code == 400
    assert part(mine, HALF, b"x" * (4 * 1024 * 1024 + 1)).status_code == 413
    page = mine.get("/handins/my-plan/").content.decode()
    assert "49% is here" in page
    assert part(mine, HALF, FILM[HALF:]).status_code == 200
    assert other.post(f"{place}finish/", {"sha256": SUM}, "application/json").status_code == 404
    assert mine.post(f"{place}finish/", {"sha256": "short"}, "application/json").status_code == 400
    made = mine.post(f"{place}finish/", {"sha256": SUM}, "application/json")
    assert (made.status_code, made.json()["size"]) == (201, len(FILM))
    assert mine.get(place).json()["file"] == made.json()["uid"]
    assert other.delete(place).status_code == 404
    assert mine.delete(place).status_code == 204
    assert mine.get(made.json()["path"]).status_code == 200


def test_given_up_on_the_page_and_the_plain_form_still_takes_files(draft, learner, browser_of):
    browser = browser_of(learner)
    with within(learner):
        upload = begun(draft, learner)
    assert b"film.webm" in browser.get("/handins/my-plan/").content
    browser.post("/handins/my-plan/", {"do": f"drop:{upload.uid}", "text": "Mine"})
    browser.post("/handins/my-plan/", {"do": "save", "text": "Mine", "files": pdf()})
    page = browser.get("/handins/my-plan/").content
    assert b"film.webm" not in page
    assert b"plan.pdf" in page


def test_an_upload_is_held_before_its_hand_in_by_the_page_too(draft, learner, browser_of, settings):
    """Its parts are taken in that order; in the other, two pages of the same person would wait for each other."""
    settings.PREPARE_ON_SERVER = False  # what is asked is said in full
    with within(learner):
        upload = begun(draft, learner)
    said = {"do": f"drop:{upload.uid}", "text": "Words"}
    with CaptureQueriesContext(connection) as asked:
        assert browser_of(learner).post("/handins/my-plan/", said).status_code == 302
    held = [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]
    tables = [table for sql in held for table in ("handins_upload", "handins_submission") if f'FROM "{table}"' in sql]
    assert tables == ["handins_upload", "handins_submission"]
    with within(learner):
        assert not Upload.objects.exists()
