"""A form that had to wait until its sender had shown who they are goes on at its own address."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from ecosystem.proof import go_on


class ProofMiddleware:
    """After the check for forgery, which what was posted has passed before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        return go_on(request)
