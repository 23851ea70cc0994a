"""An environment goes for good: every row in every table, its files and its people, and nothing of its neighbour."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import environment_for_host
from ecosystem.models import AuditEntry, Environment, Membership, Person, Role, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services import environment_removal
from ecosystem.services.environment_exports import environment_export_ask, environment_exports_run_due
from ecosystem.services.environment_removal import environment_remove, environments_remove_due
from ecosystem.services.storage import file_store
from ecosystem.services.subenvironments import (
    environment_archive,
    environment_removal_plan,
    environment_restore,
)
from ecosystem.tenant_tables import rows_by_table, tenant_tables
from tests.guards.scene import twin_make
from tests.guards.twins import CANARY

pytestmark = pytest.mark.django_db
HERE = "/settings/environments/"
WITH_ENVIRONMENT = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'environment_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


@pytest.fixture
def rich(env):
    """Two environments below env with one of everything: the one that goes, and its neighbour."""
    return twin_make("going", secret="Plain", parent=env), twin_make("staying", secret=CANARY, parent=env)


def counted(environment_id: int) -> dict[str, int]:
    """Rows per table of PostgreSQL's catalogue, as the environment itself sees them."""
    with open_scope(environment_id=environment_id), connection.cursor() as cursor:
        cursor.execute(WITH_ENVIRONMENT)
        names = sorted(name for (name,) in cursor.fetchall())
        found = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}" WHERE environment_id = %s', [environment_id])
            found[name] = cursor.fetchone()[0]
    return found


def remove_kept(environment_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ecosystem_remove_kept(%s)", [environment_id])


def commit() -> None:
    """What a commit would do: links of the audit chain are made then."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def planned(environment, by, *, days=0):
    with open_scope(environment_id=by.environment_id, person_id=by.person_id):
        environment_archive(environment=environment, by=by)
        row = environment_removal_plan(environment=environment, name=environment.name, days=days, by=by)
    commit()
    return row


def test_nothing_remains_and_the_neighbour_keeps_everything(env, rich, member):
    going, staying = rich
    boss, pk = member(Role.ADMIN), going.environment.pk
    both = member(environment=staying.environment, email="learner.ours@example.org")  # a learner of both
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        environment_export_ask(environment=going.environment, by=boss)
    environment_exports_run_due()
    commit()
    before, neighbour = counted(pk), counted(staying.environment.pk)
    assert len(before) > 60
    empty = {name for name, count in before.items() if not count}
    assert empty == set(), "say in the scene what these tables hold"
    with open_scope(environment_id=pk):
        paths = list(StoredFile.objects.values_list("path", flat=True))
    gone_people = [row.person_id for role, row in going.people.items() if role != "learner"]
    planned(Environment.objects.get(slug=going.below), boss)
    assert environments_remove_due() == 1
    planned(going.environment, boss)
    assert environments_remove_due() == 1
    assert environment_remove(environment_id=pk) is False
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert {name: count for name, count in counted(pk).items() if count} == {}
    assert not Environment.objects.filter(pk=pk).exists()
    assert counted(staying.environment.pk) == neighbour
    assert len(paths) > 2
    assert not any(default_storage.exists(path) for path in paths)
    assert Person.objects.get(pk=both.person_id).email == "learner.ours@example.org"
    assert all(row.email.endswith("@erased.invalid") for row in Person.objects.filter(pk__in=gone_people))
    with open_scope(environment_id=env.pk):
        (tomb,) = AuditEntry.objects.filter(act="environment.removed", object_id=str(pk))
        assert tomb.object_name == going.environment.name
        assert tomb.before["members"] == len(going.people)
        assert tomb.before["rows"] >= sum(before.values()) - 100
        assert not AuditEntry.objects.filter(environment_id=pk).exists()
    assert environment_for_host("going.localhost") is None


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
