"""Taking away what is old: letters that are done with, notices that were seen, pushes that went."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from ecosystem.services.emptying import empty_everywhere
from notifications.models import Mail, MailState, Notice, Push, PushState

BATCH = 1000
DONE_WITH = (MailState.SENT, MailState.FAILED, MailState.LEFT_OUT)


def notifications_prune(*, batch: int = BATCH) -> int:
    """Delete in every environment what is older than the settings say; returns how many rows.

    In small transactions, so that nobody waits. What is unseen, waiting or uncertain stays, however old.
    """
    return empty_everywhere(finds=(_old_pushes, _old_mails, _old_notices), batch=batch)


def _before(days: int) -> object:
    return timezone.now() - timedelta(days=days)


def _old_mails() -> QuerySet:
    return Mail.objects.filter(state__in=DONE_WITH, created_at__lt=_before(settings.KEEP_MAIL_DAYS))


def _old_notices() -> QuerySet:
    """Those seen long ago, and those never shown on the site, once their letter can no longer need them."""
    long_ago = _before(settings.KEEP_NOTICE_DAYS)
    seen = Notice.objects.filter(seen_at__lt=long_ago)
    hidden = Notice.objects.filter(in_app=False, for_digest=False, created_at__lt=long_ago)
    return seen | hidden


def _old_pushes() -> QuerySet:
    done = (PushState.SENT, PushState.FAILED)
    return Push.objects.filter(state__in=done, due_at__lt=_before(settings.KEEP_MAIL_DAYS))
