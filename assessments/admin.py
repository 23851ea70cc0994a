from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assessments.models import (
    Assessment,
    Attempt,
    BankImport,
    ItemFigures,
    Objective,
    Override,
    Question,
    QuestionVersion,
    Result,
)
from ecosystem.admin_search import FoundByPerson
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.models import Element, Membership
from ecosystem.rules import is_admin, may_see_results
from ecosystem.spans import RESULTS, span_of


class NewestVersions(admin.StackedInline):
    model = QuestionVersion
    readonly_fields = ("number", "type", "points", "created_at", "stem")
    fields = (readonly_fields[:-1], "stem")
    ordering = ("-number",)
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return QuestionAdmin.rule(request.membership)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ("identifier", "name", "element", "type", "objective", "difficulty", "review_on", "retired_at")
    list_select_related = ("element", "objective")
    list_filter = (
        ("element", admin.RelatedOnlyFieldListFilter),
        "type",
        "difficulty",
        ("retired_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("identifier", "name", "category")
    inlines = [NewestVersions]


@admin.register(Objective)
class ObjectiveAdmin(ReadOnlyAdmin):
    named_by = ("text",)
    list_display = ("text", "slug", "element")
    list_select_related = ("element",)
    search_fields = ("text", "slug")


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    named_by = ("element",)
    exclude = ("environment", "password_hash")
    list_display = ("element", "pass_mark", "attempts_allowed", "shuffle_questions", "shuffle_choices")
    list_select_related = ("element",)
    search_fields = ("element__title",)

    def noted_on(self, row: Assessment) -> Element:
        return row.element


@admin.register(Attempt)
class AttemptAdmin(FoundByPerson, ReadOnlyAdmin):
    """Tries at quizzes. For whoever may see results: of the courses and groups that they have."""

    rule = staticmethod(may_see_results)
    named_by = ("person", "element", "number")
    list_display = ("person", "element", "number", "started_at", "finished_at", "score", "passed")
    list_select_related = ("person", "element")
    list_filter = ("passed",)
    search_fields = ("person__name", "person__email", "element__title")
    by_element = True
    date_hierarchy = "started_at"

    def within(self, membership: Membership) -> Q:
        return span_of(membership, *RESULTS).of_work()


@admin.register(Result)
class ResultAdmin(FoundByPerson, ReadOnlyAdmin):
    """How the score of a try came about, step by step. For whoever may see results."""

    rule = staticmethod(may_see_results)
    named_by = ("person", "quiz", "number")
    list_display = ("person", "quiz", "number", "score", "passed", "waiting", "because", "by", "at")
    list_select_related = ("person", "attempt__element", "by")
    exclude = ("environment", "attempt")
    readonly_fields = ("attempt_of",)
    list_filter = ("passed",)
    search_fields = ("person__name", "person__email")
    date_hierarchy = "at"

    @admin.display(description=_("quiz"), ordering="attempt__element__title")
    def quiz(self, row: Result) -> str:
        return str(row.attempt.element)

    @admin.display(description=_("try"))
    def attempt_of(self, row: Result) -> SafeString:
        said = f"{row.attempt.element} #{row.attempt.number}"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:assessments_attempt_change", args=[row.attempt_id]), said
        )

    def within(self, membership: Membership) -> Q:
        return span_of(membership, *RESULTS).of_work(element="attempt__element_id")


@admin.register(Override)
class OverrideAdmin(FoundByPerson, ReadOnlyAdmin):
    """Who has more time or tries than others, and why. Made and ended on the page of the quiz."""

    rule = staticmethod(may_see_results)
    list_display = (
        "element",
        "person",
        "group",
        "extra_minutes",
        "attempts_allowed",
        "opens_at",
        "closes_at",
        "because",
    )
    list_select_related = ("element", "person", "group")
    search_fields = ("person__name", "person__email", "element__title")
    by_element = True

    def within(self, membership: Membership) -> Q:
        return span_of(membership, *RESULTS).of_work()


@admin.register(BankImport)
class BankImportAdmin(ReadOnlyAdmin):
    """Which files of questions came in, by whom, and what became of them. For administrators; the bank shows its own."""

    rule = staticmethod(is_admin)
    list_display = ("filename", "element", "person", "state", "done", "total", "because", "created_at", "ended_at")
    list_select_related = ("element", "person")
    list_filter = ("state",)
    search_fields = ("filename", "element__title")
    date_hierarchy = "created_at"
    exclude = ("environment", "file")


@admin.register(ItemFigures)
class ItemFiguresAdmin(ReadOnlyAdmin):
    """Questions with what their answers tell: for finding those that are flagged, over all quizzes."""

    named_by = ("question",)
    exclude = ("environment", "analysis")
    list_display = ("question", "bank", "answers", "flags")
    list_select_related = ("question", "bank")
    list_filter = (("bank", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("question__name", "question__text", "flags")
