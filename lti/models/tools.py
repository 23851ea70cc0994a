"""Which tools an environment knows, and the keys with which it signs what it tells them."""

import uuid
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import TenantModel


class Shares(models.TextChoices):
    """What a tool learns of who opens it, beside a pseudonym."""

    NOTHING = "nothing", _("nothing: it knows people by a number only")
    NAME = "name", _("the name")
    NAME_AND_EMAIL = "name_and_email", _("name and e-mail address")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Tool(TenantModel):
    """Software elsewhere that people may be sent to from here, by LTI 1.3. Known in this environment only.

    ``client_id`` and ``deployment_id`` are ours to give. ``keys`` is a set (RFC 7517) that somebody pasted; without it the
    keys are asked for at ``keys_url``.
    """

    client_id = models.UUIDField(_("client id"), default=uuid.uuid4, editable=False)
    deployment_id = models.UUIDField(_("deployment id"), default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    login_url = models.URLField(_("login initiation address"), max_length=500)
    target_url = models.URLField(_("target link address"), max_length=500)
    redirect_urls = models.JSONField(_("redirect addresses"), default=list)
    keys_url = models.URLField(_("address of its public keys"), max_length=500, blank=True)
    keys = models.JSONField(_("public keys"), null=True, blank=True)
    shares = models.CharField(_("learns of people"), max_length=20, choices=Shares.choices, default=Shares.NOTHING)
    is_on = models.BooleanField(_("may be opened"), default=True)
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    class Meta:
        verbose_name = _("external tool")
        verbose_name_plural = _("external tools")
        constraints = [
            models.UniqueConstraint(fields=["environment", "client_id"], name="lti_tool_client_once"),
            models.UniqueConstraint(fields=["environment", "name"], name="lti_tool_name_once"),
            models.CheckConstraint(condition=Q(shares__in=Shares.values), name="lti_tool_shares_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def origins(self) -> list[str]:
        """Where a browser is sent on the way into it; pages that lead there allow these and no others."""
        return sorted({origin_of(url) for url in (self.login_url, self.target_url, *self.redirect_urls)})


class PlatformKey(TenantModel):
    """A key pair of the environment. One signs; retired ones are shown a while longer, so that tools can still check."""

    never_copied = ("sealed",)

    kid = models.CharField(max_length=64)
    public = models.JSONField()
    sealed = models.TextField()
    made_at = models.DateTimeField(_("made at"))
    retired_at = models.DateTimeField(_("replaced at"), null=True)

    class Meta:
        verbose_name = _("key for external tools")
        verbose_name_plural = _("keys for external tools")
        constraints = [
            models.UniqueConstraint(fields=["environment", "kid"], name="lti_key_once"),
            models.UniqueConstraint(fields=["environment"], condition=Q(retired_at=None), name="lti_key_one_signs"),
        ]

    def __str__(self) -> str:
        return self.kid
