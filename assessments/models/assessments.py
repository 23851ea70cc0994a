"""An assessment: its settings, sections, questions, draws, and exceptions for people."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class Mode(models.TextChoices):
    QUIZ = "quiz", _("Quiz: everybody is asked the same way")
    SURVEY = "survey", _("Survey: nobody can see who answered what")
    FEEDBACK = "feedback", _("360-degree feedback: somebody, as they and others see them")
    ADAPTIVE = "adaptive", _("Adaptive: each question is chosen by the answers before it")


class Assessment(ContentModel):
    """A quiz or test. ``target_error`` (logits), ``least_questions`` and ``most_questions`` end an adaptive one. ``attempts_allowed``, ``minutes_allowed`` and ``wait_minutes`` 0 are no limit; ``pass_mark`` a share.

    ``review``: what is shown when, {moment: [things]} (``assessments.showing``). ``closes_at`` also ends running tries.
    """

    # A new environment sets a password of its own.
    never_copied = ("password_hash",)

    mode = models.CharField(_("kind"), max_length=10, choices=Mode, default=Mode.QUIZ)
    pass_mark = models.FloatField(_("pass mark"), default=0.7)
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts allowed"), default=0)
    wait_minutes = models.PositiveIntegerField(_("minutes between attempts"), default=0)
    minutes_allowed = models.PositiveSmallIntegerField(_("minutes for an attempt"), default=0)
    grace_seconds = models.PositiveSmallIntegerField(_("seconds of grace"), default=30)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    shuffle_questions = models.BooleanField(_("questions in another order each time"), default=False)
    shuffle_choices = models.BooleanField(_("answers in another order each time"), default=True)
    even_exposure = models.BooleanField(_("spread the drawn questions evenly"), default=True)
    forward_only = models.BooleanField(_("only forward"), default=False)
    password_hash = models.CharField(max_length=200, blank=True)
    review = models.JSONField(default=dict, blank=True)
    people_mark = models.BooleanField(_("long texts and files count, marked by people"), default=False)
    second_marker = models.BooleanField(_("two markers"), default=False)
    anonymous_marking = models.BooleanField(_("markers see no names"), default=False)
    minimum_group = models.PositiveSmallIntegerField(_("smallest group shown"), default=5)
    target_error = models.FloatField(_("precise enough"), default=0.5)
    least_questions = models.PositiveSmallIntegerField(_("at least so many questions"), default=5)
    most_questions = models.PositiveSmallIntegerField(_("at most so many questions"), default=20)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="assessment_once_per_element"),
            models.CheckConstraint(condition=models.Q(pass_mark__range=(0, 1)), name="assessment_pass_mark_is_a_share"),
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="assessment_opens_before_it_closes",
            ),
            models.CheckConstraint(condition=models.Q(minimum_group__gte=3), name="assessment_group_hides_people"),
            models.CheckConstraint(
                condition=models.Q(target_error__gt=0, least_questions__gte=1)
                & models.Q(most_questions__gte=models.F("least_questions")),
                name="assessment_stop_rules",
            ),
            models.CheckConstraint(
                condition=~models.Q(mode="adaptive") | models.Q(forward_only=True),
                name="assessment_adaptive_goes_forward",
            ),
        ]

    def __str__(self) -> str:
        return str(self.element)

    @property
    def pass_percent(self) -> int:
        return round(self.pass_mark * 100)

    @property
    def is_survey(self) -> bool:
        return self.mode == Mode.SURVEY

    @property
    def is_feedback(self) -> bool:
        return self.mode == Mode.FEEDBACK

    @property
    def names_nobody(self) -> bool:
        """Answers leave the person who gave them."""
        return self.mode in (Mode.SURVEY, Mode.FEEDBACK)

    @property
    def is_adaptive(self) -> bool:
        return self.mode == Mode.ADAPTIVE


class Section(ContentModel):
    """A part of an assessment with a heading and a text of its own.

    ``former``: headings it had before, by which attempts in environments below still name it.
    """

    assessment = TenantKey("assessments.Assessment", models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    former = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(fields=["environment", "assessment", "position"], name="section_position_once")
        ]

    def __str__(self) -> str:
        return self.title


class AssessmentQuestion(ContentModel):
    """A question asked in an assessment (``element``), drawn from the bank of the same environment."""

    assessment = TenantKey("assessments.Assessment", models.CASCADE, related_name="questions")
    question = TenantKey("assessments.Question")
    section = TenantKey("assessments.Section", models.SET_NULL, null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "assessment", "question"], name="assessment_question_once"),
            models.UniqueConstraint(
                fields=["environment", "assessment", "position"], name="assessment_question_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.question_id}"


class Draw(ContentModel):
    """So many questions drawn anew for each attempt: of a bank and, where named, of a category, objective, tag, difficulty."""

    assessment = TenantKey("assessments.Assessment", models.CASCADE, related_name="draws")
    section = TenantKey("assessments.Section", models.SET_NULL, null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField(_("how many"))
    bank = TenantKey("ecosystem.Element")
    category = models.CharField(_("category begins with"), max_length=250, blank=True)
    objective = TenantKey("assessments.Objective", models.SET_NULL, null=True, blank=True)
    tag = models.CharField(_("tag"), max_length=60, blank=True)
    easiest = models.FloatField(_("difficulty from"), null=True, blank=True)
    hardest = models.FloatField(_("difficulty to"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("random draw")
        verbose_name_plural = _("random draws")
        constraints = [
            models.UniqueConstraint(fields=["environment", "assessment", "position"], name="draw_position_once"),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="draw_takes_some"),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.bank_id}"


class Override(TenantModel):
    """Other terms for one person or one group; what is empty stays as it is for everybody."""

    element = ElementKey()
    assessment = PartKey("assessments.Assessment", models.CASCADE, related_name="overrides")
    person = PersonKey(null=True, blank=True)
    group = TenantKey("ecosystem.Group", models.CASCADE, null=True, blank=True)
    extra_minutes = models.PositiveSmallIntegerField(_("extra minutes"), default=0)
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts allowed"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    because = models.CharField(_("because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "assessment", "person"], name="override_once_per_person"),
            models.UniqueConstraint(fields=["environment", "assessment", "group"], name="override_once_per_group"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, group__isnull=False)
                | models.Q(person__isnull=False, group__isnull=True),
                name="override_of_person_or_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.person_id or self.group_id}"
