from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ecosystem.admin_site import ReadOnlyAdmin
from records.exceptions import DeliveryError
from records.models import Delivery, Fact, Statement
from records.services.delivering import delivery_retry


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = ("stored_at", "person", "verb", "element")
    list_select_related = ("person", "element")
    list_filter = ("verb",)
    search_fields = ("person__name", "person__email", "element__title")
    ordering = ("-stored_at", "-id")


@admin.register(Fact)
class FactAdmin(ReadOnlyAdmin):
    list_display = ("last_at", "person", "verb", "element", "times", "best")
    list_select_related = ("person", "element")
    list_filter = ("verb",)
    search_fields = ("person__name", "person__email", "element__title")
    ordering = ("-last_at", "-pk")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("due_at", "reaction", "state", "attempts", "error")
    list_filter = ("state", "reaction")
    search_fields = ("reaction", "error")
    ordering = ("-due_at", "-pk")
    actions = ("try_again",)

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        tried = 0
        for delivery in chosen:
            try:
                delivery_retry(delivery=delivery)
                tried += 1
            except DeliveryError as refusal:
                self.message_user(request, f"{delivery}: {refusal}", messages.WARNING)
        if tried:
            text = ngettext("%(n)s delivery is tried again.", "%(n)s deliveries are tried again.", tried)
            self.message_user(request, text % {"n": tried}, messages.SUCCESS)
