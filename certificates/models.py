"""Certificates: what a course gives, and what a person was given."""

import secrets
import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, ElementKey, PartKey, PersonKey, TenantModel

# Without 0, 1, I, L, O, U: nobody has to guess what was printed, and no words come out.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_serial() -> str:
    """``XXXX-XXXX-XXXX``: 59 random bits, so that a serial cannot be found by trying."""
    letters = "".join(secrets.choice(ALPHABET) for _index in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


class CertificateTemplate(ContentModel):
    """The certificate of a course (``element``)."""

    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what it proves"), blank=True)
    validity_months = models.PositiveSmallIntegerField(_("valid for months"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="certificate_template_once_per_course")
        ]

    def __str__(self) -> str:
        return self.title


class Standing(models.TextChoices):
    VALID = "valid", _("valid")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("withdrawn")


class Certificate(TenantModel):
    """Given once per person, course and cycle; names are kept as they were on that day."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    serial = models.CharField(_("serial"), max_length=20, default=new_serial, editable=False)
    person = PersonKey()
    element = ElementKey(verbose_name=_("course"))
    template = PartKey("certificates.CertificateTemplate")
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    holder = models.CharField(_("holder"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    revoked_because = models.CharField(_("reason"), max_length=300, blank=True)
    file = models.FileField(upload_to="certificates/", blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(fields=["environment", "serial"], name="certificate_serial_once"),
            models.UniqueConstraint(fields=["environment", "uid"], name="certificate_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "person", "element", "cycle"], name="certificate_once_per_cycle"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=models.F("issued_at")),
                name="certificate_expires_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.holder}"

    def standing(self, now: datetime | None = None) -> Standing:
        if self.revoked_at is not None:
            return Standing.REVOKED
        if self.expires_at is not None and self.expires_at <= (now or timezone.now()):
            return Standing.EXPIRED
        return Standing.VALID
