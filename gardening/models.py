"""Why the ecosystem exists, what its sponsor watches, and where its elements stand on the map."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel


class Charter(TenantModel):
    """What an environment has agreed with its sponsor; one per environment."""

    business_issue = models.TextField(_("business issue"))
    why = models.TextField(_("why"))
    audience = models.TextField(_("audience"), blank=True)
    sponsor = PersonKey(null=True, blank=True, verbose_name=_("sponsor"))
    champion = PersonKey(null=True, blank=True, verbose_name=_("champion"))
    budget_eur = models.PositiveIntegerField(_("budget in euro"), default=0)
    budget_hours = models.PositiveIntegerField(_("budget in hours"), default=0)

    class Meta:
        verbose_name = _("charter")
        verbose_name_plural = _("charters")
        constraints = [models.UniqueConstraint(fields=["environment"], name="charter_once_per_environment")]

    def __str__(self) -> str:
        return self.business_issue[:80]


class Direction(models.TextChoices):
    UP = "up", _("higher is better")
    DOWN = "down", _("lower is better")


class Kpi(TenantModel):
    """A number of the organisation that the ecosystem hopes to move."""

    charter = TenantKey("gardening.Charter", models.CASCADE, related_name="kpis", verbose_name=_("charter"))
    name = models.CharField(_("name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=80, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices)
    baseline = models.FloatField(_("baseline"))
    target = models.FloatField(_("target"))
    target_on = models.DateField(_("target date"), null=True, blank=True)

    class Meta:
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        constraints = [models.UniqueConstraint(fields=["environment", "charter", "name"], name="kpi_once_per_charter")]

    def __str__(self) -> str:
        return self.name


def first_of_month(value: object) -> None:
    if getattr(value, "day", 1) != 1:
        raise ValidationError(_("Use the first day of the month."))


class KpiValue(TenantModel):
    """What a KPI was in one month."""

    kpi = TenantKey("gardening.Kpi", models.CASCADE, related_name="values", verbose_name=_("KPI"))
    month = models.DateField(_("month"), validators=[first_of_month], help_text=_("The first day of the month."))
    value = models.FloatField(_("value"))

    class Meta:
        verbose_name = _("KPI value")
        verbose_name_plural = _("KPI values")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "kpi", "month"], name="kpi_value_once_per_month"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="kpi_value_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.value}"


class Placement(TenantModel):
    """Where an element stands on the map. Kept, so that gardeners find it back in the same place."""

    loose = True

    element = ElementKey(on_delete=models.CASCADE)
    x = models.FloatField()
    y = models.FloatField()

    class Meta:
        verbose_name = _("place on the map")
        verbose_name_plural = _("places on the map")
        constraints = [models.UniqueConstraint(fields=["environment", "element"], name="placement_once_per_element")]

    def __str__(self) -> str:
        return f"{self.element_id} at {self.x:.0f}, {self.y:.0f}"
