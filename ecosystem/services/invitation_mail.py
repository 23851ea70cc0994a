"""The letters of invitations. An invitation that is due is the queue; a worker that stops leaves it due again."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from ecosystem.languages import speaking
from ecosystem.models import Environment, Invitation, InvitationState
from ecosystem.post import Letter, letter_post, reply_code
from ecosystem.scope import open_scope, system_rows

logger = logging.getLogger(__name__)

BATCH = 500
MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=2)


def invitations_send_due() -> int:
    """Send what is due in all environments; returns how many went. One bad letter stops no other."""
    with system_rows():
        due = list(
            Invitation.objects.filter(mail_due_at__lte=timezone.now())
            .order_by("mail_due_at")
            .values_list("environment_id", "pk")[:BATCH]
        )
    return sum(invitation_send(environment_id=environment_id, invitation_id=pk) for environment_id, pk in due)


def invitation_send(*, environment_id: int, invitation_id: int) -> bool:
    """Send one letter. At least once: it is due again, later, until the mail server has taken it.

    After six attempts, or when the server knows no such address, it is given up and stays unsent on the page of invitations.
    """
    claimed = _claim(environment_id=environment_id, invitation_id=invitation_id)
    if claimed is None:
        return False
    try:
        _post(claimed)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("invitation %s: %s", invitation_id, type(error).__name__)
        if isinstance(error, smtplib.SMTPRecipientsRefused) and reply_code(error) >= 500:
            with open_scope(environment_id=environment_id):  # nobody has this address: whoever invited sees it at once
                Invitation.objects.filter(pk=invitation_id, nonce=claimed.nonce).update(mail_due_at=None)
        return False
    with open_scope(environment_id=environment_id):
        # A link that was made anew in the meantime has its own letter to come.
        Invitation.objects.filter(pk=invitation_id, nonce=claimed.nonce).update(
            mailed_at=timezone.now(), mail_due_at=None
        )
    return True


def _claim(*, environment_id: int, invitation_id: int) -> Invitation | None:
    """Take it for the next two minutes (then six, ...): the commit is before the letter goes."""
    now = timezone.now()
    with open_scope(environment_id=environment_id):
        row = (
            Invitation.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("environment", "invited_by")
            .filter(pk=invitation_id, mail_due_at__lte=now, state=InvitationState.OPEN, expires_at__gt=now)
            .first()
        )
        if row is None:
            Invitation.objects.filter(pk=invitation_id, expires_at__lte=now).update(mail_due_at=None)
            return None
        row.mail_attempts += 1
        last = row.mail_attempts >= MOST_ATTEMPTS
        row.mail_due_at = None if last else now + FIRST_WAIT * 3 ** (row.mail_attempts - 1)
        row.save(update_fields=["mail_attempts", "mail_due_at"])
        return row


def _post(row: Invitation) -> None:
    environment: Environment = row.environment
    with speaking(environment.language, environment=environment), timezone.override(environment.time_zone):
        inviter = row.invited_by.name if row.invited_by else environment.name
        day = formats.date_format(timezone.localtime(row.expires_at), "j F Y")
        letter = Letter(
            subject=_("You are invited to %(name)s") % {"name": environment.name},
            body=_("%(who)s invites you to learn on %(name)s.") % {"who": inviter, "name": environment.name}
            + "\n\n"
            + _("The link works until %(day)s and only for you. Please do not pass it on.") % {"day": day},
            action_path=reverse("invitation", args=[row.token]),
            action_label=_("Accept the invitation"),
            why=_("You get this because somebody wrote down your address. If it is a mistake, do nothing."),
        )
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
        letter_post(letter, environment=environment, to=row.email, message_id=f"<{row.nonce}@{host}>")
