"""What belongs to no app: the description of the API, and the answer to addresses that do not exist."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from ecosystem.access import requires
from ecosystem.rules import anyone

DESCRIPTION = Path(__file__).with_name("schema.yml")


@extend_schema(exclude=True)
class Schema(SpectacularAPIView):
    """OpenAPI 3.1, as it is committed: to make it takes seconds. The same for everybody, so it is public.

    ``tests/api/test_schema.py`` holds that it says what the code does.
    """

    rule = staticmethod(anyone)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.accepted_renderer
        body = DESCRIPTION.read_bytes() if kind.format == "yaml" else _as_json()
        headers = {"Content-Disposition": f'inline; filename="Grove.{kind.format}"'}
        return HttpResponse(body, content_type=f"{kind.media_type}; charset=utf-8", headers=headers)


@cache
def _as_json() -> bytes:
    """Read by the parser in C, which makes no objects either: in Python it takes five seconds."""
    reader = yaml.CSafeLoader(DESCRIPTION.read_bytes())
    try:
        return json.dumps(reader.get_single_data()).encode()
    finally:
        reader.dispose()


@requires(anyone)
def reference(request: HttpRequest) -> HttpResponse:
    """The description as pages that can be tried out; public like the description."""
    return render(request, "api/reference.html")


@extend_schema(exclude=True)
class NoSuchRoute(APIView):
    """Says so in the way of every other error, before asking who calls."""

    rule = staticmethod(anyone)
    permission_classes = [AllowAny]
    authentication_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        slash = "" if request.path.endswith("/") else " Addresses end with a slash."
        raise NotFound(f"The API has no such address.{slash}")
