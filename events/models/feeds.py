"""Secret addresses of calendars."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel
from ecosystem.models.base import EVERYTHING


def digest_of(secret: str) -> str:
    """SHA-256 of the secret of an address, 256 random bits: nothing to guess, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class CalendarFeed(TenantModel):
    """A secret address at which calendar programs read the sessions of one person here, or those of one ``event`` for as long
    as the person may see it. Only its hash is kept.

    It works until another is made, it is taken back, or the password of its person changes (``password_mark``).
    """

    never_copied = EVERYTHING

    person = PersonKey()
    event = TenantKey("events.Event", models.CASCADE, null=True, blank=True, related_name="feeds")
    digest = models.CharField(max_length=64, editable=False)
    password_mark = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("made at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "person"], condition=models.Q(event=None), name="feed_once_per_person"
            ),
            models.UniqueConstraint(fields=["environment", "person", "event"], name="feed_once_per_event"),
            models.UniqueConstraint(fields=["environment", "digest"], name="feed_digest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
