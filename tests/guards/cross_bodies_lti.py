"""Valid bodies for what tools ask without anybody there, and for activities in them over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from joserfc.jwk import RSAKey

from tests.guards.cross_routes import ABSENT
from tests.guards.twins import Twin
from tests.lti.small_tool import ALL_SCOPES, ASSERTION, KEY, SmallTool


def _client_id(twin: Twin | None) -> Any:
    return twin.values("lti.Tool", "client_id")[0] if twin else ABSENT["uuid"]


def _activity(twin: Twin | None) -> dict[str, Any]:
    return {"title": "A title", "tool": twin.ids("lti.Tool")[0] if twin else ABSENT["int"]}


@cache
def _key(twin: Twin) -> RSAKey:
    """Reading one in takes as long as ten pages."""
    return RSAKey.import_key(twin.tool_key)


def _assertion(twin: Twin | None) -> str:
    host = twin.host if twin else "nobody.localhost"
    key = _key(twin) if twin else KEY
    return SmallTool(SimpleNamespace(client_id=_client_id(twin)), None, host=host).assertion(key=key)


def _score(twin: Twin | None) -> dict[str, Any]:
    sub = twin.values("lti.Pseudonym", "sub")[0] if twin else ABSENT["uuid"]
    said_at = (timezone.now() + timedelta(minutes=2)).isoformat()
    marks = {"activityProgress": "Completed", "gradingProgress": "FullyGraded"}
    return {"userId": str(sub), "timestamp": said_at, "scoreGiven": 9, "scoreMaximum": 10, **marks}


VALID: dict[str, Callable[[Twin | None], tuple[str, dict[str, Any]]]] = {
    "lti/token": lambda twin: (
        "form",
        {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": _assertion(twin),
            "scope": ALL_SCOPES,
        },
    ),
    "api/v1/tool-activities/": lambda twin: ("json", _activity(twin)),
    "api/v1/tool-activities/<slug:slug>/": lambda twin: ("json", _activity(twin)),
    "lti/items/<uuid:uid>/scores": lambda twin: ("json", _score(twin)),
}
