"""What certificates add to the site."""

from django.utils.translation import gettext_lazy as _

from certificates.selectors import certificates_earned
from ecosystem.addresses import address
from ecosystem.registry import RolePage, TranscriptSection, audit_acts, role_pages, transcript_sections
from ecosystem.rules import is_member
from notifications.registry import NoticeKind, Urgency, notice_kinds

role_pages.register(
    "certificates", RolePage(_("My certificates"), lambda: address("certificates:mine"), is_member, is_term=True)
)
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
audit_acts.register("certificate.revoked", _("Certificate withdrawn"))
transcript_sections.register("certificates", TranscriptSection(10, _("Certificates"), "award", certificates_earned))
