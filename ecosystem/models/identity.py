import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel


class IdentityProvider(TenantModel):
    """A server of an organisation (OpenID Connect or SAML): its own accounts sign its members in, on its hosts only.

    The secret is sealed and never shown again. With SAML ``issuer`` is the entity id, and there is no client. ``uid`` names the provider in addresses and in the links to accounts,
    so nothing of one environment's provider is known to another's.
    """

    never_copied = ("sealed_secret",)

    class Protocol(models.TextChoices):
        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    protocol = models.CharField(_("protocol"), max_length=4, choices=Protocol.choices, default=Protocol.OIDC)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name on the button"), max_length=40)
    issuer = models.URLField(_("issuer"), max_length=300)
    client_id = models.CharField(_("client id"), max_length=190, blank=True)
    sealed_secret = models.TextField(blank=True)
    sso_url = models.URLField(_("sign-in address"), max_length=300, blank=True)
    certificate = models.TextField(_("certificate"), blank=True)
    is_on = models.BooleanField(_("offered on the sign-in page"), default=False)
    admits_new = models.BooleanField(_("lets new people in as learners"), default=False)

    class Meta:
        verbose_name = _("sign-in of the organisation")
        verbose_name_plural = _("sign-ins of the organisation")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="identity_provider_uid_once"),
            models.CheckConstraint(
                condition=models.Q(protocol="oidc") | (~models.Q(sso_url="") & ~models.Q(certificate="")),
                name="identity_provider_saml_is_complete",
            ),
            models.UniqueConstraint(fields=["environment", "name"], name="identity_provider_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
