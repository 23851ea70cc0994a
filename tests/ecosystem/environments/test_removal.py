"""When an environment goes for good: what is asked first, what breaks off, until when there is a way back."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Environment, Membership, Person, Role, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services import environment_removal
from ecosystem.services.environment_removal import environment_remove, environments_remove_due
from ecosystem.services.storage import file_store
from ecosystem.services.subenvironments import (
    environment_archive,
    environment_removal_plan,
    environment_restore,
)
from ecosystem.tenant_tables import rows_by_table, tenant_tables
from tests.ecosystem.environments.removing import commit, counted, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
HERE = "/settings/environments/"


def remove_kept(environment_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ecosystem_remove_kept(%s)", [environment_id])


@pytest.mark.parametrize("broken", ["files", "people", "rows"])
def test_one_that_breaks_off_is_finished_by_the_next_run(env, make_environment, member, monkeypatch, broken):
    below, boss = make_environment("below", parent=env), member(Role.ADMIN)
    people = [member(environment=below).person_id for _number in range(3)]
    with open_scope(environment_id=below.pk):
        paths = [file_store(path=f"tests/going-{number}.bin", content=b"x") for number in range(3)]
    planned(below, boss)

    def fail(*_args, **_kwargs):
        raise OSError("the power went")

    with monkeypatch.context() as patch:
        where = {
            "files": (default_storage, "delete"),
            "people": (environment_removal, "person_make_nobody"),
            "rows": (environment_removal, "tenant_tables"),
        }
        patch.setattr(*where[broken], fail)
        assert environments_remove_due() == 0
    assert Environment.objects.filter(pk=below.pk).exists()
    if broken == "rows":  # nothing is gone
        assert all(default_storage.exists(path) for path in paths)
        with open_scope(environment_id=below.pk):
            assert StoredFile.objects.count() == Membership.objects.count() == 3
    assert environments_remove_due() == 1
    assert environments_remove_due() == 0
    assert not Environment.objects.filter(pk=below.pk).exists()
    assert not any(default_storage.exists(path) for path in paths)
    assert all(row.email.endswith("@erased.invalid") for row in Person.objects.filter(pk__in=people))
    with open_scope(environment_id=env.pk):
        tomb = AuditEntry.objects.get(act="environment.removed")
        assert tomb.before["members"] == 3


def test_only_what_is_archived_and_due_goes(env, make_environment, member):
    below, boss = make_environment("below", parent=env), member(Role.ADMIN)
    member(environment=below)
    for archived, remove_at in ((False, None), (True, None), (True, timezone.now() + timedelta(days=1))):
        Environment.objects.filter(pk=below.pk).update(
            archived_at=timezone.now() if archived else None, remove_at=remove_at
        )
        assert environments_remove_due() == 0
        assert environment_remove(environment_id=below.pk) is False
        with pytest.raises(DatabaseError, match="not to be removed"), open_scope(environment_id=below.pk):
            remove_kept(below.pk)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        environment_restore(environment=below, by=boss)
    assert environment_remove(environment_id=env.pk) is False  # nothing is above it


def test_the_plan_asks_for_the_name_and_the_archive(env, make_environment, member, other):
    left = make_environment("left", parent=env)
    leaf = make_environment("leaf", parent=left)
    boss, stranger = member(Role.ADMIN), member(Role.ADMIN, environment=other)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        with pytest.raises(EcosystemError, match="Archive it first"):
            environment_removal_plan(environment=leaf, name="Leaf", days=7, by=boss)
        environment_archive(environment=leaf, by=boss)
        environment_archive(environment=left, by=boss)
        for name, days, said in (("leaf", 7, "not its name"), ("Leaf", 8, "Choose when"), ("", 7, "not its name")):
            with pytest.raises(EcosystemError, match=said):
                environment_removal_plan(environment=leaf, name=name, days=days, by=boss)
        with pytest.raises(EcosystemError, match="below it"):
            environment_removal_plan(environment=left, name="Left", days=7, by=boss)
        environment_removal_plan(environment=leaf, name=" Leaf ", days=7, by=boss)
        with pytest.raises(EcosystemError, match="administrator"):
            environment_removal_plan(environment=env, name="Alpha", days=7, by=boss)
    with open_scope(environment_id=other.pk), pytest.raises(EcosystemError, match="administrator"):
        environment_removal_plan(environment=leaf, name="Leaf", days=0, by=stranger)
    row = Environment.objects.get(pk=leaf.pk)
    assert timedelta(days=6) < row.remove_at - timezone.now() < timedelta(days=7)


def test_until_the_day_it_can_be_restored_and_not_after(env, make_environment, member):
    below, boss = make_environment("below", parent=env), member(Role.ADMIN)
    planned(below, boss, days=7)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        assert environment_restore(environment=below, by=boss).remove_at is None
    planned(below, boss, days=0)
    with (
        open_scope(environment_id=env.pk, person_id=boss.person_id),
        pytest.raises(EcosystemError, match="no way back"),
    ):
        environment_restore(environment=below, by=boss)


def test_what_has_none_above_it_goes_by_a_command(env, other, make_environment, member, browser_of):
    """By whoever runs the installation: the same questions, and nobody's page can do it."""
    member(email="ada@example.org")
    boss = member("admin")
    below = make_environment("below", parent=env)
    with pytest.raises(CommandError, match="There is 1 environment below"):
        call_command("environment", "archive", env.slug)
    with pytest.raises(CommandError, match="without one above"):
        call_command("environment", "archive", below.slug)
    Environment.objects.filter(pk=below.pk).delete()
    with pytest.raises(CommandError, match="Archive it first"):
        call_command("environment", "remove", env.slug, name=env.name, days=0)
    assert browser_of(boss).post(f"{HERE}{env.slug}/archive/", follow=True).status_code == 200
    assert Environment.objects.get(pk=env.pk).archived_at is None
    for act in ("archive", "archive", "restore", "archive"):
        call_command("environment", act, env.slug)
    with open_scope(environment_id=env.pk):
        acts = AuditEntry.objects.filter(act__startswith="environment.").order_by("pk").values_list("act", "actor_id")
        assert list(acts)[-3:] == [(f"environment.{act}", None) for act in ("archived", "restored", "archived")]
    with pytest.raises(CommandError, match="not its name"):
        call_command("environment", "remove", env.slug, name="Other", days=0)
    call_command("environment", "remove", env.slug, name=env.name, days=0)
    commit()
    assert environments_remove_due() == 1
    assert list(Environment.objects.values_list("pk", flat=True)) == [other.pk]
    assert not Person.objects.filter(email="ada@example.org").exists()
    assert set(counted(env.pk).values()) == {0}


def test_the_page_names_what_goes_and_asks_who_it_is(env, make_environment, member, browser_of):
    below, boss = make_environment("below", parent=env), member(Role.ADMIN)
    for _number in range(3):
        member(environment=below)
    client = browser_of(boss)
    assert client.get(f"{HERE}below/remove/").headers["Location"] == f"{HERE}below/"  # not archived
    client.post(f"{HERE}below/archive/")
    page = client.get(f"{HERE}below/remove/").text
    assert "Memberships" in page
    assert "<b>3</b>" in page
    assert "not its name" in client.post(f"{HERE}below/remove/", {"days": "30", "name": "below"}).text
    assert "needs your attention" in client.post(f"{HERE}below/remove/", {"days": "1", "name": "Below"}).text
    session = client.session
    records = session.pop("account_authentication_methods")
    session.save()
    asked = client.post(f"{HERE}below/remove/", {"days": "30", "name": "Below"})
    assert asked.status_code == 302
    assert "/accounts/reauthenticate/" in asked.headers["Location"]
    assert Environment.objects.get(pk=below.pk).remove_at is None
    session = client.session
    session["account_authentication_methods"] = records
    session.save()
    assert client.post(f"{HERE}below/remove/", {"days": "30", "name": "Below"}).status_code == 302
    assert "goes for good on" in client.get(f"{HERE}below/").text
    assert "goes for good" in client.get(HERE).text


def test_tables_that_point_come_first_and_append_only_ones_are_known(env):
    names = [table.name for table in tenant_tables()]
    assert names.index("ecosystem_groupmember") < names.index("ecosystem_group")
    assert names.index("assessments_answer") < names.index("assessments_attempt")
    kept = {table.name for table in tenant_tables() if table.is_kept}
    added_to_only = {
        "assessments_mark",
        "assessments_result",
        "handins_agreement",
        "handins_independentmark",
        "handins_mark",
        "handins_moderation",
        "handins_reveal",
        "handins_verdict",
        "lti_score",
    }
    assert kept - added_to_only == {
        "records_statement",
        "ecosystem_auditentry",
        "ecosystem_auditlink",
        "ecosystem_seatentry",
    }
    assert added_to_only <= kept
    with open_scope(environment_id=env.pk):
        assert rows_by_table(env.pk)["ecosystem_membership"] == 0
