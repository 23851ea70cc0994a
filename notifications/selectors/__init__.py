from notifications.selectors.failing import failing_todos
from notifications.selectors.notices import (
    NoticePage,
    kinds_of,
    notice_page,
    unread_count,
    words_for,
)
from notifications.selectors.preferences import (
    KindChoice,
    channels_wanted,
    choices_by_group,
    devices_of,
    kind_is_stoppable,
    mail_is_stopped,
    preference_of,
    rhythm_of,
    zone_of,
)
from notifications.selectors.stopping import Stop, stop_of_token, stop_path

__all__ = [
    "KindChoice",
    "NoticePage",
    "Stop",
    "channels_wanted",
    "choices_by_group",
    "devices_of",
    "failing_todos",
    "kind_is_stoppable",
    "kinds_of",
    "mail_is_stopped",
    "notice_page",
    "preference_of",
    "rhythm_of",
    "stop_of_token",
    "stop_path",
    "unread_count",
    "words_for",
    "zone_of",
]
