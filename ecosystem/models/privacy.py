import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel
from ecosystem.models.keys import PersonKey


class ExportState(models.TextChoices):
    WAITING = "waiting", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")


class DataExport(TenantModel):
    """A copy of everything about one person, for that person only, for one week."""

    system = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey(db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(_("available until"), null=True)
    file = models.FileField(upload_to="exports", blank=True)

    class Meta:
        verbose_name = _("copy of data")
        verbose_name_plural = _("copies of data")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="data_export_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "person"],
                condition=models.Q(state__in=["waiting", "ready"]),
                name="data_export_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(expires_at__isnull=False), name="data_export_ready_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="data_export_due"),
            models.Index(fields=["environment", "person", "-id"], name="data_export_of_person"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class ErasureState(models.TextChoices):
    ASKED = "asked", _("asked for")
    CONFIRMED = "confirmed", _("confirmed")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Erasure(TenantModel):
    """That somebody's data goes from this environment: asked for by the person, confirmed by an administrator."""

    system = True

    person = PersonKey(db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=ErasureState.choices, default=ErasureState.ASKED)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    confirmed_by = PersonKey(null=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "person"], condition=~models.Q(state="withdrawn"), name="erasure_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="done") ^ models.Q(done_at=None), name="erasure_done_at_follows_state"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="erasure_due")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
