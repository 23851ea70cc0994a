"""Every edit of a draft, kept so that it can be undone."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantModel


class DraftEdit(TenantModel):
    """One change of a draft, kept so that it can be undone. Rows are added, never changed.

    ``changes`` is ``{uid: [row before or null, row after or null]}`` (courses.plans.plan); ``reverses`` the number of the
    edit that an undo or redo is about.
    """

    loose = True

    element = ElementKey()
    version = PartKey("courses.CourseVersion", models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    changes = models.JSONField()
    reverses = models.PositiveIntegerField(null=True)
    by = PersonKey()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("edit of a draft")
        verbose_name_plural = _("edits of drafts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "version", "number"], name="draft_edit_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.act}"
