from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from assessments.models import Assessment, Attempt, Objective, Question, QuestionVersion
from ecosystem.admin_search import FoundByPerson
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.models import Membership
from ecosystem.rules import may_see_results
from ecosystem.spans import RESULTS, span_of


class NewestVersions(admin.TabularInline):
    model = QuestionVersion
    fields = readonly_fields = ("number", "type", "stem", "points", "created_at")
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
    list_display = ("identifier", "name", "element", "objective", "retired_at")
    list_select_related = ("element", "objective")
    list_filter = ("element",)
    search_fields = ("identifier", "name", "category")
    inlines = [NewestVersions]


@admin.register(Objective)
class ObjectiveAdmin(ReadOnlyAdmin):
    list_display = ("text", "slug", "element")
    list_select_related = ("element",)
    search_fields = ("text", "slug")


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ("element", "pass_mark", "attempts_allowed", "shuffle_questions", "shuffle_choices")
    list_select_related = ("element",)
    search_fields = ("element__title",)


@admin.register(Attempt)
class AttemptAdmin(FoundByPerson, ReadOnlyAdmin):
    """Tries at quizzes. For whoever may see results: of the courses and groups that they have."""

    rule = staticmethod(may_see_results)
    list_display = ("person", "element", "number", "started_at", "finished_at", "score", "passed")
    list_select_related = ("person", "element")
    list_filter = ("passed",)
    search_fields = ("person__name", "person__email", "element__title")
    by_element = True
    date_hierarchy = "started_at"

    def within(self, membership: Membership) -> Q:
        return span_of(membership, *RESULTS).of_work()
