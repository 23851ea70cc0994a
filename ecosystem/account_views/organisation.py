"""The way to the organisation and back, and the page on which an administrator sets it up."""

import logging
from typing import Any

from allauth.core.internal import ratelimit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from ecosystem.access import requires
from ecosystem.account_views import saml
from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import address_of
from ecosystem.models import IdentityProvider
from ecosystem.navigation import own_path, sign_in_again
from ecosystem.organisation import CheckedTokens, provider_id_of
from ecosystem.people_forms import IdentityProviderForm
from ecosystem.people_views.reading import actor, row_or_404
from ecosystem.proof import proof_required
from ecosystem.rules import anyone, is_admin
from ecosystem.saml import places_of
from ecosystem.services.identity_providers import (
    identity_provider_remove,
    identity_provider_save,
    identity_provider_test,
)

logger = logging.getLogger(__name__)


@requires(anyone)
@never_cache
@require_safe
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    # Anybody can make us ask the provider, with a GET, which the public function does not count.
    if not ratelimit.consume(request, app="allauth.account", action="organisation", limit_get=True):
        messages.error(request, _("Too many tries. Wait a minute."))
        return sign_in_again(own_path(request, default=""))
    if provider_id.startswith(f"{IdentityProvider.Protocol.SAML}-"):
        return saml.go(request, provider_id)
    return _by_allauth(OAuth2LoginView, request, provider_id)


@requires(anyone)
@never_cache
@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _by_allauth(OAuth2CallbackView, request, provider_id)


def _by_allauth(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(CheckedTokens(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (
        OAuth2Error,
        RequestException,
        LookupError,
        ValueError,
    ) as error:  # the provider is away, or speaks nonsense
        logger.warning("a sign-in by OpenID Connect came to nothing: %s", type(error).__name__)
        messages.error(request, _("That did not work. Please try again, or sign in another way."))
        return sign_in_again(own_path(request, default=""))
    return answer


@requires(is_admin)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    rows = IdentityProvider.objects.order_by("name")
    return render(request, "ecosystem/people/providers.html", {"rows": rows})


@requires(is_admin)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proof_required
def provider(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make one or change it; the button says whether to save, test or remove."""
    row = row_or_404(IdentityProvider.objects.all(), pk) if pk is not None else None
    form = IdentityProviderForm(request.POST or None, row=row)
    if request.method == "POST":
        try:
            answer = _act(request, row, form)
        except EcosystemError as refusal:
            messages.error(request, str(refusal))
            # To test or remove sends none of the fields: the page begins anew, not as a form that was left empty.
            answer = redirect("people:provider", row.pk) if row and {"test", "remove"} & request.POST.keys() else None
        if answer is not None:
            return answer
    return render(request, "ecosystem/people/provider.html", {"form": form, "row": row, "ours": _ours(request, row)})


def _ours(request: HttpRequest, row: IdentityProvider | None) -> list[tuple[str, str]]:
    """What the organisation enters on its side: (what, address)."""
    if row is None:
        return []
    base, provider_id = address_of(request.environment), provider_id_of(row)  # type: ignore[attr-defined]
    if row.protocol == IdentityProvider.Protocol.SAML:
        places = places_of(provider_id, base=base)
        return [(_("Entity id, and our metadata"), places["entity_id"]), (_("Where answers go"), places["answer_to"])]
    return [(_("The address to come back to"), base + reverse("openid_connect_callback", args=[provider_id]))]


def _tested(row: IdentityProvider) -> str:
    """What is known after a test: of a SAML server only that its certificate can be used."""
    if row.protocol == IdentityProvider.Protocol.SAML:
        return _("The certificate can be used. Your provider answers browsers only, so try it in a private window.")
    return _("The connection works.")


def _act(request: HttpRequest, row: IdentityProvider | None, form: IdentityProviderForm) -> HttpResponse | None:
    by = actor(request)
    if row is not None and "remove" in request.POST:
        identity_provider_remove(provider=row, by=by)
        messages.success(request, _("Removed. Nobody can sign in with it any more."))
        return redirect("people:providers")
    if row is not None and "test" in request.POST:
        identity_provider_test(provider=row, by=by)
        messages.success(request, _tested(row))
        return redirect("people:provider", row.pk)
    if not form.is_valid():
        return None
    saved = identity_provider_save(by=by, provider=row, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("people:provider", saved.pk)
