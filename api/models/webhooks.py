"""Where other software wants to hear of records, with which secrets, and what was sent."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel
from ecosystem.models.base import EVERYTHING


class SwitchedOff(models.TextChoices):
    """Why Grove itself switched a webhook off."""

    GONE = "gone", _("The receiver says that it is gone (410).")
    SILENT = "silent", _("Nothing has arrived for five days.")


class WebhookEndpoint(TenantModel):
    """An address that is told what happens here. ``verbs`` empty means all of them."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    url = models.URLField(_("address"), max_length=500)
    name = models.CharField(_("what it is for"), max_length=120)
    verbs = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name=_("hears of"))
    enabled = models.BooleanField(_("on"), default=True)
    disabled_because = models.CharField(max_length=10, choices=SwitchedOff.choices, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    created_by = PersonKey(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [models.UniqueConstraint(fields=["environment", "uid"], name="webhook_uid_once")]

    def __str__(self) -> str:
        return self.name


class WebhookSecret(TenantModel):
    """A key that messages are signed with, encrypted at rest. Two sign while one takes over from the other."""

    never_copied = EVERYTHING

    endpoint = TenantKey("api.WebhookEndpoint", models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["environment", "endpoint"], name="webhook_secret_of_endpoint")]

    def __str__(self) -> str:
        return f"secret {self.pk}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("being sent")
    DONE = "done", _("delivered")
    GIVEN_UP = "given_up", _("given up")


OPEN = (DeliveryState.WAITING, DeliveryState.CLAIMED)


class WebhookDelivery(TenantModel):
    """One message for one endpoint: outbox row, log line, and the proof that it arrived.

    ``person`` and ``stored_at`` are those of the record: messages about one person arrive in the order of their records.
    """

    system = True

    endpoint = TenantKey("api.WebhookEndpoint", models.CASCADE, related_name="deliveries")
    person = PersonKey(null=True, db_index=False)
    stored_at = models.DateTimeField(null=True)
    message_id = models.CharField(_("message"), max_length=60)
    kind = models.CharField(_("about"), max_length=70)
    body = models.TextField()
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        constraints = [
            models.UniqueConstraint(fields=["environment", "endpoint", "message_id"], name="webhook_message_once"),
            models.CheckConstraint(
                condition=models.Q(state="done") ^ models.Q(done_at=None), name="webhook_done_at_follows_state"
            ),
        ]
        indexes = [
            models.Index(fields=["environment", "endpoint", "-created_at", "-id"], name="webhook_log"),
            models.Index(fields=["due_at"], condition=models.Q(state__in=["waiting", "claimed"]), name="webhook_due"),
            models.Index(
                fields=["environment", "endpoint", "person", "stored_at"],
                condition=models.Q(state__in=["waiting", "claimed"]),
                name="webhook_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"
