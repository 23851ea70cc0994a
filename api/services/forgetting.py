"""Answers to POSTs are kept for a day, messages to webhooks for 30."""

import logging
from datetime import timedelta

from django.utils import timezone

from api.models import DeliveryState, IdempotentAnswer, WebhookDelivery
from api.models.answers import KEPT_FOR
from ecosystem.scope import open_scope, system_rows

logger = logging.getLogger(__name__)

LOG_KEPT = timedelta(days=30)


def old_forget() -> int:
    """Delete what is older, in all environments; returns how many rows."""
    now = timezone.now()
    ended = [DeliveryState.DONE, DeliveryState.GIVEN_UP]
    old = (
        IdempotentAnswer.objects.filter(created_at__lt=now - KEPT_FOR),
        WebhookDelivery.objects.filter(created_at__lt=now - LOG_KEPT, state__in=ended),
    )
    with system_rows(with_archived=True):
        environments = {pk for rows in old for pk in rows.all().values_list("environment_id", flat=True).distinct()}
    forgotten = 0
    for environment_id in sorted(environments):
        try:
            with open_scope(environment_id=environment_id):
                forgotten += sum(rows.all().delete()[0] for rows in old)
        except Exception:
            logger.exception("answers and messages of environment %s", environment_id)
    return forgotten
