"""Names that were looked up before the marks were released."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class Reveal(TenantModel):
    """``by`` was shown whose work it is, although it is marked without names; ``because`` says why. Added, never changed."""

    submission = TenantKey("handins.Submission", related_name="reveals")
    round = TenantKey("handins.Round", db_index=False)
    person = PersonKey()
    by = PersonKey(db_index=False)
    because = models.CharField(_("why"), max_length=300)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("name that was looked up")
        verbose_name_plural = _("names that were looked up")
        constraints = [
            models.UniqueConstraint(fields=["environment", "submission", "by"], name="reveal_once_per_person"),
            models.CheckConstraint(condition=~Q(because=""), name="reveal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}"
