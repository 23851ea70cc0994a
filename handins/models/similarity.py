"""What tells that hand-ins are alike: a hint for whoever marks, never a verdict."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel


class Fingerprint(TenantModel):
    """The words of a round and its files as they are compared (``handins/computations/shingles.py``); ``shingles`` are in no order, and
    without those of the assignment itself."""

    round = TenantKey("handins.Round", models.CASCADE, related_name="fingerprints")
    person = PersonKey()
    element = ElementKey(db_index=False, verbose_name=_("assignment"))
    text = models.TextField(_("text"), blank=True)
    shingles = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("fingerprint of a hand-in")
        verbose_name_plural = _("fingerprints of hand-ins")
        constraints = [models.UniqueConstraint(fields=["environment", "round"], name="fingerprint_once_per_round")]

    def __str__(self) -> str:
        return f"{self.round_id}"


class FingerprintValue(TenantModel):
    """One of the numbers by which other hand-ins are found. Rows and not an array: under row-level security PostgreSQL uses
    an index for "equal", not for "overlaps" (docs/decisions/0003)."""

    fingerprint = TenantKey("handins.Fingerprint", models.CASCADE, related_name="values")
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("value of a fingerprint")
        verbose_name_plural = _("values of fingerprints")
        constraints = [
            models.UniqueConstraint(fields=["environment", "value", "fingerprint"], name="fingerprint_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.value}"


class Similarity(TenantModel):
    """How much (0 to 1) of one hand-in is in another; each pair has one row for each direction."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    fingerprint = TenantKey("handins.Fingerprint", models.CASCADE, related_name="similar")
    other = TenantKey("handins.Fingerprint", models.CASCADE, related_name="similar_to")
    share = models.FloatField(_("share"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("similarity of hand-ins")
        verbose_name_plural = _("similarities of hand-ins")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="similarity_uid_once"),
            models.UniqueConstraint(fields=["environment", "fingerprint", "other"], name="similarity_once_per_pair"),
            models.CheckConstraint(condition=~Q(fingerprint=F("other")), name="similarity_to_another"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="similarity_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.share:.0%}"


class OutsideReport(TenantModel):
    """What a service outside found, brought over the API: how much (percent) it knows from elsewhere, and where that stands."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    round = TenantKey("handins.Round", models.CASCADE, related_name="outside_reports")
    person = PersonKey()
    service = models.CharField(_("service"), max_length=80)
    percent = models.PositiveSmallIntegerField(_("percent"))
    link = models.URLField(_("report"), max_length=500, blank=True)
    by = PersonKey(null=True, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("similarity report from outside")
        verbose_name_plural = _("similarity reports from outside")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="outside_report_uid_once"),
            models.UniqueConstraint(fields=["environment", "round", "service"], name="outside_report_once_per_service"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="outside_report_in_range"),
            models.CheckConstraint(condition=~Q(service=""), name="outside_report_of_a_service"),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.percent}%"
