"""The kinds that belong to no other app, and the badge on the bell."""

from django.utils.translation import gettext_lazy as _

from ecosystem.context import unread_badge
from ecosystem.post import letters, tellers
from ecosystem.registry import audit_acts, todos
from notifications.enums import ACCOUNT, DIGEST
from notifications.models import Channel
from notifications.registry import Group, NoticeKind, Urgency, notice_kinds
from notifications.selectors import failing_todos, unread_count
from notifications.services.delegations import KIND as DELEGATION
from notifications.services.erasures import KIND as ERASURE
from notifications.services.erasures import erasure_tell
from notifications.services.letters import invitation_render

todos.register("letters", failing_todos)
unread_badge["count"] = unread_count
letters["render"] = invitation_render
tellers["erasure.asked"] = erasure_tell
notice_kinds.register(
    ACCOUNT,
    NoticeKind(
        ACCOUNT,
        _("Sign-in and security"),
        _("your account"),
        _("You get this because it is about your account."),
        group=Group.ACCOUNT,
        urgency=Urgency.NOW,
        fixed=_("Without it you could not get back in, and nobody could warn you."),
        icon="shield-check",
    ),
)
notice_kinds.register(
    DIGEST,
    NoticeKind(
        DIGEST,
        _("Digest"),
        _("what is new for you"),
        _("You get this because something new was waiting for you."),
        group=Group.NEWS,
        channels=frozenset({Channel.MAIL}),
        offers=frozenset({Channel.MAIL}),
        icon="inbox",
        settings_href="/notices/preferences/",
    ),
)
notice_kinds.register(
    DELEGATION,
    NoticeKind(
        DELEGATION,
        _("Powers that were given"),
        _("powers that were given"),
        _(
            "You get this because you hold powers here that somebody gave you, or because you look after those of others."
        ),
        group=Group.ACCOUNT,
        urgency=Urgency.NOW,
        fixed=_("Without it powers would end or go on without anybody knowing."),
        chosen=False,
        icon="key-round",
    ),
)
notice_kinds.register(
    ERASURE,
    NoticeKind(
        ERASURE,
        _("Erasure of data"),
        _("the erasure of data"),
        _("You get this because you are an administrator here."),
        group=Group.ACCOUNT,
        urgency=Urgency.NOW,
        fixed=_("The law gives you a month, and nobody looks by chance."),
        chosen=False,
        icon="shield-check",
    ),
)
audit_acts.register("mail.sent_again", _("Letter sent again"))
audit_acts.register("mail.considered_sent", _("Letter considered sent"))
