"""Changes of many questions at once, kept for a day so that they can be taken back."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantModel


class BulkEdit(TenantModel):
    """``changed`` questions of a bank (``element``) were made different at once, as ``said`` tells the audit log.

    ``before`` is what they had, by value and not by question: ``added`` and ``removed`` name for each tag the questions
    that did not have it or had it; ``fields`` for each other thing what it is now (``after``) and the values before, each
    with its questions. Of questions that were given to another bank it is ``{"moved": {"to", "copies", "in_use"}}``, of
    those that a quiz asks too ``{"put": {"rows"}}`` (services/moving.py).
    """

    loose = True

    element = ElementKey(on_delete=models.CASCADE, verbose_name=_("bank"))
    person = PersonKey(verbose_name=_("changed by"))
    said = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    changed = models.PositiveIntegerField(_("questions"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    undone_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        verbose_name = _("change of many questions")
        verbose_name_plural = _("changes of many questions")
        indexes = [models.Index(fields=["environment", "element", "-id"], name="bulk_edit_newest")]

    def __str__(self) -> str:
        return f"{self.changed}"
