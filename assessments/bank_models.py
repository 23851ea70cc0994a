"""Files on their way into a bank, and files that were handed in as answers (private)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel


class ImportState(models.TextChoices):
    LOOKING = "looking", _("being read")
    LOOKED = "looked", _("read")
    IMPORTING = "importing", _("being imported")
    DONE = "done", _("imported")
    FAILED = "failed", _("not imported")


class BankImport(TenantModel):
    """A file of questions that somebody looks at or imports; one per person and bank, and the file goes after use.

    ``report`` says what happens to each question; ``read`` and ``of`` are how far the work is.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey(verbose_name=_("question bank"))
    person = PersonKey()
    filename = models.CharField(_("file"), max_length=250)
    file = models.CharField(max_length=250, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.LOOKING)
    report = models.JSONField(default=dict)
    read = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("import of questions")
        verbose_name_plural = _("imports of questions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="bank_import_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "person", "element"],
                condition=models.Q(state__in=["looking", "looked", "importing"]),
                name="bank_import_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_busy(self) -> bool:
        return self.state in {ImportState.LOOKING, ImportState.IMPORTING}


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
