"""What notices and letters know about people."""

from django.utils.translation import gettext_lazy as _

from ecosystem.personal_data import OnErase, declare
from notifications.models import Mail, MailStop, Notice

AS_MEMBER = _("while somebody is a member, and until they are erased")

declare(
    Notice, "person", "title", "body", purpose=_("to tell people things"), retention=AS_MEMBER, on_erase=OnErase.DELETE
)
declare(
    Mail,
    "person", "subject", "text", "html",
    purpose=_("to write letters"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
    hidden=("html", "message_id", "stop_href"),
)  # fmt: skip
declare(
    MailStop,
    "person",
    purpose=_("to remember which letters somebody does not want"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)
