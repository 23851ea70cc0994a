from collections.abc import Iterable

from django.contrib import admin

from ecosystem.admin_filters import WordFilter
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.rules import is_author, may
from ecosystem.spans import RESULTS
from memotrainer.fsrs import AGAIN, EASY
from memotrainer.models import (
    Card,
    Ease,
    Fit,
    Goal,
    GoalReached,
    Profile,
    QuestionReport,
    Review,
    Trainer,
    Training,
    Withdrawal,
)


class MemoryAdmin(ReadOnlyAdmin):
    """What single people remember. For whoever may see everybody's results."""

    rule = staticmethod(may(*RESULTS))


@admin.register(Card)
class CardAdmin(MemoryAdmin):
    list_display = ("question", "person", "due_at", "stability", "difficulty", "reviews", "lapses", "suspended_at")
    list_select_related = ("question", "person")
    list_filter = ("suspended_at",)
    ordering = ("due_at",)


class RatingFilter(WordFilter):
    """By what a rating can be: Django would read all answers for what it is."""

    title, parameter_name = Review._meta.get_field("rating").verbose_name, "rating"

    def words(self) -> Iterable[tuple[str, str]]:
        return [(str(rating), str(rating)) for rating in range(AGAIN, EASY + 1)]


@admin.register(Review)
class ReviewAdmin(MemoryAdmin):
    list_display = ("question", "person", "rating", "fraction", "kind", "foretold", "elapsed_days", "answered_at")
    list_select_related = ("question", "person")
    list_filter = ("kind", RatingFilter)
    ordering = ("-answered_at",)


@admin.register(Withdrawal)
class WithdrawalAdmin(MemoryAdmin):
    list_display = ("uid", "person", "at")
    list_select_related = ("person",)
    ordering = ("-at",)


@admin.register(Trainer)
class TrainerAdmin(MemoryAdmin):
    list_display = (
        "person",
        "next_reminder_at",
        "reminder_hour",
        "weekdays",
        "reminders_off",
        "paused_until",
        "session_size",
        "ignored",
    )
    list_select_related = ("person",)
    ordering = ("next_reminder_at",)


@admin.register(Profile)
class ProfileAdmin(MemoryAdmin):
    list_display = ("person", "updated_at")
    list_select_related = ("person",)
    ordering = ("-updated_at",)


@admin.register(Ease)
class EaseAdmin(MemoryAdmin):
    list_display = ("question", "answers", "surprise", "weight", "late_answers", "late_surprise")
    list_select_related = ("question",)
    ordering = ("surprise",)


@admin.register(Fit)
class FitAdmin(MemoryAdmin):
    list_display = ("scope", "element", "person", "reviews", "loss_before", "loss_after", "accepted", "fitted_at")
    list_select_related = ("element", "person")
    list_filter = ("scope", "accepted")
    ordering = ("-fitted_at",)


@admin.register(Training)
class TrainingAdmin(MemoryAdmin):
    list_display = ("element", "mode", "desired_retention", "streak_level", "test_on", "minutes_a_day")
    list_select_related = ("element",)
    list_filter = ("mode",)
    ordering = ("element__title",)


@admin.register(QuestionReport)
class QuestionReportAdmin(MemoryAdmin):
    list_display = ("question", "person", "text", "reported_at", "settled_at")
    list_select_related = ("question", "person")
    list_filter = ("settled_at",)
    ordering = ("-reported_at",)


@admin.register(Goal)
class GoalAdmin(ReadOnlyAdmin):
    rule = staticmethod(is_author)
    list_display = ("element", "recall", "days", "coverage")
    list_select_related = ("element",)
    search_fields = ("element__title",)
    ordering = ("-pk",)


@admin.register(GoalReached)
class GoalReachedAdmin(MemoryAdmin):
    list_display = ("element", "person", "recall", "coverage", "reached_at")
    list_select_related = ("element", "person")
    search_fields = ("element__title",)
    ordering = ("-reached_at",)
