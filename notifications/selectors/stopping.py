"""The address in a letter that stops its kind: a signed token, so that it works without signing in."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from ecosystem.scope import current_scope

STOP_SALT = "notifications.stop"


def stop_path(*, person_id: int, kind: str) -> str:
    """The address in a letter that stops this kind for this person. It needs no sign-in and never grows old."""
    claim = {"e": current_scope().environment_id, "p": person_id, "k": kind}
    token = signing.Signer(salt=STOP_SALT).sign_object(claim)
    return reverse("notifications:unsubscribe", args=[token])


@dataclass(frozen=True)
class Stop:
    person_id: int
    kind: str


def stop_of_token(token: str) -> Stop | None:
    """Who and what a token of ``stop_path`` is about; None when it is not ours or of another environment."""
    try:
        claim = signing.Signer(salt=STOP_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    if not isinstance(claim, dict) or claim.get("e") != current_scope().environment_id:
        return None
    return Stop(person_id=claim["p"], kind=claim["k"])
