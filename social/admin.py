"""Discussions in the admin: looked at by who marks all work here; written by the services on the pages and over the API."""

from django.contrib import admin

from ecosystem.admin_search import FoundByPerson
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.rules import is_author, is_instructor
from social.models import Discussion, Post


@admin.register(Discussion)
class DiscussionAdmin(ReadOnlyAdmin):
    rule = staticmethod(is_author)
    named_by = ("element",)
    list_display = ("element", "threads_asked", "replies_asked", "posts_first")
    list_select_related = ("element",)
    search_fields = ("element__title",)
    ordering = ("-pk",)
    exclude = ("environment",)


@admin.register(Post)
class PostAdmin(FoundByPerson, ReadOnlyAdmin):
    rule = staticmethod(is_instructor)
    list_display = ("person", "element", "is_opening", "posted_at", "withdrawn_at", "hidden_at")
    list_select_related = ("person", "element")
    list_filter = ("is_opening",)
    search_fields = ("person__name", "person__email")
    ordering = ("-pk",)
    exclude = ("environment", "thread")
    named_by = ("person", "element", "posted_at")
