"""What an event asks who books, and what people thought of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class QuestionKind(models.TextChoices):
    TEXT = "text", _("words")
    CHOICE = "choice", _("one of a list")
    YES_NO = "yes_no", _("yes or no")


class EventQuestion(TenantModel):
    """One question on the page where people book. Taken away it stays for the answers there are (``ended_at``)."""

    event = TenantKey("events.Event", models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind)
    text = models.CharField(_("question"), max_length=200)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True, verbose_name=_("choices"))
    required = models.BooleanField(_("must be answered"), default=False)
    ended_at = models.DateTimeField(_("taken away at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question of an event")
        verbose_name_plural = _("questions of events")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="choice", choices__len__gte=2) | (Q(kind__in=["text", "yes_no"]) & Q(choices=[])),
                name="event_question_choices_of_its_kind",
            )
        ]

    def __str__(self) -> str:
        return self.text


class EventAnswer(TenantModel):
    """What somebody said when they booked. Goes with the person."""

    question = TenantKey("events.EventQuestion", models.CASCADE, related_name="answers")
    person = PersonKey()
    text = models.CharField(_("answer"), max_length=500)
    said_at = models.DateTimeField(_("said at"))

    class Meta:
        verbose_name = _("answer to an event")
        verbose_name_plural = _("answers to events")
        constraints = [models.UniqueConstraint(fields=["environment", "question", "person"], name="event_answer_once")]

    def __str__(self) -> str:
        return self.text


class Evaluation(TenantModel):
    """What somebody who was there thought of it. Trainers and organisers read it without the name."""

    event = TenantKey("events.Event", models.CASCADE, related_name="evaluations")
    person = PersonKey()
    score = models.PositiveSmallIntegerField(_("score"))
    words = models.CharField(_("words"), max_length=1000, blank=True)
    said_at = models.DateTimeField(_("said at"))

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.UniqueConstraint(fields=["environment", "event", "person"], name="evaluation_once"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="evaluation_score_of_five"),
        ]

    def __str__(self) -> str:
        return str(self.score)
