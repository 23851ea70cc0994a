"""Letters that did not arrive, for whoever looks after them."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem.addresses import address
from ecosystem.models import Membership
from ecosystem.registry import Todo
from ecosystem.rules import is_admin
from notifications.models import Mail, MailState

LOOKED_BACK = timedelta(days=7)
STATES = (MailState.FAILED, MailState.UNCERTAIN)


def failing_todos(membership: Membership) -> list[Todo]:
    """Letters of the last week that the mail server refused, or of which nobody knows; not those to people who left."""
    if not is_admin(membership):
        return []
    since = timezone.now() - LOOKED_BACK
    count = Mail.objects.filter(created_at__gte=since, state__in=STATES, attempts__gt=0).count()
    if not count:
        return []
    return [
        Todo(
            rank=46,
            kind=_("Mail"),
            icon="mail",
            title=ngettext("%(n)s letter may not have arrived", "%(n)s letters may not have arrived", count)
            % {"n": count},
            href=f"{address('admin:notifications_mail_changelist')}?state__in={','.join(STATES)}",
            action=_("Look"),
            why=_("The mail server refused them or did not answer. You can send them again."),
        )
    ]
