"""A line and a figure for each request, around everything else."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ecosystem.telemetry import figures
from ecosystem.telemetry.lines import route_of
from ecosystem.telemetry.port import serve_figures
from ecosystem.telemetry.tracing import HEADER, Trace, sane_id, trace

logger = logging.getLogger("grove.request")
# Asked for all the time and of no interest one by one.
QUIET = {"static", "healthz", "readyz"}


class TelemetryMiddleware:
    """Takes or makes the id of the request and returns it; says route, status and time when it has been answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        serve_figures()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        token = trace.set(Trace(sane_id(request.headers.get(HEADER))))
        try:
            response = self.get_response(request)
            self.tell(request, response, time.perf_counter() - began)
            response.headers[HEADER] = trace.get().request_id
            return response
        finally:
            trace.reset(token)

    @staticmethod
    def tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route, status = route_of(request), response.status_code
        method = (
            request.method
            if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
            else "OTHER"
        )
        figures.requests.labels(route, method, str(status)).observe(seconds)
        logger.log(
            logging.DEBUG if route in QUIET else logging.INFO,
            "request",
            extra={"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)},
        )


def remember_environment(*, slug: str, pk: int) -> None:
    """Lines of this request from here on say for which environment."""
    trace.set(trace.get()._replace(environment=slug, environment_id=pk))
