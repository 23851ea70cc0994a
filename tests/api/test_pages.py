"""The pages of tokens, webhooks and applications."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.models import OAuthApplication, Token, WebhookDelivery, WebhookEndpoint
from api.models.tokens import check_of
from api.services import token_create
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from records.services import record
from tests.settle import settle

pytestmark = pytest.mark.django_db
WISH = {"name": "Nightly report", "days": "30", "areas": ["courses:read", "records:read"]}


def page(browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_making_using_and_revoking_a_token(env, member, browser_of):
    who = member()
    browser = browser_of(who)
    assert "No tokens yet" in page(browser, "/developers/tokens/")
    answer = browser.post("/developers/tokens/", WISH)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert len(secret) == 52
    assert check_of(secret[6:46]) == secret[46:]
    again = page(browser, "/developers/tokens/")
    assert secret not in again
    assert "Never used" in again
    api = type(browser)(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert api.get("/api/v1/me/").status_code == 200
    assert "Last used on" in page(browser, "/developers/tokens/")
    with open_scope(environment_id=env.pk):
        token = Token.objects.get()
        assert secret not in str(list(Token.objects.values())) + str(list(AuditEntry.objects.values()))
    browser.post(f"/developers/tokens/{token.pk}/revoke/")
    browser.post(f"/developers/tokens/{token.pk}/revoke/")
    assert api.get("/api/v1/me/").status_code == 401
    assert "Revoked" in page(browser, "/developers/tokens/")
    with open_scope(environment_id=env.pk):
        acts = list(AuditEntry.objects.order_by("pk").values_list("act", "actor_id"))
        assert acts == [("token.created", who.person_id), ("token.revoked", who.person_id)]


def test_wrong_wishes_are_said_at_their_field(env, member, browser_of):
    answer = browser_of(member()).post("/developers/tokens/", {"name": "", "days": "1000", "areas": ["king"]})
    assert set(answer.context["form"].errors) == {"name", "days", "areas"}
    nothing = browser_of(member()).post("/developers/tokens/", {"name": "X", "days": "30"})
    assert set(nothing.context["form"].errors) == {"scopes"}
    with open_scope(environment_id=env.pk):
        assert not Token.objects.exists()


def test_administrators_see_and_revoke_all_others_only_their_own(env, other, member, browser_of):
    owner, colleague, admin, stranger = member(), member(), member("admin"), member("admin", environment=other)
    with open_scope(environment_id=env.pk, person_id=owner.person_id):
        token, _secret = token_create(person=owner.person, name="Of the owner")
    address = f"/developers/tokens/{token.pk}/revoke/"
    assert browser_of(colleague).post(address).status_code == 404
    assert browser_of(colleague).get("/developers/tokens/all/").status_code == 404
    assert browser_of(stranger).post(address).status_code == 404
    assert "Of the owner" not in page(browser_of(stranger), "/developers/tokens/all/")
    assert "Of the owner" not in page(browser_of(colleague), "/developers/tokens/")
    assert "Of the owner" in page(browser_of(admin), "/developers/tokens/all/")
    browser_of(admin).post(address, {"all": "1"})
    with open_scope(environment_id=env.pk):
        assert not Token.objects.get().works
        assert AuditEntry.objects.get(act="token.revoked").actor_id == admin.person_id


@pytest.mark.parametrize("address", ["/developers/tokens/", "/developers/tokens/all/"])
def test_many_tokens_take_no_more_queries(env, member, browser_of, address):
    admin = member("admin")
    browser, counts = browser_of(admin), []
    for number in range(4):
        with open_scope(environment_id=env.pk, person_id=admin.person_id):
            token_create(person=admin.person, name=f"Token {number}")
        if number == 0:
            page(browser, address)  # what is looked up once
        if number in {0, 3}:
            with CaptureQueriesContext(connection) as seen:
                page(browser, address)
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_webhook_from_its_beginning_to_its_end(env, member, browser_of, settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    admin = member("admin")
    browser = browser_of(admin)
    assert "No webhooks yet" in page(browser, "/developers/webhooks/")
    refused = browser.post("/developers/webhooks/", {"name": "CRM", "url": "https://10.0.0.1/"})
    assert "url" in refused.context["form"].errors
    answer = browser.post(
        "/developers/webhooks/", {"name": "CRM", "url": "http://127.0.0.1:65001/", "verbs": ["passed"]}
    )
    assert answer.context["secret"].startswith("whsec_")
    with open_scope(environment_id=env.pk):
        hook = WebhookEndpoint.objects.get()
    here = f"/developers/webhooks/{hook.uid}/"
    assert "Nothing was sent yet" in page(browser, here)
    browser.post(here + "ping/")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        record(verb="passed")
    settle(env)
    assert "record.passed" in page(browser, here)
    with open_scope(environment_id=env.pk):
        row = WebhookDelivery.objects.first()
    assert browser.post(f"{here}messages/{row.pk}/replay/").status_code == 302
    since = {"since": "2020-01-01T00:00", "until": "2040-01-01T00:00"}
    assert browser.post(here + "replay/", since).status_code == 302
    assert browser.post(here + "replay/", {"since": "x"}).context["period"].errors
    assert browser.post(here + "rotate/").context["secret"] != answer.context["secret"]
    browser.post(here + "switch/", {"on": "no"})
    assert "Switched off." in page(browser, here)
    browser.post(here + "switch/", {"on": "yes"})
    browser.post(here, {"name": "New name", "url": "http://127.0.0.1:65001/", "verbs": []})
    assert "New name" in page(browser, here)
    browser.post(here + "delete/")
    with open_scope(environment_id=env.pk):
        assert not WebhookEndpoint.objects.exists()
        acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert acts >= {
        "webhook.created", "webhook.pinged", "webhook.replayed", "webhook.secret_rotated", "webhook.updated",
        "webhook.deleted",
    }  # fmt: skip


def test_registering_an_application(env, member, browser_of):
    browser = browser_of(member("admin"))
    assert "No applications yet" in page(browser, "/developers/applications/")
    wish = {"name": "Dashboard", "kind": "server", "scopes": ["read"], "redirect_uris": "https://a.example.org/back"}
    answer = browser.post("/developers/applications/", wish)
    with open_scope(environment_id=env.pk):
        made = OAuthApplication.objects.get()
    assert made.client_id in answer.content.decode()
    assert answer.context["secret"] in answer.content.decode()
    assert answer.context["secret"] not in page(browser, "/developers/applications/")
    assert (
        browser.post("/developers/applications/", {**wish, "redirect_uris": "http://a.example.org"})
        .context["form"]
        .errors
    )
    browser.post(f"/developers/applications/{made.pk}/delete/")
    with open_scope(environment_id=env.pk):
        assert not OAuthApplication.objects.exists()


@pytest.mark.parametrize("address", ["webhooks/", "applications/", "tokens/all/"])
def test_only_for_administrators(env, member, browser_of, address):
    assert browser_of(member("gardener")).get(f"/developers/{address}").status_code == 404
    assert browser_of(env).get(f"/developers/{address}").status_code == 302
