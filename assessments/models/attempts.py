"""Tries at an assessment with their answers, what was set aside, and when they end."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class Attempt(TenantModel):
    """One try of a person. At most one is open; numbers have no gaps and no twins.

    ``deadline_at`` is the server's, with extra time in it and without the grace. ``reached`` is the last question opened,
    which counts where one can only go forward. ``seat``: for whose feedback it is. ``ability`` (logits) is what an adaptive one found. ``waiting`` answers wait for a marker; until then there is no score.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey()
    element = ElementKey()
    assessment = PartKey("assessments.Assessment")
    number = models.PositiveIntegerField(_("attempt"))
    onward = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    deadline_at = models.DateTimeField(_("must be finished by"), null=True)
    reached = models.PositiveSmallIntegerField(default=1, db_default=1)
    waiting = models.PositiveSmallIntegerField(_("answers to be marked"), default=0, db_default=0)
    score = models.FloatField(_("score"), null=True)
    passed = models.BooleanField(_("passed"), null=True)
    seat = TenantKey("assessments.FeedbackSeat", models.SET_NULL, null=True)
    ability = models.FloatField(_("ability"), null=True)
    ability_error = models.FloatField(_("standard error of the ability"), null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [
            models.Index(fields=["environment", "element", "-id"], name="attempts_newest_of_element"),
            models.Index(fields=["environment"], name="attempts_to_mark", condition=models.Q(waiting__gt=0)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="attempt_uid_once"),
            models.UniqueConstraint(fields=["environment", "person", "element", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["environment", "person", "element"],
                condition=models.Q(finished_at=None, seat=None),
                name="attempt_one_open",
            ),
            models.UniqueConstraint(
                fields=["environment", "seat"], condition=models.Q(seat__isnull=False), name="attempt_once_per_seat"
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None, score=None)
                | models.Q(finished_at__isnull=False, waiting=0, score__isnull=False)
                | models.Q(finished_at__isnull=False, waiting__gt=0, score=None),
                name="attempt_scored_when_finished",
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(0, 1)), name="attempt_score_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_id} #{self.number}"

    @property
    def percent(self) -> int:
        """Rounded down, so that 69.6 does not look like the 70 that was asked for."""
        return int((self.score or 0) * 100 + 1e-6)

    @property
    def percent_text(self) -> str:
        return f"{self.percent}%"


class Answer(TenantModel):
    """One question of an attempt: the version asked, the order shown, and the answer as last saved.

    ``revision`` counts the saves, ``client`` is the browser page of the last one, ``seen`` the newest count of each page,
    [[client, seq], ...]. ``seconds`` is how long the question was looked at, as the browser says. ``fraction`` is the newest mark. ``settled_at``: the person has
    looked whether it is right, so it stays. ``difficulty`` (logits) is what an adaptive attempt took the question for.
    """

    attempt = TenantKey("assessments.Attempt", models.CASCADE, related_name="answers")
    person = PersonKey(db_index=False)
    bank = ElementKey(db_index=False)
    version = PartKey("assessments.QuestionVersion", element_column="bank_id")
    position = models.PositiveSmallIntegerField()
    order = models.JSONField(null=True)
    response = models.JSONField(null=True)
    flagged = models.BooleanField(default=False)
    saved_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    client = models.CharField(max_length=36, blank=True, default="")
    seen = models.JSONField(default=list)
    seconds = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    section = models.CharField(max_length=200, blank=True, default="")
    fraction = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    difficulty = models.FloatField(null=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["environment", "attempt", "position"], name="answer_position_once"),
            models.CheckConstraint(
                condition=models.Q(fraction__isnull=True) | models.Q(fraction__range=(-1, 1)),
                name="answer_fraction_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Aside(models.TextChoices):
    REPLACED = "replaced", _("replaced from another window")
    LATE = "late", _("came too late")


class AnswerAside(TenantModel):
    """An answer that does not count but is kept: replaced from another window, or come after the time was up.

    ``given_at`` is what the device says. Rows are added, never changed.
    """

    answer = TenantKey("assessments.Answer", models.CASCADE, related_name="asides")
    person = PersonKey(db_index=False)
    reason = models.CharField(max_length=10, choices=Aside)
    response = models.JSONField(null=True)
    given_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer set aside")
        verbose_name_plural = _("answers set aside")

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.reason}"


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


class Deadline(TenantModel):
    """The queue of running attempts that end by themselves; the row goes when the attempt is finished."""

    system = True

    attempt = TenantKey("assessments.Attempt", models.CASCADE)
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [models.UniqueConstraint(fields=["environment", "attempt"], name="deadline_once")]
        indexes = [models.Index(fields=["due_at"], name="deadline_due")]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.due_at}"
