"""Files of questions on their way into a bank."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantModel


class ImportState(models.TextChoices):
    LOOKING = "looking", _("being looked at")
    READY = "ready", _("waits for you")
    BRINGING = "bringing", _("being imported")
    DONE = "done", _("imported")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("did not work")


RUNNING = frozenset({ImportState.LOOKING, ImportState.BRINGING})
ENDED = frozenset({ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED})


class BankImport(TenantModel):
    """A file of questions for a bank (``element``): looked at, then brought in when ``person`` says so, or not.

    ``due_at`` is when a worker should look after it: at once, when the one that has it has been silent for too long, or
    when the file has waited for a day. ``report``: counts, and the problems with file, line and reason.
    ``because`` says why it failed.
    """

    system = True
    loose = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey(on_delete=models.CASCADE, verbose_name=_("bank"))
    person = PersonKey(verbose_name=_("brought by"))
    filename = models.CharField(_("file"), max_length=250)
    file = models.FileField(upload_to="imports/", max_length=200, blank=True)
    size = models.PositiveIntegerField(_("bytes"))
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.LOOKING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    because = models.CharField(max_length=300, blank=True)
    runs = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("brought at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("import of questions")
        verbose_name_plural = _("imports of questions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="bank_import_uid_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(ENDED)) ^ models.Q(ended_at=None),
                name="bank_import_ended_follows_state",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="bank_import_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["environment", "element", "-id"], name="bank_import_newest"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def changes(self) -> int:
        """How many questions it adds or changes."""
        facts: dict[str, Any] = self.report
        return int(facts.get("created", 0)) + int(facts.get("updated", 0))
