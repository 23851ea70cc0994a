"""What notices and letters know about people."""

from django.utils.translation import gettext_lazy as _

from ecosystem.personal_data import OnErase, declare, no_personal_data
from notifications.models import ChannelChoice, Mail, Notice, Preference, Push, PushDevice

AS_MEMBER = _("while somebody is a member, and until they are erased")

declare(
    Notice, "person", "title", "body", purpose=_("to tell people things"), retention=AS_MEMBER, on_erase=OnErase.DELETE
)
declare(
    Mail,
    "person", "subject", "text", "html", "calendars",
    purpose=_("to write letters"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
    hidden=("html", "calendars", "message_id", "stop_href"),
)  # fmt: skip
declare(
    ChannelChoice,
    "person",
    purpose=_("to tell people things the way they want"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)
declare(
    Preference,
    "person", "quiet_from", "quiet_until", "time_zone",
    purpose=_("to tell people things when they want"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    PushDevice,
    "person", "endpoint", "label",
    purpose=_("to reach the devices somebody has allowed"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
    hidden=("endpoint", "p256dh", "auth"),
)  # fmt: skip
no_personal_data(Push, "which notice goes to which device; goes with either")
