"""What an operator decides about a letter of which nobody knows whether it went, or which was refused."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.hints import hint
from ecosystem.models import Person
from ecosystem.services.audit import audit
from notifications.exceptions import NotificationsError
from notifications.models import Mail, MailState
from notifications.tasks import send_mail


@transaction.atomic
def mail_send_again(*, mail: Mail, by: Person) -> None:
    """Let an uncertain or failed letter go again at once, with the same Message-ID.

    Refuses any other: it waits already, or went. The rule of one letter a day does not hold it back.
    """
    fresh = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if fresh.state not in {MailState.UNCERTAIN, MailState.FAILED}:
        raise NotificationsError(_("Only uncertain and failed letters can be sent again."))
    before = {"state": fresh.state}
    fresh.state, fresh.attempts, fresh.due_at = MailState.WAITING, 0, timezone.now()
    fresh.ordinary, fresh.ordinary_on = False, None
    fresh.save(update_fields=["state", "attempts", "due_at", "ordinary", "ordinary_on"])
    audit(act="mail.sent_again", by=by, target=fresh, before=before, after={"state": fresh.state})
    hint(send_mail, queue="interactive", environment_id=fresh.environment_id, mail_id=fresh.pk)


@transaction.atomic
def mail_consider_sent(*, mail: Mail, by: Person) -> None:
    """Close an uncertain letter: somebody has found out that it arrived, or it no longer matters. Refuses others."""
    fresh = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if fresh.state != MailState.UNCERTAIN:
        raise NotificationsError(_("Only uncertain letters can be considered sent."))
    before = {"state": fresh.state}
    fresh.state, fresh.sent_at = MailState.SENT, fresh.claimed_at or timezone.now()
    fresh.save(update_fields=["state", "sent_at"])
    audit(act="mail.considered_sent", by=by, target=fresh, before=before, after={"state": fresh.state})
