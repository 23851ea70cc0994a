"""Getting webhook messages out, at least once: the receiver tells repeats by their id.

Messages about one person go to an endpoint in the order of their records, one at a time: those behind wait until the one
before has arrived or was given up. So one message that is refused holds up nobody else's. Nor does a receiver that takes
its time: a task has a budget of seconds, the environments take turns, and what is left waits for the next sweep.

Each message is claimed in a transaction of its own, sent outside any, and its end is written in another one. What a
worker left behind claimed waits again after five minutes.
"""

from __future__ import annotations

import logging
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from api.models import OPEN, DeliveryState, SwitchedOff, WebhookDelivery, WebhookEndpoint
from api.services.webhooks import secrets_of, signature_of
from ecosystem.models import Membership, Role
from ecosystem.outbound import TOTAL_SECONDS, Outcome, post
from ecosystem.scope import open_scope, system_rows
from ecosystem.services.audit import audit
from notifications.selectors import words_for
from notifications.services import notify
from records.waiting import is_waiting_for

logger = logging.getLogger(__name__)

KIND = "webhook"  # of what administrators are told
BATCH = 200  # of one environment in one sweep
BUDGET = 30  # seconds after which a task begins no other message
TURN = 10  # of these, for one environment
BUSY = timedelta(minutes=1)  # a claim that is older is of a worker that died
LATE = timedelta(seconds=15)
SWEEPING = "webhooks:sweeping"
LINE = 100  # messages about one person that are sent in a row before others have their turn
TELL = "api.tell_webhooks"  # the reaction that writes the messages
LEFT_BEHIND = timedelta(minutes=5)
# Waits after each failed try; about three days in all.
WAITS = [timedelta(seconds=5), *(timedelta(minutes=m) for m in (5, 30, 120, 300, 600, 840, 1200, 1440))]
JITTER = 0.2
LONGEST_FAILURE = timedelta(days=5)
GONE = 410
_RANDOM = random.SystemRandom()


@dataclass(frozen=True)
class _Claimed:
    delivery: WebhookDelivery
    url: str
    secrets: list[str]


def deliveries_due_post(*, turn: float = TURN, budget: float = BUDGET) -> int:
    """Send what is due in all environments, in turns that no slow receiver makes long; returns how many arrived.

    ``turn``: seconds for one environment, ``budget``: for all. What is left stays due. One sweep at a time, so that slow
    receivers hold up one worker and no more.
    """
    if not cache.add(SWEEPING, value=True, timeout=budget + 2 * TOTAL_SECONDS):
        return 0
    try:
        return _take_turns(turn, time.monotonic() + budget)
    finally:
        cache.delete(SWEEPING)


def _take_turns(turn: float, end: float) -> int:
    with system_rows():
        places = list(
            WebhookDelivery.objects.filter(_due(timezone.now())).values_list("environment_id", flat=True).distinct()
        )
    _RANDOM.shuffle(places)  # else those that a sweep does not come to would be the same ones each time
    queue = deque((place, _lines(place), turn) for place in places)
    arrived = 0
    while queue and (start := time.monotonic()) < end:
        environment_id, lines, left = queue.popleft()
        following = next(lines, None)
        if following is None:
            continue
        arrived += line_post(environment_id=environment_id, delivery_id=following, until=min(end, start + left))
        left -= time.monotonic() - start
        if left > 0:
            queue.append((environment_id, lines, left))
    return arrived


def _lines(environment_id: int) -> Iterator[int]:
    """The first ones of the lines of an environment, oldest first."""
    with system_rows():
        due = WebhookDelivery.objects.filter(_claimable(timezone.now()), environment_id=environment_id)
        found = list(due.order_by("due_at").values_list("pk", flat=True)[:BATCH])
    yield from found


def deliveries_post_at_once(*, environment_id: int, delivery_ids: Sequence[int], budget: float = BUDGET) -> int:
    """Send these now; returns how many arrived. Where something is being sent or is late, all is left to the sweep."""
    end = time.monotonic() + budget
    if _is_behind(environment_id):
        return 0
    arrived = 0
    for pk in delivery_ids:
        if time.monotonic() >= end:
            break
        arrived += line_post(environment_id=environment_id, delivery_id=pk, until=end)
    return arrived


def _is_behind(environment_id: int) -> bool:
    now = timezone.now()
    with open_scope(environment_id=environment_id):
        is_sending = WebhookDelivery.objects.filter(state=DeliveryState.CLAIMED, claimed_at__gte=now - BUSY).exists()
        return is_sending or WebhookDelivery.objects.filter(_claimable(now), due_at__lt=now - LATE).exists()


def _due(now: datetime) -> Q:
    """Due, or left behind by a worker."""
    left_behind = Q(state=DeliveryState.CLAIMED, claimed_at__lt=now - LEFT_BEHIND)
    return Q(state=DeliveryState.WAITING, due_at__lte=now) | left_behind


def _claimable(now: datetime) -> Q:
    """Due or left behind, and first of those about the same person."""
    same = ("environment_id", "endpoint_id", "person_id")
    before = Q(stored_at__lt=OuterRef("stored_at")) | Q(stored_at=OuterRef("stored_at"), pk__lt=OuterRef("pk"))
    earlier = WebhookDelivery.objects.filter(before, state__in=OPEN, **{name: OuterRef(name) for name in same})
    return _due(now) & ~Exists(earlier)


def line_post(*, environment_id: int, delivery_id: int, until: float) -> int:
    """Send one message and, while they arrive, those that waited behind it; returns how many arrived.

    Once ``time.monotonic()`` is ``until`` no other one is begun.
    """
    arrived = 0
    following: int | None = delivery_id
    while following is not None and arrived < LINE:
        if arrived and time.monotonic() >= until:
            break
        if not delivery_post(environment_id=environment_id, delivery_id=following):
            break
        arrived += 1
        following = _behind(environment_id=environment_id, delivery_id=following)
    return arrived


def _behind(*, environment_id: int, delivery_id: int) -> int | None:
    with open_scope(environment_id=environment_id):
        sent = WebhookDelivery.objects.filter(pk=delivery_id).exclude(person_id=None).first()
        if sent is None:
            return None
        waiting = WebhookDelivery.objects.filter(
            endpoint_id=sent.endpoint_id,
            person_id=sent.person_id,
            state=DeliveryState.WAITING,
            due_at__lte=timezone.now(),
        )
        return waiting.order_by("stored_at", "pk").values_list("pk", flat=True).first()


def delivery_post(*, environment_id: int, delivery_id: int) -> bool:
    """Claim one message, sign and send it, write down how it went. True when this call delivered it."""
    try:
        claimed = _claim(environment_id=environment_id, delivery_id=delivery_id)
        if claimed is None:
            return False
        outcome = _send(claimed)
        _finish(claimed.delivery, outcome)
    except Exception:  # it stays claimed and is looked at again
        logger.exception("webhook message %s", delivery_id)
        return False
    return outcome.is_success


def _claim(*, environment_id: int, delivery_id: int) -> _Claimed | None:
    now = timezone.now()
    with open_scope(environment_id=environment_id):
        delivery = (
            WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("endpoint")
            .filter(_claimable(now), pk=delivery_id)
            .first()
        )
        if delivery is None or _has_untold_before(delivery):
            return None
        if not delivery.endpoint.enabled:
            delivery.state, delivery.error = DeliveryState.GIVEN_UP, "The webhook is off."
            delivery.save(update_fields=["state", "error"])
            return None
        delivery.state, delivery.claimed_at, delivery.attempts = DeliveryState.CLAIMED, now, delivery.attempts + 1
        delivery.save(update_fields=["state", "claimed_at", "attempts"])
        return _Claimed(delivery, delivery.endpoint.url, secrets_of(endpoint=delivery.endpoint))


def _has_untold_before(delivery: WebhookDelivery) -> bool:
    """Whether an earlier record of the person has not become a message yet."""
    if delivery.person_id is None or delivery.stored_at is None:
        return False
    return is_waiting_for(reaction=TELL, person_id=delivery.person_id, before=delivery.stored_at)


def _send(claimed: _Claimed) -> Outcome:
    delivery, body = claimed.delivery, claimed.delivery.body.encode()
    timestamp = int(timezone.now().timestamp())
    signatures = [
        signature_of(secret=secret, message_id=delivery.message_id, timestamp=timestamp, body=body)
        for secret in claimed.secrets
    ]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Grove-Webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
    return post(url=claimed.url, body=body, headers=headers)


def _finish(delivery: WebhookDelivery, outcome: Outcome) -> None:
    now = timezone.now()
    with open_scope(environment_id=delivery.environment_id):
        endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=delivery.endpoint_id).first()
        fresh = WebhookDelivery.objects.select_for_update().filter(pk=delivery.pk).first()
        if endpoint is None or fresh is None or fresh.attempts != delivery.attempts:
            return  # removed, or sent again in the meantime
        if fresh.state != DeliveryState.CLAIMED:
            return
        fresh.status, fresh.error = outcome.status or None, outcome.error
        if outcome.is_success:
            fresh.state, fresh.done_at = DeliveryState.DONE, now
            endpoint.failing_since = None
        else:
            _plan(fresh, now)
            endpoint.failing_since = endpoint.failing_since or now
        fresh.save(update_fields=["state", "done_at", "due_at", "status", "error"])
        endpoint.save(update_fields=["failing_since"])
        if outcome.status == GONE:
            _switch_off(endpoint, because=SwitchedOff.GONE, at=now)
        elif endpoint.failing_since and now - endpoint.failing_since >= LONGEST_FAILURE:
            _switch_off(endpoint, because=SwitchedOff.SILENT, at=now)


def _plan(delivery: WebhookDelivery, now: datetime) -> None:
    """When to try again; each wait is a little longer or shorter than planned, so that not all come at once."""
    if delivery.attempts > len(WAITS):
        delivery.state = DeliveryState.GIVEN_UP
        return
    wait = WAITS[delivery.attempts - 1] * (1 + _RANDOM.uniform(-JITTER, JITTER))
    delivery.state, delivery.due_at = DeliveryState.WAITING, now + wait


def _switch_off(endpoint: WebhookEndpoint, *, because: str, at: datetime) -> None:
    """Nothing more is sent; every administrator is told, once per failure."""
    endpoint.enabled, endpoint.disabled_because = False, because
    endpoint.save(update_fields=["enabled", "disabled_because"])
    audit(act="webhook.disabled", by=None, target=endpoint, after={"because": str(because)})
    admins = Membership.objects.filter(roles__contains=[Role.ADMIN], ended_at=None)
    for person_id in admins.values_list("person_id", flat=True):
        with words_for(person_id=person_id):
            notify(
                person_id=person_id,
                key=f"webhook:{endpoint.pk}:{at:%Y%m%dT%H%M%S}:{person_id}",
                kind=KIND,
                title=_("The webhook “%(name)s” was switched off") % {"name": endpoint.name},
                body=_("%(why)s Look at the log, then switch it on again.") % {"why": SwitchedOff(because).label},
                href=reverse("developers:webhook", args=[endpoint.uid]),
                mail=True,
            )
