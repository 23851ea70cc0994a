"""Answers to POSTs are kept for a day, messages to webhooks for 30."""

from datetime import timedelta

from django.utils import timezone

from api.idempotency import KEPT
from api.models import DeliveryState, IdempotentAnswer, WebhookDelivery
from ecosystem.scope import open_scope, system_rows

LOG_KEPT = timedelta(days=30)


def old_forget() -> int:
    """Delete what is older, in all environments; returns how many rows."""
    now = timezone.now()
    ended = [DeliveryState.DONE, DeliveryState.GIVEN_UP]
    old = (
        IdempotentAnswer.objects.filter(created_at__lt=now - KEPT),
        WebhookDelivery.objects.filter(created_at__lt=now - LOG_KEPT, state__in=ended),
    )
    with system_rows():
        environments = {pk for rows in old for pk in rows.all().values_list("environment_id", flat=True).distinct()}
    forgotten = 0
    for environment_id in sorted(environments):
        with open_scope(environment_id=environment_id):
            forgotten += sum(rows.all().delete()[0] for rows in old)
    return forgotten
