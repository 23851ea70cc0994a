import uuid
from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel
from ecosystem.models.groups import Group
from ecosystem.models.keys import PersonKey, TenantKey
from ecosystem.models.people import Role

VALID_FOR = timedelta(days=14)


class InvitationState(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Invitation(TenantModel):
    """Somebody may become a member by a link in a letter. It is also the queue of that letter.

    The link's token is derived from the secret key, the uid and ``nonce``; only its hash is kept, so a copy of
    the table opens nothing. Sending again changes the nonce: the earlier link stops working.
    """

    system = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, verbose_name=_("roles"))
    group = TenantKey(Group, models.SET_NULL, null=True, blank=True)
    invited_by = PersonKey(null=True)
    person = PersonKey(null=True, db_index=False, verbose_name=_("who accepted"))
    nonce = models.UUIDField(default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=InvitationState.choices, default=InvitationState.OPEN)
    created_at = models.DateTimeField(_("invited at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("accepted or withdrawn at"), null=True)
    mail_due_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="invitation_uid_once"),
            models.UniqueConstraint(fields=["environment", "token_hash"], name="invitation_token_once"),
            models.UniqueConstraint(
                fields=["environment", "email"], condition=models.Q(state="open"), name="invitation_open_once"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=[role.value for role in Role]), name="invitation_roles_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") ^ models.Q(ended_at__isnull=False),
                name="invitation_ended_at_follows_state",
            ),
        ]
        indexes = [
            models.Index(fields=["environment", "state", "-id"], name="invitation_newest"),
            models.Index(fields=["environment", "person"], name="invitation_of_person"),
            models.Index(fields=["mail_due_at"], condition=models.Q(mail_due_at__isnull=False), name="invitation_due"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def token(self) -> str:
        """What stands in the link: 256 bits that nobody without the secret key can make."""
        return salted_hmac("ecosystem.invitation", f"{self.uid}:{self.nonce}", algorithm="sha256").hexdigest()

    @property
    def has_expired(self) -> bool:
        return self.state == InvitationState.OPEN and self.expires_at <= timezone.now()


class PeopleImport(TenantModel):
    """A file between looking at it and confirming it: of people, or of what ``ecosystem.list_kinds`` knows.

    The rows go when it is done.
    """

    kind = models.CharField(_("of what"), max_length=20, default="people")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    by = PersonKey()
    rows = models.JSONField(default=list)
    count = models.PositiveIntegerField(_("lines"))
    created_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    done_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        verbose_name = _("import from a file")
        verbose_name_plural = _("imports from files")
        constraints = [models.UniqueConstraint(fields=["environment", "uid"], name="people_import_uid_once")]
        indexes = [
            models.Index(fields=["environment", "by"], condition=models.Q(done_at=None), name="people_import_open")
        ]

    def __str__(self) -> str:
        return str(self.uid)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.done_at is not None:
            self.rows = []
        super().save(*args, **kwargs)
