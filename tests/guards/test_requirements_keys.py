"""Requirements of OWASP ASVS 5.0 on keys and what is made with them; tools/security_proofs.py says which is which."""

import ast
import os
import smtplib
import ssl

import psycopg2
import pytest
import redis
import yaml
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as configured
from django.contrib.auth.hashers import get_hasher, make_password
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend
from django.test import Client
from django.test.utils import override_settings

from config import environ, stores
from ecosystem.models import IdentityProvider, Person
from ecosystem.saml import _settings
from ecosystem.sealing import seal, unseal
from notifications.webpush import new_private_key, private_key
from tests.guards.hostile import PASSWORD, code_of_ours, sign_in
from tests.guards.test_requirements import PRODUCTION

# Every name of a library of cryptography that the code imports. None of it is a cipher, mode or padding to be chosen
# anew: Fernet is AES-128-CBC with HMAC-SHA256, AESGCM is what RFC 8291 asks for, P-256 what RFC 8292 does.
APPROVED = {
    "cryptography.exceptions": {"InvalidKey"},
    "cryptography.fernet": {"Fernet", "InvalidToken", "MultiFernet"},
    "cryptography": {"x509"},
    "cryptography.hazmat.primitives": {"hashes"},
    "cryptography.hazmat.primitives.asymmetric": {"ec"},
    "cryptography.hazmat.primitives.asymmetric.utils": {"decode_dss_signature"},
    "cryptography.hazmat.primitives.ciphers.aead": {"AESGCM"},
    "cryptography.hazmat.primitives.hashes": {"SHA256"},
    "cryptography.hazmat.primitives.kdf.hkdf": {"HKDF"},
    "cryptography.hazmat.primitives.serialization": {"Encoding", "PublicFormat"},
}
LIBRARIES = {"cryptography", "Crypto", "Cryptodome", "nacl", "ecdsa", "rsa", "pyaes", "jose", "pycryptodome"}


def test_only_what_is_approved_is_used_and_by_libraries():
    used: dict[str, set[str]] = {}
    for path, text in code_of_ours():
        if not any(name in text for name in LIBRARIES):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
                used.setdefault(node.module, set()).update(alias.name for alias in node.names)
            elif isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & LIBRARIES, path
    assert used == APPROVED


def test_a_new_secret_key_opens_what_the_old_one_sealed(settings):
    """Keys are replaced one after the other: what is sealed anew no longer needs the old one."""
    before, sealed = settings.SECRET_KEY, seal("a secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 64, [before]
    assert unseal(sealed) == "a secret"
    anew = seal("a secret")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(anew) == "a secret"
    with pytest.raises(ValueError, match="another SECRET_KEY"):
        unseal(sealed)


@pytest.mark.django_db
@pytest.mark.parametrize("kept", ["pbkdf2_sha256", "cheaper argon2"])
def test_a_password_is_hashed_anew_when_hashing_changes(person_with_password, monkeypatch, kept):
    person = Person.objects.get(pk=person_with_password.person_id)
    with override_settings(PASSWORD_HASHERS=PRODUCTION):
        if kept == "cheaper argon2":
            with monkeypatch.context() as cheaper:
                cheaper.setattr(type(get_hasher()), "memory_cost", 8192)
                person.password = make_password(PASSWORD)
        else:
            person.password = make_password(PASSWORD, hasher=kept)
        person.save(update_fields=["password"])
        client = Client(HTTP_HOST="alpha.localhost")
        assert sign_in(client, person.email, PASSWORD).status_code == 302
    stored = Person.objects.get(pk=person.pk).password
    assert stored != person.password
    assert "$m=19456,t=2,p=1$" in stored


def test_keys_are_made_strong_and_signatures_with_old_algorithms_refused():
    """128 bits: P-256 for web push, another one each time; SAML by SHA-256, and nothing older is believed."""
    keys = {new_private_key() for _time in range(5)}
    assert len(keys) == 5
    assert all(isinstance(private_key(key).curve, ec.SECP256R1) for key in keys)
    security = _settings(IdentityProvider(), provider_id="saml-x", base="https://alpha.example.org")["security"]
    assert security["rejectDeprecatedAlgorithm"] is True
    assert security["signatureAlgorithm"].endswith("rsa-sha256")
    assert security["digestAlgorithm"].endswith("sha256")


def test_no_store_and_no_mail_server_is_talked_to_in_the_clear_when_encryption_was_asked_for(imposter):
    """The addresses of settings say how; where the other side cannot, or nobody vouches for it, nothing is told."""
    address = os.environ["DATABASE_URL"]
    encrypted = address + ("&" if "?" in address else "?") + "sslmode=verify-full"
    for read in (stores.database, stores.owner_database):  # the wish in the address gets as far as the driver
        assert read("postgres://x@localhost/x?sslmode=verify-full")["OPTIONS"]["sslmode"] == "verify-full"
    with pytest.raises(psycopg2.OperationalError, match=r"SSL|certificate"):
        psycopg2.connect(encrypted, connect_timeout=5)
    with pytest.raises(redis.RedisError):  # it waits for a word that never comes
        redis.Redis.from_url(os.environ["REDIS_URL"].replace("redis://", "rediss://", 1), socket_timeout=1).ping()
    letters = EmailBackend(host="localhost", port=imposter.server_port, use_ssl=True, use_tls=False, timeout=5)
    with pytest.raises((ssl.SSLCertVerificationError, smtplib.SMTPException)):
        letters.open()
    assert imposter.heard == []


def test_each_store_asks_who_it_is_and_each_process_has_an_account_of_its_own():
    compose = yaml.safe_load((configured.BASE_DIR / "docker-compose.yml").read_text())["services"]
    assert '--requirepass "$$REDISCLI_AUTH"' in compose["valkey"]["command"][-1]
    accounts = {
        name: [part.split(":")[0] for part in str(service.get("environment", {})).split("postgres://")[1:]]
        for name, service in compose.items()
    }
    for name in ("web", "worker", "worker-interactive", "beat"):
        assert accounts[name] == ["grove_app"], name
    assert set(accounts["migrate"]) == {"grove_app", "grove_owner"}


def test_a_secret_can_come_from_the_keeper_of_secrets(tmp_path, monkeypatch):
    """As a file that a container is given: it goes before a value in the environment, which others can read."""
    (tmp_path / "secret").write_text("from the vault\n")
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))
    assert environ.text("SECRET_KEY") == "from the vault"
    monkeypatch.delenv("SECRET_KEY_FILE")
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE"):
        environ.text("SECRET_KEY")
