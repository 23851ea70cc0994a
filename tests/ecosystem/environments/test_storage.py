"""What an environment stores is counted when it is stored and removed, and refused when it is full."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum

from assessments.models import Picture
from assessments.services import bank_create
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Role, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services.settings import setting_save
from ecosystem.services.storage import MB, file_remove, file_store, files_count
from ecosystem.setting_tree import Own

pytestmark = pytest.mark.django_db


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
    for place, size in ((env, 100), (other, 5)):
        with open_scope(environment_id=place.pk):
            file_store(path=f"tests/{place.slug}.bin", content=b"x" * size)
            file_store(path=f"tests/{place.slug}.bin", content=b"y" * (size + 1))  # in its place
    assert (used(env), used(other)) == (101, 6)
    with default_storage.open("tests/alpha.bin") as file:
        assert file.read() == b"y" * 101
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            with open_scope(environment_id=env.pk):
                file_remove(path="tests/alpha.bin")
    assert (used(env), used(other)) == (0, 6)
    assert not default_storage.exists("tests/alpha.bin")


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
