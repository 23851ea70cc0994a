from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantModel


class MailMode(models.TextChoices):
    AT_MOST_ONCE = "at_most_once", _("at most once")
    AT_LEAST_ONCE = "at_least_once", _("at least once")


class MailState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    UNCERTAIN = "uncertain", _("uncertain")
    LEFT_OUT = "left_out", _("left out")  # not needed any more, or told in the digest


class Mail(TenantModel):
    """A letter as it will be sent. The queue of ``notifications.send_due_mail``.

    An ``ordinary`` one takes the person's day: ``ordinary_on`` is the day on their clock on which it went, and
    there is one such letter a day.
    """

    system = True

    person = PersonKey()
    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    calendars = models.JSONField(_("messages to calendars"), default=list, blank=True)  # texts, RFC 5546
    message_id = models.CharField(_("Message-ID"), max_length=200)
    stop_href = models.CharField(_("address that stops this kind"), max_length=600, blank=True)
    mode = models.CharField(_("sent"), max_length=14, choices=MailMode.choices)
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.WAITING)
    ordinary = models.BooleanField(_("ordinary"), default=False)
    ordinary_on = models.DateField(_("day it has taken"), null=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["environment", "key"], name="mail_once"),
            models.UniqueConstraint(
                fields=["environment", "person", "ordinary_on"],
                condition=models.Q(ordinary_on__isnull=False),
                name="mail_one_ordinary_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent") ^ models.Q(sent_at=None), name="mail_sent_at_follows_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="claimed") | models.Q(claimed_at__isnull=False), name="mail_claimed_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="mail_due"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="claimed"), name="mail_claimed"),
            models.Index(fields=["environment", "created_at"], name="mail_to_prune"),
        ]

    def __str__(self) -> str:
        return self.subject
