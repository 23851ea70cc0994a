"""Help at the moment of need: what a person has ticked off, and what nobody could find."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantModel


class Tick(TenantModel):
    """One line of a checklist that one person has ticked off; ``item`` is the key of the line (content.ticks)."""

    person = PersonKey()
    element = ElementKey()
    item = models.CharField(max_length=40)
    ticked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tick")
        verbose_name_plural = _("ticks")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person", "element", "item"], name="tick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.element_id} {self.item}"


class MissedSearch(TenantModel):
    """Words for which nothing was found, and how often; nobody is named. ``handled_at``: a gardener has seen to it."""

    words = models.CharField(_("words"), max_length=120)
    times = models.PositiveIntegerField(_("how often"), default=1)
    first_at = models.DateTimeField(_("first time"))
    last_at = models.DateTimeField(_("last time"))
    handled_at = models.DateTimeField(_("seen to"), null=True, blank=True)

    class Meta:
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        constraints = [models.UniqueConstraint(fields=["environment", "words"], name="missed_search_once")]

    def __str__(self) -> str:
        return self.words
