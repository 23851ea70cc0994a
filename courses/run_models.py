"""What surrounds versions and runs: edits of drafts, guides, groups that enrol, moves to another version."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class DraftEdit(TenantModel):
    """One change of a draft, kept so that it can be undone. Rows are added, never changed.

    ``changes`` is ``{uid: [row before or null, row after or null]}`` (courses.plan); ``reverses`` the number of the
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


class RunRole(models.TextChoices):
    INSTRUCTOR = "instructor", _("instructor")
    MENTOR = "mentor", _("mentor")


class RunGuide(TenantModel):
    """Somebody who guides learners of a run. It gives no powers: those come from roles and delegations."""

    run = TenantKey("courses.CourseRun", models.CASCADE, related_name="guides")
    person = PersonKey()
    role = models.CharField(_("role"), max_length=12, choices=RunRole.choices)

    class Meta:
        verbose_name = _("guide of a run")
        verbose_name_plural = _("guides of runs")
        constraints = [
            models.UniqueConstraint(fields=["environment", "run", "person", "role"], name="run_guide_once"),
            models.CheckConstraint(condition=models.Q(role__in=RunRole.values), name="run_guide_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class RunGroup(TenantModel):
    """Whoever joins the group is enrolled in the run."""

    run = TenantKey("courses.CourseRun", models.CASCADE, related_name="groups")
    group = TenantKey("ecosystem.Group", models.CASCADE)

    class Meta:
        verbose_name = _("group of a run")
        verbose_name_plural = _("groups of runs")
        constraints = [models.UniqueConstraint(fields=["environment", "run", "group"], name="run_group_once")]

    def __str__(self) -> str:
        return f"{self.group_id} in {self.run_id}"


class VersionMove(TenantModel):
    """The learners of a run on their way to another version, a few in each transaction. ``due_at`` is empty when it is done."""

    system = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey()
    run = TenantKey("courses.CourseRun", models.CASCADE, related_name="moves")
    version = PartKey("courses.CourseVersion")
    by = PersonKey()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("move to another version")
        verbose_name_plural = _("moves to another version")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="version_move_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "run"],
                condition=models.Q(finished_at=None),
                name="version_move_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="version_move_due")]

    def __str__(self) -> str:
        return f"{self.run_id} to {self.version_id}"

    @property
    def has_failed(self) -> bool:
        """Given up after too many attempts: somebody has to choose again."""
        return self.finished_at is None and self.due_at is None
