"""Large files on their way, piece by piece."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class Upload(TenantModel):
    """A file that comes in parts: of somebody's draft, or (``is_feedback``) of a reviewer for a round.

    ``received`` bytes are here, in order; ``file`` or ``feedback`` is what became of it.
    """

    system = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    round = TenantKey("handins.Round", models.CASCADE, related_name="uploads")
    person = PersonKey()
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("bytes"))
    received = models.PositiveBigIntegerField(_("bytes received"), default=0)
    touched_at = models.DateTimeField(_("last heard of"))
    file = TenantKey("handins.HandinFile", models.CASCADE, null=True, blank=True)
    is_feedback = models.BooleanField(_("feedback"), default=False)
    feedback = TenantKey("handins.FeedbackFile", models.CASCADE, null=True, blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="upload_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "round", "person", "name", "size"],
                condition=Q(file=None, feedback=None),
                name="upload_of_a_file_once",
            ),
            models.CheckConstraint(condition=Q(received__lte=F("size"), size__gte=1), name="upload_within_its_size"),
        ]
        indexes = [models.Index(fields=["touched_at"], name="upload_abandoned")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_done(self) -> bool:
        return self.file_id is not None or self.feedback_id is not None

    @property
    def percent(self) -> int:
        return self.received * 100 // self.size


class UploadPart(TenantModel):
    """The bytes from ``start`` on, until all are there."""

    upload = TenantKey("handins.Upload", models.CASCADE, related_name="parts")
    person = PersonKey(db_index=False)
    start = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="handins/", max_length=200)

    class Meta:
        verbose_name = _("part of an upload")
        verbose_name_plural = _("parts of uploads")
        constraints = [
            models.UniqueConstraint(fields=["environment", "upload", "start"], name="upload_part_once"),
            models.CheckConstraint(condition=Q(size__gte=1), name="upload_part_holds_something"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.start}"
