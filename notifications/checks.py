"""What would otherwise be noticed only when nobody gets a push."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from notifications.webpush import KeyFormatError, private_key


@register()
def push_key_can_be_read(**_kwargs: Any) -> list[Error]:
    """GROVE_VAPID_KEY is empty (no push) or a key."""
    if not settings.VAPID_KEY:
        return []
    try:
        private_key(settings.VAPID_KEY)
    except KeyFormatError as error:
        hint = "python manage.py make_push_key makes one."
        return [Error(f"GROVE_VAPID_KEY cannot be read: {error}", hint=hint, id="notifications.E001")]
    return []
