import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantModel
from memotrainer.breaks import back_on
from memotrainer.enums import FitScope, Mode, ReviewKind
from memotrainer.fsrs import AGAIN, EASY, MODEL_VERSION

WORKING_DAYS = (1, 2, 3, 4, 5)  # ISO: Monday is 1
MOST_HOLIDAYS = 20


def working_days() -> list[int]:
    return list(WORKING_DAYS)


class Card(TenantModel):
    """A question in a person's pool. Its state is what replaying its reviews gives.

    In hash partitions by person (a migration makes them), so what one person is asked lies together.
    """

    partitioned = True

    person = PersonKey(db_index=False)
    bank = ElementKey(db_index=False)
    question = PartKey("assessments.Question", element_column="bank_id", db_index=False)
    source = ElementKey(null=True, db_index=False, verbose_name=_("where it was met"))
    stability = models.FloatField(_("stability in days"))
    difficulty = models.FloatField(_("difficulty"))
    due_at = models.DateTimeField(_("due at"))
    last_reviewed_at = models.DateTimeField(_("last answered at"))
    reviews = models.PositiveIntegerField(_("answers"))
    lapses = models.PositiveIntegerField(_("forgotten"))
    run = models.SmallIntegerField(_("right answers in a row"), default=0)
    evidence = models.JSONField(_("course of the answers"), default=dict)
    shift = models.FloatField(_("how far recall differs from what the memory state says, in logits"), default=0.0)
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
                include=["id", "question", "stability", "difficulty", "last_reviewed_at"],
                condition=models.Q(suspended_at=None),
                name="card_due",
            ),
            models.Index(fields=["environment", "question"], name="card_of_question"),
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"


class Review(TenantModel):
    """One answer of a person to a question. ``uid`` comes from the device, so an answer sent twice is one answer.

    Rows are added and never changed, in monthly partitions of ``answered_at`` (a migration makes them). The state is the one
    of the card once this answer was counted, with all that had arrived by then; ``foretold`` is what was predicted.
    """

    partitioned = True

    person = PersonKey(db_index=False)
    bank = ElementKey(db_index=False)
    question = PartKey("assessments.Question", element_column="bank_id", db_index=False)
    version = PartKey("assessments.QuestionVersion", element_column="bank_id", db_index=False)
    uid = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(_("kind"), max_length=8, choices=ReviewKind.choices)
    rating = models.PositiveSmallIntegerField(_("rating"))
    fraction = models.DecimalField(_("share of the points"), max_digits=6, decimal_places=5)
    response = models.JSONField(_("answer"), null=True)
    answered_at = models.DateTimeField(_("answered at"))
    received_at = models.DateTimeField(_("received at"))
    elapsed_days = models.PositiveIntegerField(_("days since the answer before"))
    foretold = models.FloatField(_("recall as foretold"), null=True)
    stability = models.FloatField(_("stability after, in days"))
    difficulty = models.FloatField(_("difficulty after"))
    model_version = models.CharField(max_length=20, default=MODEL_VERSION)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person", "uid", "answered_at"], name="review_uid_once"),
            models.CheckConstraint(condition=models.Q(rating__range=(AGAIN, EASY)), name="review_rating_in_range"),
            models.CheckConstraint(condition=models.Q(fraction__range=(0, 1)), name="review_fraction_in_range"),
        ]
        indexes = [
            models.Index(fields=["environment", "person", "question", "answered_at"], name="review_of_card"),
            models.Index(fields=["environment", "answered_at"], name="review_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.rating}"


class Withdrawal(TenantModel):
    """An answer that its person took back at once; replays leave it out."""

    person = PersonKey(db_index=False)
    uid = models.UUIDField()
    at = models.DateTimeField(_("taken back at"))

    class Meta:
        verbose_name = _("answer taken back")
        verbose_name_plural = _("answers taken back")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person", "uid"], name="withdrawal_once"),
        ]

    def __str__(self) -> str:
        return f"without {self.uid}"


class Trainer(TenantModel):
    """One person's wishes, and the queue of ``memotrainer.remind``. Its row is locked by every write of the app."""

    system = True

    person = PersonKey(db_index=False)
    reminder_hour = models.PositiveSmallIntegerField(
        _("hour of the reminder"), default=8, validators=[MaxValueValidator(23)]
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=working_days, verbose_name=_("days"))
    easy_days = ArrayField(models.PositiveSmallIntegerField(), default=list, verbose_name=_("days with less"))
    reminders_off = models.BooleanField(_("no reminders"), default=False)
    paused_until = models.DateField(_("paused until"), null=True)
    holidays = ArrayField(
        ArrayField(models.DateField(), size=2), default=list, verbose_name=_("holidays, first and last day")
    )
    desired_retention = models.FloatField(_("recall aimed at"), default=0.9)
    streak_level = models.PositiveSmallIntegerField(_("right answers in a row"), null=True)
    session_size = models.PositiveSmallIntegerField(
        _("most cards a day"), default=12, validators=[MinValueValidator(3), MaxValueValidator(50)]
    )
    test_minutes = models.PositiveSmallIntegerField(
        _("minutes a day before a test"), null=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
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
                condition=models.Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7])
                & models.Q(easy_days__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="trainer_weekdays_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(desired_retention__range=(0.7, 0.97)), name="trainer_retention_in_range"
            ),
            models.CheckConstraint(condition=models.Q(session_size__range=(3, 50)), name="trainer_size_in_range"),
            models.CheckConstraint(
                condition=models.Q(streak_level=None) | models.Q(streak_level__range=(1, 6)),
                name="trainer_level_in_range",
            ),
            models.CheckConstraint(condition=models.Q(holidays__len__lte=MOST_HOLIDAYS), name="trainer_few_holidays"),
            models.CheckConstraint(
                condition=models.Q(test_minutes=None) | models.Q(test_minutes__range=(1, 120)),
                name="trainer_test_minutes_in_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_reminder_at"], condition=models.Q(next_reminder_at__isnull=False), name="trainer_due"
            )
        ]

    def __str__(self) -> str:
        return f"trainer of {self.person_id}"

    def back_on(self, day: date) -> date:
        """The first day from ``day`` on without a break."""
        return back_on(day, paused_until=self.paused_until, holidays=self.holidays)


class Profile(TenantModel):
    """What a person's answers have taught about their memory: ability, and the correction of what FSRS-6 predicts."""

    person = PersonKey(db_index=False)
    evidence = models.JSONField(default=dict)
    correction = models.JSONField(default=dict)
    replayed_at = models.DateTimeField(_("cards made anew at"), null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("memory profile")
        verbose_name_plural = _("memory profiles")
        constraints = [models.UniqueConstraint(fields=["environment", "person"], name="profile_once_per_person")]

    def __str__(self) -> str:
        return f"memory of {self.person_id}"


class Ease(TenantModel):
    """How easy a question is for the people here, from all graded answers: surprises and what they weigh."""

    bank = ElementKey(db_index=False)
    question = PartKey("assessments.Question", element_column="bank_id", db_index=False)
    answers = models.PositiveIntegerField(_("answers"), default=0)
    surprise = models.FloatField(default=0.0)
    weight = models.FloatField(default=0.0)
    late_answers = models.PositiveIntegerField(_("answers after days"), default=0)
    late_surprise = models.FloatField(default=0.0)
    late_weight = models.FloatField(default=0.0)

    class Meta:
        verbose_name = _("ease of a question")
        verbose_name_plural = _("ease of questions")
        constraints = [models.UniqueConstraint(fields=["environment", "question"], name="ease_once_per_question")]

    def __str__(self) -> str:
        return f"ease of {self.question_id}"


class Fit(TenantModel):
    """Weights that were fitted, and whether they foretold later days better than those before. The newest accepted counts.

    ``element`` is the course, ``person`` the person; without both it is the whole environment. ``population``: what
    ``engine.population`` carries to new people. History is kept.
    """

    system = True

    scope = models.CharField(_("of"), max_length=12, choices=FitScope.choices)
    element = ElementKey(null=True, db_index=False)
    person = PersonKey(null=True, db_index=False)
    weights = ArrayField(models.FloatField(), verbose_name=_("weights"))
    population = models.JSONField(default=dict)
    reviews = models.PositiveIntegerField(_("answers"))
    loss_before = models.FloatField(_("log loss on later days, before"), null=True)
    loss_after = models.FloatField(_("log loss on later days, after"), null=True)
    accepted = models.BooleanField(_("accepted"))
    model_version = models.CharField(max_length=20, default=MODEL_VERSION)
    fitted_at = models.DateTimeField(_("fitted at"))

    class Meta:
        verbose_name = _("fit")
        verbose_name_plural = _("fits")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope="environment", element=None, person=None)
                | models.Q(scope="course", element__isnull=False, person=None)
                | models.Q(scope="person", element=None, person__isnull=False),
                name="fit_scope_names_its_own",
            ),
            models.CheckConstraint(condition=models.Q(weights__len=21), name="fit_has_all_weights"),
        ]
        indexes = [
            models.Index(fields=["environment", "scope", "element", "person", "-fitted_at"], name="fit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.fitted_at:%Y-%m-%d}"


class Training(TenantModel):
    """How the questions of a course are trained here. Without a row: maintained at a recall of 90 %."""

    element = ElementKey(db_index=False, verbose_name=_("course"))
    mode = models.CharField(_("way"), max_length=12, choices=Mode.choices, default=Mode.MAINTAIN)
    desired_retention = models.FloatField(_("recall aimed at"), default=0.9)
    streak_level = models.PositiveSmallIntegerField(_("right answers in a row"), default=3)
    test_on = models.DateField(_("day of the test"), null=True)
    minutes_a_day = models.PositiveSmallIntegerField(_("minutes a day"), default=6)
    from_day_one = models.BooleanField(_("all questions from day one"), default=False)
    with_extras = models.BooleanField(_("also questions of the banks that no quiz asked"), default=False)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="training_once_per_course"),
            models.CheckConstraint(
                condition=models.Q(desired_retention__range=(0.7, 0.97)), name="training_retention_in_range"
            ),
            models.CheckConstraint(condition=models.Q(streak_level__range=(1, 6)), name="training_level_in_range"),
            models.CheckConstraint(condition=models.Q(minutes_a_day__range=(1, 120)), name="training_minutes_in_range"),
            models.CheckConstraint(
                condition=~models.Q(mode="test") | models.Q(test_on__isnull=False), name="training_test_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"training of {self.element_id}"


class QuestionReport(TenantModel):
    """A learner says that a question is wrong, unclear or out of date."""

    person = PersonKey(db_index=False)
    bank = ElementKey(db_index=False)
    question = PartKey("assessments.Question", element_column="bank_id", db_index=False)
    text = models.CharField(_("what is wrong with it"), max_length=500, blank=True)
    reported_at = models.DateTimeField(_("reported at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("report about a question")
        verbose_name_plural = _("reports about questions")
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "person", "question"],
                condition=models.Q(settled_at=None),
                name="report_one_open_per_question",
            )
        ]

    def __str__(self) -> str:
        return f"report about {self.question_id}"
