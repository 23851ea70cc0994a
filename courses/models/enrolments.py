"""People in runs, and where they are with each activity."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


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
