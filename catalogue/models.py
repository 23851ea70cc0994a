"""Offers: what people can find and get into by themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem import clock
from ecosystem.models import ElementKey, TenantKey, TenantModel


class Access(models.TextChoices):
    FREE = "free", _("everyone here")
    CLOSED = "closed", _("by invitation")


class Offer(TenantModel):
    """An element in the catalogue of an environment; for a course, the run one gets into."""

    element = ElementKey(related_name="offers", verbose_name=_("element"))
    run = TenantKey("courses.CourseRun", null=True, blank=True, verbose_name=_("course run"))
    access = models.CharField(_("access"), max_length=10, choices=Access.choices, default=Access.FREE)
    opens_at = models.DateTimeField(_("from"), null=True, blank=True)
    closes_at = models.DateTimeField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="offer_once_per_element"),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="offer_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element}"

    @property
    def is_open(self) -> bool:
        """Can somebody enrol by themselves at this moment?"""
        now = clock.now()
        begun = self.opens_at is None or self.opens_at <= now
        over = self.closes_at is not None and self.closes_at <= now
        return self.run_id is not None and self.access == Access.FREE and begun and not over
