"""The plan of a course: versions, with their blocks and activities."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, ElementKey, TenantKey


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
