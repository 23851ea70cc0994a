"""A SAML server of an organisation: answers questions with assertions that it signs with xmlsec, and can answer badly."""

import base64
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tests.keys import rsa_key, rsa_pem

ENTITY, SSO = "https://login.example.org/entity", "https://login.example.org/sso"
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"


@cache
def key_pair(name: str, *, days: int = 30) -> tuple[str, str]:
    """(private key, certificate) as PEM."""
    key = rsa_key(f"saml-{name}")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return rsa_pem(f"saml-{name}").decode(), made.public_bytes(serialization.Encoding.PEM).decode()


def question_of(location: str) -> tuple[str, str]:
    """(id, where the answer goes) of a redirect to the server."""
    packed = parse_qs(urlsplit(location).query)["SAMLRequest"][0]
    root = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    return root.get("ID"), root.get("AssertionConsumerServiceURL")


@dataclass
class Answer:
    """What the server says; ``signer`` signs the assertion (None: nobody does)."""

    question: str
    audience: str
    to: str
    uid: str = "u-1"
    email: str = "ada@example.org"
    issuer: str = ENTITY
    signer: str | None = "organisation"
    name_format: str = Names.NAMEID_PERSISTENT
    minutes: int = 5
    assertion_id: str = "_assertion-1"
    confirmed_for: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def assertion(self) -> str:
        now = datetime.now(tz=UTC)
        before, after = (f"{now + timedelta(minutes=at):%Y-%m-%dT%H:%M:%SZ}" for at in (-1, self.minutes))
        question = self.question if self.confirmed_for is None else self.confirmed_for
        named = f' InResponseTo="{question}"' if question else ""
        text = (
            f'<saml:Assertion xmlns:saml="{Names.NS_SAML}" ID="{self.assertion_id}" Version="2.0" IssueInstant="{before}">'
            f"<saml:Issuer>{self.issuer}</saml:Issuer>"
            f'<saml:Subject><saml:NameID Format="{self.name_format}">{escape(self.uid)}</saml:NameID>'
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{after}" Recipient="{self.to}"{named}/>'
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{before}" NotOnOrAfter="{after}"><saml:AudienceRestriction>'
            f"<saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{before}"><saml:AuthnContext><saml:AuthnContextClassRef>'
            "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
            "</saml:AuthnStatement><saml:AttributeStatement>"
            f'<saml:Attribute Name="{EMAIL}"><saml:AttributeValue>{escape(self.email)}</saml:AttributeValue></saml:Attribute>'
            "</saml:AttributeStatement></saml:Assertion>"
        )
        if self.signer is None:
            return text
        key, certificate = key_pair(self.signer)
        signed = OneLogin_Saml2_Utils.add_sign(
            text, key, certificate, sign_algorithm=Names.RSA_SHA256, digest_algorithm=Names.SHA256
        )
        return signed.decode() if isinstance(signed, bytes) else signed

    def response(self, *assertions: str, head: str = "") -> str:
        now = f"{datetime.now(tz=UTC):%Y-%m-%dT%H:%M:%SZ}"
        return (
            f'{head}<samlp:Response xmlns:samlp="{Names.NS_SAMLP}" xmlns:saml="{Names.NS_SAML}" ID="_response" Version="2.0"'
            f' IssueInstant="{now}" Destination="{self.to}" InResponseTo="{self.question}">'
            f"<saml:Issuer>{self.issuer}</saml:Issuer><samlp:Status>"
            f'<samlp:StatusCode Value="{Names.STATUS_SUCCESS}"/></samlp:Status>'
            f"{''.join(assertions or (self.assertion(),))}</samlp:Response>"
        )

    def packed(self, *assertions: str, head: str = "") -> str:
        return base64.b64encode(self.response(*assertions, head=head).encode()).decode()
