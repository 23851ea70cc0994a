from hashlib import sha256

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class PushDevice(TenantModel):
    """A browser that may be pushed to: the address its maker gave it, and the keys only it can read with."""

    person = PersonKey(db_index=False)
    endpoint = models.CharField(_("address"), max_length=1000)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    label = models.CharField(_("device"), max_length=80)
    created_at = models.DateTimeField(_("since"))
    reached_at = models.DateTimeField(_("last reached at"), null=True)

    class Meta:
        verbose_name = _("device for push")
        verbose_name_plural = _("devices for push")
        constraints = [models.UniqueConstraint(fields=["environment", "endpoint"], name="push_device_once")]
        indexes = [models.Index(fields=["environment", "person"], name="push_device_of_person")]

    def __str__(self) -> str:
        return self.label

    @property
    def mark(self) -> str:
        """By which a browser finds itself in the list without its address standing on the page."""
        return sha256(self.endpoint.encode()).hexdigest()


class PushState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class Push(TenantModel):
    """One notice on its way to one device. The queue of ``notifications.send_due_push``.

    Sent again when its end is unknown: it carries the notice as its tag, so the device shows it once.
    """

    system = True

    device = TenantKey("notifications.PushDevice", models.CASCADE)
    notice = TenantKey("notifications.Notice", models.CASCADE, db_index=False)
    state = models.CharField(_("state"), max_length=8, choices=PushState.choices, default=PushState.WAITING)
    due_at = models.DateTimeField(_("due at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("push")
        verbose_name_plural = _("pushes")
        constraints = [
            models.UniqueConstraint(fields=["environment", "notice", "device"], name="push_once_per_device"),
            models.CheckConstraint(
                condition=~models.Q(state="claimed") | models.Q(claimed_at__isnull=False), name="push_claimed_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="push_due"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="claimed"), name="push_claimed"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.device_id}"
