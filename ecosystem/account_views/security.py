"""How somebody signs in and where they are signed in: one page of their own."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ecosystem.access import requires
from ecosystem.models import SignIn
from ecosystem.people_views.reading import number_of
from ecosystem.rules import is_here
from ecosystem.second_factor import is_missing
from ecosystem.services.sign_ins import sign_ins_end
from ecosystem.signals import SESSION_SIGN_IN


@requires(is_here)
@require_safe
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    person = request.user  # who really asks, also while seeing the site as somebody else
    factors = list(Authenticator.objects.filter(user_id=person.pk).order_by("created_at"))
    current = request.session.get(SESSION_SIGN_IN)
    rows = SignIn.objects.filter(person_id=person.pk, ended_at=None).order_by("-seen_at", "-pk")[:50]
    facts: dict[str, Any] = {
        "has_password": person.has_usable_password(),
        "passkeys": [
            {"row": row, "name": row.wrap().name} for row in factors if row.type == Authenticator.Type.WEBAUTHN
        ],
        "totp": next((row for row in factors if row.type == Authenticator.Type.TOTP), None),
        "codes_left": _codes_left(factors),
        "sign_ins": sorted(rows, key=lambda row: row.pk != current),
        "current": current,
    }
    return render(request, "account/security.html", facts)


def _codes_left(factors: list[Authenticator]) -> int | None:
    codes = next((row for row in factors if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return None if codes is None else len(codes.wrap().get_unused_codes())


@requires(is_here)
@require_POST
def end_sign_ins(request: HttpRequest) -> HttpResponse:
    """One of one's own (``sign_in``), or all the others."""
    person, current = request.user, request.session.get(SESSION_SIGN_IN)
    if "others" in request.POST:
        sign_ins_end(person=person, but=current)
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("mfa_index")
    chosen = number_of(request.POST, "sign_in")
    if chosen is not None and chosen != current:
        sign_ins_end(person=person, only=chosen)
        messages.success(request, _("That device is signed out."))
    return redirect("mfa_index")


@requires(is_here)
@require_safe
@never_cache
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """The first page of whoever must have a second factor here and has none."""
    if not is_missing(environment=request.environment, membership=request.viewer or request.membership):  # type: ignore[attr-defined]
        return redirect("home")
    return render(request, "account/second_factor_needed.html")
