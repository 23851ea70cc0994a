"""What the API adds to the site."""

from django.utils.translation import gettext_lazy as _

from api.services.posting import KIND as WEBHOOK
from ecosystem.addresses import address
from ecosystem.registry import RolePage, audit_acts, role_pages
from ecosystem.rules import is_member
from notifications.registry import Group, NoticeKind, Urgency, notice_kinds

role_pages.register("api", RolePage(_("API and webhooks"), lambda: address("developers:tokens"), is_member))

for _act, _words in {
    "token.created": _("Token made"),
    "token.revoked": _("Token revoked"),
    "application.created": _("Application registered"),
    "application.left": _("Access of an application taken back"),
    "application.deleted": _("Application removed"),
    "webhook.created": _("Webhook added"),
    "webhook.updated": _("Webhook changed"),
    "webhook.deleted": _("Webhook removed"),
    "webhook.disabled": _("Webhook switched off after failures"),
    "webhook.secret_rotated": _("Secret of a webhook renewed"),
    "webhook.pinged": _("Webhook tried out"),
    "webhook.replayed": _("Messages of a webhook sent again"),
}.items():
    audit_acts.register(_act, _words)
notice_kinds.register(
    WEBHOOK,
    NoticeKind(
        WEBHOOK,
        _("Webhooks"),
        _("webhooks"),
        _("You get this because you are an administrator here."),
        group=Group.ACCOUNT,
        urgency=Urgency.NOW,
        fixed=_("Without it nobody would know that nothing is sent any more."),
        chosen=False,
        icon="plug",
    ),
)
