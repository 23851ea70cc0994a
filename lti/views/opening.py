"""The page of an activity in a tool, and the way there and back that the browser takes.

The cookies of the site are ``SameSite=Lax``: a browser sends them along when a tool *leads* it to ``auth`` (GET), and keeps
them when a tool *posts* there. So a POST is answered with the same question as a GET, on which they come along.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.navigation import own_path
from ecosystem.people_views.reading import actor
from ecosystem.rules import anyone, is_author, is_member, may_see_results
from ecosystem.selectors import makers_of
from lti.addresses import platform_of
from lti.models import OpensIn
from lti.policies import framed_here, holding, leading
from lti.selectors import link_shown, standing_of
from lti.services import Sending, launch_answer, launch_begin

# What a tool may send; the rest of a question is nobody's business.
ASKED = (
    "client_id", "redirect_uri", "scope", "response_type", "response_mode", "prompt", "nonce", "state", "login_hint",
    "lti_message_hint", "lti_deployment_id",
)  # fmt: skip
LONGEST_QUESTION = 6000  # characters of an address


class SeeOther(HttpResponseRedirect):
    status_code = 303


@requires(is_member)
@require_safe
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    link = link_shown(membership=actor(request), slug=slug)
    if closed := closed_page(request, link.element):
        return closed
    ours = link.environment_id == request.environment.pk  # type: ignore[attr-defined]
    first = _first_host(request)
    context = {
        "link": link,
        "elsewhere": first and first + request.get_full_path(),
        "element": link.element,
        "makers": makers_of(elements=[link.element]).get(link.element.pk, []),
        "onward": own_path(request, default=""),
        "may_edit": ours and is_author(actor(request)),
        "standing": standing_of(link=link, person_id=actor(request).person_id),
        "framed": link.opens_in == OpensIn.FRAME,
        "sees_people": may_see_results(actor(request)),
    }
    answer = render(request, "lti/activity.html", context)
    if link.tool is not None and link.tool.is_on and link.opens_in == OpensIn.FRAME:
        return holding(answer, link.tool)
    return answer


@requires(is_member)
@never_cache
@require_POST
def launch(request: HttpRequest, slug: str) -> HttpResponse:
    """Sends the browser to where the tool begins its login, with a form that goes on by itself."""
    link = link_shown(membership=actor(request), slug=slug)
    if closed := closed_page(request, link.element):
        return closed
    environment = request.environment  # type: ignore[attr-defined]
    if first := _first_host(request):
        return SeeOther(first + reverse("lti:activity", args=[slug]))
    try:
        sending = launch_begin(
            link=link, by=actor(request), environment=environment, onward=own_path(request, default="")
        )
    except EcosystemError as refusal:
        return _refused(request, str(refusal), slug=slug)
    return _send(request, sending)


# Not @requires(is_member): who is not signed in here has come by way of a tool, and is told so.
@csrf_exempt
@requires(anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def auth(request: HttpRequest) -> HttpResponse:
    """The tool asks who has come (OpenID Connect's authorization endpoint); answered to its own address only."""
    given = request.POST if request.method == "POST" else request.GET
    asked = {name: given[name] for name in ASKED if name in given}
    if request.method == "POST":
        question = urlencode(asked)
        if len(question) > LONGEST_QUESTION:
            return _refused(request, "")
        return SeeOther(f"{request.path}?{question}")
    if not is_member(actor(request)) or getattr(request, "viewer", None) is not None:
        return _refused(request, "", status=403)
    try:
        sending = launch_answer(asked=asked, by=actor(request), environment=request.environment)  # type: ignore[attr-defined]
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        return _refused(request, str(refusal))
    return _send(request, sending)


def _first_host(request: HttpRequest) -> str:
    """Where to go first from another host: a sign-in is of one host, and tools come back to the first one only."""
    first = platform_of(request.environment).issuer  # type: ignore[attr-defined]
    return "" if urlsplit(first).hostname == request.get_host().split(":")[0].lower() else first


def _send(request: HttpRequest, sending: Sending) -> HttpResponse:
    answer = render(request, "lti/send.html", {"sending": sending})
    return leading(answer, sending.tool, framed=sending.link.opens_in == OpensIn.FRAME)


def _refused(request: HttpRequest, because: str, *, slug: str = "", status: int = 400) -> HttpResponse:
    """In a frame too, which can only be one of ours: whoever began it there should read why it does not go on."""
    answer = render(request, "lti/refused.html", {"because": because, "slug": slug}, status=status)
    return framed_here(answer) if request.headers.get("Sec-Fetch-Dest") == "iframe" else answer
