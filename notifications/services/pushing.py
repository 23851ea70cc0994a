"""Web push: an extra beside mail, so losing one is no loss. Its text names the kind only, never what it says."""

from __future__ import annotations

import http.client
import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from ecosystem.hints import hint
from ecosystem.languages import language_of, speaking
from ecosystem.models import Environment, Membership
from ecosystem.scope import current_scope, open_scope, system_rows
from notifications.links import link_for
from notifications.models import Notice, Push, PushDevice, PushState
from notifications.push_endpoints import EndpointError, Reply, endpoint_post
from notifications.registry import notice_kinds
from notifications.tasks import send_push
from notifications.webpush import authorization, encrypt, private_key

logger = logging.getLogger(__name__)

BATCH = 200
MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEFT_BEHIND = timedelta(minutes=10)
SWEEP_SECONDS = 50
KEEP = 24 * 3600  # seconds the service keeps it for a device that is off
VALID = 12 * 3600
GONE = {404, 410}


@dataclass(frozen=True)
class _Outcome:
    state: PushState
    error: str = ""
    wait: timedelta = timedelta(0)
    gone: bool = False


def push_queue(*, notice: Notice, due_at: datetime) -> None:
    """One row for each device of the person; nothing while this installation has no key."""
    if not settings.VAPID_KEY:
        return
    for device in PushDevice.objects.filter(person_id=notice.person_id):
        push = Push.objects.create(
            environment_id=current_scope().environment_id, device=device, notice=notice, due_at=due_at
        )
        if due_at <= timezone.now():
            hint(send_push, queue="default", environment_id=push.environment_id, push_id=push.pk)


def push_send_due() -> int:
    """Send what is due in all environments; returns how many arrived at their service."""
    if not settings.VAPID_KEY:
        return 0
    now, until = timezone.now(), time.monotonic() + SWEEP_SECONDS
    with system_rows():
        left = list(
            Push.objects.filter(state=PushState.CLAIMED, claimed_at__lt=now - LEFT_BEHIND).values_list(
                "environment_id", "pk"
            )[:BATCH]
        )
        due = list(
            Push.objects.filter(state=PushState.WAITING, due_at__lte=now)
            .order_by("due_at")
            .values_list("environment_id", "pk")[:BATCH]
        )
    for environment_id, pk in left:  # a second one is shown over the first: it has the same tag
        with open_scope(environment_id=environment_id):
            late = Push.objects.filter(pk=pk, state=PushState.CLAIMED, claimed_at__lt=now - LEFT_BEHIND)
            late.update(state=PushState.WAITING)
    sent = 0
    for environment_id, pk in due:
        if time.monotonic() > until:
            break
        sent += push_send_one(environment_id=environment_id, push_id=pk)
    return sent


def push_send_one(*, environment_id: int, push_id: int) -> bool:
    """Claim one, send it, write down how it went. True when this call sent it."""
    try:
        with open_scope(environment_id=environment_id):
            push = _claim(push_id)
            body = _payload(push) if push else b""
        if push is None:
            return False
        outcome = _post(push.device, body)
        with open_scope(environment_id=environment_id):
            _finish(push, outcome)
    except Exception:  # it stays claimed and is looked at after ten minutes
        logger.exception("push %s", push_id)
        return False
    return outcome.state == PushState.SENT


def _claim(push_id: int) -> Push | None:
    now = timezone.now()
    push = (
        Push.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("device__person", "notice")
        .filter(pk=push_id, state=PushState.WAITING, due_at__lte=now)
        .first()
    )
    if push is None:
        return None
    person = push.device.person
    here = person.is_active and Membership.objects.filter(person_id=person.pk, ended_at=None).exists()
    if not here or push.notice.seen_at is not None or push.notice.person_id != person.pk:
        push.state, push.error = PushState.FAILED, "Not needed any more."
        push.save(update_fields=["state", "error"])
        return None
    push.state, push.claimed_at, push.attempts = PushState.CLAIMED, now, push.attempts + 1
    push.save(update_fields=["state", "claimed_at", "attempts"])
    return push


def _payload(push: Push) -> bytes:
    """A declarative push message: Safari shows it by itself, others through the service worker."""
    environment = Environment.objects.get(pk=push.environment_id)
    person, kind = push.device.person, notice_kinds.get(push.notice.kind)
    language = language_of(person=person, environment=environment)
    path = reverse("notifications:open", args=[push.notice_id])
    with speaking(language, environment=environment):
        title = str(kind.called(environment.words)) if kind else environment.name
    notification = {
        "title": title,
        "body": environment.name,
        "lang": language,
        "tag": f"notice-{push.notice_id}",
        "navigate": link_for(person=person, environment=environment, path=path),
    }
    return json.dumps({"web_push": 8030, "notification": notification}).encode()


def _post(device: PushDevice, body: bytes) -> _Outcome:
    key = private_key(settings.VAPID_KEY)
    expires = int(timezone.now().timestamp()) + VALID
    contact = f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
    headers = {
        "Content-Type": "application/notification+json",
        "Content-Encoding": "aes128gcm",
        "TTL": str(KEEP),
        "Authorization": authorization(endpoint=device.endpoint, key=key, contact=contact, expires=expires),
    }
    try:
        return _judge(
            endpoint_post(device.endpoint, body=encrypt(body, p256dh=device.p256dh, auth=device.auth), headers=headers)
        )
    except EndpointError as error:
        return _Outcome(PushState.FAILED, f"{error}", gone=True)
    except (OSError, http.client.HTTPException) as error:
        return _Outcome(PushState.WAITING, f"{type(error).__name__}: {error}")


def _judge(reply: Reply) -> _Outcome:
    if 200 <= reply.status < 300:
        return _Outcome(PushState.SENT)
    error = f"The push service answered {reply.status}."
    if reply.status in GONE:
        return _Outcome(PushState.FAILED, error, gone=True)
    if reply.status == 429 or reply.status >= 500:
        return _Outcome(PushState.WAITING, error, wait=timedelta(seconds=reply.retry_after))
    return _Outcome(PushState.FAILED, error)


def _finish(claimed: Push, outcome: _Outcome) -> None:
    if outcome.gone:  # the browser has gone, and takes its pushes along
        PushDevice.objects.filter(pk=claimed.device_id).delete()
        return
    push = Push.objects.select_for_update(of=("self",)).filter(pk=claimed.pk).first()
    if push is None or push.state != PushState.CLAIMED or push.claimed_at != claimed.claimed_at:
        return  # the device was removed, or somebody judged it left behind
    now = timezone.now()
    push.state, push.error = outcome.state, outcome.error[:500]
    if outcome.state == PushState.SENT:
        PushDevice.objects.filter(pk=push.device_id).update(reached_at=now)
    elif outcome.state == PushState.WAITING:
        wait = max(FIRST_WAIT * 3 ** (push.attempts - 1), outcome.wait)
        push.due_at = now + min(wait, LONGEST_WAIT)
        if push.attempts >= MAX_ATTEMPTS:
            push.state = PushState.FAILED
    push.save(update_fields=["state", "error", "due_at"])
