"""Courses as they take place, and what surrounds a run: guides, groups that enrol, moves to another version."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class Pace(models.TextChoices):
    """Whose dates count: the run's, or each learner's own from the day they enrol."""

    FIXED = "fixed", _("the same dates for everybody")
    OWN = "own", _("from the day somebody enrols")


class CourseRun(TenantModel):
    """A course as it takes place: one version, in one environment, with dates and members.

    ``lasts_days`` counts from the day somebody enrols, for the pace of one's own. ``complete_at``: percent by weight of
    what must be done with which the course is completed; 100 is all of it.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey(related_name="runs", verbose_name=_("course"))
    version = PartKey("courses.CourseVersion")
    title = models.CharField(_("title"), max_length=200)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    pace = models.CharField(_("dates"), max_length=10, choices=Pace.choices, default=Pace.FIXED)
    lasts_days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    complete_at = models.PositiveSmallIntegerField(_("completed at percent"), default=100)

    class Meta:
        verbose_name = _("course run")
        verbose_name_plural = _("course runs")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="run_uid_once"),
            models.CheckConstraint(
                condition=models.Q(pace="own", starts_on__isnull=True, ends_on__isnull=True)
                | models.Q(pace="fixed", lasts_days__isnull=True),
                name="run_dates_follow_pace",
            ),
            models.CheckConstraint(
                condition=models.Q(lasts_days__isnull=True) | models.Q(lasts_days__gt=0), name="run_lasts_some_days"
            ),
            models.CheckConstraint(condition=models.Q(complete_at__range=(1, 100)), name="run_complete_at_in_range"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="run_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


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
