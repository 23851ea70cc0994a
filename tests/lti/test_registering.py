"""Tools are registered by administrators, who show that it is them; their keys are read through the guard."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import RSAKey

from ecosystem import clock
from ecosystem.models import AuditEntry
from lti.exceptions import LtiError
from lti.messages import key_new
from lti.models import PlatformKey, Score, ServiceToken, Tool
from lti.services import link_make, link_set, tool_remove, tool_save, tool_test
from lti.services.tool_keys import ASKED_EVERY, keys_forget
from tests.lti.conftest import FACTS, PASTED, within
from tests.lti.small_tool import ARRIVE, KEY, SITE

pytestmark = pytest.mark.django_db
WEAK = rsa.generate_private_key(65537, 1024).public_key()
WEAK = WEAK.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
TYPED = {**FACTS, "redirect_urls": f"{ARRIVE}\n{SITE}/deep", "pasted": PASTED, "is_on": "on"}


def test_an_administrator_registers_a_tool_and_reads_what_it_asks_for(browser_of, admin, env):
    browser = browser_of(admin)
    assert "No tools yet" in browser.get("/lti/registrations/").content.decode()
    answer = browser.post("/lti/registrations/new/", TYPED, follow=True)
    page = answer.content.decode()
    with within(admin):
        row = Tool.objects.get()
        assert (row.redirect_urls, row.shares, len(row.keys["keys"])) == ([ARRIVE, f"{SITE}/deep"], "nothing", 1)
        assert [entry.after.get("keys") for entry in AuditEntry.objects.filter(act="lti_tool.saved")] == ["new"]
        assert PlatformKey.objects.filter(retired_at=None).count() == 1
    for said in (str(row.client_id), str(row.deployment_id), "/lti/auth", "/lti/token", "/lti/jwks"):
        assert said in page
    browser.post(f"/lti/registrations/{row.pk}/", {**TYPED, "pasted": "", "shares": "name"})
    with within(admin):
        changed = Tool.objects.get()
        assert (changed.shares, changed.keys, changed.client_id) == ("name", row.keys, row.client_id)
    assert browser.post(f"/lti/registrations/{row.pk}/", {"test": "1"}).status_code == 302
    assert "Simulator" in browser.get("/lti/registrations/").content.decode()
    assert browser.post("/lti/keys/rotate/").status_code == 302
    assert browser.post(f"/lti/registrations/{row.pk}/", {"remove": "1"}).status_code == 302
    with within(admin):
        assert not Tool.objects.exists()


def test_only_administrators_of_this_environment_and_only_with_proof(browser_of, member, admin, tool, other):
    for who in (member("author"), member("learner"), member("manager")):
        for path in ("/lti/registrations/", "/lti/registrations/new/", f"/lti/registrations/{tool.pk}/"):
            assert browser_of(who).get(path).status_code == 404
        assert browser_of(who).post("/lti/keys/rotate/").status_code == 404
        with within(who), pytest.raises(LtiError):
            tool_save(by=who, pasted=PASTED, **FACTS)
    stranger = browser_of(member("admin", environment=other))
    assert stranger.get(f"/lti/registrations/{tool.pk}/").status_code == 404
    browser = browser_of(admin)
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()
    for path in ("/lti/registrations/new/", "/lti/keys/rotate/"):
        answer = browser.post(path, TYPED)
        assert (answer.status_code, "reauthenticate" in answer.headers["Location"]) == (302, True)
    with within(admin):
        assert Tool.objects.count() == 1


WRONG = (
    ({"login_url": "http://tool.example.com/login"}, "must begin with https://"),
    ({"login_url": "http://tool.localhost/login"}, "must begin with https://"),  # in development only
    ({"redirect_urls": "javascript:alert(1)"}, "must begin with https://"),
    ({"redirect_urls": f"{ARRIVE}#part"}, "must begin with https://"),
    ({"redirect_urls": "https://evil@tool.example.com/"}, "must begin with https://"),
    ({"redirect_urls": "https://tool.example.com;script-src/*"}, "must begin with https://"),
    ({"redirect_urls": "https://*/"}, "a host in plain letters"),
    ({"redirect_urls": "https://töol.example.com/"}, "a host in plain letters"),
    ({"redirect_urls": "https://[fe80::1%eth0]/"}, "a host in plain letters"),
    ({"redirect_urls": " "}, "This field is required"),
    ({"keys_url": "http://169.254.169.254/keys"}, "must begin with https://"),
    ({"pasted": ""}, "How do we know that it is this tool?"),
    ({"pasted": "{}"}, "no public key that we can use"),
    ({"pasted": WEAK.decode()}, "no public key that we can use"),
    (
        {"pasted": json.dumps({"kty": "RSA", "e": "AQAB", "n": KEY.as_dict()["n"][:170]})},
        "no public key that we can use",
    ),
    ({"pasted": json.dumps({"kty": "RSA", "e": "AQAB"})}, "no public key that we can use"),
    ({"pasted": '{"kty":"oct","k":"c2VjcmV0"}'}, "no public key that we can use"),
    ({"pasted": KEY.as_pem(private=True).decode()}, "That is a private key"),
)


def test_what_cannot_be_registered_is_said_at_once(browser_of, admin):
    browser = browser_of(admin)
    for changed, said in WRONG:
        answer = browser.post("/lti/registrations/new/", {**TYPED, **changed})
        assert (answer.status_code, said in answer.content.decode(), changed) == (400, True, changed)
    with within(admin):
        assert not Tool.objects.exists()


def test_keys_are_pasted_in_each_of_their_forms_and_kept_as_public_ones(admin):
    with within(admin):
        for number, text in enumerate((KEY.as_pem(private=False).decode(), json.dumps({"keys": [KEY.as_dict()]}))):
            row = tool_save(by=admin, pasted=text, **{**FACTS, "name": str(number)})
            assert [set(key) - {"kid"} for key in row.keys["keys"]] == [{"kty", "n", "e"}]


def test_a_token_does_not_outlive_the_key_it_was_given_for(admin, tool, theirs):
    fresh = json.dumps(RSAKey.generate_key(2048, {"kid": "tool-2"}).as_dict(private=False))
    for changed, left in (
        ({"name": "Simulators"}, 1),
        ({"pasted": fresh}, 0),
        ({"keys_url": "https://tool.example.com/jwks"}, 0),
        ({"is_on": False}, 0),
    ):
        with within(admin):
            row = tool_save(by=admin, tool=Tool.objects.get(), **{**FACTS, "pasted": PASTED})
        assert theirs.ask_token().status_code == 200
        with within(admin):
            tool_save(by=admin, tool=row, **{**FACTS, **changed})
            assert (ServiceToken.objects.count() > 0, changed) == (bool(left), changed)


def test_a_name_is_given_once_and_a_tool_in_use_is_not_removed(admin, author, tool, learner):
    with within(admin), pytest.raises(LtiError, match="this name already"):
        tool_save(by=admin, pasted=PASTED, **FACTS)
    with within(author):
        made = link_make(title="In use", by=author, tool=tool)
    with within(admin), pytest.raises(LtiError, match="Switch it off instead"):
        tool_remove(tool=tool, by=admin)
    # The activity opens another, and its launches have been forgotten.
    with within(author):
        link_set(link=made, by=author, element={}, tool=None)
        Score.objects.create(
            environment_id=made.environment_id, person=learner.person, element=made.element, tool=tool,
            said_at=clock.now(), stored_at=clock.now(), progress="Completed", grading="FullyGraded",
        )  # fmt: skip
    with within(admin), pytest.raises(LtiError, match="Switch it off instead"):
        tool_remove(tool=tool, by=admin)


class Keys(BaseHTTPRequestHandler):
    """Shows the keys of the tool, and counts."""

    asked = 0
    shown: list = []

    def do_GET(self) -> None:
        type(self).asked += 1
        body = json.dumps({"keys": self.shown}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        return


@pytest.fixture
def key_server(settings):
    server = HTTPServer(("127.0.0.1", 0), Keys)
    Keys.asked, Keys.shown = 0, [key_new("another")[0], KEY.as_dict(private=False)]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_keys_at_an_address_are_asked_for_seldom_and_anew_when_there_may_be_others(
    settings, admin, tool, theirs, key_server
):
    settings.ISSUERS_INSIDE = [key_server]
    with within(admin):
        tool_save(by=admin, tool=tool, **{**FACTS, "keys_url": f"http://{key_server}/jwks"})
        assert tool_test(tool=tool, by=admin) == 2
    asked = Keys.asked
    assert [theirs.ask_token().status_code for _ in range(3)] == [200] * 3
    assert Keys.asked == asked
    fresh = RSAKey.generate_key(2048, {"kid": "tool-2"})
    Keys.shown = [fresh.as_dict(private=False)]
    head = {"alg": "RS256", "kid": "tool-2"}
    assert theirs.ask_token(theirs.assertion(key=fresh, head=head)).status_code == 200
    unknown = theirs.assertion(key=fresh, head={"alg": "RS256", "kid": "tool-3"})
    assert [theirs.ask_token(unknown).status_code for _ in range(3)] == [401] * 3
    assert (Keys.asked, ASKED_EVERY) == (asked + 1, 60)
    keys_forget(tool=tool)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert theirs.ask_token(theirs.assertion(key=fresh, head=head)).status_code == 401  # nobody can tell how often
    assert Keys.asked == asked + 1


def test_keys_inside_our_own_network_are_never_asked_for(admin, tool, theirs, key_server):
    for url in (
        f"https://{key_server}/jwks",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/",
        "https://10.0.0.1/",
    ):
        with within(admin):
            tool_save(by=admin, tool=tool, **{**FACTS, "keys_url": url})
            with pytest.raises(LtiError, match="not on a public address"):
                tool_test(tool=tool, by=admin)
        assert theirs.ask_token().status_code == 401
    assert Keys.asked == 0
