"""360-degree feedback: one person as they and others see them. Answers of others name nobody."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class Angle(models.TextChoices):
    """From where somebody sees the person."""

    SELF = "self", _("the person")
    MANAGER = "manager", _("managers")
    PEER = "peer", _("colleagues")
    REPORT = "report", _("people they lead")
    OTHER = "other", _("others")


class FeedbackRound(TenantModel):
    """Feedback about ``person``, by the questions of an assessment, until ``closes_at``; then they see it.

    ``due_at`` is when something is to be done next: a reminder, or the end.
    """

    system = True
    loose = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey()
    assessment = PartKey("assessments.Assessment", models.CASCADE)
    person = PersonKey(verbose_name=_("about"))
    by = PersonKey(verbose_name=_("asked by"))
    opened_at = models.DateTimeField(_("asked at"))
    closes_at = models.DateTimeField(_("closes"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("feedback round")
        verbose_name_plural = _("feedback rounds")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="feedback_round_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "assessment", "person"],
                condition=models.Q(closed_at=None),
                name="feedback_round_one_open",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="feedback_due", condition=models.Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.element_id}: {self.person_id}"


class FeedbackSeat(TenantModel):
    """Somebody who is asked in a round. That they have answered is known, and on which day; what they said is not."""

    round = TenantKey("assessments.FeedbackRound", models.CASCADE, related_name="seats")
    person = PersonKey()
    angle = models.CharField(max_length=10, choices=Angle)
    answered_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("somebody asked for feedback")
        verbose_name_plural = _("people asked for feedback")
        constraints = [
            models.UniqueConstraint(fields=["environment", "round", "person"], name="feedback_seat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.angle}"


class FeedbackAnswer(TenantModel):
    """An answer in a round, by angle: no person, no seat, no moment, and a key without order.

    At the end of the round all are written anew together, so their place on disk tells nothing either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = TenantKey("assessments.FeedbackRound", models.CASCADE, related_name="answers")
    angle = models.CharField(max_length=10, choices=Angle)
    bank = ElementKey(db_index=False)
    version = PartKey("assessments.QuestionVersion", element_column="bank_id")
    response = models.JSONField(null=True)

    class Meta:
        verbose_name = _("answer of feedback")
        verbose_name_plural = _("answers of feedback")

    def __str__(self) -> str:
        return f"{self.round_id}: {self.version_id}"
