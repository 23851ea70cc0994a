from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantModel


class Notice(TenantModel):
    """Something a person should know, once. ``key`` names the effect: telling it twice is telling it once."""

    person = PersonKey(db_index=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    href = models.CharField(_("address"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("when"))
    seen_at = models.DateTimeField(_("seen at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["environment", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["environment", "person", "-created_at"], name="notice_of_person"),
            models.Index(fields=["environment", "person"], condition=models.Q(seen_at=None), name="notice_unseen"),
        ]

    def __str__(self) -> str:
        return self.title


class MailMode(models.TextChoices):
    AT_MOST_ONCE = "at_most_once", _("at most once")
    AT_LEAST_ONCE = "at_least_once", _("at least once")


class MailState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    UNCERTAIN = "uncertain", _("uncertain")


class Mail(TenantModel):
    """A letter as it will be sent. The queue of ``notifications.send_due_mail``."""

    system = True

    person = PersonKey()
    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    message_id = models.CharField(_("Message-ID"), max_length=200)
    stop_href = models.CharField(_("address that stops this kind"), max_length=600, blank=True)
    mode = models.CharField(_("sent"), max_length=14, choices=MailMode.choices)
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.WAITING)
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
        ]

    def __str__(self) -> str:
        return self.subject


class MailStop(TenantModel):
    """A person wants no more mail of one kind; notices on the site stay."""

    person = PersonKey(db_index=False)
    kind = models.CharField(_("kind"), max_length=40)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("stopped mail")
        verbose_name_plural = _("stopped mails")
        constraints = [models.UniqueConstraint(fields=["environment", "person", "kind"], name="mail_stop_once")]

    def __str__(self) -> str:
        return self.kind
