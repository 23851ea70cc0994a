"""Somebody else's tool: what it does with what we send it, written with joserfc alone and nothing of ours."""

from __future__ import annotations

import re
import time
import uuid
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.keys import rsa_pem

SITE = "https://tool.example.com"
LOGIN, ARRIVE = f"{SITE}/login", f"{SITE}/arrive"
KEY, STRANGERS_KEY = (RSAKey.import_key(rsa_pem(whose), {"kid": "tool-1"}) for whose in ("tool", "stranger"))
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALL_SCOPES = " ".join(f"https://purl.imsglobal.org/spec/lti-ags/scope/{one}" for one in ("score", "result.readonly"))
ALL_SCOPES += " https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"


def form_of(page: Any) -> tuple[str, dict[str, str]]:
    """Where the form of a page goes that sends itself on, and with what."""
    text = page.content.decode()
    action = re.search(r'<form [^>]*action="([^"]+)" data-send-on', text)
    assert action, text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return unescape(action[1]), {name: unescape(value) for name, value in fields}


class SmallTool:
    """Registered as ``row``; ``client`` speaks to the platform without a person."""

    def __init__(self, row: Any, client: Any, *, host: str = "alpha.localhost") -> None:
        self.row, self.client, self.host, self.nonces = row, client, host, set()

    def question(self, fields: dict[str, str], **changed: str) -> dict[str, str]:
        """What it asks after it was sent the first form."""
        nonce = uuid.uuid4().hex
        self.nonces.add(nonce)
        asked = {
            "scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none",
            "client_id": fields["client_id"], "redirect_uri": ARRIVE, "state": "s-1", "nonce": nonce,
            "login_hint": fields["login_hint"], "lti_message_hint": fields["lti_message_hint"],
        }  # fmt: skip
        return {**asked, **changed}

    def believed(self, token: str) -> dict[str, Any]:
        """The claims, checked with the keys that the platform shows."""
        keys = KeySet.import_key_set(self.client.get("/lti/jwks").json())
        claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
        jwt.JWTClaimsRegistry(aud={"essential": True, "value": str(self.row.client_id)}).validate(claims)
        self.nonces.remove(claims["nonce"])
        return dict(claims)

    def launch(self, browser: Any, slug: str) -> dict[str, Any]:
        """The whole way in, for whoever sits at ``browser``."""
        address, fields = form_of(browser.post(f"/tools/{slug}/launch/"))
        assert address == LOGIN
        address, fields = form_of(browser.get(f"/lti/auth?{urlencode(self.question(fields))}"))
        assert (address, fields["state"]) == (ARRIVE, "s-1")
        return self.believed(fields["id_token"])

    def assertion(self, *, key: Any = KEY, head: dict[str, str] | None = None, **changed: Any) -> str:
        now, me = int(time.time()), str(self.row.client_id)
        claims = {
            "iss": me, "sub": me, "aud": f"http://{self.host}:{settings.GROVE_PORT}/lti/token", "iat": now, "exp": now + 60,
            "jti": uuid.uuid4().hex,
        }  # fmt: skip
        head = head or {"alg": "RS256", "kid": "tool-1"}
        return jwt.encode(head, {**claims, **changed}, key, algorithms=[head["alg"]])

    def ask_token(self, assertion: str = "", scope: str = ALL_SCOPES) -> Any:
        form = {
            "grant_type": "client_credentials", "client_assertion_type": ASSERTION, "scope": scope,
            "client_assertion": assertion or self.assertion(),
        }  # fmt: skip
        return self.client.post("/lti/token", form)

    def say(self, item: str, body: dict[str, Any], token: str = "") -> Any:
        token = token or self.ask_token().json()["access_token"]
        return self.client.post(
            urlsplit(item).path + "/scores",
            body,
            content_type="application/vnd.ims.lis.v1.score+json",
            headers={"Authorization": f"Bearer {token}"},
        )
