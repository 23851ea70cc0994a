"""What surrounds attempts: exceptions for people, answers set aside, marks, results, deadlines, surveys."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


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


class Step(models.TextChoices):
    FIRST = "first", _("first marker")
    SECOND = "second", _("second marker")
    FINAL = "final", _("final mark")
    AGAIN = "again", _("marked again")


class Mark(TenantModel):
    """What somebody found an answer worth, or what marking again gave. Rows are added, never changed.

    ``fraction`` is a share of the points, -1..1, and ``before`` what counted until then. Only ``final`` and ``again``
    count. ``rubric``: {criterion: level}.
    """

    answer = TenantKey("assessments.Answer", related_name="marks")
    person = PersonKey(db_index=False)
    step = models.CharField(max_length=6, choices=Step)
    by = PersonKey(null=True)
    fraction = models.DecimalField(max_digits=6, decimal_places=5)
    before = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    comment = models.TextField(_("comment"), blank=True)
    rubric = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.CheckConstraint(condition=models.Q(fraction__range=(-1, 1)), name="mark_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.fraction}"

    @property
    def percent_text(self) -> str:
        return f"{self.fraction * 100:.0f}%"


class Result(TenantModel):
    """The score of an attempt from some moment on; the newest counts. Rows are added, never changed."""

    attempt = TenantKey("assessments.Attempt", related_name="results")
    person = PersonKey(db_index=False)
    number = models.PositiveSmallIntegerField()
    score = models.FloatField(_("score"), null=True)
    passed = models.BooleanField(_("passed"), null=True)
    waiting = models.PositiveSmallIntegerField(default=0)
    because = models.CharField(max_length=200, blank=True)
    by = PersonKey(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [models.UniqueConstraint(fields=["environment", "attempt", "number"], name="result_number_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.score}"


class Rubric(TenantModel):
    """How an open question is marked here: [{"title", "levels": [{"title", "points"}]}]; the sum of points makes the mark."""

    bank = ElementKey()
    question = PartKey("assessments.Question", models.CASCADE, element_column="bank_id")
    criteria = models.JSONField(default=list)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        constraints = [models.UniqueConstraint(fields=["environment", "question"], name="rubric_once_per_question")]

    def __str__(self) -> str:
        return f"{self.question_id}"


class SurveyAnswer(TenantModel):
    """An answer to a survey, which names nobody: no person, no attempt, no moment, and a key without order.

    Shown only once ``released``, with at least as many others as the survey asks for; the release writes the rows anew
    together, so their place on disk tells nothing either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    element = ElementKey()
    bank = ElementKey(db_index=False)
    version = PartKey("assessments.QuestionVersion", element_column="bank_id")
    response = models.JSONField(null=True)
    released = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")

    def __str__(self) -> str:
        return f"{self.version_id}"


class Analysis(TenantModel):
    """What the answers of an assessment told when they were last looked at (``assessments.statistics``)."""

    element = ElementKey()
    assessment = PartKey("assessments.Assessment", models.CASCADE)
    attempts = models.PositiveIntegerField(default=0)
    mean = models.FloatField(default=0)
    spread = models.FloatField(default=0)
    alpha = models.FloatField(null=True)
    error = models.FloatField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        constraints = [models.UniqueConstraint(fields=["environment", "element"], name="analysis_once_per_element")]

    def __str__(self) -> str:
        return f"{self.element_id}: {self.at}"

    @property
    def mean_percent(self) -> int:
        return round(self.mean * 100)

    @property
    def spread_percent(self) -> int:
        return round(self.spread * 100)

    @property
    def error_percent(self) -> int:
        return round((self.error or 0) * 100)


class ItemFigures(TenantModel):
    """What the answers to one question in an assessment tell: figures, and flags for those who tend it."""

    analysis = TenantKey(Analysis, models.CASCADE, related_name="items")
    bank = ElementKey()
    question = PartKey("assessments.Question", models.CASCADE, element_column="bank_id")
    answers = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    flags = models.JSONField(default=list)

    class Meta:
        verbose_name = _("figures of a question")
        verbose_name_plural = _("figures of questions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "analysis", "question"], name="item_figures_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id}"
