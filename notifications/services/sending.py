"""Getting letters out of the queue. Mail cannot be exactly once, so each letter says which side it errs on.

Every letter is claimed in a transaction of its own before it goes, and its end is written in another one. What a
worker left behind claimed is, after ten minutes, *uncertain* (at most once) or waits again (at least once; the
same Message-ID lets mail programs see that it is the same letter). A mail server that is away is nobody's fault:
letters wait for it for days, and one try in each sweep finds out whether it is back.
"""

from __future__ import annotations

import logging
import smtplib
import time
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from ecosystem.models import Membership
from ecosystem.post import reply_code, sender_of
from ecosystem.scope import open_scope, system_rows
from notifications.models import Mail, MailMode, MailState
from notifications.services.ordinary import hold_of

logger = logging.getLogger(__name__)

BATCH = 200
MAX_ATTEMPTS = 8
LEFT_BEHIND = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=1)
AWAY_WAIT, AWAY_AT_MOST = timedelta(minutes=1), timedelta(days=3)
SWEEP_SECONDS = 50  # then the next tick goes on: a slow mail server does not hold a worker for an hour


@dataclass(frozen=True)
class Outcome:
    """How a sending ended. WAITING: surely not accepted, may go again. UNCERTAIN: nobody can know.

    ``away``: the mail server took no connection, so it is no fault of this letter.
    """

    state: MailState
    error: str = ""
    away: bool = False


def mail_send_due() -> int:
    """Send what is due in all environments, oldest first; returns how many were sent. One bad letter stops no other."""
    _recover_claimed()
    until = time.monotonic() + SWEEP_SECONDS
    with system_rows():
        due = list(
            Mail.objects.filter(state=MailState.WAITING, due_at__lte=timezone.now())
            .order_by("due_at")
            .values_list("environment_id", "pk")[:BATCH]
        )
    sent = 0
    for environment_id, pk in due:
        outcome = _send(environment_id=environment_id, mail_id=pk)
        sent += outcome is not None and outcome.state == MailState.SENT
        if (outcome is not None and outcome.away) or time.monotonic() > until:
            break  # the rest stays due; the next tick tries again
    return sent


def mail_send(*, environment_id: int, mail_id: int) -> bool:
    """Claim one letter, send it, write down how it went. True when this call sent it.

    A letter that is not waiting, or that another worker is claiming, is left alone.
    """
    outcome = _send(environment_id=environment_id, mail_id=mail_id)
    return outcome is not None and outcome.state == MailState.SENT


def _send(*, environment_id: int, mail_id: int) -> Outcome | None:
    """None when there was nothing to send, or nobody knows."""
    try:
        claimed = _claim(environment_id=environment_id, mail_id=mail_id)
        if claimed is None:
            return None
        outcome = _hand_over(claimed)
        _finish(claimed, outcome)
    except Exception:  # the letter stays claimed and is looked at after ten minutes
        logger.exception("mail %s", mail_id)
        return None
    return outcome


def _claim(*, environment_id: int, mail_id: int) -> _Claimed | None:
    now = timezone.now()
    with open_scope(environment_id=environment_id):
        mail = (
            Mail.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("person", "environment")
            .filter(pk=mail_id, state=MailState.WAITING, due_at__lte=now)
            .first()
        )
        if mail is None:
            return None
        here = Membership.objects.filter(person_id=mail.person_id, ended_at=None).exists()
        if not (here and mail.person.is_active):
            mail.state, mail.error = MailState.FAILED, "The person is no longer here."
            mail.save(update_fields=["state", "error"])
            return None
        if hold := hold_of(mail=mail, now=now):
            mail.due_at = hold.due_at or mail.due_at
            mail.state, mail.error = (MailState.LEFT_OUT, hold.reason) if hold.reason else (mail.state, mail.error)
            mail.save(update_fields=["state", "error", "due_at"])
            return None
        mail.state, mail.claimed_at, mail.attempts = MailState.CLAIMED, now, mail.attempts + 1
        mail.save(update_fields=["state", "claimed_at", "attempts"])
        return _Claimed(mail=mail, address=mail.person.email)


@dataclass(frozen=True)
class _Claimed:
    mail: Mail
    address: str


def _hand_over(claimed: _Claimed) -> Outcome:
    """Give the letter to the mail server and say what came of it."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:  # a wrong password of ours is no fault of this letter
        return Outcome(MailState.WAITING, f"{type(error).__name__}: {error}", away=True)
    try:
        connection.send_messages([_message(claimed)])
    except (OSError, smtplib.SMTPException) as error:
        return _judge(error, mode=claimed.mail.mode)
    finally:
        _close(connection)
    return Outcome(MailState.SENT)


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        logger.info("the mail server hung up first")


def _message(claimed: _Claimed) -> EmailMultiAlternatives:
    mail = claimed.mail
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.stop_href:
        headers["List-Unsubscribe"] = f"<{mail.stop_href}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=sender_of(mail.environment),
        to=[claimed.address],
        headers=headers,
    )
    message.attach_alternative(mail.html, "text/html")
    for number, calendar in enumerate(mail.calendars, start=1):
        kind = f"text/calendar; method={_method_of(calendar)}"
        if len(mail.calendars) == 1:  # mail programs then show it as what the letter is about
            message.attach_alternative(calendar, kind)
        else:
            message.attach(f"{number}.ics", calendar, kind)
    return message


def _method_of(calendar: str) -> str:
    """Its METHOD, which the part has to repeat (RFC 6047 2.4)."""
    lines = (line.strip() for line in calendar.splitlines())
    return next((line.removeprefix("METHOD:") for line in lines if line.startswith("METHOD:")), "PUBLISH")


def _judge(error: Exception, *, mode: str) -> Outcome:
    """A reply of the server tells that it did not take the letter; silence leaves it open."""
    reason = f"{type(error).__name__}: {error}"
    code = reply_code(error)
    if code >= 500:
        return Outcome(MailState.FAILED, reason)
    if code >= 400 or mode == MailMode.AT_LEAST_ONCE:
        return Outcome(MailState.WAITING, reason)
    return Outcome(MailState.UNCERTAIN, reason)


def _finish(claimed: _Claimed, outcome: Outcome) -> None:
    with open_scope(environment_id=claimed.mail.environment_id):
        mail = Mail.objects.select_for_update().get(pk=claimed.mail.pk)
        if mail.state != MailState.CLAIMED or mail.claimed_at != claimed.mail.claimed_at:
            return  # somebody judged it left behind in the meantime
        now = timezone.now()
        mail.state, mail.error = outcome.state, outcome.error[:2000]
        mail.sent_at = now if outcome.state == MailState.SENT else None
        if outcome.away:
            mail.attempts -= 1
            mail.due_at = now + AWAY_WAIT
            mail.state = MailState.FAILED if now - mail.created_at > AWAY_AT_MOST else MailState.WAITING
        elif outcome.state == MailState.WAITING:
            mail.due_at = now + FIRST_WAIT * 3 ** (mail.attempts - 1)
            mail.state = MailState.FAILED if mail.attempts >= MAX_ATTEMPTS else MailState.WAITING
        if mail.state == MailState.FAILED:
            mail.ordinary_on = None  # another may have the day
        mail.save(update_fields=["state", "error", "sent_at", "due_at", "attempts", "ordinary_on"])


def _recover_claimed() -> None:
    """Decide on letters whose worker never came back."""
    limit = timezone.now() - LEFT_BEHIND
    with system_rows():
        left = list(
            Mail.objects.filter(state=MailState.CLAIMED, claimed_at__lt=limit).values_list("environment_id", "pk")[
                :BATCH
            ]
        )
    for environment_id, pk in left:
        with open_scope(environment_id=environment_id):
            mine = Mail.objects.filter(pk=pk, state=MailState.CLAIMED, claimed_at__lt=limit)
            mine.filter(mode=MailMode.AT_MOST_ONCE).update(
                state=MailState.UNCERTAIN, error="The worker stopped while it was sending."
            )
            mine.filter(mode=MailMode.AT_LEAST_ONCE).update(state=MailState.WAITING, due_at=timezone.now())
