"""What an environment stores is counted when it is stored and removed, and refused when it is full."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Sum

from assessments.models import Picture
from assessments.services import bank_create
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Role, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services.settings import setting_save
from ecosystem.services.storage import MB, file_remove, file_store, files_count
from ecosystem.setting_tree import Own

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]


def used(environment) -> int:
    with open_scope(environment_id=environment.pk):
        return StoredFile.objects.aggregate(sum=Sum("size"))["sum"] or 0


@pytest.fixture
def full(env, member):
    """At most 1 MB, of which all but ten bytes are used; gives the administrator."""
    admin = member(Role.ADMIN)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        setting_save(key="storage_limit", own=Own(1), by=admin)
        file_store(path="tests/full.bin", content=b"x" * (MB - 10))
    return admin


def test_storing_and_removing_counts(env, other, django_capture_on_commit_callbacks):
    paths = []
    for place, size in ((env, 100), (other, 5)):
        with open_scope(environment_id=place.pk):
            file_store(path=f"tests/{place.slug}.bin", content=b"x" * size)
            with django_capture_on_commit_callbacks(execute=True):
                path = file_store(path=f"tests/{place.slug}.bin", content=b"y" * (size + 1))  # in its place
        paths.append(path)
    assert (used(env), used(other)) == (101, 6)
    assert not default_storage.exists("tests/alpha.bin")
    with default_storage.open(paths[0]) as file:
        assert file.read() == b"y" * 101
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            with open_scope(environment_id=env.pk):
                file_remove(path=paths[0])
    assert (used(env), used(other)) == (0, 6)
    assert not default_storage.exists(paths[0])


def test_what_is_replaced_is_there_when_it_is_rolled_back(env):
    def replace() -> None:
        with open_scope(environment_id=env.pk):
            file_store(path="tests/old.bin", content=b"new")
            raise LookupError

    with open_scope(environment_id=env.pk):
        file_store(path="tests/old.bin", content=b"old")
    with pytest.raises(LookupError):
        replace()
    with default_storage.open("tests/old.bin") as file:
        assert file.read() == b"old"


def test_a_shared_file_that_is_stored_again_before_the_removal_stays(env, django_capture_on_commit_callbacks):
    """The removal is committed, somebody stores the same, then the file is to go. Control: with nobody it goes."""
    for again in (True, False):
        with open_scope(environment_id=env.pk):
            file_store(path="tests/same.bin", content=b"same", keep=True)
        with django_capture_on_commit_callbacks() as left, open_scope(environment_id=env.pk):
            file_remove(path="tests/same.bin")
        if again:
            with open_scope(environment_id=env.pk):
                file_store(path="tests/same.bin", content=b"same", keep=True)
        for callback in left:
            callback()
        assert default_storage.exists("tests/same.bin") is again
        assert used(env) == (4 if again else 0)


def test_a_file_that_a_row_names_stays_and_counts(env, member, django_capture_on_commit_callbacks):
    author = member(Role.AUTHOR)
    with open_scope(environment_id=env.pk, person_id=author.person_id):
        bank = bank_create(title="Bank", slug="bank", creators=[author.person])
        path = file_store(path="pictures/shared.png", content=b"x" * 7)
        Picture.objects.create(
            environment=env, element=bank, sha256="0" * 64, name="x.png", media_type="image/png", file=path
        )
    with django_capture_on_commit_callbacks(execute=True), open_scope(environment_id=env.pk):
        file_remove(path=path)
    assert default_storage.exists(path)
    assert used(env) == 7


def test_who_stores_or_removes_a_path_is_alone_with_it(env):
    second = connection.copy()
    asks = "SELECT pg_try_advisory_lock(hashtext('grove file'), hashtext(%s))"
    try:
        for act in (lambda path: file_store(path=path, content=b"x", keep=True), lambda path: file_remove(path=path)):
            path = f"tests/{uuid.uuid4()}.bin"
            with open_scope(environment_id=env.pk), second.cursor() as cursor:
                cursor.execute(asks, [path + "x"])
                assert cursor.fetchone() == (True,)
                act(path)
                cursor.execute(asks, [path])
                assert cursor.fetchone() == (False,)
    finally:
        second.close()


def test_over_the_limit_is_refused_and_leaves_nothing(env, full, other):
    with open_scope(environment_id=env.pk):
        with pytest.raises(EcosystemError, match="no room"):
            file_store(path="tests/over.bin", content=b"x" * 11)
        file_store(path="tests/fits.bin", content=b"x" * 10)
        with pytest.raises(EcosystemError, match="no room"):
            file_store(path="tests/one.bin", content=b"x")
        file_store(path="tests/certificate.bin", content=b"x", always=True)
    assert not default_storage.exists("tests/over.bin")
    assert used(env) == MB + 1
    with open_scope(environment_id=other.pk):
        file_store(path="tests/elsewhere.bin", content=b"x" * 5000)


def test_a_file_of_questions_that_does_not_fit_says_so(env, full, browser_of, member):
    author = member(Role.AUTHOR)
    with open_scope(environment_id=env.pk, person_id=author.person_id):
        bank_create(title="Bank", slug="bank", creators=[author.person])
    file = SimpleUploadedFile("x.csv", b"type,stem,choices\nsingle,What?,a\n" + b"\n" * 100)
    answer = browser_of(author).post("/banks/bank/import/", {"file": file})
    assert "no room for this file" in answer.text


def test_limits_are_set_from_above_only(env, make_environment, member, browser_of):
    below = make_environment("below", parent=env)
    mine = browser_of(member(Role.ADMIN, environment=below)).get("/settings/").text
    assert "Storage at most" in mine
    answer = browser_of(member(Role.ADMIN, environment=below, email="x@example.org")).post(
        "/settings/values/storage_limit/", {"own": "own", "value": "5"}
    )
    assert "Only an administrator of an environment above" in answer.text


def test_files_from_before_they_were_counted_are_counted_once(env, other, member):
    bank_path = "pictures/old.png"
    author = member(Role.AUTHOR)
    default_storage.save(bank_path, ContentFile(b"x" * 77))
    with open_scope(environment_id=env.pk, person_id=author.person_id):
        bank = bank_create(title="Bank", slug="bank", creators=[author.person])
        Picture.objects.create(
            environment=env, element=bank, sha256="0" * 64, name="x.png", media_type="image/png", file=bank_path
        )
    assert [files_count(), files_count()] == [1, 0]
    assert (used(env), used(other)) == (77, 0)
