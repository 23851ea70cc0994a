"""What admin pages share that write through services: people of this environment, and refusals as messages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ecosystem.admin_selects import NAMED_BY, NamedChoice
from ecosystem.admin_site import ScopedAdmin
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership, Person


class ServiceAdmin(ScopedAdmin):
    """Saving calls a service; what the service refuses is said on the same page and nothing is saved."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except EcosystemError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """People are not rows of an environment: offer (and accept) only those who are members here."""
        if db_field.remote_field.model in NAMED_BY:
            kwargs["form_class"] = NamedChoice
        if db_field.remote_field.model is Person:
            members = Membership.objects.filter(ended_at=None).values("person_id")
            kwargs["queryset"] = Person.objects.filter(pk__in=members).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)
