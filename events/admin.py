"""Seats in the admin: looked at by who organises events; given and ended by the services on the pages and over the API."""

from django.contrib import admin

from ecosystem.admin_search import FoundByPerson
from ecosystem.admin_site import ReadOnlyAdmin
from events.access import may_organise
from events.models import Event, Seat, Session


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    rule = staticmethod(may_organise)
    list_display = ("element", "capacity", "taken", "cancelled_at")
    list_select_related = ("element",)
    search_fields = ("element__title",)
    ordering = ("-pk",)
    exclude = ("environment",)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    rule = staticmethod(may_organise)
    list_display = ("starts_at", "ends_at", "place", "room", "trainer")
    list_select_related = ("trainer", "event")
    search_fields = ("place", "room", "trainer__name")
    ordering = ("-starts_at", "-pk")
    exclude = ("environment",)


@admin.register(Seat)
class SeatAdmin(FoundByPerson, ReadOnlyAdmin):
    rule = staticmethod(may_organise)
    list_display = ("person", "event", "state", "asked_at")
    list_select_related = ("person", "event")
    list_filter = ("state",)
    search_fields = ("person__name", "person__email")
    ordering = ("-pk",)
    exclude = ("environment",)
