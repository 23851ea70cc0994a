import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel


class IdentityProvider(TenantModel):
    """An OpenID Connect provider of an organisation: its own accounts sign its members in, on its hosts only.

    The secret is sealed and never shown again. ``uid`` names the provider in addresses and in the links to accounts,
    so nothing of one environment's provider is known to another's.
    """

    never_copied = ("sealed_secret",)

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name on the button"), max_length=40)
    issuer = models.URLField(_("issuer"), max_length=300)
    client_id = models.CharField(_("client id"), max_length=190)
    sealed_secret = models.TextField(blank=True)
    is_on = models.BooleanField(_("offered on the sign-in page"), default=False)
    admits_new = models.BooleanField(_("lets new people in as learners"), default=False)

    class Meta:
        verbose_name = _("sign-in of the organisation")
        verbose_name_plural = _("sign-ins of the organisation")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="identity_provider_uid_once"),
            models.UniqueConstraint(fields=["environment", "name"], name="identity_provider_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
