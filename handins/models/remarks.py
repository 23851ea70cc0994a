"""What a reviewer says about one place of the work."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class Remark(TenantModel):
    """About words of the text (``quote``, from ``start`` on), or about a page of a file. The learner is ``person``."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    round = TenantKey("handins.Round", models.CASCADE, related_name="remarks")
    person = PersonKey()
    by = PersonKey(null=True, blank=True)
    file = TenantKey("handins.HandinFile", models.CASCADE, null=True, blank=True)
    page = models.PositiveSmallIntegerField(_("page"), null=True, blank=True)
    start = models.PositiveIntegerField(_("where it begins"), null=True, blank=True)
    quote = models.TextField(_("quoted words"), blank=True)
    words = models.TextField(_("remark"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="remark_uid_once"),
            models.CheckConstraint(
                condition=(Q(file=None, page=None, start__isnull=False) & ~Q(quote=""))
                | Q(file__isnull=False, page__gte=1, start=None, quote=""),
                name="remark_is_about_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40]
