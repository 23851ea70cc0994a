"""Tokens with which a tool speaks to us (OAuth 2 client credentials with a signed assertion, RFC 7523)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from ecosystem.models import Environment
from lti.addresses import platform_of
from lti.claims import SCOPES
from lti.exceptions import UnbelievedError
from lti.messages import LEEWAY, MessageError, UnknownKeyError, assertion_read, said_by
from lti.models import ServiceToken, SpentAssertion, Tool
from lti.reading import hashed, uid_in
from lti.services.tool_keys import keys_anew, keys_known

logger = logging.getLogger(__name__)
SECONDS = 3600


@transaction.atomic
def token_give(*, assertion: str, scopes: Iterable[str], environment: Environment) -> tuple[str, list[str]]:
    """A token and what it is good for: of ``scopes`` those that there are. Kept as a hash, good for an hour.

    Refuses (UnbelievedError) whom we do not know, what is signed with another key or for somebody else, is too old, or
    was used before.
    """
    try:
        tool = _tool_of(assertion)
        claims = _believed(assertion, tool, environment)
    except MessageError as refusal:
        logger.warning("a tool asked for a token and was not believed: %s", refusal)
        raise UnbelievedError(str(refusal)) from None
    _spend(tool, claims)
    granted = [scope for scope in SCOPES if scope in set(scopes)]
    if not granted:
        return "", []
    now, token = timezone.now(), secrets.token_urlsafe(32)
    ServiceToken.objects.filter(tool=tool, expires_at__lt=now).delete()
    ServiceToken.objects.create(
        environment_id=tool.environment_id,
        tool=tool,
        digest=hashed(token),
        scopes=granted,
        expires_at=now + timedelta(seconds=SECONDS),
    )
    return token, granted


def tool_of_token(*, token: str) -> tuple[Tool, list[str]] | None:
    """Whose token it is and what it is good for, while it and the tool are good for something."""
    rows = ServiceToken.objects.select_related("tool").filter(digest=hashed(token), expires_at__gt=timezone.now())
    found = rows.filter(tool__is_on=True).first() if token else None
    return (found.tool, list(found.scopes)) if found else None


def _tool_of(assertion: str) -> Tool:
    """Who it says it is; nobody is asked for keys before."""
    _head, claims = said_by(assertion)
    client = uid_in(str(claims.get("iss", "")))
    tool = Tool.objects.filter(client_id=client, is_on=True).first() if client else None
    if tool is None:
        raise MessageError("no such tool")
    return tool


def _believed(assertion: str, tool: Tool, environment: Environment) -> dict[str, object]:
    platform = platform_of(environment)
    # Some tools address the token's address, as RFC 7523 says; some the issuer.
    about = {"client_id": str(tool.client_id), "audiences": {platform.token_url, platform.issuer}}
    try:
        return assertion_read(assertion, keys=keys_known(tool=tool), **about)  # type: ignore[arg-type]
    except UnknownKeyError:
        return assertion_read(assertion, keys=keys_anew(tool=tool), **about)  # type: ignore[arg-type]


def _spend(tool: Tool, claims: dict[str, object]) -> None:
    """Once: the database decides, also between two at the same moment."""
    SpentAssertion.objects.filter(tool=tool, expires_at__lt=timezone.now()).delete()
    until = datetime.fromtimestamp(float(str(claims["exp"])), UTC) + timedelta(seconds=2 * LEEWAY)
    try:
        with transaction.atomic():
            SpentAssertion.objects.create(
                environment_id=tool.environment_id, tool=tool, digest=hashed(str(claims["jti"])), expires_at=until
            )
    except IntegrityError:
        raise UnbelievedError("used before") from None
