import hashlib
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantModel

PREFIX = "grove_"
SCOPES = ("read", "write")


def hash_token(token: str) -> str:
    """SHA-256 of a token of 256 random bits: nothing to guess, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return PREFIX + secrets.token_urlsafe(32)


class Token(TenantModel):
    """A key for other software, acting as one person in one environment. Only its hash is kept."""

    person = PersonKey(verbose_name=_("acts as"))
    name = models.CharField(_("what it is for"), max_length=120)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("may"))
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [models.UniqueConstraint(fields=["environment", "digest"], name="token_digest_once")]

    def __str__(self) -> str:
        return self.name
