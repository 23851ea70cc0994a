"""Applications and their tokens: the models of django-oauth-toolkit as rows of an environment.

Each is abstract there and a tenant row here, with its keys and row-level security: an application, code or token of
another environment is not found, whatever is sent. Tokens and codes are stored as hashes only.
"""

import hashlib
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_id
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractGrant,
    AbstractRefreshToken,
    TokenChecksumField,
)

from ecosystem.models import PersonKey, TenantKey, TenantModel
from ecosystem.models.base import EVERYTHING
from ecosystem.scope import current_scope


class HashedCodeField(models.CharField):
    """What is written and looked for is the SHA-256 of the value; a row with one is never saved again."""

    def get_prep_value(self, value: Any) -> Any:
        return hashlib.sha256(str(value).encode()).hexdigest() if value is not None else None


class InScopeModel(TenantModel):
    """Made by the toolkit, which knows no environments: the open scope gives it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.environment_id is None:
            self.environment_id = current_scope().environment_id
        super().save(*args, **kwargs)


class OAuthApplication(InScopeModel, AbstractApplication):
    """Software that people let in, or that acts as ``user`` by itself (client credentials)."""

    client_id = models.CharField(max_length=100, default=generate_client_id)
    user = PersonKey(verbose_name=_("registered by"))
    may = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("may"))

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [models.UniqueConstraint(fields=["environment", "client_id"], name="oauth_client_id_once")]


class OAuthGrant(InScopeModel, AbstractGrant):
    """A code on its way from the consent page to the application; it lives for a minute."""

    never_copied = EVERYTHING

    user = PersonKey()
    code = HashedCodeField(max_length=64)
    application = TenantKey("api.OAuthApplication", models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "code"], name="oauth_code_once")]


class OAuthAccessToken(InScopeModel, AbstractAccessToken):
    """Lets an application in for an hour."""

    never_copied = EVERYTHING

    user = PersonKey(null=True)
    application = TenantKey("api.OAuthApplication", models.CASCADE)
    source_refresh_token = TenantKey("api.OAuthRefreshToken", models.SET_NULL, null=True)
    token_checksum = TokenChecksumField(max_length=64)
    id_token = None  # no OpenID Connect

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "token_checksum"], name="oauth_access_token_once"),
            models.UniqueConstraint(fields=["environment", "source_refresh_token"], name="oauth_refreshed_once"),
        ]

    @property
    def caller(self) -> str:
        """The application and the person: a new token is the same caller."""
        return f"application:{self.application_id}:{self.user_id or ''}"


class OAuthRefreshToken(InScopeModel, AbstractRefreshToken):
    """Good for one new access token; used twice, all its family is revoked."""

    never_copied = EVERYTHING

    user = PersonKey()
    application = TenantKey("api.OAuthApplication", models.CASCADE)
    access_token = TenantKey("api.OAuthAccessToken", models.SET_NULL, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "token_checksum", "revoked"], name="oauth_refresh_once"),
            models.UniqueConstraint(fields=["environment", "access_token"], name="oauth_refresh_of_access"),
        ]
        indexes = [models.Index(fields=["environment", "token_family"], name="oauth_refresh_family")]
