"""Work done on the job: somebody who looks after the learner there confirms that it was done, or says what is missing."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel


class ConfirmationState(models.TextChoices):
    WAITING = "waiting", _("waits for the supervisor")
    CONFIRMED = "confirmed", _("confirmed")
    SENT_BACK = "sent_back", _("not yet")
    WITHDRAWN = "withdrawn", _("taken back")


class Confirmation(TenantModel):
    """One asking, for one handing in of a round by ``person``. Whatever was answered stays; the next try is another row."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    round = TenantKey("handins.Round", models.CASCADE, related_name="confirmations")
    person = PersonKey(verbose_name=_("whose work"))
    element = ElementKey(verbose_name=_("assignment"))
    state = models.CharField(
        _("state"), max_length=10, choices=ConfirmationState.choices, default=ConfirmationState.WAITING
    )
    asked_at = models.DateTimeField(_("asked at"))
    was_late = models.BooleanField(_("handed in late"), default=False)
    words = models.TextField(_("what the supervisor says"), blank=True)
    by = PersonKey(null=True, blank=True, verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("confirmation of work on the job")
        verbose_name_plural = _("confirmations of work on the job")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="confirmation_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "round"], condition=Q(state__in=["waiting", "confirmed"]), name="confirmation_one_counts"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None, by=None)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="confirmation_answered_when_it_does_not_wait",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent_back") | ~Q(words=""), name="confirmation_sent_back_says_why"
            ),
            models.CheckConstraint(condition=Q(by=None) | ~Q(by=F("person")), name="confirmation_by_another"),
            models.CheckConstraint(
                condition=Q(state__in=ConfirmationState.values), name="confirmation_state_is_known"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.round_id}: {self.state}"


class Confirmer(TenantModel):
    """Somebody who was asked, because they looked after the learner when it was handed in."""

    confirmation = TenantKey("handins.Confirmation", models.CASCADE, related_name="confirmers")
    person = PersonKey(verbose_name=_("who is asked"))

    class Meta:
        verbose_name = _("who is asked to confirm")
        verbose_name_plural = _("who are asked to confirm")
        constraints = [
            models.UniqueConstraint(fields=["environment", "confirmation", "person"], name="confirmer_asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.confirmation_id} {self.person_id}"
