"""Errors as RFC 9457 problem documents, and nothing half-written behind them."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ecosystem.exceptions import EcosystemError


class Refusal(exceptions.APIException):
    """A rule of Grove says no, in words that the person may read."""

    status_code = 400
    default_detail = "Refused"
    default_code = "refused"


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The request is too large."
    default_code = "too_large"


def problem_json(error: Exception, context: dict[str, Any]) -> Response | None:
    """{"type", "title", "status", "detail", "errors": {field: [messages]}}; the request is rolled back."""
    context["request"]._request.undo = True
    if isinstance(error, EcosystemError):
        error = Refusal(str(error))
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge()
    response = exception_handler(error, context)
    if response is None:
        return None
    body: dict[str, Any] = {"type": "about:blank", "title": _title(error), "status": response.status_code}
    data = response.data
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = data if isinstance(data, dict) else {"": data}
        body["detail"] = "Some fields need another value; `errors` says which."
    elif isinstance(data, dict) and "detail" in data:
        body["detail"] = str(data["detail"])
    response.data = body
    response.content_type = "application/problem+json"
    return response


def _title(error: Exception) -> str:
    if isinstance(error, Http404):
        return "Not found"
    if isinstance(error, PermissionDenied):
        return "Not allowed"
    return str(getattr(error, "default_detail", "Refused")).rstrip(".")
