from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class Goal(ContentModel):
    """A step of a course: so much of some questions is met, and so much of that will be known in ``days`` days.

    ``coverage`` and ``recall`` are in percent.
    """

    recall = models.PositiveSmallIntegerField(_("recall (%)"), default=80)
    coverage = models.PositiveSmallIntegerField(_("met (%)"), default=100)
    days = models.PositiveSmallIntegerField(_("after so many days without practice"), default=14)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("MemoTrainer goal")
        verbose_name_plural = _("MemoTrainer goals")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="goal_once_per_element"),
            models.CheckConstraint(
                condition=models.Q(recall__range=(1, 99), coverage__range=(1, 100), days__lte=365),
                name="goal_can_be_reached",
            ),
        ]

    def __str__(self) -> str:
        return self.element.title


class GoalPart(ContentModel):
    """Of which questions: those of a quiz (``of``), or those with a learning objective of a bank (``of``)."""

    goal = TenantKey("memotrainer.Goal", models.CASCADE, related_name="parts")
    of = ElementKey(related_name="+")
    objective = PartKey("assessments.Objective", element_column="of_id", null=True)

    class Meta:
        verbose_name = _("part of a MemoTrainer goal")
        verbose_name_plural = _("parts of MemoTrainer goals")
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "goal", "of", "objective"], name="goal_part_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"part of {self.goal_id}"


class GoalReached(TenantModel):
    """That somebody has reached a goal, and how they stood then, in percent. It stays, whatever is forgotten later."""

    person = PersonKey(db_index=False)
    element = ElementKey(db_index=False)
    recall = models.FloatField(_("recall (%)"))
    coverage = models.FloatField(_("met (%)"))
    reached_at = models.DateTimeField(_("reached at"))

    class Meta:
        verbose_name = _("goal that was reached")
        verbose_name_plural = _("goals that were reached")
        constraints = [models.UniqueConstraint(fields=["environment", "person", "element"], name="goal_reached_once")]

    def __str__(self) -> str:
        return f"{self.element_id} by {self.person_id}"
