"""What an environment uses, and what is done with it as a whole: seats, files, copies."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel
from ecosystem.models.environments import Environment
from ecosystem.models.keys import PersonKey
from ecosystem.models.privacy import ExportState
from ecosystem.models.security import CompositeKey


class SeatEntry(TenantModel):
    """Somebody took a seat or gave it free. The runtime role may add and read entries, never change or remove one."""

    person = PersonKey(db_index=False)
    taken = models.BooleanField(_("taken"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of seats")
        verbose_name_plural = _("seats taken and freed")
        indexes = [
            models.Index(fields=["environment", "-at", "-id"], name="seat_newest"),
            models.Index(fields=["environment", "person", "-id"], name="seat_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {'+' if self.taken else '-'}"


class StoredFile(TenantModel):
    """One file in the storage and its size, written down when it is stored; the sum is what an environment uses."""

    path = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField(_("bytes"))
    stored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [models.UniqueConstraint(fields=["environment", "path"], name="stored_file_once")]

    def __str__(self) -> str:
        return self.path


class EnvironmentExport(TenantModel):
    """A copy of a whole environment (``subject``: this one or one below), for its administrators, for one week.

    ``done`` of ``total`` tables are packed.
    """

    system = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = PersonKey()
    state = models.CharField(_("state"), max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(_("available until"), null=True)
    file = models.FileField(upload_to="exports", blank=True)

    class Meta:
        verbose_name = _("copy of an environment")
        verbose_name_plural = _("copies of environments")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="environment_export_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "subject"],
                condition=models.Q(state__in=["waiting", "ready"]),
                name="environment_export_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(expires_at__isnull=False),
                name="environment_export_ready_ends",
            ),
            CompositeKey(
                name="environment_export_subject_is_below",
                columns=("subject_id", "environment_id"),
                target="ecosystem_environmentancestor",
                to=("environment_id", "ancestor_id"),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="environment_export_due"),
            models.Index(fields=["subject"], name="environment_export_subject"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
