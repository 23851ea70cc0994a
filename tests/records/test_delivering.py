"""Reactions happen at least once and their effects exactly once, whatever goes wrong."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ecosystem.scope import open_scope
from notifications.models import Notice
from notifications.services import notify
from records import dispatch
from records.exceptions import DeliveryError
from records.models import Delivery, DeliveryState, Statement
from records.services import record
from records.services.delivering import MAX_ATTEMPTS, deliveries_overdue, delivery_retry, delivery_run
from records.tasks import sweep
from tests import databases
from tests.settle import settle

pytestmark = pytest.mark.django_db
VERB = "tested"


@pytest.fixture
def reaction(monkeypatch):
    """Tells the person of the record; fails, after having done so, as often as ``trouble`` says."""
    monkeypatch.setattr(dispatch, "_reactions", {})
    trouble = []

    def tell(statement: Statement) -> None:
        notify(person_id=statement.person_id, key=f"told:{statement.pk}", kind="test", title="Told", href="/")
        if trouble:
            raise trouble.pop()

    dispatch.on(VERB)(tell)
    return trouble


@pytest.fixture
def waiting(env, member, reaction) -> Delivery:
    person_id = member().person_id
    with open_scope(environment_id=env.pk, person_id=person_id):
        record(verb=VERB)
        return Delivery.objects.get()


def fresh(env, delivery) -> Delivery:
    with open_scope(environment_id=env.pk):
        return Delivery.objects.get(pk=delivery.pk)


def told(env) -> int:
    with open_scope(environment_id=env.pk):
        return Notice.objects.count()


def run(env, delivery) -> bool:
    return delivery_run(environment_id=env.pk, delivery_id=delivery.pk)


def test_the_effect_and_the_mark_come_together(env, waiting):
    assert told(env) == 0
    assert run(env, waiting)
    assert (told(env), fresh(env, waiting).state) == (1, DeliveryState.DONE)


def test_handed_over_twice_is_once(env, waiting):
    assert [run(env, waiting), run(env, waiting)] == [True, False]
    assert told(env) == 1


def test_a_failure_leaves_nothing_behind_but_its_reason(env, waiting, reaction):
    reaction.append(ValueError("the printer is on fire"))
    assert not run(env, waiting)
    failed = fresh(env, waiting)
    assert told(env) == 0, "the effect stayed, though the mark did not"
    assert (failed.state, failed.attempts) == (DeliveryState.WAITING, 1)
    assert failed.error == "ValueError: the printer is on fire"
    assert failed.due_at > timezone.now()
    assert run(env, waiting), "it is tried again"
    assert (told(env), fresh(env, waiting).state) == (1, DeliveryState.DONE)


def test_each_failure_waits_longer(env, waiting, reaction):
    pauses = []
    for _ in range(3):
        reaction.append(ValueError("no"))
        run(env, waiting)
        pauses.append(fresh(env, waiting).due_at - timezone.now())
    assert pauses == sorted(pauses)
    assert pauses[-1] > 2 * pauses[0]


def test_poison_is_given_up_and_stays_so(env, waiting, reaction):
    reaction.extend(ValueError("always") for _ in range(MAX_ATTEMPTS + 5))
    for _ in range(MAX_ATTEMPTS + 3):
        run(env, waiting)
    dead = fresh(env, waiting)
    assert (dead.state, dead.attempts) == (DeliveryState.GIVEN_UP, MAX_ATTEMPTS)
    assert len(reaction) == 5, "it was tried after it had been given up"
    assert told(env) == 0


def test_a_bad_row_stops_no_other(env, member, reaction):
    with open_scope(environment_id=env.pk):
        for _ in range(3):
            record(verb=VERB, person_id=member().person_id)
    reaction.append(ValueError("only the first"))
    assert settle(env) == 2
    assert told(env) == 2


def test_a_reaction_that_is_gone_waits_for_an_operator(env, waiting, monkeypatch):
    monkeypatch.setattr(dispatch, "_reactions", {})
    assert not run(env, waiting)
    assert fresh(env, waiting).error.startswith("KeyError")


def test_trying_again_gives_it_all_its_attempts(env, waiting, reaction):
    reaction.extend(ValueError("for now") for _ in range(MAX_ATTEMPTS))
    for _ in range(MAX_ATTEMPTS):
        run(env, waiting)
    with open_scope(environment_id=env.pk):
        delivery_retry(delivery=waiting)
    again = fresh(env, waiting)
    assert (again.state, again.attempts) == (DeliveryState.WAITING, 0)
    assert again.due_at <= timezone.now()
    assert run(env, waiting)
    with open_scope(environment_id=env.pk), pytest.raises(DeliveryError):
        delivery_retry(delivery=waiting)


def test_nothing_is_queued_when_the_cause_is_rolled_back(env, member, reaction):
    class RefusedError(Exception): ...

    person_id = member().person_id
    with pytest.raises(RefusedError), open_scope(environment_id=env.pk):
        record(verb=VERB, person_id=person_id)
        raise RefusedError
    with open_scope(environment_id=env.pk):
        assert not Delivery.objects.exists()
        assert not Statement.objects.exists()


def test_the_sweep_finds_what_nobody_took(env, waiting, monkeypatch):
    sent = []
    monkeypatch.setattr("records.tasks.deliver.apply_async", lambda **call: sent.append(call))
    assert deliveries_overdue() == {}, "it is still on its way through Celery"
    with open_scope(environment_id=env.pk):
        Delivery.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert sweep() == 1
    assert sent == [{"kwargs": {"environment_id": env.pk, "delivery_ids": [waiting.pk]}, "queue": "default"}]


@pytest.fixture
def _emptied(transactional_db) -> Iterator[None]:
    """What was committed goes again; the runtime role may not delete records, so Django cannot do it."""
    yield
    with databases.admin(connection.settings_dict["NAME"]) as owner:
        owner.execute("TRUNCATE ecosystem_environment, ecosystem_person CASCADE")


@pytest.mark.usefixtures("_emptied")
def test_a_row_that_another_worker_holds_is_left_alone(env, waiting):
    """The other worker is another connection in the middle of its work."""
    with databases.admin(connection.settings_dict["NAME"]) as other:
        other.execute("BEGIN")
        other.execute("SELECT id FROM records_delivery WHERE id = %s FOR UPDATE", [waiting.pk])
        assert not run(env, waiting)
        assert told(env) == 0
        assert fresh(env, waiting).attempts == 0, "being too late is no failure"
        other.execute("ROLLBACK")
    assert run(env, waiting)
    assert told(env) == 1
