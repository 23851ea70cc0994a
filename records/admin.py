from collections.abc import Iterable

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ecosystem.admin_filters import WordFilter
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.models import Membership
from ecosystem.rules import may_see_results
from ecosystem.spans import RESULTS, span_of
from records.exceptions import DeliveryError
from records.models import Delivery, Fact, Statement
from records.services.delivering import delivery_retry
from records.verbs import VERBS


class VerbFilter(WordFilter):
    title, parameter_name = _("verb"), "verb"

    def words(self) -> Iterable[tuple[str, Promise]]:
        return VERBS.items()


class ResultsAdmin(ReadOnlyAdmin):
    """What people did. For whoever may see results: of the courses and groups that they have."""

    rule = staticmethod(may_see_results)
    list_filter = (VerbFilter,)
    named_by = ("person", "verb_words", "element")
    exclude = ("environment", "verb")
    readonly_fields = ("verb_words",)

    @admin.display(description=_("verb"), ordering="verb")
    def verb_words(self, row: Statement | Fact) -> str:
        return str(VERBS.get(row.verb, row.verb))

    def within(self, membership: Membership) -> Q:
        return span_of(membership, *RESULTS).of_work()


@admin.register(Statement)
class StatementAdmin(ResultsAdmin):
    export_columns = ("stored_at", "person", "verb", "element")
    list_display = ("stored_at", "person", "verb_words", "element")
    list_select_related = ("person", "element")
    search_fields = ("person__name", "person__email", "element__title")
    ordering = ("-stored_at", "-id")


@admin.register(Fact)
class FactAdmin(ResultsAdmin):
    export_columns = ("last_at", "person", "verb", "element", "times", "best")
    list_display = ("last_at", "person", "verb_words", "element", "times", "best")
    list_select_related = ("person", "element")
    search_fields = ("person__name", "person__email", "element__title")
    ordering = ("-last_at", "-pk")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    named_by = ("reaction", "state")
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
