from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from ecosystem.context import unread_badge  # noqa: PLC0415 -- models are loaded only now
        from ecosystem.post import letters  # noqa: PLC0415
        from notifications.selectors import unread_count  # noqa: PLC0415
        from notifications.services.letters import invitation_render  # noqa: PLC0415

        unread_badge["count"] = unread_count
        letters["render"] = invitation_render
