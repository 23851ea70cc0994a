"""What conditions wait for: which activities a change must be looked at for, and when time alone may open one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, ElementKey, TenantKey, TenantModel


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


class Topic(ContentModel):
    """``activity`` must be looked at again when ``source`` tells something new about ``subject``.

    For what is no record of an element (that is ``Dependency``): a group, a role, an objective, what was opened by hand.
    """

    version = TenantKey("courses.CourseVersion", models.CASCADE)
    activity = TenantKey("courses.Activity", models.CASCADE, related_name="topics")
    source = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "activity", "source", "subject"], name="topic_once"),
        ]
        indexes = [models.Index(fields=["source", "subject"], name="topic_by_subject")]

    def __str__(self) -> str:
        return f"{self.activity_id} on {self.source} {self.subject}"


class Wake(TenantModel):
    """The queue of ``courses.wake``: when an activity of somebody must be looked at because time has passed.

    One row per state that waits for time; it goes when nothing but facts can change the state.
    """

    system = True

    state = TenantKey("courses.ActivityState", models.CASCADE, db_index=False)
    due_at = models.DateTimeField(_("due at"))

    class Meta:
        verbose_name = _("waiting activity")
        verbose_name_plural = _("waiting activities")
        constraints = [models.UniqueConstraint(fields=["environment", "state"], name="wake_once")]
        indexes = [models.Index(fields=["due_at"], name="wake_due")]

    def __str__(self) -> str:
        return f"{self.state_id} at {self.due_at}"
