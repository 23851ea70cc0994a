"""Signed messages: what we tell a tool, and what a tool tells us. Keys in, claims out; knows no rows."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from functools import lru_cache
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"  # of the LTI security framework: nothing with a shared secret, nothing unsigned
BITS = 2048
MOST_KEYS = 20
LARGEST = 16 * 1024  # characters of a message, or of keys that somebody pastes
LEEWAY = 30  # seconds that two clocks may differ
LONGEST_LIFE = 3600  # seconds that a request for a token may say it is good for


class MessageError(Exception):
    """Not to be believed. The words are for a log, and have nothing of the message in them."""


class UnknownKeyError(MessageError):
    """Signed with a key that is not among those we know: there may be newer ones."""


def key_new(kid: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(public, private) as JWKs."""
    key = RSAKey.generate_key(BITS, {"kid": kid, "use": "sig", "alg": ALGORITHM})
    return dict(key.as_dict(private=False)), dict(key.as_dict(private=True))


def signed(claims: dict[str, Any], *, key: dict[str, Any]) -> str:
    """``key`` is a private JWK with its ``kid``."""
    return jwt.encode({"alg": ALGORITHM, "kid": key["kid"]}, claims, _loaded(json.dumps(key, sort_keys=True)))


@lru_cache(maxsize=50)
def _loaded(key: str) -> RSAKey:
    """Whether the numbers of a key fit each other is looked at when it is loaded, which takes ten times as long as signing."""
    return RSAKey.import_key(json.loads(key))


def keys_pasted(text: str) -> dict[str, Any]:
    """A set of public keys from PEM, one JWK or a set of them. Refuses what holds none of RSA with 2048 bits or more."""
    text = text.strip()
    if "PRIVATE KEY" in text:
        raise MessageError("a private key")
    try:
        data = {"keys": [_of_pem(text)]} if "-----BEGIN" in text else json.loads(text)
    except (JoseError, ValueError, RecursionError):
        raise MessageError("no key") from None
    if isinstance(data, dict) and "keys" not in data:
        data = {"keys": [data]}
    found = keys_fitting(data)
    if not found:
        raise MessageError("no key")
    return {"keys": found}


def _of_pem(text: str) -> dict[str, Any] | None:
    """Looked at before joserfc makes a key of it, which only warns of a short one."""
    found = RSAKey.binding.import_from_bytes(text.encode())
    return dict(RSAKey.import_key(found).as_dict(private=False)) if found.key_size >= BITS else None


def keys_fitting(data: Any) -> list[dict[str, Any]]:
    """Of a set, as a tool shows it, the keys that can check a signature; what else is in it is for something else."""
    rows = data.get("keys") if isinstance(data, dict) else None
    return [key for row in (rows if isinstance(rows, list) else [])[:MOST_KEYS] if (key := _public(row))]


def _public(row: Any) -> dict[str, Any] | None:
    if not isinstance(row, dict) or row.get("kty") != "RSA" or row.get("use", "sig") != "sig":
        return None
    if row.get("alg", ALGORITHM) != ALGORITHM:
        return None
    kept = {name: str(row[name]) for name in ("kty", "n", "e", "kid") if name in row}
    try:
        if len(urlsafe_b64decode(kept.get("n", "") + "==").lstrip(b"\0")) * 8 < BITS:
            return None
        RSAKey.import_key(kept)
    except (JoseError, ValueError, TypeError, KeyError, OverflowError):
        return None
    return kept


def said_by(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(head, claims) as they stand there, believed by nobody yet. Refuses another algorithm before anything is looked up."""
    if len(token) > LARGEST:
        raise MessageError("too long")
    try:
        found = jws.extract_compact(token.encode())
        head, claims = dict(found.headers()), json.loads(found.payload)
    except (JoseError, ValueError, RecursionError):
        raise MessageError("no message") from None
    if head.get("alg") != ALGORITHM:
        raise MessageError("another algorithm")
    if not isinstance(claims, dict):
        raise MessageError("no claims")
    return head, claims


def assertion_read(token: str, *, keys: list[dict[str, Any]], client_id: str, audiences: set[str]) -> dict[str, Any]:
    """What a tool says of itself to get a token (RFC 7523), once the signature holds against its keys."""
    head, _unbelieved = said_by(token)
    key = _named(head, keys)
    try:
        claims = jwt.decode(token, RSAKey.import_key(key), algorithms=[ALGORITHM]).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": client_id},
            sub={"essential": True, "value": client_id},
            aud={"essential": True, "values": sorted(audiences)},
            exp={"essential": True},
            iat={"essential": True},
            jti={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError) as error:
        raise MessageError(type(error).__name__) from None
    ends_soon = claims["exp"] <= time.time() + LONGEST_LIFE + LEEWAY  # which NaN does not
    if not ends_soon or not claims["jti"]:
        raise MessageError("good for too long")
    return dict(claims)


def _named(head: dict[str, Any], keys: list[dict[str, Any]]) -> dict[str, Any]:
    """The key that the head names; the only one there is, where it or the head has no name."""
    kid = head.get("kid")
    named = [key for key in keys if key.get("kid") == kid]
    if len(named) == 1:
        return named[0]
    if len(keys) == 1 and (kid is None or "kid" not in keys[0]):
        return keys[0]
    raise UnknownKeyError("no such key")
