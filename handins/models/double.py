"""Marking by two who do not see each other's mark, and what they agreed on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class IndependentMark(TenantModel):
    """What one of two markers found a round worth, unseen by the other until both are in. Added, never changed.

    ``place``: 1 for who was first, 2 for the second. The learner is ``person`` and sees only the agreed ``Mark``.
    """

    round = TenantKey("handins.Round", related_name="independent_marks")
    place = models.PositiveSmallIntegerField(_("first or second"))
    person = PersonKey(db_index=False)
    element = ElementKey(db_index=False)
    rubric = PartKey("handins.Rubric", null=True, blank=True)
    levels = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    comment = models.TextField(_("comment"), blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    passed = models.BooleanField(_("passed"))
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("independent mark")
        verbose_name_plural = _("independent marks")
        constraints = [
            models.UniqueConstraint(fields=["environment", "round", "place"], name="independent_mark_two_places"),
            models.UniqueConstraint(fields=["environment", "round", "by"], name="independent_mark_once_per_marker"),
            models.CheckConstraint(condition=Q(place__in=[1, 2]), name="independent_mark_first_or_second"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 1)), name="independent_mark_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.place}: {self.score}"

    @property
    def percent(self) -> int | None:
        """Rounded down, as that of a mark is."""
        return None if self.score is None else int(self.score * 100 + 1e-6)


class AgreedBy(models.TextChoices):
    AVERAGE = "average", _("the average of the two")
    TALKED = "talked", _("agreed between the two")
    THIRD = "third", _("decided by a third")


class Agreement(TenantModel):
    """How two independent marks became the ``mark`` that counts; ``by`` recorded it. Added, never changed."""

    round = TenantKey("handins.Round", related_name="agreements")
    mark = TenantKey("handins.Mark")
    person = PersonKey(db_index=False)
    way = models.CharField(_("way"), max_length=10, choices=AgreedBy.choices)
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("agreement about a mark")
        verbose_name_plural = _("agreements about marks")
        constraints = [
            models.UniqueConstraint(fields=["environment", "mark"], name="agreement_once_per_mark"),
            models.CheckConstraint(condition=Q(way__in=AgreedBy.values), name="agreement_way_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.way}"
