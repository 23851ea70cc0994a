"""What is asked for: the assignment, how it is judged, and who gets more time."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, ElementKey, PersonKey, TenantKey, TenantModel
from handins.models.moderation import Moderated


class CompletedBy(models.TextChoices):
    SUBMITTED = "submitted", _("handing in")
    RETURNED = "returned", _("getting feedback")
    PASSED = "passed", _("passing")


class Assignment(ContentModel):
    """What somebody hands in. ``html`` is the cleaned ``markdown``. After ``due_at`` work is late, after ``closes_at`` refused.

    ``endings``: kinds of files, none for all that can be kept. ``pass_mark`` is in percent; without one whoever marks says
    whether it passes. ``late_points``: percentage points that a mark loses for each day that is late.
    """

    markdown = models.TextField(_("what to do"))
    html = models.TextField(editable=False)
    takes_text = models.BooleanField(_("a text"), default=True)
    takes_files = models.BooleanField(_("files"), default=False)
    takes_link = models.BooleanField(_("an address"), default=False)
    takes_audio = models.BooleanField(_("a sound recording"), default=False)
    takes_video = models.BooleanField(_("a video recording"), default=False)
    endings = ArrayField(models.CharField(max_length=10), verbose_name=_("kinds of files"), default=list, blank=True)
    most_files = models.PositiveSmallIntegerField(_("most files"), default=3)
    most_mb = models.PositiveSmallIntegerField(_("largest file (MB)"), default=20)
    most_words = models.PositiveIntegerField(_("most words"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closes_at = models.DateTimeField(_("taken until"), null=True, blank=True)
    late_points = models.PositiveSmallIntegerField(_("points off for each day late"), default=0)
    is_group = models.BooleanField(_("handed in by teams"), default=False)
    all_agree = models.BooleanField(_("everybody in the team agrees first"), default=False)
    is_on_the_job = models.BooleanField(_("confirmed by a supervisor"), default=False)
    honour = models.CharField(_("what they declare"), max_length=500, blank=True)
    most_rounds = models.PositiveSmallIntegerField(_("most rounds"), default=3)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark (%)"), null=True, blank=True)
    is_anonymous = models.BooleanField(_("marked without names"), default=False)
    is_double = models.BooleanField(_("marked by two"), default=False)
    tolerance = models.PositiveSmallIntegerField(_("how far two marks may be apart"), default=10)
    is_compared = models.BooleanField(_("compared with other hand-ins"), default=True)
    moderation = models.CharField(
        _("marks for a moderator"), max_length=10, choices=Moderated.choices, default=Moderated.NONE
    )
    moderation_share = models.PositiveSmallIntegerField(_("share of the marks (%)"), default=10)
    moderation_active = models.BooleanField(_("release waits for the moderator"), default=True)
    moderation_seed = models.CharField(max_length=32, blank=True, editable=False)
    borderline = models.PositiveSmallIntegerField(_("how near the pass mark (points)"), default=5)
    completed_by = models.CharField(
        _("done by"), max_length=10, choices=CompletedBy.choices, default=CompletedBy.PASSED
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="assignment_once_per_element"),
            models.CheckConstraint(
                condition=Q(takes_text=True)
                | Q(takes_files=True)
                | Q(takes_link=True)
                | Q(takes_audio=True)
                | Q(takes_video=True),
                name="assignment_takes_something",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(closes_at=None) | Q(due_at__lte=F("closes_at")),
                name="assignment_due_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(most_rounds__gte=1, most_files__gte=1, most_mb__gte=1), name="assignment_takes_one"
            ),
            models.CheckConstraint(
                condition=Q(pass_mark=None) | Q(pass_mark__lte=100), name="assignment_pass_mark_in_range"
            ),
            models.CheckConstraint(condition=Q(tolerance__lte=100), name="assignment_tolerance_in_range"),
            models.CheckConstraint(condition=Q(late_points__lte=100), name="assignment_late_points_in_range"),
            models.CheckConstraint(
                condition=Q(moderation_share__range=(1, 100), borderline__lte=100, moderation__in=Moderated.values),
                name="assignment_moderation_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(moderation="sample") | ~Q(moderation_seed=""), name="assignment_sample_has_a_seed"
            ),
            models.CheckConstraint(
                condition=Q(is_on_the_job=False) | Q(is_group=False, is_anonymous=False),
                name="assignment_on_the_job_of_one_by_name",
            ),
            models.CheckConstraint(condition=Q(completed_by__in=CompletedBy.values), name="assignment_done_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.element_id)

    @property
    def audit_name(self) -> str:
        return str(self.element)

    @property
    def takes_uploads(self) -> bool:
        return self.takes_files or self.takes_audio or self.takes_video


class Rubric(ContentModel):
    """How an assignment is judged: [{"title", "weight", "levels": [{"title", "points"}]}]. A change is another version,
    and marks keep theirs; the newest counts. One without criteria takes the rubric away."""

    assignment = TenantKey("handins.Assignment", models.CASCADE, related_name="rubrics")
    number = models.PositiveIntegerField(_("version"))
    criteria = models.JSONField(default=list)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        constraints = [
            models.UniqueConstraint(fields=["environment", "assignment", "number"], name="handin_rubric_version_once")
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    def share(self, levels: dict[str, int]) -> float:
        """What the chosen levels, {place of the criterion: place of the level}, are worth: 0 to 1."""
        earned = most = 0.0
        for place, criterion in enumerate(self.criteria):
            points: list[Any] = [level["points"] for level in criterion["levels"]]
            earned += criterion["weight"] * points[levels[str(place)]] / max(points)
            most += criterion["weight"]
        return earned / most


class Extension(TenantModel):
    """More time for one person: due then, and taken until then at least."""

    element = ElementKey(verbose_name=_("assignment"))
    person = PersonKey()
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("why"), max_length=300, blank=True)
    given_by = PersonKey(null=True, blank=True, verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element", "person"], name="extension_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.until:%Y-%m-%d}"
