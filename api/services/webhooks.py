"""Webhooks: where they go, with which secret, and sending again."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from api.exceptions import ApiError
from api.messages import message_of, ping_body
from api.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookSecret
from api.tasks import post_webhooks
from ecosystem.hints import hint
from ecosystem.models import Membership
from ecosystem.outbound import resolve_target, target_of
from ecosystem.prepared import prepared
from ecosystem.scope import current_scope
from ecosystem.sealing import seal, unseal
from ecosystem.services.audit import audit
from records.models import Statement

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)
MOST_ENDPOINTS = 20
MOST_REPLAYED = 10_000
QUEUE = "bulk"


def signature_of(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """``v1,…``: HMAC-SHA256 over id, time and body, as standardwebhooks.com has it."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


@transaction.atomic
def webhook_create(*, url: str, name: str, verbs: Sequence[str] = (), by: Membership) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its secret, which is in the answer and nowhere else.

    Refuses addresses that must not be called (UnsafeAddressError), and more than 20 endpoints.
    """
    resolve_target(target_of(url))
    environment_id = current_scope().environment_id
    Membership.objects.select_for_update().get(pk=by.pk)
    if WebhookEndpoint.objects.count() >= MOST_ENDPOINTS:
        raise ApiError(_("There are %(most)s webhooks already. Remove one first.") % {"most": MOST_ENDPOINTS})
    endpoint = WebhookEndpoint.objects.create(
        environment_id=environment_id, url=url, name=name, verbs=sorted(set(verbs)), created_by=by.person
    )
    audit(act="webhook.created", by=by.person, target=endpoint, after={"url": url, "verbs": endpoint.verbs})
    return endpoint, _secret_add(endpoint)


def _secret_add(endpoint: WebhookEndpoint) -> str:
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    WebhookSecret.objects.create(environment_id=endpoint.environment_id, endpoint=endpoint, sealed=seal(secret))
    return secret


def secrets_of(*, endpoint: WebhookEndpoint) -> list[str]:
    """Those that sign now, the newest first."""
    rows = WebhookSecret.objects.filter(endpoint=endpoint)
    living = rows.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now())).order_by("-pk")
    return [unseal(sealed) for sealed in living.values_list("sealed", flat=True)]


@transaction.atomic
def webhook_update(*, endpoint: WebhookEndpoint, by: Membership, **facts: object) -> WebhookEndpoint:
    """Change ``url``, ``name``, ``verbs`` or ``enabled``. Switching it on forgets that it failed."""
    if strange := set(facts) - {"url", "name", "verbs", "enabled"}:
        raise TypeError(f"Not facts of a webhook: {sorted(strange)}.")
    fresh = WebhookEndpoint.objects.select_for_update(of=("self",)).get(pk=endpoint.pk)
    if "url" in facts:
        resolve_target(target_of(str(facts["url"])))
    before = {name: getattr(fresh, name) for name in facts}
    for name, value in facts.items():
        setattr(fresh, name, value)
    if facts.get("enabled"):
        fresh.failing_since, fresh.disabled_because = None, ""
    fresh.save()
    audit(act="webhook.updated", by=by.person, target=fresh, before=before, after=facts)
    return fresh


@transaction.atomic
def webhook_delete(*, endpoint: WebhookEndpoint, by: Membership) -> None:
    """Gone, with its log."""
    audit(act="webhook.deleted", by=by.person, target=endpoint, before={"url": endpoint.url})
    endpoint.delete()


@transaction.atomic
def webhook_secret_rotate(*, endpoint: WebhookEndpoint, by: Membership) -> str:
    """A new secret, given once. The old one signs beside it for another 24 hours, any before that no longer."""
    rows = WebhookSecret.objects.select_for_update().filter(endpoint=endpoint)
    rows.exclude(expires_at=None).delete()
    rows.filter(expires_at=None).update(expires_at=timezone.now() + OVERLAP)
    audit(act="webhook.secret_rotated", by=by.person, target=endpoint)
    return _secret_add(endpoint)


def webhooks_hear(*, verb: str | None = None) -> bool:
    """Whether any endpoint here is on (and wants the verb)."""
    wishes = _wishes()
    return any(not verbs or verb in verbs for verbs in wishes) if verb else bool(wishes)


@prepared
def _wishes() -> QuerySet[WebhookEndpoint]:
    """The verbs each endpoint here wants; asked with every record. In the active environment only."""
    rows = WebhookEndpoint.objects.filter(enabled=True, environment_id=current_scope().environment_id)
    return rows.values_list("verbs", flat=True)


@transaction.atomic
def webhooks_tell(*, statement: Statement) -> None:
    """Write a message for each endpoint that wants this record; the same record again changes nothing."""
    wanted = WebhookEndpoint.objects.filter(enabled=True, environment_id=statement.environment_id).filter(
        Q(verbs=[]) | Q(verbs__contains=[statement.verb])
    )
    _queue([delivery_new(endpoint=endpoint, statement=statement) for endpoint in wanted])


def delivery_new(*, endpoint: WebhookEndpoint, statement: Statement) -> WebhookDelivery:
    """A message about a record, not saved."""
    kind, body = message_of(statement)
    now = timezone.now()
    return WebhookDelivery(
        environment_id=endpoint.environment_id,
        endpoint=endpoint,
        person_id=statement.person_id,
        stored_at=statement.stored_at,
        message_id=f"msg_{statement.pk}",
        kind=kind,
        body=body,
        due_at=now,
        created_at=now,
    )


def _queue(rows: list[WebhookDelivery]) -> None:
    made = WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    if made:
        environment_id = made[0].environment_id
        names = [row.message_id for row in made]
        found = WebhookDelivery.objects.filter(message_id__in=names, state=DeliveryState.WAITING)
        _announce(environment_id, list(found.values_list("pk", flat=True)[:100]))


def _announce(environment_id: int, ids: list[int]) -> None:
    if ids:
        hint(post_webhooks, queue=QUEUE, environment_id=environment_id, delivery_ids=ids)


@transaction.atomic
def webhook_ping(*, endpoint: WebhookEndpoint, by: Membership) -> WebhookDelivery:
    """A signed message that says only that it is a test. Refused while the endpoint is off."""
    if not endpoint.enabled:
        raise ApiError(_("Switch the webhook on first."))
    now = timezone.now()
    row = WebhookDelivery.objects.create(
        environment_id=endpoint.environment_id,
        endpoint=endpoint,
        message_id=f"msg_{uuid4()}",
        kind="webhook.ping",
        body=ping_body(now),
        due_at=now,
        created_at=now,
    )
    audit(act="webhook.pinged", by=by.person, target=endpoint)
    _announce(endpoint.environment_id, [row.pk])
    return row


@transaction.atomic
def delivery_replay(*, delivery: WebhookDelivery, by: Membership) -> None:
    """Send it again, with the same id, so that the receiver can tell. Refused while the endpoint is off."""
    if not delivery.endpoint.enabled:
        raise ApiError(_("Switch the webhook on first."))
    _again(WebhookDelivery.objects.filter(pk=delivery.pk))
    audit(act="webhook.replayed", by=by.person, target=delivery.endpoint, after={"message": delivery.message_id})
    _announce(delivery.environment_id, [delivery.pk])


@transaction.atomic
def webhook_replay(*, endpoint: WebhookEndpoint, since: datetime, until: datetime, by: Membership) -> int:
    """Send everything about records of that time again, also what was never sent; returns how many messages.

    Refuses more than 10 000, a time that ends before it begins, and an endpoint that is off.
    """
    if not endpoint.enabled:
        raise ApiError(_("Switch the webhook on first."))
    if until <= since:
        raise ApiError(_("The end must come after the beginning."))
    records = Statement.objects.filter(stored_at__gte=since, stored_at__lt=until).select_related("element", "person")
    if endpoint.verbs:
        records = records.filter(verb__in=endpoint.verbs)
    found = list(records.order_by("stored_at", "id")[: MOST_REPLAYED + 1])
    if len(found) > MOST_REPLAYED:
        raise ApiError(_("That is more than %(most)s messages. Choose a shorter time.") % {"most": MOST_REPLAYED})
    rows = [delivery_new(endpoint=endpoint, statement=statement) for statement in found]
    known = WebhookDelivery.objects.filter(endpoint=endpoint, message_id__in=[row.message_id for row in rows])
    _again(known)
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    audit(
        act="webhook.replayed",
        by=by.person,
        target=endpoint,
        after={"since": since, "until": until, "messages": len(rows)},
    )
    ids = list(known.all().order_by("pk").values_list("pk", flat=True)[:100])
    _announce(endpoint.environment_id, ids)
    return len(rows)


def _again(rows: object) -> None:
    rows.update(  # type: ignore[attr-defined]
        state=DeliveryState.WAITING, attempts=0, due_at=timezone.now(), done_at=None, claimed_at=None, error=""
    )
