from django.contrib import admin

from ecosystem.admin_site import ReadOnlyAdmin
from notifications.models import Mail


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """What was sent, and what an operator should look at: failed and uncertain letters."""

    list_display = ("subject", "person", "kind", "mode", "state", "due_at", "sent_at", "attempts")
    list_filter = ("state", "mode", "kind")
    list_select_related = ("person",)
    ordering = ("-due_at",)
    fields = (
        "person",
        "kind",
        "subject",
        "text",
        "message_id",
        "mode",
        "state",
        "due_at",
        "claimed_at",
        "sent_at",
        "attempts",
        "error",
    )
