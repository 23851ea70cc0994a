"""Good work that others may learn from, if whoever made it agrees."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel


class ExemplarState(models.TextChoices):
    ASKED = "asked", _("asked")
    AGREED = "agreed", _("shown")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Exemplar(TenantModel):
    """A round that is shown to others while its learner (``person``) agrees; ``credit`` is the name as it was then, or
    nothing for whoever wants none."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey(verbose_name=_("assignment"))
    round = TenantKey("handins.Round", models.CASCADE, related_name="exemplars")
    person = PersonKey()
    asked_by = PersonKey(null=True, blank=True, verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(_("state"), max_length=10, choices=ExemplarState.choices, default=ExemplarState.ASKED)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("exemplar")
        verbose_name_plural = _("exemplars")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="exemplar_uid_once"),
            models.UniqueConstraint(fields=["environment", "round"], name="exemplar_once_per_round"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at=None) | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="exemplar_answered_at_follows_state",
            ),
            models.CheckConstraint(condition=Q(state__in=ExemplarState.values), name="exemplar_state_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["environment", "element", "-answered_at"], condition=Q(state="agreed"), name="exemplar_shown"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.state}"
