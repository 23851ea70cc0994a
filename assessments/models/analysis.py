"""What the answers of an assessment tell."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, TenantKey, TenantModel


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
