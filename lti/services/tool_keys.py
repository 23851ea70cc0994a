"""The public keys of a tool: pasted, or asked for at its address, which is remembered for a while."""

from __future__ import annotations

import logging
from hashlib import sha256
from typing import Any

import requests
from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from ecosystem.outbound import GuardedSession
from lti.exceptions import LtiError
from lti.messages import keys_fitting
from lti.models import Tool

logger = logging.getLogger(__name__)
KEPT = 600  # seconds that keys are believed
ASKED_EVERY = 60  # seconds: so often at most, whoever sends us what is signed with a key that we do not know


def keys_known(*, tool: Tool) -> list[dict[str, Any]]:
    """Remembered, or else asked for; empty while the tool does not answer."""
    if tool.keys is not None:
        return list(tool.keys["keys"])
    found: list[dict[str, Any]] | None = cache.get(_name(tool))
    return keys_anew(tool=tool) if found is None else found


def keys_anew(*, tool: Tool) -> list[dict[str, Any]]:
    """Asked for, if nobody did in the last minute; otherwise what is remembered. While no cache can tell, nobody asks:
    a request of a stranger must not make one of ours each time, nor hold its transaction open for it."""
    if tool.keys is not None:
        return list(tool.keys["keys"])
    if not _may_ask(tool):
        return list(cache.get(_name(tool)) or [])
    try:
        return keys_shown(tool=tool)
    except LtiError:
        logger.warning("the keys of an external tool could not be read")
        return []


def keys_shown(*, tool: Tool) -> list[dict[str, Any]]:
    """Asked for now. Refuses (LtiError) when nobody answers, or not on a public address."""
    if tool.keys is not None:
        return list(tool.keys["keys"])
    try:
        with GuardedSession() as session:
            answer = session.get(tool.keys_url)
        answer.raise_for_status()
        found = keys_fitting(answer.json())
    except (requests.RequestException, ValueError, RecursionError):
        raise LtiError(_("No keys can be read there, or not on a public address.")) from None
    cache.set(_name(tool), found, KEPT)
    return found


def _may_ask(tool: Tool) -> bool:
    try:
        return bool(cache.add(f"{_name(tool)}:asked", 1, ASKED_EVERY))
    except RedisError:
        return False


def keys_forget(*, tool: Tool) -> None:
    cache.delete(_name(tool))
    cache.delete(f"{_name(tool)}:asked")


def _name(tool: Tool) -> str:
    digest = sha256(tool.keys_url.encode()).hexdigest()[:32]
    return f"lti-keys:{tool.environment_id}:{tool.pk}:{digest}"
