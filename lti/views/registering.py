"""Where an administrator registers tools, and reads what their makers want to know of us."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor, row_or_404
from ecosystem.proof import proof_required
from ecosystem.rules import is_admin
from lti.addresses import platform_of
from lti.forms import ToolForm
from lti.models import Tool
from lti.selectors import keys_here, tools_here
from lti.services import keys_rotate, tool_remove, tool_save, tool_test


@requires(is_admin)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "lti/registrations.html", {"rows": tools_here(), "keys": keys_here()})


@requires(is_admin)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proof_required(reading_is_free=True)
def tool(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Register one or change it; the button says whether to save, test or remove."""
    row = row_or_404(tools_here(), pk) if pk is not None else None
    form = ToolForm.of(row, request.POST if request.method == "POST" and not _is_act(request) else None)
    if request.method == "POST":
        try:
            answer = _act(request, row, form)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            if form.is_bound:
                form.add_error(None, str(refusal))
            else:
                messages.error(request, str(refusal))
            answer = None
        if answer is not None:
            return answer
    context = {"form": form, "row": row, "ours": _ours(request, row)}
    return render(request, "lti/registration.html", context, status=400 if form.errors else 200)


@requires(is_admin)
@require_POST
@proof_required
def rotate(request: HttpRequest) -> HttpResponse:
    keys_rotate(by=actor(request))
    messages.success(request, _("A new key signs from now on. The one before is shown for a week."))
    return redirect("lti:registrations")


def _is_act(request: HttpRequest) -> bool:
    return "test" in request.POST or "remove" in request.POST


def _act(request: HttpRequest, row: Tool | None, form: ToolForm) -> HttpResponse | None:
    by = actor(request)
    if row is not None and "remove" in request.POST:
        tool_remove(tool=row, by=by)
        messages.success(request, _("Removed."))
        return redirect("lti:registrations")
    if row is not None and "test" in request.POST:
        count = tool_test(tool=row, by=by)
        said = ngettext("It shows %(count)s key that fits.", "It shows %(count)s keys that fit.", count)
        messages.success(request, said % {"count": count})
        return redirect("lti:registration", row.pk)
    if not form.is_valid():
        return None
    saved = tool_save(by=by, tool=row, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("lti:registration", saved.pk)


def _ours(request: HttpRequest, row: Tool | None) -> list[tuple[str, str]]:
    """What the tool's side enters: (what, value)."""
    if row is None:
        return []
    here = platform_of(request.environment)  # type: ignore[attr-defined]
    return [
        (_("Issuer (platform id)"), here.issuer),
        (_("Client id"), str(row.client_id)),
        (_("Deployment id"), str(row.deployment_id)),
        (_("Authentication request address"), here.auth_url),
        (_("Access token address"), here.token_url),
        (_("Public keys (JWKS) address"), here.keys_url),
    ]
