"""Hand-ins in the admin: looked at by who marks all work here; written by the services on the pages and over the API.

What is marked without names stands there once it is released."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ecosystem.admin_search import FoundByPerson
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_author, is_instructor
from handins.anonymity import hidden_submissions, is_hidden_from
from handins.models import Assignment, Round, Submission


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    rule = staticmethod(is_author)
    named_by = ("element",)
    list_display = ("element", "due_at", "closes_at", "most_rounds")
    list_select_related = ("element",)
    search_fields = ("element__title",)
    ordering = ("-pk",)
    exclude = ("environment", "moderation_seed")


@admin.register(Submission)
class SubmissionAdmin(FoundByPerson, ReadOnlyAdmin):
    rule = staticmethod(is_instructor)
    list_display = ("person", "element", "score", "passed")
    list_select_related = ("person", "element")
    list_filter = ("passed",)
    search_fields = ("person__name", "person__email")
    ordering = ("-pk",)
    exclude = ("environment", "pseudonym", "assignment")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        hidden = hidden_submissions(actor(request)).values("pk")
        return super().get_queryset(request).exclude(pk__in=hidden)


@admin.register(Round)
class RoundAdmin(FoundByPerson, ReadOnlyAdmin):
    rule = staticmethod(is_instructor)
    list_display = ("person", "element", "number", "state", "submitted_at")
    list_select_related = ("person", "element")
    list_filter = ("state",)
    search_fields = ("person__name", "person__email")
    ordering = ("-pk",)
    exclude = ("environment", "text", "submission")
    named_by = ("person", "element", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round]:
        return super().get_queryset(request).exclude(is_hidden_from(actor(request).person_id))
