"""Enrolments in the admin: looked at by whoever may see them, made and changed over the API."""

from django.contrib import admin
from django.db.models import Q

from courses.models import Enrolment
from ecosystem.admin_search import FoundByPerson
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.models import Membership
from ecosystem.rules import may_see_results
from ecosystem.spans import RESULTS, span_of


@admin.register(Enrolment)
class EnrolmentAdmin(FoundByPerson, ReadOnlyAdmin):
    """Who is in which course, and how far. For whoever may see results: of their courses and groups."""

    rule = staticmethod(may_see_results)
    list_display = ("person", "run", "state", "progress", "enrolled_at", "completed_at")
    list_select_related = ("person", "run", "element")
    list_filter = ("state",)
    search_fields = ("person__name", "person__email", "element__title")
    by_element = True
    ordering = ("-enrolled_at", "-pk")
    exclude = ("environment", "version")

    def within(self, membership: Membership) -> Q:
        return span_of(membership, *RESULTS).of_courses()
