"""What belongs to no app: the description of the API, and the answer to addresses that do not exist."""

from typing import Any

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


class Schema(SpectacularAPIView):
    """OpenAPI 3.1. The same for everybody, so it is public."""

    rule = staticmethod(anyone)


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
