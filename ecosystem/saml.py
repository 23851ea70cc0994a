"""SAML 2.0 as a service provider: what is asked of an organisation's server, and what is believed of its answer.

Only an answer to a question of ours, from the browser that asked, with an assertion signed by the certificate that an
administrator entered, within its times, once. Everything else is refused in one way.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from ecosystem.exceptions import EcosystemError
from ecosystem.models import IdentityProvider

SEEN_FOR = 24 * 3600  # seconds; longer than an assertion lasts
ONLY_ONCE = "saml-assertion"
LONGEST_NAME = 190  # characters that the link to an account holds
EMAIL = (
    "email", "mail", "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)  # fmt: skip
NAME = (
    "displayName",
    "name",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
)


class SamlError(Exception):
    """This answer lets nobody in. The message is for a log, never for a page."""


@dataclass(frozen=True)
class Identity:
    """Who it is at the organisation (``uid``), and what it says about them."""

    uid: str
    email: str
    name: str


def certificate_read(text: str) -> str:
    """A PEM certificate, or the bare base64 in the middle of one, as PEM. Refuses what is none, or is over."""
    body = "".join(line.strip() for line in text.strip().splitlines() if "-----" not in line)
    pem = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
    try:
        found = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise EcosystemError(_("This is no certificate. Paste the signing certificate of your provider.")) from None
    if found.not_valid_after_utc <= datetime.now(tz=UTC):
        raise EcosystemError(_("This certificate is over. Ask your provider for the new one."))
    return found.public_bytes(Encoding.PEM).decode()


def places_of(provider_id: str, *, base: str) -> dict[str, str]:
    """Our own addresses, which the organisation enters on its side: entity id and where the answer goes."""
    return {
        "entity_id": base + reverse("saml-metadata", args=[provider_id]),
        "answer_to": base + reverse("saml-answer", args=[provider_id]),
    }


def metadata_of(row: IdentityProvider, *, provider_id: str, base: str) -> bytes:
    """Our description of ourselves, for the organisation's server."""
    config = _settings(row, provider_id=provider_id, base=base)
    written: str | bytes = OneLogin_Saml2_Settings(config, sp_validation_only=True).get_sp_metadata()
    return written if isinstance(written, bytes) else written.encode()


def question_to(row: IdentityProvider, *, provider_id: str, base: str) -> tuple[str, str]:
    """(address to send the browser to, id of the question, which the answer must name)."""
    auth = _auth(row, provider_id=provider_id, base=base, answer="")
    return auth.login(return_to=""), auth.get_last_request_id()


def identity_of(row: IdentityProvider, *, provider_id: str, base: str, answer: str, question: str) -> Identity:
    """Whom an answer to ``question`` is about. Raises for everything that is not exactly that."""
    auth = _auth(row, provider_id=provider_id, base=base, answer=answer)
    try:
        auth.process_response(request_id=question)
    except (OneLogin_Saml2_Error, binascii.Error, ValueError, TypeError, AttributeError, SyntaxError) as error:
        raise SamlError(type(error).__name__) from error
    if auth.get_errors() or not auth.is_authenticated():
        raise SamlError(", ".join(auth.get_errors()) or "not authenticated")
    # What wraps the assertion is not signed, so the assertion itself must name the question.
    document = OneLogin_Saml2_XML.to_etree(auth.get_last_response_xml())
    named = OneLogin_Saml2_XML.query(document, "//saml:SubjectConfirmationData")
    if not named or any(node.get("InResponseTo") != question for node in named):
        raise SamlError("not an answer to this question")
    if not cache.add(f"{ONLY_ONCE}:{row.uid}:{auth.get_last_assertion_id()}", 1, SEEN_FOR):
        raise SamlError("seen before")
    if auth.get_nameid_format() == Names.NAMEID_TRANSIENT or not auth.get_nameid():
        raise SamlError("no lasting name")
    if len(str(auth.get_nameid())) > LONGEST_NAME:
        raise SamlError("a name too long to tell from others")
    said = auth.get_attributes()
    email = _first(said, EMAIL)
    if not email and auth.get_nameid_format() == Names.NAMEID_EMAIL_ADDRESS:
        email = auth.get_nameid()
    return Identity(str(auth.get_nameid()), email, _first(said, NAME))


def _first(said: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((str(said[name][0]).strip() for name in names if said.get(name) and said[name][0]), "")


def _auth(row: IdentityProvider, *, provider_id: str, base: str, answer: str) -> Any:
    """The library's object for one exchange; it is told our address, not what a request says of itself."""
    place = urlsplit(places_of(provider_id, base=base)["answer_to"])
    request = {
        "https": "on" if place.scheme == "https" else "off",
        "http_host": place.netloc,
        "script_name": place.path,
        "get_data": {},
        "post_data": {"SAMLResponse": answer} if answer else {},
    }
    return OneLogin_Saml2_Auth(request, _settings(row, provider_id=provider_id, base=base))


def _settings(row: IdentityProvider, *, provider_id: str, base: str) -> dict[str, Any]:
    places = places_of(provider_id, base=base)
    return {
        "strict": True,
        "sp": {
            "entityId": places["entity_id"],
            "assertionConsumerService": {"url": places["answer_to"], "binding": Names.BINDING_HTTP_POST},
            "NameIDFormat": Names.NAMEID_UNSPECIFIED,
        },
        "idp": {
            "entityId": row.issuer,
            "singleSignOnService": {"url": row.sso_url, "binding": Names.BINDING_HTTP_REDIRECT},
            "x509cert": row.certificate,
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "allowSingleLabelDomains": True,
            "signatureAlgorithm": Names.RSA_SHA256,
            "digestAlgorithm": Names.SHA256,
        },
    }
