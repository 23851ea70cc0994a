import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel
from memotrainer.fsrs import AGAIN, EASY, MODEL_VERSION

WORKING_DAYS = (1, 2, 3, 4, 5)  # ISO: Monday is 1


def working_days() -> list[int]:
    return list(WORKING_DAYS)


class Card(TenantModel):
    """A question in a person's pool. Its state is what replaying its reviews gives."""

    person = PersonKey(db_index=False)
    bank = ElementKey(db_index=False)
    question = PartKey("assessments.Question", element_column="bank_id")
    source = ElementKey(null=True, db_index=False, verbose_name=_("where it was met"))
    stability = models.FloatField(_("stability in days"))
    difficulty = models.FloatField(_("difficulty"))
    due_at = models.DateTimeField(_("due at"))
    last_reviewed_at = models.DateTimeField(_("last answered at"))
    reviews = models.PositiveIntegerField(_("answers"))
    lapses = models.PositiveIntegerField(_("forgotten"))
    model_version = models.CharField(max_length=20, default=MODEL_VERSION)
    suspended_at = models.DateTimeField(_("set aside at"), null=True)

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person", "question"], name="card_once_per_question"),
            models.CheckConstraint(condition=models.Q(stability__gt=0), name="card_stability_above_zero"),
            models.CheckConstraint(condition=models.Q(difficulty__range=(1, 10)), name="card_difficulty_in_range"),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("last_reviewed_at")), name="card_due_after_its_last_answer"
            ),
        ]
        indexes = [
            models.Index(
                fields=["environment", "person", "due_at"],
                include=["question", "stability", "last_reviewed_at"],
                condition=models.Q(suspended_at=None),
                name="card_due",
            )
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"


class ReviewKind(models.TextChoices):
    FIRST = "first", _("first answer")
    REVIEW = "review", _("review")


class Review(TenantModel):
    """One answer to a card. ``uid`` comes from the device, so an answer sent twice is one answer.

    What was given (rating, fraction, response, version, answered_at) never changes. stability, difficulty,
    elapsed_days and kind follow from the answers before it, and are written again when an older one arrives late.
    """

    person = PersonKey(db_index=False)
    card = TenantKey("memotrainer.Card", related_name="log", db_index=False)
    bank = ElementKey(db_index=False)
    version = PartKey("assessments.QuestionVersion", element_column="bank_id", db_index=False)
    uid = models.UUIDField(default=uuid.uuid4)
    rating = models.PositiveSmallIntegerField(_("rating"))
    fraction = models.DecimalField(_("share of the points"), max_digits=6, decimal_places=5)
    response = models.JSONField(_("answer"), null=True)
    answered_at = models.DateTimeField(_("answered at"))
    received_at = models.DateTimeField(_("received at"))
    stability = models.FloatField(_("stability after, in days"))
    difficulty = models.FloatField(_("difficulty after"))
    elapsed_days = models.PositiveIntegerField(_("days since the answer before"))
    kind = models.CharField(_("kind"), max_length=8, choices=ReviewKind.choices)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="review_uid_once"),
            models.CheckConstraint(condition=models.Q(rating__range=(AGAIN, EASY)), name="review_rating_in_range"),
            models.CheckConstraint(condition=models.Q(fraction__range=(0, 1)), name="review_fraction_in_range"),
        ]
        indexes = [
            models.Index(fields=["environment", "card", "answered_at"], name="review_of_card"),
            models.Index(fields=["environment", "person", "-answered_at"], name="review_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id}: {self.rating}"


class Trainer(TenantModel):
    """One person's wishes, and the queue of ``memotrainer.remind``. Its row is locked by every write of the app."""

    system = True

    person = PersonKey(db_index=False)
    reminder_hour = models.PositiveSmallIntegerField(
        _("hour of the reminder"), default=8, validators=[MaxValueValidator(23)]
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=working_days, verbose_name=_("days"))
    reminders_off = models.BooleanField(_("no reminders"), default=False)
    desired_retention = models.FloatField(_("recall aimed at"), default=0.9)
    session_size = models.PositiveSmallIntegerField(
        _("most cards a day"), default=12, validators=[MinValueValidator(3), MaxValueValidator(50)]
    )
    next_reminder_at = models.DateTimeField(_("next reminder at"), null=True)
    ignored = models.PositiveSmallIntegerField(_("reminders without an answer since"), default=0)

    class Meta:
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person"], name="trainer_once_per_person"),
            models.CheckConstraint(condition=models.Q(reminder_hour__lte=23), name="trainer_hour_in_range"),
            models.CheckConstraint(
                condition=models.Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]), name="trainer_weekdays_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(desired_retention__range=(0.7, 0.97)), name="trainer_retention_in_range"
            ),
            models.CheckConstraint(condition=models.Q(session_size__range=(3, 50)), name="trainer_size_in_range"),
        ]
        indexes = [
            models.Index(
                fields=["next_reminder_at"], condition=models.Q(next_reminder_at__isnull=False), name="trainer_due"
            )
        ]

    def __str__(self) -> str:
        return f"trainer of {self.person_id}"
