from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantModel


class Channel(models.TextChoices):
    APP = "app", _("On the site")
    MAIL = "mail", _("E-mail")
    PUSH = "push", _("Push")


class ChannelChoice(TenantModel):
    """A person has said whether one kind may come by one channel. Without a row the default of the kind holds."""

    person = PersonKey(db_index=False)
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel.choices, default=Channel.MAIL)
    wanted = models.BooleanField(_("wanted"), default=False)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("choice of a channel")
        verbose_name_plural = _("choices of channels")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person", "kind", "channel"], name="channel_choice_once"),
            models.CheckConstraint(
                condition=models.Q(channel__in=["app", "mail", "push"]), name="channel_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.channel}"


class DigestRhythm(models.TextChoices):
    DAILY = "daily", _("Every day at 7:30")
    WEEKLY = "weekly", _("Mondays at 7:30")


class Preference(TenantModel):
    """When a person wants to be written to, on their own clock; also the queue of ``notifications.send_digests``.

    Quiet hours may run over midnight; both empty means none. An empty time zone is that of the environment.
    Without a row the defaults here hold.
    """

    system = True

    person = PersonKey(db_index=False)
    quiet_from = models.TimeField(_("quiet from"), null=True, default=time(20))
    quiet_until = models.TimeField(_("until"), null=True, default=time(7))
    quiet_weekends = models.BooleanField(_("quiet on Saturday and Sunday"), default=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    digest = models.CharField(_("digest"), max_length=6, choices=DigestRhythm.choices, default=DigestRhythm.WEEKLY)
    next_digest_at = models.DateTimeField(_("next digest at"), null=True)

    class Meta:
        verbose_name = _("preferences of a person")
        verbose_name_plural = _("preferences of people")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person"], name="preference_once_per_person"),
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_quiet_hours_both_or_none",
            ),
            models.CheckConstraint(condition=models.Q(digest__in=["daily", "weekly"]), name="preference_digest_known"),
        ]
        indexes = [
            models.Index(
                fields=["next_digest_at"],
                condition=models.Q(next_digest_at__isnull=False),
                name="preference_digest_due",
            )
        ]

    def __str__(self) -> str:
        return f"preferences {self.person_id}"
