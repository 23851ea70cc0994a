"""The page behind the link of an invitation. Whoever has the link has the mailbox; nobody else learns anything."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Invitation, Person
from ecosystem.people_forms import AcceptForm
from ecosystem.rules import anyone
from ecosystem.services.invitations import invitation_accept, invitation_of_token

BACKEND = "ecosystem.auth.MemberBackend"


@requires(anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """A new person chooses a password and is signed in; an existing one accepts and signs in as always.

    A link that does not work says so in one way, whatever is wrong with it. Looking changes nothing.
    """
    if not ratelimit.consume(request, action="invitation"):
        return render(request, "ecosystem/people/accept_closed.html", {"slow": True}, status=429)
    invitation = invitation_of_token(token=token)
    if invitation is None:
        return render(request, "ecosystem/people/accept_closed.html", status=404)
    is_known = Person.objects.filter(email=invitation.email).exists()
    form = (
        None
        if is_known
        else AcceptForm(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return _accepted(request, token, {} if form is None else form.cleaned_data)
        except EcosystemError as refusal:
            messages.error(request, str(refusal))
            return redirect("home")
    facts = {"invitation": invitation, "form": form, "signed_in": _somebody_else(request, invitation)}
    return render(request, "ecosystem/people/accept.html", facts)


def _accepted(request: HttpRequest, token: str, facts: dict[str, str]) -> HttpResponse:
    membership = invitation_accept(token=token, **facts)
    if not facts:
        messages.success(request, _("You are in. Sign in with your own password."))
        return redirect("account_login")
    login(request, membership.person, backend=BACKEND)
    messages.success(request, _("Welcome! You are in."))
    return redirect("home")


def _somebody_else(request: HttpRequest, invitation: Invitation) -> str:
    """The name of who is signed in here, when it is not the one invited."""
    membership = request.membership  # type: ignore[attr-defined]
    return membership.person.name if membership and membership.person.email != invitation.email else ""
