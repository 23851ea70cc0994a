"""Secrets at rest: sealed with a key made from SECRET_KEY, so that a copy of the database alone opens nothing."""

import base64
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def _fernet(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"grove.sealing").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


@lru_cache(maxsize=4)
def _box(*secrets: str) -> MultiFernet:
    return MultiFernet([_fernet(secret) for secret in secrets])


def _current() -> MultiFernet:
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def seal(text: str) -> str:
    return _current().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again; raises ValueError when neither SECRET_KEY nor a fallback opens it."""
    try:
        return _current().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("Sealed with another SECRET_KEY.") from None


def seal_facts(facts: dict[str, Any]) -> str:
    return seal(json.dumps(facts))


def unseal_facts(sealed: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unseal(sealed))
    return found
