from notifications.models.mail import Mail, MailMode, MailState
from notifications.models.notices import Notice
from notifications.models.preferences import Channel, ChannelChoice, DigestRhythm, Preference
from notifications.models.push import Push, PushDevice, PushState

__all__ = [
    "Channel",
    "ChannelChoice",
    "DigestRhythm",
    "Mail",
    "MailMode",
    "MailState",
    "Notice",
    "Preference",
    "Push",
    "PushDevice",
    "PushState",
]
