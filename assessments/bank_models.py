"""Files that were handed in as answers (private)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class AnswerFile(TenantModel):
    """A file that was handed in as (part of) an answer; the answer names it by its ``uid``."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey()
    answer = TenantKey("assessments.Answer", models.CASCADE, related_name="files")
    name = models.CharField(_("file"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="answers/", max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of an answer")
        verbose_name_plural = _("files of answers")
        constraints = [models.UniqueConstraint(fields=["environment", "uid"], name="answer_file_uid_once")]

    def __str__(self) -> str:
        return self.name
