"""Applications (for administrators), and the page on which somebody lets one in."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from oauth2_provider.views import AuthorizationView, RevokeTokenView, TokenView

from api.exceptions import ApiError
from api.forms import ApplicationForm
from api.models import OAuthApplication
from api.scopes import SCOPES, described
from api.services.applications import application_create, application_delete, application_leave, applications_of
from ecosystem.access import requires
from ecosystem.middleware.headers import POLICY
from ecosystem.proof import proof_required
from ecosystem.rules import anyone, is_admin, is_member


@requires(is_admin)
@never_cache
@proof_required(reading_is_free=True)
def applications(request: HttpRequest) -> HttpResponse:
    """All of them, and a new one: its secret is on the answer to the form and nowhere else."""
    form, made, secret = ApplicationForm(request.POST or None), None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = application_create(by=request.membership, **form.cleaned_data)  # type: ignore[attr-defined]
            form = ApplicationForm()
        except ApiError as refusal:
            form.add_error(None, str(refusal))
    rows = OAuthApplication.objects.select_related("user").order_by("name", "pk")
    context = {"form": form, "made": made, "secret": secret, "applications": rows}
    return render(request, "api/applications.html", context)


@requires(is_admin)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(OAuthApplication.objects.all(), pk=pk)
    application_delete(application=application, by=request.membership)  # type: ignore[attr-defined]
    messages.success(request, _("“%(name)s” is gone, and what people gave it.") % {"name": application.name})
    return redirect("developers:applications")


@requires(is_member)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one gave it."""
    mine = applications_of(person=request.user)  # type: ignore[arg-type]
    application = get_object_or_404(mine, pk=pk)
    application_leave(application=application, by=request.membership)  # type: ignore[attr-defined]
    messages.success(request, _("“%(name)s” no longer acts as you.") % {"name": application.name})
    return redirect("developers:tokens")


@method_decorator(requires(is_member), name="dispatch")
@method_decorator(never_cache, name="dispatch")
@method_decorator(proof_required, name="dispatch")
class Authorize(AuthorizationView):
    """May this application act as you? Asked each time, of somebody who has just shown who they are.

    Looking asks for proof too: a page asked for with ``approval_prompt=auto`` gives a code at once, and browsers do not
    follow the form of the proof to where an application waits.
    """

    template_name = "api/authorize.html"
    rule = staticmethod(is_member)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        words = described()
        wanted = str(context["form"]["scope"].value() or "").split() if "form" in context else []
        return {**context, "wishes": [words[scope] for scope in wanted if scope in words]}

    def form_valid(self, form: Any) -> HttpResponse:
        """The toolkit trusts the hidden field that names the application; it may have gone, or never been there."""
        get_object_or_404(OAuthApplication.objects.all(), client_id=form.cleaned_data["client_id"])
        return super().form_valid(form)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """The browser must be allowed to follow the form to where the application waits, and nowhere else."""
        response = super().render_to_response(context, **response_kwargs)
        parts = urlsplit(str(context.get("redirect_uri") or ""))
        if parts.scheme in {"https", "http"} and parts.netloc and ";" not in parts.netloc:
            origin = f"{parts.scheme}://{parts.netloc}"
            response["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {origin}")
        return response


class GiveToken(TokenView):
    """RFC 6749: a code, a refresh token or the client's own credentials for an access token."""

    rule = staticmethod(anyone)


class RevokeToken(RevokeTokenView):
    """RFC 7009."""

    rule = staticmethod(anyone)


@requires(anyone)
def metadata(request: HttpRequest) -> JsonResponse:
    """RFC 8414: where an application finds what it needs."""
    here = request.build_absolute_uri("/").rstrip("/")
    return JsonResponse(
        {
            "issuer": here,
            "authorization_endpoint": here + reverse("oauth-authorize"),
            "token_endpoint": here + reverse("oauth-token"),
            "revocation_endpoint": here + reverse("oauth-revoke"),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "scopes_supported": list(SCOPES),
        }
    )
