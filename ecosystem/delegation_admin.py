"""Delegations in the admin: looked at by whoever may give, ended by the service."""

from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Delegation, Membership, Power
from ecosystem.proof import is_proven
from ecosystem.rules import may_give
from ecosystem.selectors import delegations_over
from ecosystem.services.delegations import delegation_revoke
from ecosystem.spans import span_of


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    """Who was given what, until when. Given on the site's own pages, where the sentence is read first."""

    rule = staticmethod(may_give)
    list_display = ("person", "power_words", "reach", "element", "group", "ends_at", "grantor_name", "revoked_at")
    list_filter = ("reach", "ends_at", "revoked_at")
    search_fields = ("person__name", "person__email", "grantor_name")
    ordering = ("ends_at",)
    list_select_related = ("person", "element", "group")
    exclude = ("environment", "basis", "basis_environment", "remind_at", "grantor_id", "revoker_id", "home", "powers")
    readonly_fields = ("power_words",)
    actions = ("take_back",)

    def within(self, membership: Membership) -> Q:
        return delegations_over(span_of(membership, Power.DELEGATE))

    @admin.display(description=_("powers"))
    def power_words(self, row: Delegation) -> str:
        return row.power_words

    @admin.action(description=_("Take back, with everything that was given on from it"))
    def take_back(self, request: HttpRequest, queryset: Any) -> None:
        if not is_proven(request):
            raise ReauthenticationRequired
        for row in queryset:
            try:
                delegation_revoke(delegation=row, by=request.membership)  # type: ignore[attr-defined]
            except EcosystemError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
