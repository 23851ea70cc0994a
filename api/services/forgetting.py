"""Answers to POSTs are kept for a day."""

from django.utils import timezone

from api.idempotency import KEPT
from api.models import IdempotentAnswer
from ecosystem.scope import open_scope, system_rows


def answers_forget() -> int:
    """Delete what is older, in all environments; returns how many."""
    limit = timezone.now() - KEPT
    with system_rows():
        old = IdempotentAnswer.objects.filter(created_at__lt=limit)
        environments = list(old.values_list("environment_id", flat=True).distinct())
    forgotten = 0
    for environment_id in environments:
        with open_scope(environment_id=environment_id):
            forgotten += IdempotentAnswer.objects.filter(created_at__lt=limit).delete()[0]
    return forgotten
