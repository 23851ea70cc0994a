"""Who does not mark whom, because they know each other too well."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class Conflict(TenantModel):
    """``marker`` does not mark the work of ``person``: they said so themselves, or ``by`` recorded it. Ended, never deleted.

    ``round``: the work before which they said it, perhaps without being told whose it is.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    marker = PersonKey(db_index=False, verbose_name=_("who does not mark"))
    person = PersonKey(verbose_name=_("whose work"))
    round = TenantKey("handins.Round", models.SET_NULL, null=True, blank=True)
    because = models.CharField(_("why"), max_length=300, blank=True)
    by = PersonKey()
    at = models.DateTimeField(_("when"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="conflict_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "marker", "person"], condition=Q(ended_at=None), name="conflict_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(marker=F("person")), name="conflict_of_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.marker_id} {self.person_id}"
