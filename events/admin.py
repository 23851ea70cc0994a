"""Seats in the admin: looked at by who organises events; given and ended by the services on the pages and over the API."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ecosystem.admin_search import FoundByPerson
from ecosystem.admin_site import ReadOnlyAdmin
from events.access import may_organise
from events.models import Event, Seat, Session


class OfEvent:
    """The event by its title: in lists, and with a link on the page of a row."""

    @admin.display(description=_("event"), ordering="event__element__title")
    def event_name(self, row: Session | Seat) -> str:
        return str(row.event.element)

    @admin.display(description=_("event"))
    def event_title(self, row: Session | Seat) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:events_event_change", args=[row.event_id]), row.event.element
        )


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    rule = staticmethod(may_organise)
    named_by = ("element",)
    list_display = ("element", "capacity", "taken", "cancelled_at")
    list_select_related = ("element",)
    search_fields = ("element__title",)
    ordering = ("-pk",)
    exclude = ("environment",)


@admin.register(Session)
class SessionAdmin(OfEvent, ReadOnlyAdmin):
    rule = staticmethod(may_organise)
    named_by = ("event_name", "starts_at")
    list_display = ("starts_at", "ends_at", "event_name", "place", "room", "trainer")
    list_select_related = ("trainer", "event__element")
    search_fields = ("place", "room", "trainer__name")
    ordering = ("-starts_at", "-pk")
    exclude = ("environment", "event")
    readonly_fields = ("event_title",)


@admin.register(Seat)
class SeatAdmin(OfEvent, FoundByPerson, ReadOnlyAdmin):
    rule = staticmethod(may_organise)
    list_display = ("person", "event_name", "state", "asked_at")
    list_select_related = ("person", "event__element")
    list_filter = ("state",)
    search_fields = ("person__name", "person__email")
    ordering = ("-pk",)
    exclude = ("environment", "event")
    readonly_fields = ("event_title",)
