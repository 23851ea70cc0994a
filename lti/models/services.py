"""What lets a tool speak to us without anybody there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import TenantKey, TenantModel
from ecosystem.models.base import EVERYTHING


class SpentAssertion(TenantModel):
    """The ``jti`` of a signed request for a token, so that it is good once; kept until it would be too old anyway."""

    never_copied = EVERYTHING

    tool = TenantKey("lti.Tool", models.CASCADE)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("used request of a tool")
        verbose_name_plural = _("used requests of tools")
        constraints = [
            models.UniqueConstraint(fields=["environment", "tool", "digest"], name="lti_assertion_once"),
        ]

    def __str__(self) -> str:
        return self.digest


class ServiceToken(TenantModel):
    """An access token of a tool, kept as a hash."""

    never_copied = EVERYTHING

    tool = TenantKey("lti.Tool", models.CASCADE)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("access token of a tool")
        verbose_name_plural = _("access tokens of tools")
        constraints = [models.UniqueConstraint(fields=["environment", "digest"], name="lti_token_once")]

    def __str__(self) -> str:
        return self.digest[:8]
