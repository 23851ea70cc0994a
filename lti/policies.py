"""What a page that leads into a tool may do beside what every page may: the sites of that tool, and nothing else."""

from __future__ import annotations

from django.http import HttpResponse

from ecosystem.middleware.headers import POLICY
from lti.addresses import is_for_browsers
from lti.models import Tool


def leading(response: HttpResponse, tool: Tool, *, framed: bool) -> HttpResponse:
    """The form of the page may go to the tool, and come back by way of it; ``framed``: it stands in a frame of ours."""
    response.headers["Content-Security-Policy"] = _with_forms(tool)
    return framed_here(response) if framed else response


def holding(response: HttpResponse, tool: Tool) -> HttpResponse:
    """The page may hold the tool in a frame. What is framed first, and in between, is ours."""
    response.headers["Content-Security-Policy"] = f"{_with_forms(tool)}; frame-src 'self' {_sites(tool)}"
    return response


def framed_here(response: HttpResponse) -> HttpResponse:
    """It may stand in a frame of this host."""
    policy = response.headers.get("Content-Security-Policy", POLICY)
    response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    return response


def _with_forms(tool: Tool) -> str:
    return POLICY.replace("form-action 'self'", f"form-action 'self' {_sites(tool)}")


def _sites(tool: Tool) -> str:
    """What is no origin (a row from before that was asked) would take the whole policy away."""
    return " ".join(origin for origin in tool.origins if is_for_browsers(origin))
