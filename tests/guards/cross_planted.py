"""What the planted holes share: they read past the scoped manager, as if it had been forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from ecosystem.bodies import body_of
from ecosystem.models import Element
from ecosystem.rules import is_member

everything = Element._base_manager


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
        if not is_member(request.membership):  # type: ignore[attr-defined]
            raise PermissionDenied
        return view(request, **values)

    return guarded


def found(slug: str) -> Element:
    row = everything.filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def own(slug: str) -> Element:
    row = Element.objects.filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def sent_by(request: HttpRequest) -> dict[str, Any]:
    """The JSON that was sent; empty for anything else."""
    try:
        sent = json.loads(body_of(request))
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def number(value: Any) -> int:
    """The id that was sent, 0 for anything else."""
    return int(value) if str(value).isdigit() else 0
