from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.models import Membership
from ecosystem.rules import may_see_results
from ecosystem.spans import RESULTS, span_of
from records.exceptions import DeliveryError
from records.models import Delivery, Fact, Statement
from records.services.delivering import delivery_retry


class ResultsAdmin(ReadOnlyAdmin):
    """What people did. For whoever may see results: of the courses and groups that they have."""

    rule = staticmethod(may_see_results)

    def within(self, membership: Membership) -> Q:
        return span_of(membership, *RESULTS).of_work()


@admin.register(Statement)
class StatementAdmin(ResultsAdmin):
    list_display = ("stored_at", "person", "verb", "element")
    list_select_related = ("person", "element")
    list_filter = ("verb",)
    search_fields = ("person__name", "person__email", "element__title")
    ordering = ("-stored_at", "-id")


@admin.register(Fact)
class FactAdmin(ResultsAdmin):
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
