"""Is it still you? By a code in a letter, for whoever has neither a password nor a second factor."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.rules import is_here
from ecosystem.services.account_letters import CODE_GOOD_FOR, account_letter_queue

STATE = "proof_code"
MOST_TRIES = 3


@requires(is_here)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove_by_code(request: HttpRequest) -> HttpResponse:
    """The button sends a code; three tries at it, ten minutes long."""
    person = request.user
    if [method["id"] for method in get_adapter().get_reauthentication_methods(person)] != ["reauthenticate_code"]:
        raise Http404
    state = request.session.get(STATE)
    if state and (state["tries"] >= MOST_TRIES or time.time() - state["at"] > CODE_GOOD_FOR.total_seconds()):
        state = request.session.pop(STATE) and None
    error = ""
    if request.method == "POST":
        if not ratelimit.consume(request, action="reauthenticate", user=person):
            error = _("Too many tries. Wait a minute.")
        elif "send" in request.POST:
            _send(request)
            return redirect(request.get_full_path())
        elif state and compare_user_code(actual=request.POST.get("code", ""), expected=state["code"]):
            del request.session[STATE]
            record_authentication(request, person, method="code", reauthenticated=True)
            return resume_request(request) or redirect("mfa_index")
        elif state:
            request.session[STATE] = {**state, "tries": state["tries"] + 1}
            error = _("That is not the code. Look in the last letter.")
    return render(
        request, "account/reauthenticate_code.html", {"sent": state is not None, "error": error, "email": person.email}
    )


def _send(request: HttpRequest) -> None:
    code = get_adapter().generate_login_code()
    request.session[STATE] = {"code": code, "at": time.time(), "tries": 0}
    facts = {"code": code, "path": request.path}
    account_letter_queue(to=request.user.email, kind="proof_code", facts=facts)
