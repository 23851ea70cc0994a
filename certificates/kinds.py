"""What certificates add to the site."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ecosystem.registry import RolePage, role_pages
from ecosystem.rules import is_member
from notifications.registry import NoticeKind, Urgency, notice_kinds

role_pages.register("certificates", RolePage(_("My certificates"), lambda: reverse("certificates:mine"), is_member))
notice_kinds.register(
    "certificate",
    NoticeKind(
        "certificate",
        _("Certificates"),
        _("your certificates"),
        _("You get this because you have earned a certificate."),
        urgency=Urgency.NOW,
        fixed=_("It is your proof, so it always comes by mail too."),
        icon="award",
    ),
)
