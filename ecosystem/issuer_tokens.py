"""What a token of an OpenID Connect issuer says, once its signature holds against the issuer's published keys. Pure."""

from typing import Any

import jwt

# Signed with a private key only: with a shared secret, the public key of an issuer would do as the secret.
ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
LEEWAY = 30  # seconds that two clocks may differ
KINDS = {"R": "RSA", "P": "RSA", "E": "EC"}


class TokenError(Exception):
    """Not to be believed. The message is for a log, and has nothing of the token in it."""


def token_head(token: str) -> dict[str, Any]:
    """A token that lets software in or signs somebody out says so in its head; it is no word on who somebody is."""
    try:
        head: dict[str, Any] = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise TokenError("no token") from None
    if str(head.get("alg")) not in ALGORITHMS or str(head.get("typ", "JWT")).upper() != "JWT":
        raise TokenError("a token of another kind")
    return head


def token_read(token: str, *, keys: Any, issuer: str, audience: str) -> dict[str, Any]:
    """``keys``: the issuer's set (RFC 7517), as it came from there."""
    head = token_head(token)
    try:
        key = jwt.PyJWK(_named(head, keys), algorithm=head["alg"])
        said: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[head["alg"]],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "exp", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise TokenError(type(error).__name__) from None
    if said.get("azp", audience) != audience:
        raise TokenError("made for other software")
    return said


def _named(head: dict[str, Any], keys: Any) -> dict[str, Any]:
    """The key that the head names. It need name none where only one fits (OpenID Connect Core, 10.1)."""
    kind = KINDS[head["alg"][0]] if head["alg"] != "EdDSA" else "OKP"
    published = keys.get("keys") if isinstance(keys, dict) else None
    fitting = [
        key
        for key in (published if isinstance(published, list) else [])
        if isinstance(key, dict)
        and key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", head["alg"]) == head["alg"]
        and (head.get("kid") is None or head["kid"] == key.get("kid"))
    ]
    if len(fitting) != 1:
        raise TokenError("no such key")
    return fitting[0]
