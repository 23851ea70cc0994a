"""One's own tokens, and for administrators everybody's."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from api.exceptions import ApiError
from api.forms import TokenForm
from api.models import Token
from api.services import token_create, token_revoke
from api.services.applications import applications_of
from ecosystem.access import requires
from ecosystem.proof import proof_required
from ecosystem.rules import is_admin, is_here

PER_PAGE = 50


@requires(is_here)
@never_cache
@proof_required(reading_is_free=True)
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and a new one: its secret is on the answer to the form and nowhere else."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        wish = form.cleaned_data
        try:
            _made, secret = token_create(
                person=request.user,  # type: ignore[arg-type]
                name=wish["name"],
                scopes=wish["scopes"],
                valid_for=timedelta(days=wish["days"]),
            )
            form = TokenForm()
        except ApiError as refusal:
            form.add_error(None, str(refusal))
    rows = Token.objects.filter(person_id=request.membership.person_id).order_by("-pk")  # type: ignore[attr-defined]
    context = {
        "form": form,
        "secret": secret,
        "tokens": rows[:PER_PAGE],
        "let_in": applications_of(person=request.user),  # type: ignore[arg-type]
        "is_admin": is_admin(request.membership),  # type: ignore[attr-defined]
    }
    return render(request, "api/tokens.html", context)


@requires(is_admin)
def all_tokens(request: HttpRequest) -> HttpResponse:
    """Every token of the environment, the newest first."""
    rows = Token.objects.select_related("person").order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "api/all_tokens.html", {"page": page, "tokens": page.object_list})


@requires(is_here)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own token, or for administrators any; nobody else's is there."""
    rows = Token.objects.select_related("person")
    if not is_admin(request.membership):  # type: ignore[attr-defined]
        rows = rows.filter(person_id=request.membership.person_id)  # type: ignore[attr-defined]
    token = get_object_or_404(rows, pk=pk)
    token_revoke(token=token, by=request.membership)  # type: ignore[attr-defined]
    messages.success(request, _("“%(name)s” no longer lets anybody in.") % {"name": token.name})
    own = token.person_id == request.membership.person_id and "all" not in request.POST  # type: ignore[attr-defined]
    return redirect("developers:tokens" if own else "developers:all-tokens")
