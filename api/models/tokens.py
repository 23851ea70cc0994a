import hashlib
import secrets
import string
import zlib

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantModel
from ecosystem.models.base import EVERYTHING

PREFIX = "grove_"
LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LETTERS, CHECK_LETTERS = 40, 6


def hash_token(token: str) -> str:
    """SHA-256 of a token of 238 random bits: nothing to guess, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """``grove_`` and 46 letters and digits, of which the last six are a CRC-32 of the others.

    So a scanner of leaked secrets finds tokens by prefix and length, and knows by the sum that one is real.
    """
    body = "".join(secrets.choice(LETTERS) for _index in range(RANDOM_LETTERS))
    return PREFIX + body + check_of(body)


def check_of(body: str) -> str:
    """The CRC-32 in six letters, as base 62."""
    number, letters = zlib.crc32(body.encode()), ""
    for _index in range(CHECK_LETTERS):
        number, place = divmod(number, len(LETTERS))
        letters = LETTERS[place] + letters
    return letters


class Token(TenantModel):
    """A key for other software, acting as one person in one environment. Only its hash is kept."""

    never_copied = EVERYTHING

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

    @property
    def works(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def caller(self) -> str:
        """Who is counted and remembered as one caller."""
        return f"token:{self.pk}"
