"""allauth's pages of passkeys, with the options of the ceremony in an attribute: our policy allows no script in a page."""

import json
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy

from ecosystem.exceptions import EcosystemError
from ecosystem.services.ways_in import refuse_last_passkey


class WithOptions:
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if "js_data" in facts:
            facts["passkey_options"] = json.dumps(facts["js_data"], cls=DjangoJSONEncoder)
        return facts


class AddPasskey(AddWebAuthnView):
    """A passkey that signs in by itself."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = super().get_context_data(**kwargs)
        options = begin_registration(self.request.user, passwordless=True)
        return {**facts, "passkey_options": json.dumps({"creation_options": options}, cls=DjangoJSONEncoder)}


class RemovePasskey(RemoveWebAuthnView):
    """Not the one without which its person could not come in any more."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            refuse_last_passkey(passkey=self.get_object(), person=self.request.user)
        except EcosystemError as refusal:
            messages.error(self.request, str(refusal))
            return HttpResponseRedirect(self.success_url)
        return super().form_valid(form)


class SecondFactor(WithOptions, AuthenticateView):
    """Asked after the password or the code."""


class ProvePasskey(WithOptions, ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)  # says what is wrong
        return HttpResponseRedirect(self.passthrough_next_url(reverse("mfa_reauthenticate_webauthn")))
