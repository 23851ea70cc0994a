"""xAPI on the isolated host, as far as cmi5 units need it: statements, states and profiles of their own launch.

Authentication is the token that a launch fetched once. Nothing here is about anybody else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from content.exceptions import StatementKnownError
from content.models import Launch, LaunchStatement, UnitDocument
from content.services import (
    launch_fetch,
    launch_of_token,
    statements_store,
    unit_document_keep,
    unit_documents_forget,
)
from content.services.launching import activity_of, actor_of
from content.xapi import StatementError
from ecosystem.access import requires
from ecosystem.bodies import body_of
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_to
from ecosystem.models import Element, Membership
from ecosystem.received import json_keepable
from ecosystem.rules import anyone
from ecosystem.scope import become_person

VERSION = "1.0.3"
LARGEST_BODY = 512 * 1024
MOST_AT_ONCE = 100
Answer = Callable[..., HttpResponse]


def said(status: int, words: str = "") -> HttpResponse:
    answer = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    answer.headers["X-Experience-API-Version"] = VERSION
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def as_json(data: Any, status: int = 200) -> HttpResponse:
    answer = JsonResponse(data, status=status, safe=False)
    answer.headers["X-Experience-API-Version"] = VERSION
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def for_launch(view: Answer) -> Answer:
    """Only with the token of a launch; the person of the launch becomes the person of the scope. A refusal undoes all."""

    @csrf_exempt
    @requires(anyone)
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        launch = launch_of_token(token=token.strip()) if kind.lower() == "basic" else None
        if launch is None:
            return said(401, "Launch it again.")
        become_person(launch.person_id)
        membership = Membership.objects.select_related("person").get(person_id=launch.person_id, ended_at=None)
        element = Element.objects.filter(pk=launch.element_id).first()
        if element is None or closed_to(membership, element):
            return said(403, "It is closed.")
        if len(body_of(request)) > LARGEST_BODY:
            return said(413, "Too large.")
        try:
            return view(request, launch, f"{request.scheme}://{request.get_host()}")
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            return said(_status_of(refusal), str(refusal))

    return inner


def _status_of(refusal: EcosystemError) -> int:
    if isinstance(refusal, StatementError):
        return refusal.status
    return 409 if isinstance(refusal, StatementKnownError) else 403


@csrf_exempt
@requires(anyone)
@require_http_methods(["POST"])
def fetch(request: HttpRequest, secret: str) -> HttpResponse:
    """cmi5 8.2: the token, once."""
    token = launch_fetch(secret=secret)
    if token is None:
        return as_json({"error-code": "1", "error-text": "This has been used, or is too old. Launch it again."})
    return as_json({"auth-token": token})


@requires(anyone)
def about(request: HttpRequest) -> HttpResponse:
    return as_json({"version": [VERSION]})


@for_launch
def statements(request: HttpRequest, launch: Launch, origin: str) -> HttpResponse:
    if request.method == "GET":
        return _statements_read(request, launch)
    if request.method not in {"POST", "PUT"}:
        return said(405)
    try:
        sent = json_keepable(body_of(request))
    except (ValueError, RecursionError):
        return said(400, "This is not JSON, or it cannot be kept.")
    rows = sent if isinstance(sent, list) else [sent]
    if request.method == "PUT":
        if isinstance(sent, list) or not isinstance(sent, dict):
            return said(400, "One statement.")
        uid = request.GET.get("statementId", "")
        if not uid or str(sent.get("id", uid)).lower() != uid.lower():
            return said(400, "The ids differ.")
        rows = [{**sent, "id": uid}]
    if len(rows) > MOST_AT_ONCE:
        return said(413, "Too many at once.")
    kept = statements_store(launch=launch, statements=rows, origin=origin)
    return said(204) if request.method == "PUT" else as_json([str(uid) for uid in kept])


def _statements_read(request: HttpRequest, launch: Launch) -> HttpResponse:
    rows = LaunchStatement.objects.filter(launch__registration=launch.registration, person_id=launch.person_id)
    if wish := request.GET.get("statementId"):
        try:
            found = rows.filter(uid=UUID(wish)).first()
        except ValueError:
            return said(400, "The id is no UUID.")
        return as_json(found.body) if found else said(404)
    return as_json({"statements": [row.body for row in rows.order_by("-stored_at", "-pk")[:100]], "more": ""})


@for_launch
def state(request: HttpRequest, launch: Launch, origin: str) -> HttpResponse:
    activity = request.GET.get("activityId", "")
    if activity != activity_of(launch=launch, origin=origin):
        return said(403, "This is another activity.")
    if (wish := request.GET.get("registration")) and wish.lower() != str(launch.registration):
        return said(403, "The registration is another one.")
    return _documents(request, launch, origin, "state", activity, request.GET.get("stateId", ""))


@for_launch
def agent_profile(request: HttpRequest, launch: Launch, origin: str) -> HttpResponse:
    return _documents(request, launch, origin, "profile", "", request.GET.get("profileId", ""))


@for_launch
def activity_profile(request: HttpRequest, launch: Launch, origin: str) -> HttpResponse:
    """About the activity whoever works on it: units may not change what others read."""
    if request.method != "GET":
        return said(403, "Nobody may change this here.")
    return said(404) if request.GET.get("profileId") else as_json([])


@for_launch
def agents(request: HttpRequest, launch: Launch, origin: str) -> HttpResponse:
    return as_json({"objectType": "Person", "account": [actor_of(launch=launch, origin=origin)["account"]]})


@for_launch
def activities(request: HttpRequest, launch: Launch, origin: str) -> HttpResponse:
    return as_json({"objectType": "Activity", "id": request.GET.get("activityId", "")[:500]})


def _documents(
    request: HttpRequest, launch: Launch, origin: str, resource: str, activity: str, key: str
) -> HttpResponse:
    if not _is_own_agent(request.GET.get("agent", ""), actor_of(launch=launch, origin=origin)):
        return said(403, "The agent is somebody else.")
    if "\x00" in key:
        return said(400, "The name holds a character that cannot be kept.")
    rows = UnitDocument.objects.filter(
        person_id=launch.person_id, element_id=launch.element_id, resource=resource, activity=activity
    )
    found = rows.filter(key=key).first() if key else None
    if request.method == "GET":
        if not key:
            return as_json(sorted(rows.values_list("key", flat=True)))
        return _document(found)
    if request.method == "DELETE":
        unit_documents_forget(launch=launch, resource=resource, activity=activity, key=key)
        return said(204)
    if request.method not in {"PUT", "POST"} or not key:
        return said(400, "Name what is to be kept.")
    if not _may_replace(request, found):
        return said(412, "It was changed in the meantime.")
    return _keep(request, launch, resource, activity, key, found)


def _keep(
    request: HttpRequest, launch: Launch, resource: str, activity: str, key: str, found: UnitDocument | None
) -> HttpResponse:
    media_type = request.headers.get("Content-Type", "application/octet-stream")
    try:
        body = body_of(request).decode()
        if request.method == "POST" and found is not None:
            body = json.dumps({**json.loads(found.body), **json.loads(body)})
        elif media_type.startswith("application/json"):
            json.loads(body)
    except (ValueError, TypeError, RecursionError):
        return said(400, "This cannot be read.")
    if "\x00" in body:
        return said(400, "This cannot be read.")
    unit_document_keep(launch=launch, resource=resource, activity=activity, key=key, media_type=media_type, body=body)
    return said(204)


def _document(found: UnitDocument | None) -> HttpResponse:
    if found is None:
        return said(404)
    answer = said(200, found.body)
    answer.headers["Content-Type"] = found.media_type
    answer.headers["ETag"] = _etag(found)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _etag(found: UnitDocument) -> str:
    return f'"{hashlib.sha256(found.body.encode()).hexdigest()}"'


def _may_replace(request: HttpRequest, found: UnitDocument | None) -> bool:
    if wish := request.headers.get("If-Match"):
        return found is not None and _etag(found) in wish
    return not (request.headers.get("If-None-Match") == "*" and found is not None)


def _is_own_agent(text: str, actor: dict[str, Any]) -> bool:
    try:
        return bool(json.loads(text)["account"] == actor["account"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
