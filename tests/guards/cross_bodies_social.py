"""Valid bodies for the doors of discussions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.guards.cross_routes import ABSENT
from tests.guards.twins import Twin

DISCUSSION = {"title": "A title", "markdown": "Talk", "threads_asked": "1", "replies_asked": "1"}
WORDS = {"title": "A title", "text": "Words"}


def _discussion(twin: Twin | None) -> str:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["kind"] == "discussion"), ABSENT["slug"])


def _circle(twin: Twin | None) -> str:
    return str(twin.rows["social.Room"][0]["circle"] if twin else ABSENT["uuid"])


def _thread(twin: Twin | None) -> str:
    return str(twin.values("social.Thread", "uid")[0] if twin else ABSENT["uuid"])


VALID: dict[str, Callable[[Twin | None], tuple[str, dict[str, Any]]]] = {
    "prompts/new/": lambda twin: ("form", DISCUSSION),
    "prompts/<slug:slug>/": lambda twin: ("form", DISCUSSION),
    "discussions/<slug:slug>/": lambda twin: ("form", {"circle": _circle(twin), **WORDS}),
    "discussions/threads/<uuid:uid>/": lambda twin: ("form", {"text": "Words"}),
    "discussions/threads/<uuid:uid>/pin/": lambda twin: ("form", {"is": "yes"}),
    "discussions/posts/<uuid:uid>/": lambda twin: ("form", WORDS),
    "discussions/posts/<uuid:uid>/hide/": lambda twin: ("form", {"why": "Rude"}),
    "discussions/posts/<uuid:uid>/helpful/": lambda twin: ("form", {"is": "yes"}),
    "api/v1/discussions/": lambda twin: ("json", {"title": "A title", "markdown": "Talk"}),
    "api/v1/discussions/<slug:slug>/": lambda twin: ("json", {"title": "A title"}),
    "api/v1/threads/": lambda twin: ("json", {"discussion": _discussion(twin), "circle": _circle(twin), **WORDS}),
    "api/v1/threads/<uuid:uid>/pin/": lambda twin: ("json", {"is_pinned": True}),
    "api/v1/posts/": lambda twin: ("json", {"thread": _thread(twin), "text": "Words"}),
    "api/v1/posts/<uuid:uid>/": lambda twin: ("json", WORDS),
    "api/v1/posts/<uuid:uid>/hide/": lambda twin: ("json", {"why": "Rude"}),
    "api/v1/posts/<uuid:uid>/helpful/": lambda twin: ("json", {"is_helpful": True}),
}
