"""The change feed: nothing is skipped, however late a transaction commits."""

import threading
import time

import pytest
from django.db import connections

from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from records.models import Statement
from records.selectors import Place, changes_after
from records.services import record
from tests import databases
from tests.api.test_doors import problem

FEED = "/api/v1/changes/"


def verbs(body: dict) -> list[str]:
    return [row["record"]["verb"] if row["record"] else row["audit"]["act"] for row in body["results"]]


def soon(client, verb: str, **asked: object) -> dict:
    """Once the verb comes. A transaction of another database, that is of another test, holds it back in the moment it ends."""
    until = time.monotonic() + 10
    while verb not in verbs(body := client.get(FEED, asked).json()) and time.monotonic() < until:
        time.sleep(0.02)
    return body


def told(environment, verb: str, person_id: int) -> None:
    with open_scope(environment_id=environment.pk, person_id=person_id):
        record(verb=verb)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_database")
def test_a_row_that_is_committed_late_is_not_skipped(env, member, calling):
    """Slow begins first and commits last. A feed by time or by number of the row would have passed it."""
    admin = member("admin")
    client = calling(admin)
    start = client.get(FEED).json()["cursor"]
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with open_scope(environment_id=env.pk, person_id=admin.person_id):
                record(verb="slow")
                written.set()
                may_commit.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    told(env, "quick", admin.person_id)
    # The naive feed: newest time seen so far. It sees quick, and would go on after it.
    with open_scope(environment_id=env.pk):
        passed = Statement.objects.latest("stored_at")
    assert passed.verb == "quick"
    held = client.get(FEED, {"cursor": start}).json()
    assert verbs(held) == []
    may_commit.set()
    thread.join()
    body = soon(client, "quick", cursor=held["cursor"])
    assert verbs(body) == ["slow", "quick"]
    with open_scope(environment_id=env.pk):
        assert not Statement.objects.filter(stored_at__gt=passed.stored_at).exists()  # the naive feed missed slow
    assert verbs(client.get(FEED, {"cursor": body["cursor"]}).json()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_database")
def test_a_transaction_of_another_database_holds_nothing_up(env, member, calling):
    admin = member("admin")
    with databases.admin() as elsewhere:
        elsewhere.execute("BEGIN")
        elsewhere.execute("SELECT pg_current_xact_id()")
        told(env, "here", admin.person_id)
        assert "here" in verbs(soon(calling(admin), "here"))
        elsewhere.execute("ROLLBACK")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_database")
def test_page_by_page_everything_once_and_only_ones_own(env, other, member, calling):
    admin, learner, stranger = member("admin"), member(), member("admin", environment=other)
    told(other, "elsewhere", stranger.person_id)
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        for number in range(5):
            record(verb=f"one{number}")
        for number in range(3):
            audit(act=f"test.act{number}", by=admin.person)
    told(env, "other", admin.person_id)
    client, found, cursor = calling(admin), [], ""
    soon(client, "other", limit=200)
    while True:
        body = client.get(FEED, {"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        cursor = body["cursor"]
        if not body["results"]:
            break
        found += verbs(body)
    acts = [word for word in found if "." in word]
    assert [word for word in acts if word.startswith("test")] == ["test.act0", "test.act1", "test.act2"]
    said = [word for word in found if "." not in word]
    assert sorted(said) == ["one0", "one1", "one2", "one3", "one4", "other"]
    assert said[-1] == "other"
    mine = verbs(calling(learner).get(FEED).json())
    assert sorted(mine) == ["one0", "one1", "one2", "one3", "one4"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_database")
def test_after_a_restore_old_cursors_are_gone(env, member, calling):
    admin = member("admin")
    told(env, "before", admin.person_id)
    client = calling(admin)
    cursor = client.get(FEED).json()["cursor"]
    with databases.admin(connections["default"].settings_dict["NAME"]) as sql:
        sql.execute("SET ROLE grove_owner")
        sql.execute("SELECT records_feed_restart()")
    with open_scope(environment_id=env.pk):
        assert set(Statement.objects.values_list("tx", flat=True)) == {0}
        assert Membership.objects.exists()
        first = changes_after(place=Place(), person_id=None, with_audit=False, limit=10)
    assert [change.row.verb for change in first] == ["before"]
    assert client.get(FEED, {"cursor": cursor}).status_code == 200
    # A place that this database has not come to yet.
    far = "WzkyMjMzNzIwMzY4NTQ3NzU4MDAsMCwiIl0"
    problem(client.get(FEED, {"cursor": far}), 410)


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMCwieCJd", "bnVsbA", "WzEsMSwiLTEiXQ", "%00"])
def test_a_cursor_made_by_hand(env, member, calling, cursor):
    body = problem(calling(member()).get(FEED, {"cursor": cursor}), 400)
    assert body["errors"][0]["parameter"] == "cursor"
