"""Another e-mail address: the form for whoever is signed in, and the page behind the link in the new mailbox."""

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.proof import proof_required
from ecosystem.rules import anyone, is_here
from ecosystem.services.email_changes import email_change_ask, email_change_confirm, email_change_of_token
from ecosystem.signals import SESSION_SIGN_IN


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("We send a link there. Your address changes when you open it."),
    )


@requires(is_here)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proof_required
def change(request: HttpRequest) -> HttpResponse:
    """Says the same whether or not somebody has the new address already."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="manage_email", user=request.user):
            form.add_error("email", _("Too many tries. Wait a minute."))
        else:
            try:
                email_change_ask(person=request.user, email=form.cleaned_data["email"])  # type: ignore[arg-type]
            except EcosystemError as refusal:
                form.add_error("email", str(refusal))
            else:
                said = _("We have sent a link to %(email)s. Your address changes when you open it.")
                messages.success(request, said % {"email": form.cleaned_data["email"]})
                return redirect("mfa_index")
    return render(request, "account/email_change.html", {"form": form})


@requires(anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, so that a scanner of letters does not either; the button does."""
    if not ratelimit.consume(request, action="invitation"):
        return render(request, "account/email_confirm.html", {"slow": True}, status=429)
    found = email_change_of_token(token=token)
    if found is None:
        return render(request, "account/email_confirm.html", status=404)
    if request.method == "POST":
        try:
            person = email_change_confirm(token=token, but=request.session.get(SESSION_SIGN_IN))
        except EcosystemError:
            return render(request, "account/email_confirm.html", status=404)
        messages.success(request, _("Your e-mail address is now %(email)s.") % {"email": person.email})
        return redirect("mfa_index" if request.user.is_authenticated else "account_login")
    return render(request, "account/email_confirm.html", {"change": found})
