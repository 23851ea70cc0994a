"""Signing in through servers that somebody else wrote: an OpenID Connect provider (Authlib inside) and PySAML2.

The other tests answer with what we understand of the standards; these find out whether others understand it the same way.
The two libraries are loaded by their tests: they take a second of each process, and one runs these.
"""

import warnings
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
import xmlsec
from allauth.socialaccount.models import SocialAccount
from lxml import etree

from ecosystem.models import IdentityProvider
from ecosystem.organisation import provider_id_of
from ecosystem.scope import open_scope
from ecosystem.sealing import seal
from tests.ecosystem.signing.conftest import is_in
from tests.ecosystem.signing.saml_server import EMAIL, ENTITY, SSO, key_pair

pytestmark = pytest.mark.django_db


class Form(HTMLParser):
    """Where the first form of a page goes, and what it says already."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action, self.fields = "", {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        said = dict(attrs)
        if tag == "form" and not self.action:
            self.action = said.get("action") or ""
        if tag == "input" and said.get("name"):
            self.fields[said["name"]] = said.get("value") or ""


def test_an_openid_provider_of_somebody_else(ada, env, browser_of, settings):
    import oidc_provider_mock

    users = [
        oidc_provider_mock.User(sub="a1", claims={"email": "ada@example.org", "email_verified": True, "name": "Ada"})
    ]
    with oidc_provider_mock.run_server_in_thread(port=0, require_nonce=True, user_claims=users) as server:
        settings.ISSUERS_INSIDE = [f"localhost:{server.server_port}"]
        with open_scope(environment_id=env.pk):
            row = IdentityProvider.objects.create(
                environment=env,
                name="Work",
                issuer=f"http://localhost:{server.server_port}",
                client_id="grove",
                is_on=True,
                sealed_secret=seal("a-client-secret"),
            )
        browser = browser_of(env)
        there = browser.get(f"/accounts/organisation/{provider_id_of(row)}/?next=/courses/")
        page = requests.get(there.headers["Location"], timeout=60)
        form = Form(page.text)
        filled = {**form.fields, "sub": "a1"}
        sent = requests.post(urljoin(page.url, form.action), data=filled, allow_redirects=False, timeout=60)
        back = browser.get("/" + sent.headers["Location"].split("/", 3)[3])
    assert back.headers["Location"] == "/courses/"
    assert is_in(browser)
    assert SocialAccount.objects.get().user_id == ada.person_id


def server_of(config: dict) -> Any:
    from saml2.config import IdPConfig

    with warnings.catch_warnings():  # of cryptography, about a cipher that PySAML2 names and nobody here uses
        warnings.simplefilter("ignore")
        from saml2.server import Server
    server = Server(config=IdPConfig().load(config))
    server.sec.crypto = ByLibrary()
    return server


class ByLibrary:
    """PySAML2 starts the program xmlsec1, which not every machine has: the same library signs here."""

    def sign_statement(self, statement, node_name, key_file, node_id):
        root = etree.fromstring(statement if isinstance(statement, bytes) else str(statement).encode())
        node = next(one for one in root.iter() if one.get("ID") == node_id)
        xmlsec.tree.add_ids(root, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_file(key_file, xmlsec.KeyFormat.PEM)
        context.sign(node.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
        return etree.tostring(root).decode()


def test_a_saml_server_of_somebody_else_that_reads_our_metadata(ada, env, browser_of, tmp_path):
    from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT

    key, certificate = key_pair("organisation")
    (tmp_path / "key.pem").write_text(key)
    (tmp_path / "certificate.pem").write_text(certificate)
    with open_scope(environment_id=env.pk):
        row = IdentityProvider.objects.create(
            environment=env,
            protocol="saml",
            name="Work",
            issuer=ENTITY,
            sso_url=SSO,
            is_on=True,
            certificate=certificate,
        )
    browser, ours = browser_of(env), f"/accounts/organisation/{provider_id_of(row)}/"
    described = browser.get(f"{ours}metadata/").content.decode()
    server = server_of(
        {
            "entityid": ENTITY,
            "xmlsec_binary": str(tmp_path / "key.pem"),  # it must be there; ByLibrary stands in for it
            "key_file": str(tmp_path / "key.pem"),
            "cert_file": str(tmp_path / "certificate.pem"),
            "metadata": {"inline": [described]},
            "service": {"idp": {"endpoints": {"single_sign_on_service": [(SSO, BINDING_HTTP_REDIRECT)]}}},
        }
    )
    there = browser.get(f"{ours}?next=/courses/").headers["Location"]
    asked = dict(part.split("=", 1) for part in urlsplit(there).query.split("&"))
    question = server.parse_authn_request(requests.utils.unquote(asked["SAMLRequest"]), BINDING_HTTP_REDIRECT)
    to = server.response_args(question.message)
    answer = server.create_authn_response(
        identity={EMAIL: ["ada@example.org"]},
        userid="u-1",
        authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
        sign_assertion=True,
        sign_response=False,
        sign_alg=xmlsec.constants.TransformRsaSha256.href,
        digest_alg=xmlsec.constants.TransformSha256.href,
        **to,
    )
    form = Form(server.apply_binding(BINDING_HTTP_POST, str(answer), to["destination"], response=True)["data"])
    assert urlsplit(form.action).netloc == browser.defaults["HTTP_HOST"]
    put = browser.post(urlsplit(form.action).path, {"SAMLResponse": form.fields["SAMLResponse"]})
    assert browser.get(put.headers["Location"]).headers["Location"] == "/courses/"
    assert is_in(browser)
    assert SocialAccount.objects.get().user_id == ada.person_id
