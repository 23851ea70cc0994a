"""A copy of a whole environment: complete, without secrets, for those who may, for a week."""

import hashlib
import io
import json
import re
import tempfile
import zipfile
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.utils import timezone

from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, EnvironmentExport, ExportState, Role, StoredFile, TenantModel
from ecosystem.models.base import EVERYTHING
from ecosystem.moments import Moment
from ecosystem.scope import open_scope
from ecosystem.services import environment_exports
from ecosystem.services.environment_exports import columns_of, environment_export_ask, environment_exports_run_due
from ecosystem.services.storage import file_store
from ecosystem.services.subenvironments import environment_archive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
HERE = "/settings/environments/"
LIKE_A_SECRET = re.compile(r"secret|token|sealed|hash|password|nonce|digest$|checksum|p256dh|^auth$|^code$")
# Names like a secret's that are none.
NO_SECRET = {
    "notifications.Preference.digest",
    "notifications.Notice.for_digest",
    "assessments.Picture.sha256",
    "events.EventCode.code",  # told to many by the organiser, who reads it on the event's page
    "courses.CourseImport.digest",  # of a file that came in
    "api.OAuthApplication.hash_client_secret",
    "ecosystem.AuditEntry.nonce",  # with the entry itself they only prove that it was not changed
    "ecosystem.AuditLink.digest",
    "ecosystem.AuditLink.hash",
}


@pytest.fixture
def below(env, make_environment, member):
    row = make_environment("below", parent=env)
    member(environment=row, email="ada@example.org", name="Ada Ünlü")
    with open_scope(environment_id=row.pk):
        file_store(path="tests/below.bin", content=b"its file")
    return row


@pytest.fixture
def boss(member):
    return member(Role.ADMIN)


def asked(environment, by) -> EnvironmentExport:
    with open_scope(environment_id=by.environment_id, person_id=by.person_id):
        return environment_export_ask(environment=environment, by=by)


def newest(environment) -> EnvironmentExport:
    with open_scope(environment_id=environment.pk):
        return EnvironmentExport.objects.latest("pk")


def test_it_holds_every_table_and_file_of_that_environment_alone(env, below, boss, other, member, browser_of):
    member(environment=other, name="Stranger")
    asked(below, boss)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        environment_archive(environment=below, by=boss)  # a worker packs it all the same
    assert environment_exports_run_due() == 1
    row = newest(env)
    assert (row.state, row.done, row.attempts) == (ExportState.READY, row.total, 1)
    answer = browser_of(boss).get(f"{HERE}below/copy/{row.uid}/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    models = {model._meta.label for model in apps.get_models() if issubclass(model, TenantModel)}
    packed = {label for label in models if apps.get_model(label).never_copied != EVERYTHING}
    assert set(manifest["tables"]) == packed | {"ecosystem.Environment", "ecosystem.Person"}
    for facts in manifest["tables"].values():
        content = archive.read(facts["file"])
        assert hashlib.sha256(content).hexdigest() == facts["sha256"]
        assert len(content.splitlines()) == facts["rows"]
    assert manifest["tables"]["ecosystem.Membership"]["rows"] == 1
    assert manifest["files"]["tests/below.bin"] == {"bytes": 8, "sha256": hashlib.sha256(b"its file").hexdigest()}
    assert archive.read("files/tests/below.bin") == b"its file"
    people = archive.read("tables/ecosystem.Person.jsonl").decode()
    assert "Ada Ünlü" in people
    assert "password" not in people
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Stranger" not in everything
    assert b"beta" not in everything


def test_no_column_that_could_be_a_secret_is_copied():
    leaving = {
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model.never_copied != EVERYTHING
        for name in columns_of(model=model)
    }
    assert {name for name in leaving if LIKE_A_SECRET.search(name.rsplit(".", 1)[-1])} - NO_SECRET == set()
    assert len(leaving) > 300


def test_it_is_one_at_a_time_and_gone_after_a_week(env, below, boss, browser_of, django_capture_on_commit_callbacks):
    assert asked(below, boss).pk == asked(below, boss).pk
    client = browser_of(boss)
    assert "being made" in client.get(f"{HERE}below/").text
    assert environment_exports_run_due() == 1
    assert environment_exports_run_due() == 0
    row = newest(env)
    assert "Download" in client.get(f"{HERE}below/").text
    path = row.file.name
    with open_scope(environment_id=env.pk):
        assert StoredFile.objects.get(path=path).size == default_storage.size(path) > 0
        EnvironmentExport.objects.update(expires_at=timezone.now(), due_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"{HERE}below/copy/{row.uid}/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert environment_exports_run_due() == 0
    assert newest(env).state == ExportState.EXPIRED
    assert not default_storage.exists(path)
    assert asked(below, boss).pk != row.pk
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.filter(act="environment.copy_asked").count() == 2


def test_a_newer_copy_takes_the_place_of_one_that_is_ready(
    env, below, boss, browser_of, django_capture_on_commit_callbacks
):
    first = asked(below, boss)
    environment_exports_run_due()
    old, client = newest(env), browser_of(boss)
    page = client.get(f"{HERE}below/").text
    assert "This copy was made on" in page
    assert "Make a new copy" in page
    with open_scope(environment_id=below.pk):
        file_store(path="tests/later.bin", content=b"of later")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{HERE}below/copy/").status_code == 302
    with open_scope(environment_id=env.pk):
        gone = EnvironmentExport.objects.get(pk=first.pk)
        assert (gone.state, gone.due_at, gone.file.name) == (ExportState.EXPIRED, None, "")
    assert not default_storage.exists(old.file.name)
    environment_exports_run_due()
    fresh = newest(env)
    assert fresh.state == ExportState.READY
    answer = client.get(f"{HERE}below/copy/{fresh.uid}/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "files/tests/later.bin" in archive.namelist()
    for place in (env, below):
        with open_scope(environment_id=place.pk):
            acts = list(
                AuditEntry.objects.filter(act__startswith="environment.copy")
                .order_by("pk")
                .values_list("act", "actor_name")
            )
        assert [act for act, _who in acts] == ["environment.copy_asked"] * 2 + ["environment.copy_downloaded"]
        assert {who for _act, who in acts} == {boss.person.name}


def test_lists_and_copies_ask_first_who_it_is(below, boss, browser_of):
    client = browser_of(boss)
    session = client.session
    session.pop("account_authentication_methods")
    session.save()
    for address, body in (
        ("/people/export/", {}),
        ("/settings/audit/export/", {"kind": "csv"}),
        (f"{HERE}below/copy/", {}),
    ):
        answer = client.post(address, body)
        assert answer.headers.get("Location", "").startswith("/accounts/reauthenticate/"), address
    assert client.post("/api/v1/environments/below/copy/").status_code == 403
    with open_scope(environment_id=boss.environment_id):
        assert not EnvironmentExport.objects.exists()


def test_it_is_for_administrators_above_only(env, below, boss, other, member, browser_of):
    asked(below, boss)
    environment_exports_run_due()
    uid = newest(env).uid
    eve, inside = member(Role.ADMIN, environment=other), member(Role.ADMIN, environment=below)
    for who in (eve, inside, member(Role.MANAGER)):
        assert browser_of(who).get(f"{HERE}below/copy/{uid}/").status_code == 404
    for who, subject in ((eve, below), (inside, env), (member(Role.MANAGER), below)):
        with pytest.raises(EcosystemError, match="administrator"):
            asked(subject, who)
    asked(below, inside)  # an environment may copy itself


def test_one_that_fails_is_tried_again_and_then_said(env, below, boss, browser_of, monkeypatch):
    asked(below, boss)

    def full(*_args, **_kwargs):
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(tempfile, "TemporaryFile", full)
        for attempt in range(1, 4):
            assert environment_exports_run_due() == 0
            assert newest(env).attempts == attempt
            with open_scope(environment_id=env.pk):
                EnvironmentExport.objects.update(due_at=timezone.now())
    assert environment_exports_run_due() == 0
    assert newest(env).state == ExportState.FAILED
    assert "could not be made" in browser_of(boss).get(f"{HERE}below/").text


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("naive", [False, True])
def test_all_tables_are_of_one_moment(env, below, boss, member, monkeypatch, naive):
    """Somebody comes while it is made: with the naive way, a table at a time, they are in it by half."""
    note, came = environment_exports._note, []

    def somebody_comes(row, *, done, total):
        note(row, done=done, total=total)
        if done == 1:
            came.append(member(environment=below, name="Late"))

    monkeypatch.setattr(environment_exports, "_note", somebody_comes)
    if naive:
        monkeypatch.setattr(environment_exports, "one_moment", lambda: nullcontext(Moment("")))
    asked(below, boss)
    assert environment_exports_run_due() == 1
    assert len(came) == 1
    with open_scope(environment_id=env.pk), newest(env).file.open("rb") as file:
        tables = json.loads(zipfile.ZipFile(file).read("manifest.json"))["tables"]
    assert [tables[f"ecosystem.{name}"]["rows"] for name in ("Membership", "Person")] == ([2, 2] if naive else [1, 1])
