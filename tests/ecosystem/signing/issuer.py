"""A small OpenID Connect provider, in a thread: real HTTP, real keys, PKCE; what it says of people is set by the test."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from jwt.algorithms import RSAAlgorithm

from tests.keys import rsa_key

CLIENT, SECRET, ACCESS = "grove", "a-client-secret", "what-opens-more-at-the-provider"
KEY, FORGED = rsa_key("issuer"), rsa_key("forged")


class Issuer:
    def __init__(self) -> None:
        self.claims: dict = {}
        self.signed_with: object = KEY
        self.algorithm = "RS256"
        self.header: dict = {}
        self.token_said = ""
        self.says: dict = {}  # more facts of the token, or other ones than the true
        self.calls_itself = ""
        self.codes: dict[str, tuple[str, str]] = {}
        self.seen: list[str] = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.seen.append(self.path)
                where = urlsplit(self.path)
                if where.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", issuer.authorize(parse_qs(where.query)))
                    self.end_headers()
                else:
                    self.say(issuer.answer(where.path))

            def do_POST(self) -> None:
                issuer.seen.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.say(issuer.token({name: values[0] for name, values in parse_qs(body).items()}))

            def say(self, found: dict | None) -> None:
                body = json.dumps(found or {}).encode()
                self.send_response(200 if found else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def answer(self, path: str) -> dict | None:
        if path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
            found = {name: f"{self.url}/{at}" for name, at in names.items()}
            methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
            return {"issuer": self.calls_itself or self.url, "jwks_uri": f"{self.url}/keys", **found, **methods}
        if path == "/keys":
            return {"keys": [{**json.loads(RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "one", "alg": "RS256"}]}
        return {name: value for name, value in self.claims.items() if name != "id_sub"}

    def authorize(self, asked: dict) -> str:
        code = secrets.token_hex(8)
        self.codes[code] = (asked["code_challenge"][0], asked["nonce"][0])
        return f"{asked['redirect_uri'][0]}?{urlencode({'code': code, 'state': asked['state'][0]})}"

    def token(self, sent: dict) -> dict | None:
        proof = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        expected, nonce = self.codes.pop(sent.get("code", ""), ("", ""))
        if expected != base64.urlsafe_b64encode(proof).decode().rstrip("="):
            return None
        if (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET):
            return None
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            **self.claims,
            **self.says,
        }
        claims["sub"] = claims.pop("id_sub", claims["sub"])
        self.token_said = jwt.encode(
            claims, self.signed_with, algorithm=self.algorithm, headers={"kid": "one", **self.header}
        )
        return {"access_token": ACCESS, "token_type": "Bearer", "id_token": self.token_said}
