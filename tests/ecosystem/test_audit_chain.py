"""The chain over the audit log: made at the commit, whole under concurrent writers, and it names what was tampered with."""

import itertools
import secrets
import threading
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from ecosystem.audit_chain import chain_checked
from ecosystem.models import AuditEntry, AuditLink
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.services.environments import environment_create
from ecosystem.services.retention import audit_forget
from tests import databases

TABLES = ("ecosystem_auditentry", "ecosystem_auditlink")


@pytest.fixture(scope="module", autouse=True)
def _database(django_db_setup, django_db_blocker):
    """One of these tests' own, for what really commits; each of them makes environments of its own."""
    before = connection.settings_dict["NAME"]
    name = f"{before}_chain"
    databases.clone(databases.migrated_template(), name)
    databases.use(name)
    with django_db_blocker.unblock():
        yield
        connection.close()
    databases.use(before)
    databases.drop(name)


@pytest.fixture
def place():
    numbers = itertools.count()
    word = secrets.token_hex(4)

    def make():
        slug = f"p{word}{next(numbers)}"
        return environment_create(slug=slug, name=slug, hosts=[])

    return make


@pytest.fixture
def env(place):
    return place()


@pytest.fixture
def other(place):
    return place()


def act(environment, *names: str) -> None:
    for name in names:
        with open_scope(environment_id=environment.pk):
            audit(act=name, by=None, after={"n": [1, "é"]})


def checked(environment):
    with open_scope(environment_id=environment.pk):
        return chain_checked()


def verify(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    return out.getvalue()


def as_owner(sql: str, *params: object) -> None:
    """What somebody with the owner's password can do, who knows how to lift the policies."""
    with databases.admin(connection.settings_dict["NAME"]) as cursor:
        cursor.execute("SET ROLE grove_owner")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        cursor.execute(sql, params)
        assert cursor.rowcount == 1
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def entry_called(environment, name: str) -> int:
    with open_scope(environment_id=environment.pk):
        return AuditEntry.objects.get(act=name).pk


def test_each_environment_has_a_chain_of_its_own(env, other):
    act(env, "one", "two", "three")
    act(other, "elsewhere")
    assert (checked(env).length, checked(other).length) == (3, 1)
    assert checked(env).broken is None
    assert f"{env.slug}:3:{checked(env).hash}" in verify(env.slug, other.slug)
    with open_scope(environment_id=env.pk):
        assert list(AuditLink.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


TAMPERED = {
    "a value": ("UPDATE ecosystem_auditentry SET after = '{}' WHERE id = %s", "has been changed"),
    "the actor": ("UPDATE ecosystem_auditentry SET actor_name = 'Somebody else' WHERE id = %s", "has been changed"),
    "the time": ("UPDATE ecosystem_auditentry SET at = at - interval '3 years' WHERE id = %s", "has been changed"),
    "removed": ("DELETE FROM ecosystem_auditentry WHERE id = %s", "is missing"),
    "made to look old": (
        "WITH gone AS (DELETE FROM ecosystem_auditentry WHERE id = %s RETURNING id)"
        " UPDATE ecosystem_auditlink SET at = at - interval '3 years' WHERE entry_id = (SELECT id FROM gone)",
        "does not follow",
    ),
    "the link": ("UPDATE ecosystem_auditlink SET hash = repeat('0', 64) WHERE entry_id = %s", "does not follow"),
    "the link removed": ("DELETE FROM ecosystem_auditlink WHERE entry_id = %s", "does not follow"),
}


@pytest.mark.parametrize(("sql", "said"), TAMPERED.values(), ids=TAMPERED.keys())
def test_the_first_broken_entry_is_named(env, other, sql, said):
    act(env, "one", "two", "three", "four")
    act(other, "elsewhere")
    pk = entry_called(env, "two")
    as_owner(sql, pk)
    named = entry_called(env, "three") if sql.startswith("DELETE FROM ecosystem_auditlink") else pk
    with pytest.raises(CommandError, match=rf"^{env.slug}: entry {named} .*{said}"):
        verify(env.slug, other.slug)
    assert f"{other.slug}:1:" in verify(other.slug)


def test_an_entry_put_in_past_the_chain_is_named(env):
    act(env, "one")
    with databases.admin(connection.settings_dict["NAME"]) as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers
        cursor.execute(
            "INSERT INTO ecosystem_auditentry (environment_id, at, actor_name, act, model, object_id, object_name, before, after)"
            " VALUES (%s, now(), '', 'forged', '', '', '', '{}', '{}')",
            [env.pk],
        )
    with pytest.raises(CommandError, match=r"forged.* was put in past the chain"):
        verify(env.slug)


def test_an_end_that_was_cut_off_is_seen_by_whoever_noted_it_down(env):
    [empty] = [line for line in verify(env.slug).splitlines() if line.startswith(env.slug)]
    act(env, "one", "two")
    assert "as it was written" in verify(env.slug, "--known", empty)  # from before anything had happened
    noted = f"{env.slug}:2:{checked(env).hash}"
    assert "as it was written" in verify(env.slug, "--known", noted)
    as_owner("DELETE FROM ecosystem_auditlink WHERE entry_id = %s", entry_called(env, "two"))
    as_owner("DELETE FROM ecosystem_auditentry WHERE id = %s", entry_called(env, "two"))
    assert f"{env.slug}:1:" in verify(env.slug)
    with pytest.raises(CommandError, match="link 2 is not the one"):
        verify(env.slug, "--known", noted)


@pytest.mark.parametrize(
    "wrong", [["nowhere"], ["--known", "alpha"], ["--known", "alpha:x:y"], ["--known", "gone:1:aa"]]
)
def test_what_cannot_be_checked_is_said(wrong):
    with pytest.raises(CommandError):
        verify(*wrong)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO ecosystem_auditlink (environment_id, entry_id, at, digest, hash) VALUES (%s, 1, now(), '', '')",
        "UPDATE ecosystem_auditlink SET hash = '' WHERE environment_id = %s",
        "DELETE FROM ecosystem_auditlink WHERE environment_id = %s",
    ],
)
def test_the_runtime_role_writes_no_link(env, sql):
    act(env, "one")
    with open_scope(environment_id=env.pk), pytest.raises(DatabaseError), transaction.atomic():  # noqa: SIM117
        with connection.cursor() as cursor:
            cursor.execute(sql, [env.pk])


def test_an_act_that_is_undone_leaves_no_gap(env):
    act(env, "one")
    with pytest.raises(RuntimeError), open_scope(environment_id=env.pk):
        audit(act="undone", by=None)
        raise RuntimeError
    act(env, "two")
    assert (checked(env).length, checked(env).broken) == (2, None)


def in_thread(work) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_many_writers_at_once_make_one_chain(env, other):
    """Also in two environments at once; every entry has its place, and nobody was turned away."""
    threads = [in_thread(partial(act, place, *map(str, range(15)))) for place in (env, env, env, other)]
    for thread in threads:
        thread.join(30)
    assert (checked(env).length, checked(other).length) == (45, 15)
    assert checked(env).broken is None
    assert checked(other).broken is None


def test_two_environments_in_either_order_wait_for_each_other(env, other):
    """Each holds its first chain for a while; the order is that of the environments, not of the acts."""
    name = connection.settings_dict["NAME"]
    with databases.admin(name) as cursor:
        cursor.execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END'"
        )
        cursor.execute("CREATE TRIGGER slow BEFORE UPDATE ON ecosystem_auditlink FOR EACH ROW EXECUTE FUNCTION slow()")
    wrong: list[Exception] = []

    def both(first, second) -> None:
        try:
            with open_scope(environment_id=first.pk):
                audit(act="first", by=None)
                with open_scope(environment_id=second.pk):
                    audit(act="second", by=None)
        except DatabaseError as error:
            wrong.append(error)

    try:
        threads = [in_thread(partial(both, env, other)), in_thread(partial(both, other, env))]
        for thread in threads:
            thread.join(30)
    finally:
        with databases.admin(name) as cursor:
            cursor.execute("DROP FUNCTION slow() CASCADE")
    assert wrong == []
    assert (checked(env).length, checked(other).length) == (2, 2)
    assert checked(env).broken is None
    assert checked(other).broken is None


def test_a_slow_act_holds_nobody_up(env):
    """The chain is taken at the commit only: the slow one comes after those that were quicker."""
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with open_scope(environment_id=env.pk):
            audit(act="slow", by=None)
            written.set()
            may_commit.wait(10)

    thread = in_thread(slow)
    assert written.wait(10)
    act(env, "quick")  # the lock_timeout of three seconds would raise here
    may_commit.set()
    thread.join(10)
    with open_scope(environment_id=env.pk):
        ids = AuditLink.objects.order_by("position").values_list("entry_id", flat=True)
        assert [AuditEntry.objects.get(pk=pk).act for pk in ids] == ["quick", "slow"]
    assert checked(env).broken is None


def test_what_is_too_old_goes_and_the_chain_stays_whole(env, other):
    audit_forget()  # what other tests made old
    long_ago, not_yet = timezone.now() - timedelta(days=732), timezone.now() - timedelta(days=728)
    for place in (env, other):
        with open_scope(environment_id=place.pk):
            for name, at in (("old", long_ago), ("younger", not_yet), ("new", timezone.now())):
                AuditEntry.objects.create(environment_id=place.pk, act=name, at=at)
    assert audit_forget(batch=1) == 2
    assert audit_forget() == 0
    for place in (env, other):
        assert (checked(place).length, checked(place).broken) == (3, None)
        with open_scope(environment_id=place.pk):
            assert list(AuditEntry.objects.order_by("pk").values_list("act", flat=True)) == ["younger", "new"]
    assert f"{env.slug}:3:" in verify(env.slug)
