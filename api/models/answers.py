import uuid
from datetime import timedelta

from django.db import models

from ecosystem.models import TenantModel
from ecosystem.models.base import EVERYTHING

KEPT_FOR = timedelta(hours=24)


class IdempotentAnswer(TenantModel):
    """The answer to a POST that named a key, so that sending it again does nothing and says the same.

    Written in the transaction of the effect itself. ``status`` is null only inside that transaction; ``body`` is
    empty and ``secret`` true for answers that hold a secret, which are never kept.
    """

    never_copied = EVERYTHING

    system = True

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    claim = models.UUIDField(default=uuid.uuid4)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    secret = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "caller", "key"], name="idempotent_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotent_answer_age")]

    def __str__(self) -> str:
        return self.key
