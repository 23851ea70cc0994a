from django.contrib import admin

from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.rules import may
from ecosystem.spans import RESULTS
from memotrainer.models import Card, Review, Trainer


class MemoryAdmin(ReadOnlyAdmin):
    """What single people remember. For whoever may see everybody's results."""

    rule = staticmethod(may(*RESULTS))


@admin.register(Card)
class CardAdmin(MemoryAdmin):
    list_display = ("question", "person", "due_at", "stability", "difficulty", "reviews", "lapses", "suspended_at")
    list_select_related = ("question", "person")
    list_filter = ("suspended_at",)
    ordering = ("due_at",)


@admin.register(Review)
class ReviewAdmin(MemoryAdmin):
    list_display = ("card", "person", "rating", "fraction", "kind", "elapsed_days", "answered_at", "received_at")
    list_select_related = ("card", "person")
    list_filter = ("kind", "rating")
    ordering = ("-answered_at",)


@admin.register(Trainer)
class TrainerAdmin(MemoryAdmin):
    list_display = (
        "person",
        "next_reminder_at",
        "reminder_hour",
        "weekdays",
        "reminders_off",
        "session_size",
        "ignored",
    )
    list_select_related = ("person",)
    ordering = ("next_reminder_at",)
