"""Courses as templates (content) and as they are lived through (private)."""

import uuid
from datetime import date

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.run_models import DraftEdit, RunGroup, RunGuide, RunRole, VersionMove
from ecosystem.models import ContentModel, ElementKey, PartKey, PersonKey, TenantKey, TenantModel

__all__ = [
    "Activity",
    "ActivityState",
    "Block",
    "CourseImport",
    "CourseRun",
    "CourseVersion",
    "Dependency",
    "DraftEdit",
    "Enrolment",
    "EnrolmentState",
    "Pace",
    "ReportState",
    "RunGroup",
    "RunGuide",
    "RunRole",
    "State",
    "TaskReport",
    "Topic",
    "VersionMove",
    "VersionState",
    "Wake",
]


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class CourseVersion(ContentModel):
    """One state of a course's plan. Published ones are never changed; runs stay on theirs.

    The draft has number 0, so a course has one at most. ``edit_count`` is the number of its last edit.
    """

    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    edit_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element", "number"], name="course_version_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft") ^ models.Q(published_at__isnull=False),
                name="course_version_published_at_follows_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") ^ models.Q(number__gt=0), name="course_version_draft_is_number_0"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}" if self.number else "draft"


class Block(ContentModel):
    """A chapter of a course version. ``uid`` stays the same over versions."""

    uid = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    version = TenantKey("courses.CourseVersion", models.CASCADE, related_name="blocks")
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "version", "position"],
                name="block_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["environment", "version", "uid"], name="block_uid_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Activity(ContentModel):
    """An element used in a course version: ``element`` is the course, ``target`` what is done.

    ``condition`` is a tree (courses.conditions); null is open from the start. ``uid`` stays the same over versions.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    version = TenantKey("courses.CourseVersion", models.CASCADE, related_name="activities")
    block = TenantKey("courses.Block", models.CASCADE, related_name="activities")
    target = ElementKey(related_name="activities")
    type = models.CharField(_("type"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    optional = models.BooleanField(_("optional"), default=False)
    condition = models.JSONField(_("opens when"), null=True, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["block__position", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "block", "position"],
                name="activity_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["environment", "version", "uid"], name="activity_uid_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Dependency(ContentModel):
    """``activity`` must be looked at again when a record about ``subject`` arrives."""

    version = TenantKey("courses.CourseVersion", models.CASCADE)
    activity = TenantKey("courses.Activity", models.CASCADE, related_name="dependencies")
    subject = ElementKey()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "activity", "subject"], name="dependency_once"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} on {self.subject_id}"


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


class EnrolmentState(models.TextChoices):
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    COMPLETED = "completed", _("completed")
    WITHDRAWN = "withdrawn", _("withdrawn")

    @classmethod
    def living(cls) -> list[str]:
        """In which records still count: what is optional can be done after completion too."""
        return [cls.ACTIVE, cls.COMPLETED]


class Enrolment(TenantModel):
    """A person in a run. Dates of one's own come before those of the run; ``mentor`` and ``instructor`` guide the person."""

    run = TenantKey("courses.CourseRun", related_name="enrolments")
    person = PersonKey(related_name="enrolments")
    element = ElementKey()
    version = PartKey("courses.CourseVersion")
    state = models.CharField(_("state"), max_length=10, choices=EnrolmentState.choices, default=EnrolmentState.ACTIVE)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    enrolled_at = models.DateTimeField(_("enrolled at"))
    last_active_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    instructor = PersonKey(null=True, blank=True, verbose_name=_("instructor"))
    mentor = PersonKey(null=True, blank=True, verbose_name=_("mentor"))

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["environment", "run", "person"], name="enrolment_once"),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="enrolment_progress_in_range"),
            models.CheckConstraint(
                condition=models.Q(state="completed", completed_at__isnull=False)
                | (~models.Q(state="completed") & models.Q(completed_at__isnull=True)),
                name="enrolment_completed_at_follows_state",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="enrolment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["environment", "person", "state"], name="enrolment_of_person")]

    def __str__(self) -> str:
        return f"{self.person} in {self.run}"

    @property
    def first_day(self) -> date | None:
        """From when it is open: one's own date, or the run's."""
        return self.starts_on or self.run.starts_on

    @property
    def last_day(self) -> date | None:
        """Until when it is open: one's own date, or the run's."""
        return self.ends_on or self.run.ends_on


class State(models.TextChoices):
    LOCKED = "locked", _("locked")
    OPEN = "open", _("open")
    STARTED = "started", _("started")
    COMPLETED = "completed", _("done")


class ActivityState(TenantModel):
    """Where a person is with one activity of their enrolment. Never goes back once completed."""

    enrolment = TenantKey("courses.Enrolment", related_name="states")
    person = PersonKey(db_index=False)
    element = ElementKey()
    activity = PartKey("courses.Activity", related_name="states")
    target = ElementKey()
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOCKED)
    passed = models.BooleanField(null=True)
    score = models.FloatField(null=True)
    opened_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(_("opened by hand at"), null=True)

    class Meta:
        verbose_name = _("activity state")
        verbose_name_plural = _("activity states")
        constraints = [
            models.UniqueConstraint(fields=["environment", "enrolment", "activity"], name="activity_state_once"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(0, 1)),
                name="activity_state_score_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(state="completed") ^ models.Q(completed_at__isnull=True),
                name="activity_state_completed_at_follows_state",
            ),
        ]
        indexes = [
            # Without the environment: with it PostgreSQL reads what all learners have of an activity, and picks theirs.
            models.Index(fields=["person", "target"], name="activity_state_of_target"),
            models.Index(fields=["person", "activity"], name="activity_state_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.state}"


from courses.condition_models import Topic, Wake  # noqa: E402 -- its models point at the ones above
from courses.package_models import CourseImport  # noqa: E402
from courses.task_models import ReportState, TaskReport  # noqa: E402
