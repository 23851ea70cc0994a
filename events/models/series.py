"""Events that repeat."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import TenantModel

MOST_EVENTS = 60


class Frequency(models.TextChoices):
    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every week")
    MONTHLY = "monthly", _("every month")


class Series(TenantModel):
    """How the events of a series came to be: ``days`` are those of the week, 0 is Monday. Each has seats of its own."""

    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency)
    days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("days of the week"))
    count = models.PositiveSmallIntegerField(_("how many"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(
                condition=Q(count__range=(2, MOST_EVENTS), frequency__in=Frequency.values), name="series_has_an_end"
            ),
            models.CheckConstraint(condition=Q(days__contained_by=list(range(7))), name="series_days_of_a_week"),
        ]

    def __str__(self) -> str:
        return str(Frequency(self.frequency).label)
