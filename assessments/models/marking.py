"""Marks, results and rubrics."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


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
