"""Answers of a player, before anything else is done for a request: most of what a quiz sends is one plain answer."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse

from assessments.forms.answers import AnswerItem, ItemsError, answer_items
from assessments.services.attempts import MOST_SECONDS
from assessments.services.quick_saving import answer_save_plainly, ticket_read
from ecosystem.bodies import body_of
from ecosystem.hosts import environment_for_host
from ecosystem.middleware.telemetry import remember_environment

PATH = re.compile(r"/attempts/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/answers/\Z")
LARGEST = 20_000  # bytes of a body
ROUTE = SimpleNamespace(view_name="assessments:answers", url_name="answers", route="")


class QuickSaveMiddleware:
    """One plain answer with a ticket is saved here; everything else goes on as any request.

    The ticket takes the place of the token that forms carry against forged requests: it is signed, stands only on the
    person's own page, and is of no use without the session it was made for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_X_ATTEMPT_TICKET" in request.META and request.method == "POST":
            answer = self.quick(request)
            if answer is not None:
                return answer
        return self.get_response(request)

    def quick(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to the request, or None when it is not plain."""
        path, session_key = PATH.match(request.path_info), request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        size = request.META.get("CONTENT_LENGTH") or ""
        if path is None or not session_key or not size.isdecimal() or int(size) > LARGEST:
            return None
        ticket = ticket_read(ticket=request.META["HTTP_X_ATTEMPT_TICKET"], session_key=session_key)
        if ticket is None or ticket.uid != path[1].replace("-", "") or not _is_here(request, ticket.environment):
            return None
        item = _plain(request)
        if item is None:
            return None
        saved_at = answer_save_plainly(
            ticket=ticket,
            session_key=session_key,
            position=item.position,
            fields=item.fields,
            flagged=bool(item.flagged),
            client=item.sent.client,
            seq=item.sent.seq,
            base=item.sent.base or 0,
            seconds=min(item.sent.seconds, MOST_SECONDS),
        )
        if saved_at is None:
            return None
        request.resolver_match = ROUTE  # type: ignore[assignment]
        body = {"accepted": [item.id], "refused": [], "saved_at": saved_at.isoformat()}
        answer = JsonResponse(body, headers={"Cache-Control": "no-store", "X-Frame-Options": "DENY"})
        answer["Content-Length"] = str(len(answer.content))  # no other middleware sees this answer
        return answer


def _is_here(request: HttpRequest, environment_id: int) -> bool:
    """The ticket is of the environment that the host serves, and that is not archived."""
    try:
        environment: Any = environment_for_host(request.get_host().split(":")[0].lower())
    except DisallowedHost:
        return False
    if environment is None or environment.pk != environment_id or environment.archived_at is not None:
        return False
    remember_environment(slug=environment.slug, pk=environment.pk)
    return True


def _plain(request: HttpRequest) -> AnswerItem | None:
    """The one answer that was sent, counted by its page; None for anything else."""
    try:
        items = answer_items(body_of(request))
    except ItemsError:
        return None
    if len(items) != 1 or not items[0].fields or items[0].flagged is None:
        return None
    if not items[0].sent.client or items[0].sent.base is None:
        return None
    return items[0]
