"""Webhooks: signed, sent at least once, given up, switched off, sent again."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from api.exceptions import ApiError
from api.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookSecret
from api.services import posting
from api.services.posting import SWEEPING, WAITS, deliveries_due_post, deliveries_post_at_once, delivery_post
from api.services.webhooks import (
    delivery_replay,
    signature_of,
    webhook_create,
    webhook_ping,
    webhook_replay,
    webhook_secret_rotate,
    webhook_update,
)
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from notifications.models import Notice
from records.models import Delivery
from records.services import record
from records.services.delivering import delivery_run
from tests.api.receiver import receiver
from tests.settle import settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(settings) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = True


@pytest.fixture
def site():
    with receiver() as kept:
        yield kept


@pytest.fixture
def admin(member):
    return member("admin")


@pytest.fixture
def hook(env, admin, site):
    """(endpoint, secret) for passed and completed, at the receiver."""
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        return webhook_create(url=site.url, name="CRM", verbs=["passed", "completed"], by=admin)


def told(env, verb: str, who) -> None:
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        record(verb=verb, result={"scaled": 0.5})
    settle(env)


def row(env) -> WebhookDelivery:
    with open_scope(environment_id=env.pk):
        return WebhookDelivery.objects.get()


def send(env) -> bool:
    return delivery_post(environment_id=env.pk, delivery_id=row(env).pk)


def test_the_signature_of_the_standard():
    """The example of the reference libraries."""
    signed = signature_of(
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_record_arrives_signed_once(env, hook, site, admin):
    told(env, "passed", admin)
    told(env, "launched", admin)  # not asked for
    assert send(env)
    assert not send(env)
    ((headers, body),) = site.messages
    said = Webhook(hook[1]).verify(body, headers)
    assert said["type"] == "record.passed"
    assert said["data"]["actor"] == {"name": admin.person.name, "email": admin.person.email}
    assert said["data"]["result"] == {"scaled": 0.5}
    with pytest.raises(WebhookVerificationError):
        Webhook(hook[1]).verify(body + b" ", headers)
    assert row(env).state == DeliveryState.DONE


def test_nobody_listens_nothing_is_queued(env, other, admin, member, hook):
    stranger = member("admin", environment=other)
    told(other, "passed", stranger)
    with open_scope(environment_id=other.pk):
        assert not Delivery.objects.filter(reaction="api.tell_webhooks").exists()
    with open_scope(environment_id=env.pk):
        assert not WebhookDelivery.objects.exists()


def test_secrets_are_sealed_and_take_over_from_each_other(env, hook, site, admin):
    endpoint, old = hook
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        new = webhook_secret_rotate(endpoint=endpoint, by=admin)
        assert all(old not in sealed and new not in sealed for sealed in _sealed())
    told(env, "passed", admin)
    send(env)
    ((headers, body),) = site.messages
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        WebhookSecret.objects.exclude(expires_at=None).update(expires_at=timezone.now())
        webhook_ping(endpoint=endpoint, by=admin)
    deliveries_due_post()
    headers, body = site.messages[-1]
    assert json.loads(body)["type"] == "webhook.ping"
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def _sealed() -> list[str]:
    return list(WebhookSecret.objects.values_list("sealed", flat=True))


def test_failures_are_tried_again_later_and_given_up(env, hook, site, admin):
    site.status = 500
    told(env, "passed", admin)
    for number, wait in enumerate(WAITS, start=1):
        before = timezone.now()
        assert not send(env)
        now = row(env)
        assert (now.state, now.attempts, now.status) == (DeliveryState.WAITING, number, 500)
        assert wait * 0.79 <= now.due_at - before <= wait * 1.21 + timedelta(seconds=5)
        assert not send(env)  # not before it is due
        with open_scope(environment_id=env.pk):
            WebhookDelivery.objects.update(due_at=timezone.now())
    send(env)
    assert row(env).state == DeliveryState.GIVEN_UP
    assert len(site.messages) == len(WAITS) + 1
    assert len({headers["webhook-id"] for headers, _body in site.messages}) == 1


def test_waits_differ(env, hook, site, admin):
    """Jitter: many messages that failed together do not all come back together."""
    site.status = 500
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        for _number in range(6):
            webhook_ping(endpoint=hook[0], by=admin)
    deliveries_due_post()
    with open_scope(environment_id=env.pk):
        waits = {found.due_at - found.claimed_at for found in WebhookDelivery.objects.all()}
    assert len({round(wait.total_seconds(), 1) for wait in waits}) > 2


@pytest.mark.parametrize(("status", "days"), [(500, 5), (410, 0)])
def test_a_dead_receiver_is_switched_off_and_administrators_are_told(env, hook, site, admin, status, days):
    site.status = status
    told(env, "passed", admin)
    with open_scope(environment_id=env.pk):
        WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=days) if days else None)
    send(env)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        endpoint = WebhookEndpoint.objects.get()
        assert not endpoint.enabled
        assert endpoint.disabled_because
        assert Notice.objects.get(person_id=admin.person_id, kind="webhook").href.endswith(f"{endpoint.uid}/")
        assert AuditEntry.objects.filter(act="webhook.disabled", actor_id=None).count() == 1
        with pytest.raises(ApiError):
            webhook_ping(endpoint=endpoint, by=admin)
        webhook_update(endpoint=endpoint, by=admin, enabled=True)
        endpoint.refresh_from_db()
        assert (endpoint.enabled, endpoint.failing_since, endpoint.disabled_because) == (True, None, "")


def test_success_forgets_failure(env, hook, site, admin):
    site.status = 500
    told(env, "passed", admin)
    send(env)
    site.status = 204
    with open_scope(environment_id=env.pk):
        assert WebhookEndpoint.objects.get().failing_since
        WebhookDelivery.objects.update(due_at=timezone.now())
    assert deliveries_due_post() == 1
    with open_scope(environment_id=env.pk):
        assert WebhookEndpoint.objects.get().failing_since is None


def test_one_again_has_the_same_id(env, hook, site, admin):
    told(env, "passed", admin)
    send(env)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        delivery_replay(delivery=row(env), by=admin)
    send(env)
    (first, one), (second, two) = site.messages
    assert first["webhook-id"] == second["webhook-id"]
    assert one == two


def test_a_time_again_also_what_was_never_sent(env, admin, site):
    start = timezone.now()
    told(env, "passed", admin)  # nobody listens yet
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        endpoint, _secret = webhook_create(url=site.url, name="Late", verbs=["passed"], by=admin)
    told(env, "passed", admin)
    told(env, "failed", admin)
    deliveries_due_post()
    assert len(site.messages) == 1
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        end = timezone.now()
        assert webhook_replay(endpoint=endpoint, since=start, until=end, by=admin) == 2
        assert webhook_replay(endpoint=endpoint, since=start - timedelta(days=1), until=start, by=admin) == 0
        with pytest.raises(ApiError):
            webhook_replay(endpoint=endpoint, since=end, until=start, by=admin)
    deliveries_due_post()
    assert [json.loads(body)["type"] for _headers, body in site.messages] == ["record.passed"] * 3
    assert len({headers["webhook-id"] for headers, _body in site.messages}) == 2


def test_a_worker_that_died_is_made_good(env, hook, site, admin):
    told(env, "passed", admin)
    with open_scope(environment_id=env.pk):
        WebhookDelivery.objects.update(state=DeliveryState.CLAIMED, claimed_at=timezone.now())
    assert deliveries_due_post() == 0
    with open_scope(environment_id=env.pk):
        WebhookDelivery.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
    assert deliveries_due_post() == 1


def test_two_environments_hear_of_their_own(env, other, hook, site, admin, member):
    stranger = member("admin", environment=other)
    with open_scope(environment_id=other.pk, person_id=stranger.person_id):
        webhook_create(url=site.url + "&other", name="Theirs", by=stranger)
    told(env, "passed", admin)
    deliveries_due_post()
    assert len(site.messages) == 1
    told(other, "passed", stranger)
    deliveries_due_post()
    assert len(site.messages) == 2


def learners_pass(env, member, many: int) -> list[int]:
    for _number in range(many):
        told(env, "passed", member("learner"))
    with open_scope(environment_id=env.pk):
        return list(WebhookDelivery.objects.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def slow(site, monkeypatch) -> None:
    """Each answer of the receiver takes 14 seconds, by the clock that tasks look at."""
    clock = SimpleNamespace(monotonic=lambda: 14.0 * len(site.messages))
    monkeypatch.setattr(posting, "time", clock)


@pytest.mark.usefixtures("hook", "slow")
def test_a_slow_receiver_is_left_after_a_while(env, member):
    """What is left stays due. Control: with more time more is sent."""
    learners_pass(env, member, 5)
    assert deliveries_due_post() == 1
    assert deliveries_due_post(turn=100) == 3
    assert deliveries_due_post(turn=100) == 1
    learner = member("learner")
    for _number in range(6):
        told(env, "passed", learner)
    with open_scope(environment_id=env.pk):
        waiting = WebhookDelivery.objects.filter(state=DeliveryState.WAITING)
        assert deliveries_due_post() == 1
        ids = list(waiting.order_by("stored_at").values_list("pk", flat=True))
        assert deliveries_post_at_once(environment_id=env.pk, delivery_ids=ids) == 3
        assert list(waiting.order_by("stored_at").values_list("pk", flat=True)) == ids[3:]


@pytest.mark.usefixtures("hook", "slow")
def test_a_slow_receiver_holds_up_no_other_environment(env, other, site, member):
    stranger = member("admin", environment=other)
    with receiver() as theirs:
        with open_scope(environment_id=other.pk, person_id=stranger.person_id):
            webhook_create(url=theirs.url, name="Theirs", by=stranger)
        learners_pass(env, member, 3)
        told(other, "passed", stranger)
        deliveries_due_post()
        assert (len(site.messages), len(theirs.messages)) == (1, 1)


def test_one_environment_is_sent_to_by_one_worker(env, hook, site, member):
    """While one is under way, or something is late, a new one waits for the sweep; and there is one sweep at a time."""
    first, second = learners_pass(env, member, 2)
    with open_scope(environment_id=env.pk):
        one = WebhookDelivery.objects.filter(pk=first)
        one.update(state=DeliveryState.CLAIMED, claimed_at=timezone.now())
        assert deliveries_post_at_once(environment_id=env.pk, delivery_ids=[second]) == 0
        one.update(state=DeliveryState.WAITING, due_at=timezone.now() - timedelta(minutes=1))
        assert deliveries_post_at_once(environment_id=env.pk, delivery_ids=[second]) == 0
        one.update(due_at=timezone.now())
    assert deliveries_post_at_once(environment_id=env.pk, delivery_ids=[second]) == 1
    cache.set(SWEEPING, value=True)
    assert deliveries_due_post() == 0
    cache.delete(SWEEPING)
    assert deliveries_due_post() == 1


def due_now(env) -> None:
    with open_scope(environment_id=env.pk):
        WebhookDelivery.objects.filter(state=DeliveryState.WAITING).update(due_at=timezone.now())


def kinds_sent(site) -> list[str]:
    return [json.loads(body)["type"].removeprefix("record.") for _headers, body in site.messages]


@pytest.mark.parametrize("in_line", [True, False])
def test_f36_messages_about_one_person_keep_their_order(env, hook, site, admin, member, in_line):
    """The first is refused, so the second waits behind it; nobody else does. Control: without the line it overtakes."""
    other_one = member("learner")
    site.status = 500
    told(env, "passed", admin)
    assert deliveries_due_post() == 0
    site.status = 204
    told(env, "completed", admin)
    told(env, "completed", other_one)
    if not in_line:
        with open_scope(environment_id=env.pk):
            WebhookDelivery.objects.update(person=None)
    assert deliveries_due_post() == (1 if in_line else 2)
    due_now(env)
    assert deliveries_due_post() == (2 if in_line else 1)
    order = [
        kind
        for kind, (_headers, body) in zip(kinds_sent(site), site.messages, strict=True)
        if admin.person.email in body.decode()
    ]
    assert (order == ["passed", "passed", "completed"]) is in_line


def test_f36_what_has_not_become_a_message_yet_is_waited_for(env, hook, site, admin):
    """Two workers: the later record is heard of first."""
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        record(verb="passed")
        record(verb="completed")
        first, second = Delivery.objects.filter(reaction="api.tell_webhooks").order_by("statement_stored_at")
    assert delivery_run(environment_id=env.pk, delivery_id=second.pk)
    assert deliveries_due_post() == 0
    assert delivery_run(environment_id=env.pk, delivery_id=first.pk)
    assert deliveries_due_post() == 2
    assert kinds_sent(site) == ["passed", "completed"]


def test_f36_given_up_it_holds_nobody_up(env, hook, site, admin):
    site.status = 500
    told(env, "passed", admin)
    told(env, "completed", admin)
    with open_scope(environment_id=env.pk):
        WebhookDelivery.objects.filter(kind="record.passed").update(attempts=len(WAITS))
    assert deliveries_due_post() == 0
    site.status = 204
    assert deliveries_due_post() == 1
    assert kinds_sent(site) == ["passed", "completed"]
