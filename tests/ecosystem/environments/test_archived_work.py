"""In an archived environment work that takes away goes on, as promised; work that tells or makes something waits."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from api.models import IdempotentAnswer
from api.services.forgetting import old_forget
from ecosystem.models import DataExport, Environment, Erasure, ErasureState, ExportState, Invitation, Person
from ecosystem.scope import current_scope, open_scope
from ecosystem.services import retention
from ecosystem.services.erasure import erasures_run_due
from ecosystem.services.exports import data_exports_run_due
from ecosystem.services.retention import forget_old
from ecosystem.services.storage import file_store
from notifications.models import Notice
from notifications.services import notifications_prune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
LONG_AGO = timezone.now() - timedelta(days=1000)


@pytest.fixture
def archived(env, make_environment) -> Environment:
    row = make_environment("below", parent=env)
    Environment.objects.filter(pk=row.pk).update(archived_at=timezone.now())
    return row


def test_a_confirmed_erasure_happens(archived, member):
    person = member(environment=archived, name="Ada").person
    with open_scope(environment_id=archived.pk):
        row = Erasure.objects.create(
            environment=archived, person=person, state=ErasureState.CONFIRMED, due_at=timezone.now()
        )
    assert erasures_run_due() == 1
    with open_scope(environment_id=archived.pk):
        assert Erasure.objects.get(pk=row.pk).state == ErasureState.DONE
    assert Person.objects.get(pk=person.pk).name != "Ada"


def test_a_copy_ends_and_a_new_one_waits(archived, member, django_capture_on_commit_callbacks):
    one, two = (member(environment=archived).person for _number in range(2))
    with open_scope(environment_id=archived.pk):
        path = file_store(path="exports/old.zip", content=b"x", always=True)
        ready = DataExport.objects.create(
            environment=archived, person=one, state=ExportState.READY, file=path,
            due_at=timezone.now(), expires_at=timezone.now(),
        )  # fmt: skip
        waiting = DataExport.objects.create(environment=archived, person=two)
    with django_capture_on_commit_callbacks(execute=True):
        assert data_exports_run_due() == 0
    with open_scope(environment_id=archived.pk):
        assert DataExport.objects.get(pk=ready.pk).state == ExportState.EXPIRED
        assert DataExport.objects.get(pk=waiting.pk).state == ExportState.WAITING
    assert not default_storage.exists(path)


def test_what_is_old_goes(archived, member):
    person = member(environment=archived).person
    with open_scope(environment_id=archived.pk):
        Notice.objects.create(
            environment=archived, person=person, key="k", kind="x", title="x", created_at=LONG_AGO, seen_at=LONG_AGO
        )
        IdempotentAnswer.objects.create(
            environment=archived, caller="x", key="k", request_hash="0" * 64, created_at=LONG_AGO
        )
    assert notifications_prune() == 1
    assert old_forget() == 1


def test_one_environment_that_fails_stops_no_other(env, archived, monkeypatch):
    for place in (env, archived):
        with open_scope(environment_id=place.pk):
            Invitation.objects.create(
                environment=place, email="a@example.org", token_hash=place.slug, expires_at=LONG_AGO
            )

    def broken():
        if current_scope().environment_id == env.pk:
            raise RuntimeError("broken here")
        return retention._invitations()

    monkeypatch.setattr(retention, "OLD", (broken,))
    forget_old()
    for place, left in ((env, 1), (archived, 0)):
        with open_scope(environment_id=place.pk):
            assert Invitation.objects.count() == left
