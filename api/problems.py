"""Errors as RFC 9457 problem documents, and nothing half-written behind them."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as InvalidRow
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ecosystem.conflicts import is_conflict
from ecosystem.exceptions import EcosystemError

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class Refusal(exceptions.APIException):
    """A rule of Grove says no, in words that the person may read."""

    status_code = 400
    default_detail = "Refused"
    default_code = "refused"


class Missing(exceptions.NotFound):
    """In words of ours: Django's name the model that was asked, and that something else might be there."""

    default_detail = _("There is nothing here that you may see.")


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The request is too large."
    default_code = "too_large"


class Conflict(exceptions.APIException):
    status_code = 409
    default_detail = "This does not fit what is there now."
    default_code = "conflict"


class Changed(exceptions.APIException):
    status_code = 412
    default_detail = "It was changed in the meantime."
    default_code = "changed"


class Unprocessable(exceptions.APIException):
    status_code = 422
    default_detail = "This cannot be done."
    default_code = "unprocessable"


class Away(exceptions.APIException):
    """A store that we need is away; the same request may succeed in a moment."""

    status_code = 503
    default_detail = "Come back in a moment."
    default_code = "away"
    wait = 5


def problem_json(error: Exception, context: dict[str, Any]) -> Response:
    """{"type", "title", "status", "detail", "errors": [{"detail", "pointer"}]}; the request is rolled back."""
    request = context["request"]
    request._request.undo, request._request.conflict = True, is_conflict(error)
    error = _as_ours(error)
    response = exception_handler(error, context)
    if response is None:
        logger.error("a route failed", exc_info=error)
        response = Response(status=500)
    body: dict[str, Any] = {"type": "about:blank", "title": _title(error), "status": response.status_code}
    data = response.data
    if isinstance(error, exceptions.ValidationError):
        place = "parameter" if request.method in {"GET", "HEAD"} else "pointer"
        body["detail"] = "Some values need to be different; `errors` says which."
        body["errors"] = _errors(data, place)
    elif isinstance(data, dict) and "detail" in data:
        body["detail"] = _sayable(data["detail"])
    response.data = body
    response.content_type = MEDIA_TYPE
    return response


def _as_ours(error: Exception) -> Exception:
    if isinstance(error, EcosystemError):
        return Refusal(str(error))
    if isinstance(error, Http404) or _is_bare(error):
        return Missing()
    if isinstance(error, InvalidRow):
        return exceptions.ValidationError(get_error_detail(error))
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, DataError | UnicodeEncodeError):
        return Refusal("A value lies outside of what can be stored.")
    if isinstance(error, IntegrityError):
        logger.warning("refused by the database: %s", type(error).__name__)
        return Conflict()
    if isinstance(error, OperationalError):
        logger.warning("a store is away: %s", type(error).__name__)
        return Away()
    return error


def _is_bare(error: Exception) -> bool:
    return isinstance(error, exceptions.NotFound) and error.detail == exceptions.NotFound.default_detail


def _errors(data: Any, place: str, path: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Every message with where it belongs: a JSON pointer into the body, or the name of a query parameter."""
    if isinstance(data, dict):
        found = []
        for name, value in data.items():
            here = path if name == "non_field_errors" else (*path, str(name))
            found += _errors(value, place, here)
        return found
    if isinstance(data, list):
        found = []
        for index, value in enumerate(data):
            plain = not isinstance(value, dict | list)
            found += _errors(value, place, path if plain else (*path, str(index)))
        return found
    if place == "parameter":
        return [{"detail": _sayable(data), "parameter": _sayable(".".join(path))}]
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in path)
    return [{"detail": _sayable(data), "pointer": _sayable("".join(["#", *(f"/{part}" for part in escaped)]))}]


def _sayable(text: Any) -> str:
    """A refusal may repeat what came, and JSON can hold halves of characters that no answer can."""
    return str(text).encode("utf-8", "replace").decode()


def _title(error: Exception) -> str:
    if isinstance(error, exceptions.NotFound):
        return "Not found"
    if isinstance(error, PermissionDenied):
        return "Not allowed"
    if not isinstance(error, exceptions.APIException):
        return "Our fault"
    if isinstance(error, exceptions.MethodNotAllowed):
        return "Method not allowed"
    if isinstance(error, exceptions.UnsupportedMediaType):
        return "Unsupported media type"
    return str(error.default_detail).rstrip(".")
