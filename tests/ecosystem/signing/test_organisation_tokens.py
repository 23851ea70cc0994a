"""Tokens of a provider: which are believed, how they are bound to one sign-in, and that nobody else gets them."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from ecosystem.issuer_tokens import TokenError, token_read
from ecosystem.organisation import provider_id_of
from tests.ecosystem.signing.conftest import is_in
from tests.ecosystem.signing.issuer import ACCESS, CLIENT, FORGED, KEY, Issuer
from tests.ecosystem.signing.test_organisation import offer, through

PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
OWN_KEY = json.loads(RSAAlgorithm.to_jwk(FORGED.public_key()))


def part(value: dict) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed_by_public_key(claims: dict, *_args, **_more) -> str:
    """HS256 with the public key of the issuer as the secret, which everybody knows."""
    text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'one'})}.{part(claims)}"
    mark = hmac.new(PUBLIC, text.encode(), hashlib.sha256).digest()
    return f"{text}.{urlsafe_b64encode(mark).decode().rstrip('=')}"


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "forged",
    [
        {"algorithm": "none", "signed_with": None},
        {"signed_with": FORGED, "header": {"jwk": OWN_KEY}},
        {"signed_with": FORGED, "header": {"kid": "two", "jku": "https://evil.example/keys"}},
        {"header": {"typ": "at+jwt"}},
        {"header": {"typ": "logout+jwt"}},
        {"says": {"nonce": "0" * 64}},
        {"says": {"nonce": None}},
    ],
    ids=["unsigned", "own-key", "keys-elsewhere", "access-token", "logout-token", "replayed", "without-nonce"],
)
def test_a_token_that_is_not_of_this_sign_in_is_worth_nothing(env, issuer, browser_of, forged):
    row = offer(env, issuer)
    for name, value in forged.items():
        setattr(issuer, name, value)
    browser = browser_of(env)
    assert through(browser, row).headers["Location"] == "/accounts/login/"
    assert not is_in(browser)
    assert not SocialAccount.objects.exists()


@pytest.mark.usefixtures("ada")
def test_a_public_key_is_no_secret(env, issuer, browser_of, monkeypatch):
    monkeypatch.setattr("tests.ecosystem.signing.issuer.jwt.encode", signed_by_public_key)
    browser = browser_of(env)
    assert through(browser, offer(env, issuer)).headers["Location"] == "/accounts/login/"
    assert not is_in(browser)


@pytest.mark.usefixtures("ada")
def test_what_one_provider_gave_is_not_told_to_another(env, issuer, browser_of, settings):
    """Mixed up: begun with one provider, come back at the address of another."""
    second = Issuer()
    second.claims = dict(issuer.claims)
    settings.ISSUERS_INSIDE = [*settings.ISSUERS_INSIDE, f"127.0.0.1:{second.port}"]
    try:
        first_row, second_row = offer(env, issuer), offer(env, second, name="Other")
        browser = browser_of(env)
        there = browser.get(f"/accounts/organisation/{provider_id_of(first_row)}/").headers["Location"]
        back = requests.get(there, allow_redirects=False, timeout=60).headers["Location"]
        place = f"/accounts/organisation/{provider_id_of(second_row)}/back/?{urlsplit(back).query}"
        assert browser.get(place).headers["Location"] == "/accounts/login/"
        assert not is_in(browser)
        assert "/token" not in second.seen
        assert parse_qs(urlsplit(there).query)["redirect_uri"][0].endswith(f"{provider_id_of(first_row)}/back/")
    finally:
        second.server.shutdown()
        second.server.server_close()


@pytest.mark.usefixtures("ada")
def test_tokens_of_the_provider_stay_on_the_server_and_are_not_kept(env, issuer, browser_of):
    browser = browser_of(env)
    answer = through(browser, offer(env, issuer))
    assert is_in(browser)
    given = str(answer.headers) + answer.text + str(browser.cookies) + browser.get("/").text
    kept = str([session.get_decoded() for session in Session.objects.all()])
    for secret in (ACCESS, issuer.token_said):
        assert secret
        assert secret not in given
        assert secret not in kept
    assert not SocialToken.objects.exists()
    assert SocialAccount.objects.get().extra_data == {}


def keys_of(*kinds: str) -> tuple[list, list[dict]]:
    """Private keys of these algorithms, and how an issuer publishes them."""
    made = [ec.generate_private_key(ec.SECP256R1()) if kind == "ES256" else KEY for kind in kinds]
    writers = [ECAlgorithm if kind == "ES256" else RSAAlgorithm for kind in kinds]
    said = [json.loads(writer.to_jwk(key.public_key())) for key, writer in zip(made, writers, strict=True)]
    return made, said


def token(key: object, algorithm: str = "RS256", claims: dict | None = None, **head: object) -> str:
    usual = {"iss": "https://i.example", "aud": CLIENT, "sub": "a1", "exp": int(time.time()) + 60}
    return jwt.encode({**usual, **(claims or {})}, key, algorithm=algorithm, headers=head)


def read(text: str, published: object) -> dict:
    return token_read(text, keys=published, issuer="https://i.example", audience=CLIENT)


def test_a_token_need_not_name_its_key_where_one_fits_and_a_key_need_not_name_its_algorithm():
    (rsa, ecc), said = keys_of("RS256", "ES256")
    assert read(token(rsa), {"keys": said})["sub"] == "a1"
    assert read(token(ecc, "ES256"), {"keys": said})["sub"] == "a1"
    assert read(token(rsa, claims={"azp": CLIENT, "iat": time.time() + 5}), {"keys": said})["sub"] == "a1"
    twice = [{**said[0], "kid": "one"}, {**said[0], "kid": "two"}, {"kty": "RSA", "use": "enc"}, "nonsense"]
    assert read(token(rsa, kid="two"), {"keys": twice})["sub"] == "a1"
    for text, published in (
        (token(rsa), {"keys": twice}),
        (token(rsa, kid="three"), {"keys": twice}),
        (token(FORGED), {"keys": said}),
        (token(rsa), {"keys": [{**said[0], "use": "enc"}]}),
        (token(rsa), {"keys": [{**said[0], "alg": "RS512"}]}),
        (token(rsa), {"keys": [{"kty": "RSA"}]}),
        (token(rsa), {"keys": 5}),
        (token(rsa), ["keys"]),
        (signed_by_public_key({"sub": "a1"}), {"keys": said}),
        ("nonsense", {"keys": said}),
        (f"{part({'alg': ['RS256']})}.{part({'sub': 'a1'})}.c2ln", {"keys": said}),
        (token(rsa, kid="one"), {"keys": [{**said[0], "kid": ["one"]}]}),
        (token(rsa, claims={"azp": "others"}), {"keys": said}),
        (token(rsa, claims={"exp": time.time() - 60}), {"keys": said}),
    ):
        with pytest.raises(TokenError):
            read(text, published)
