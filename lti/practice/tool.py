"""The tool's side of LTI 1.3: how it is registered, whom it believes, and how it says a score."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from django.conf import settings
from django.core import signing
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from ecosystem.isolated import isolated_beside
from lti.claims import AGS_CLAIM, CLAIM, DONE, MARKED, SCORE, SCORE_TYPE
from lti.messages import ALGORITHM, key_new
from lti.practice.talk import MOST, comment_on, points_of

NAME = "Practice conversations"
PLACE = "/dev/tool"
SALT = "lti.practice"
LOGIN_SECONDS, VISIT_SECONDS = 600, 4 * 3600
SECONDS = 10  # to wait for the platform
# Where the platform says that it is asked (the page of its administrators has them).
AUTH, KEYS, TOKEN = "/lti/auth", "/lti/jwks", "/lti/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class PracticeError(Exception):
    """The platform did not say what it should, or somebody else spoke for it."""


def is_here() -> bool:
    return bool(settings.DEBUG)


def registration(platform: str) -> dict[str, Any]:
    """What an administrator would enter for it, with its public key; makes the key when there is none."""
    site = isolated_beside(platform) + PLACE
    return {
        "name": NAME, "login_url": f"{site}/login", "target_url": f"{site}/start", "redirect_urls": [f"{site}/start"],
        "keys_url": "", "shares": "nothing", "is_on": True, "pasted": json.dumps(_keys(make=True)["public"]),
    }  # fmt: skip


def question_for(*, platform: str, asked: dict[str, str]) -> str:
    """Where to send the browser that was sent to the login: the platform's question, with a state of ours."""
    if asked.get("iss") != platform:
        raise PracticeError("another platform")
    nonce = secrets.token_urlsafe(16)
    client = asked.get("client_id", "")
    question = {
        "scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none", "client_id": client,
        "redirect_uri": f"{isolated_beside(platform)}{PLACE}/start", "login_hint": asked.get("login_hint", ""),
        "lti_message_hint": asked.get("lti_message_hint", ""), "nonce": nonce,
        "state": signing.dumps([platform, client, nonce], salt=SALT),
    }  # fmt: skip
    return f"{platform}{AUTH}?{urlencode(question)}"


def visit_of(*, platform: str, state: str, token: str) -> dict[str, Any]:
    """Who has come and where their score goes, once the message holds against the keys that the platform shows."""
    try:
        issuer, client, nonce = signing.loads(state, salt=SALT, max_age=LOGIN_SECONDS)
        if issuer != platform:
            raise PracticeError("another platform")
        keys = KeySet.import_key_set(_asked(platform + KEYS).json())
        claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
        wanted = {"iss": platform, "aud": client, "nonce": nonce, f"{CLAIM}version": "1.3.0"}
        fixed = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        jwt.JWTClaimsRegistry(leeway=30, exp={"essential": True}, sub={"essential": True}, **fixed).validate(claims)
        shown = claims.get(f"{CLAIM}launch_presentation", {})
        return {
            "platform": platform, "client": client, "sub": claims["sub"], "item": claims[AGS_CLAIM]["lineitem"],
            "title": claims[f"{CLAIM}resource_link"].get("title", ""), "locale": shown.get("locale", "en"),
            "back": shown.get("return_url", ""), "said": [],
        }  # fmt: skip
    except (signing.BadSignature, JoseError, ValueError, KeyError) as error:
        raise PracticeError(type(error).__name__) from None


def visit_kept(visit: dict[str, Any]) -> str:
    """As it goes into the page; nothing of a visit is kept here."""
    return signing.dumps(visit, salt=f"{SALT}.visit", compress=True)


def visit_read(kept: str) -> dict[str, Any]:
    try:
        return dict(signing.loads(kept, salt=f"{SALT}.visit", max_age=VISIT_SECONDS))
    except signing.BadSignature as error:
        raise PracticeError("no visit of ours") from error


def score_say(visit: dict[str, Any]) -> None:
    """Tell the platform how the conversation went; refuses (PracticeError) when it does not take that."""
    points = points_of(visit["said"])
    body = {
        "userId": visit["sub"], "timestamp": datetime.now(UTC).isoformat(), "activityProgress": DONE, "gradingProgress": MARKED,
        "scoreGiven": points, "scoreMaximum": MOST, "comment": comment_on(points),
    }  # fmt: skip
    heads = {"Authorization": f"Bearer {_token(visit)}", "Content-Type": SCORE_TYPE}
    _asked(f"{visit['item']}/scores", data=json.dumps(body), headers=heads)


def _token(visit: dict[str, Any]) -> str:
    key, now, address = _keys()["private"], int(time()), visit["platform"] + TOKEN
    claims = {
        "iss": visit["client"],
        "sub": visit["client"],
        "aud": address,
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_hex(16),
    }
    assertion = jwt.encode({"alg": ALGORITHM, "kid": key["kid"]}, claims, RSAKey.import_key(key))
    form = {
        "grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": assertion, "scope": SCORE,
    }  # fmt: skip
    return str(_asked(address, data=form).json()["access_token"])


def _asked(url: str, **sent: Any) -> requests.Response:
    """The platform is on this machine, and not every resolver knows names that end on .localhost."""
    parts = urlsplit(url)
    heads = {**sent.pop("headers", {}), "Host": parts.netloc}
    here = f"http://127.0.0.1:{settings.GROVE_PORT}{parts.path}"
    try:
        answer = requests.request("POST" if sent else "GET", here, headers=heads, timeout=SECONDS, **sent)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise PracticeError(f"{parts.path}: {type(error).__name__}") from error
    return answer


def _keys(*, make: bool = False) -> dict[str, Any]:
    """Our own pair, in a file of this checkout."""
    file = Path(settings.MAIL_DIR).parent / "practice-tool-keys.json"
    if make and not file.exists():
        public, private = key_new("practice")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps({"public": public, "private": private}))
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError) as error:
        raise PracticeError("no key of ours") from error
