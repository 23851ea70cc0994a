"""What tools ask without anybody there: our keys, a token, line items, scores and results (AGS 2.0)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.bodies import body_of
from ecosystem.exceptions import EcosystemError
from ecosystem.received import json_keepable
from ecosystem.rules import anyone
from lti.addresses import Platform, platform_of
from lti.claims import ITEM_TYPE, ITEMS_READ, ITEMS_TYPE, RESULTS_READ, RESULTS_TYPE, SCORE, SCORE_TYPE
from lti.exceptions import NotTheirsError, StaleError, UnbelievedError
from lti.models import Tool, ToolLink
from lti.selectors import link_of_tool, links_of_tool, results_of
from lti.services import keys_public, score_take, token_give, tool_of_token
from lti.services.tokens import SECONDS

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LARGEST = 32 * 1024  # bytes
Answer = Callable[..., HttpResponse]


def said(data: Any, media_type: str = "application/json", status: int = 200) -> HttpResponse:
    return JsonResponse(
        data, status=status, safe=False, content_type=media_type, headers={"Cache-Control": "private, no-store"}
    )


def problem(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    """RFC 9457; nothing is left behind of a request that is refused."""
    request.undo = True  # type: ignore[attr-defined]
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    answer = said(body, "application/problem+json", status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="lti"'
    return answer


@requires(anyone)
@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    return said(keys_public())


@csrf_exempt
@requires(anyone)
@require_http_methods(["POST"])
def token(request: HttpRequest) -> HttpResponse:
    """RFC 6749 4.4 with RFC 7523: errors as those say them."""
    try:
        given = request.POST
    except RequestDataTooBig:
        return _token_refused(request, "invalid_request")
    if given.get("grant_type") != "client_credentials" or given.get("client_assertion_type") != ASSERTION:
        return _token_refused(request, "unsupported_grant_type")
    try:
        made, scopes = token_give(
            assertion=given.get("client_assertion", ""),
            scopes=given.get("scope", "").split(),
            environment=request.environment,  # type: ignore[attr-defined]
        )
    except UnbelievedError:
        return _token_refused(request, "invalid_client", 401)
    if not made:
        return _token_refused(request, "invalid_scope")
    return said({"access_token": made, "token_type": "Bearer", "expires_in": SECONDS, "scope": " ".join(scopes)})


def _token_refused(request: HttpRequest, error: str, status: int = 400) -> HttpResponse:
    request.undo = True  # type: ignore[attr-defined]
    return said({"error": error}, status=status)


def for_tool(*methods: str, scope: str) -> Callable[[Answer], Answer]:
    """Only with a token of a tool that is good for ``scope``."""

    def decorate(view: Answer) -> Answer:
        @csrf_exempt
        @requires(anyone)
        @require_http_methods(methods)
        @wraps(view)
        def inner(request: HttpRequest, **facts: Any) -> HttpResponse:
            kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
            known = tool_of_token(token=secret.strip()) if kind.lower() == "bearer" else None
            if known is None:
                return problem(request, 401, "Unauthorized", "Ask for a token first.")
            tool, scopes = known
            if scope not in scopes:
                return problem(request, 403, "Forbidden", f"The token is not good for {scope}.")
            if "uid" not in facts:
                return view(request, tool, **facts)
            link = link_of_tool(tool=tool, uid=facts.pop("uid"))
            if link is None:
                return problem(request, 404, "Not found", "This tool has no such line item.")
            return view(request, tool, link, **facts)

        return inner

    return decorate


def _platform(request: HttpRequest) -> Platform:
    return platform_of(request.environment)  # type: ignore[attr-defined]


def _item(link: ToolLink, platform: Platform) -> dict[str, Any]:
    return {
        "id": platform.item_url(link.uid),
        "label": link.element.title,
        "scoreMaximum": link.points,
        "resourceLinkId": str(link.uid),
    }


@for_tool("GET", "HEAD", scope=ITEMS_READ)
def items(request: HttpRequest, tool: Tool) -> HttpResponse:
    """One line item an activity; ``resource_link_id`` narrows to one."""
    rows = links_of_tool(tool=tool)
    if wanted := request.GET.get("resource_link_id"):
        rows = [row for row in rows if str(row.uid) == wanted]
    return said([_item(row, _platform(request)) for row in rows], ITEMS_TYPE)


@for_tool("GET", "HEAD", scope=ITEMS_READ)
def item(request: HttpRequest, tool: Tool, link: ToolLink) -> HttpResponse:
    return said(_item(link, _platform(request)), ITEM_TYPE)


@for_tool("GET", "HEAD", scope=RESULTS_READ)
def results(request: HttpRequest, tool: Tool, link: ToolLink) -> HttpResponse:
    """What counts of each person who was sent there; ``user_id`` narrows to one."""
    place = _platform(request).item_url(link.uid)
    found = [
        {
            "id": f"{place}/results/{sub}",
            "scoreOf": place,
            "userId": str(sub),
            "resultScore": score.given * link.points / score.maximum,
            "resultMaximum": link.points,
            "comment": score.comment,
        }
        for sub, score in results_of(link=link, tool=tool, user_id=request.GET.get("user_id", ""))
    ]
    return said(found, RESULTS_TYPE)


@for_tool("POST", scope=SCORE)
def scores(request: HttpRequest, tool: Tool, link: ToolLink) -> HttpResponse:
    if request.content_type not in {SCORE_TYPE, "application/json"}:
        return problem(request, 415, "Unsupported media type", f"Send {SCORE_TYPE}.")
    body = body_of(request)
    if len(body) > LARGEST:
        return problem(request, 413, "Too large", "A score is small.")
    try:
        sent = json_keepable(body)
    except (ValueError, RecursionError):
        return problem(request, 400, "Bad request", "This is not JSON, or it cannot be kept.")
    try:
        score_take(tool=tool, link=link, body=sent)
    except StaleError as refusal:
        return problem(request, 409, "Conflict", str(refusal))
    except NotTheirsError as refusal:
        return problem(request, 403, "Forbidden", str(refusal))
    except EcosystemError as refusal:
        return problem(request, 400, "Bad request", str(refusal))
    return HttpResponse(status=204)
