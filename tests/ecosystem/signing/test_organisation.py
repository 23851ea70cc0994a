"""Signing in with the account of the organisation, against a provider that really answers."""

import pytest
import requests
from allauth.socialaccount.models import SocialAccount

from ecosystem import clock
from ecosystem.models import AuditEntry, IdentityProvider, Membership, Person, SignIn
from ecosystem.organisation import provider_id_of
from ecosystem.outbound import GuardedSession, RefusedAddressError
from ecosystem.scope import open_scope
from ecosystem.sealing import seal, unseal
from tests.ecosystem.signing.conftest import PASSWORD, is_in, sign_in, with_password
from tests.ecosystem.signing.issuer import CLIENT, FORGED, SECRET, Issuer


def offer(environment, issuer: Issuer, **facts) -> IdentityProvider:
    with open_scope(environment_id=environment.pk):
        return IdentityProvider.objects.create(
            environment=environment,
            **{"name": "Work", "issuer": issuer.url, "client_id": CLIENT, "is_on": True, **facts},
            sealed_secret=seal(SECRET),
        )


def through(browser, row: IdentityProvider, *, query: str = ""):
    """The way to the provider and back, as a browser goes it."""
    there = browser.get(f"/accounts/organisation/{provider_id_of(row)}/{query}")
    assert there.status_code == 302, there.content
    back = requests.get(there.headers["Location"], allow_redirects=False, timeout=60).headers["Location"]
    return browser.get("/" + back.split("/", 3)[3])


def test_a_member_comes_in_with_a_verified_address(ada, env, other, issuer, browser_of):
    row = offer(env, issuer)
    assert "Work" in browser_of(env).get("/accounts/login/").text
    assert "Work" not in browser_of(other).get("/accounts/login/").text
    assert browser_of(other).get(f"/accounts/organisation/{provider_id_of(row)}/").status_code == 404
    for _ in range(2):
        browser = browser_of(env)
        assert through(browser, row).headers["Location"] == "/"
        assert is_in(browser)
    link = SocialAccount.objects.get()
    assert (link.user_id, link.uid, link.extra_data) == (ada.person_id, "a1", {})
    with open_scope(environment_id=env.pk):
        entry = AuditEntry.objects.get(act="sign_in.method_used_first")
    assert (entry.actor_id, entry.after) == (ada.person_id, {"method": "organisation"})


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "nobody@example.org"},
        {"email": ""},
        {"id_sub": "somebody else"},
        {"aud": "another client"},
        {"iss": "https://evil.example"},
        {"exp": 1},
    ],
)
@pytest.mark.usefixtures("ada")
def test_anything_else_gets_nowhere(env, issuer, browser_of, claims):
    row = offer(env, issuer)
    issuer.claims.update(claims)
    browser = browser_of(env)
    assert through(browser, row).headers["Location"] == "/accounts/login/"
    assert not is_in(browser)
    assert not SocialAccount.objects.exists()
    assert Person.objects.count() == 1


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("claims", [{"email": "nobody@example.org"}, {"exp": 1}])
def test_whoever_is_refused_gets_the_page_by_another_way(env, issuer, browser_of, claims):
    row = offer(env, issuer)
    issuer.claims.update(claims)
    answer = through(browser_of(env), row, query="?next=/courses/")
    assert answer.headers["Location"] == "/accounts/login/?next=%2Fcourses%2F"
    elsewhere = through(browser_of(env), row, query="?next=https://evil.example/")
    assert elsewhere.headers["Location"] == "/accounts/login/"


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("fault", ["signature", "secret", "issuer", "state", "off", "away"])
def test_a_false_provider_gets_nowhere(env, issuer, browser_of, settings, fault):
    row = offer(env, issuer)
    browser = browser_of(env)
    if fault == "signature":
        issuer.signed_with = FORGED
    elif fault == "secret":
        with open_scope(environment_id=env.pk):
            IdentityProvider.objects.update(sealed_secret=seal("wrong"))
    elif fault == "state":
        answer = browser.get(f"/accounts/organisation/{provider_id_of(row)}/back/?code=x&state=y")
        assert answer.headers["Location"] == "/accounts/login/"
        return
    elif fault == "off":
        with open_scope(environment_id=env.pk):
            IdentityProvider.objects.update(is_on=False)
        assert browser.get(f"/accounts/organisation/{provider_id_of(row)}/").status_code == 404
        return
    else:
        if fault == "away":
            settings.ISSUERS_INSIDE = []
        issuer.calls_itself = "https://evil.example"
        answer = browser.get(f"/accounts/organisation/{provider_id_of(row)}/")
        assert answer.headers["Location"] == "/accounts/login/"
        return
    assert through(browser, row).headers["Location"] == "/accounts/login/"
    assert not is_in(browser)


def test_new_people_only_where_the_environment_says_so_and_as_learners(env, issuer, browser_of):
    browser = browser_of(env)
    row = offer(env, issuer, admits_new=True)
    assert through(browser, row).headers["Location"] == "/"
    assert is_in(browser)
    with open_scope(environment_id=env.pk):
        assert Membership.objects.get(person__email="ada@example.org").roles == ["learner"]
        assert AuditEntry.objects.filter(act="member.admitted").count() == 1
    assert not Person.objects.get().has_usable_password()


def test_nobody_is_taken_over_from_another_organisation(env, other, issuer, browser_of):
    """The administrators of one organisation decide what its provider says: it is no proof for another's people."""
    with_password(other)
    row = offer(env, issuer, admits_new=True)
    browser = browser_of(env)
    through(browser, row)  # not a member here: not admitted either
    assert not is_in(browser)
    with_password(env)  # a member of both
    through(browser, row)
    assert not is_in(browser)
    assert sign_in(browser_of(env)).headers["Location"] == "/"


@pytest.mark.parametrize("left_again", [False, True])
def test_the_sign_in_ends_when_somebody_comes_to_belong_elsewhere_too(ada, env, other, issuer, browser_of, left_again):
    """Also when they have left there since: what they did there is still theirs alone to read."""
    browser, own = browser_of(env), browser_of(env)
    through(browser, offer(env, issuer))
    sign_in(own)
    assert browser.get("/me/transcript/").status_code == 200
    joined = with_password(other)
    if left_again:
        with open_scope(environment_id=other.pk):
            Membership.objects.filter(pk=joined.pk).update(ended_at=clock.now())
    for address in ("/me/transcript/", "/me/environments/"):
        assert browser.get(address).headers["Location"].startswith("/accounts/login/")
    browser.post("/me/profile/", {"name": "Thief", "language": "en", "time_zone": ""})
    assert Person.objects.get(pk=ada.person_id).name == "Ada"
    with open_scope(environment_id=env.pk):
        ended = dict(SignIn.objects.values_list("method", "ended_at"))
    assert ended["organisation"] is not None
    assert ended["password"] is None
    assert own.get("/me/transcript/").status_code == 200


def test_the_sign_in_goes_on_in_a_part_of_the_organisation(ada, env, make_environment, issuer, browser_of):
    browser = browser_of(env)
    through(browser, offer(env, issuer))
    with_password(make_environment("part", parent=env))
    assert is_in(browser)


def test_an_organisation_vouches_for_its_people_in_its_parts(env, issuer, make_environment, browser_of):
    below = make_environment("part", parent=env)
    with_password(env)
    with_password(below)
    above, part = browser_of(env), browser_of(below)
    through(above, offer(env, issuer))
    assert is_in(above)
    through(part, offer(below, issuer))
    assert not is_in(part)  # a part does not vouch for the whole


def test_the_second_factor_is_still_asked(ada, env, issuer, browser_of):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=ada.person, type="totp", data={"secret": seal("JBSWY3DPEHPK3PXP")})
    browser = browser_of(env)
    assert through(browser, offer(env, issuer)).headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(browser)


def test_an_administrator_sets_it_up_and_tests_it(env, issuer, browser_of):
    with_password(env, role="admin")
    browser = browser_of(env)
    sign_in(browser)
    new = "/people/sign-in/new/"
    assert "/accounts/reauthenticate/" in browser.get(new).headers["Location"]
    browser.post("/accounts/reauthenticate/?next=/", {"password": PASSWORD})
    facts = {"name": "Work", "issuer": issuer.url, "client_id": CLIENT, "secret": SECRET, "is_on": "on"}
    place = browser.post(new, facts).headers["Location"]
    page = browser.get(place).text
    assert SECRET not in page
    assert "/back/" in page
    assert browser.post(new, facts).status_code == 200  # the name is taken
    assert "The connection works." in browser.post(place, {"test": "1"}, follow=True).text
    browser.post(place, {**facts, "secret": "", "name": "Works"})
    assert "needs its own secret" in browser.post(place, {**facts, "secret": "", "issuer": "https://evil.example"}).text
    with open_scope(environment_id=env.pk):
        row = IdentityProvider.objects.get()
        assert (row.name, row.issuer, unseal(row.sealed_secret)) == ("Works", issuer.url, SECRET)
        assert SECRET not in str(list(AuditEntry.objects.values_list("before", "after")))
    issuer.calls_itself = "https://evil.example"
    page = browser.post(place, {"test": "1"}, follow=True).text
    assert "another issuer" in page
    assert "need your attention" not in page  # nothing was sent that could be wrong
    assert 'value="Works"' in page
    browser.post(place, {"remove": "1"})
    with open_scope(environment_id=env.pk):
        assert not IdentityProvider.objects.exists()
    assert "Not set up yet" in browser.get("/people/sign-in/").text


def test_whoever_only_knocks_makes_us_ask_little(env, issuer, browser_of, settings):
    """Once a minute for what the issuer says of itself, and so many times from one address."""
    settings.ACCOUNT_RATE_LIMITS = {"organisation": "2/m/ip"}
    row = offer(env, issuer)
    browser = browser_of(env)
    for asked in (True, True, False):
        answer = browser.get(f"/accounts/organisation/{provider_id_of(row)}/")
        assert answer.headers["Location"].startswith(issuer.url) is asked
    assert issuer.seen == ["/.well-known/openid-configuration"]
    assert "Wait a minute" in browser.get("/accounts/login/").text


@pytest.mark.parametrize("role", ["learner", "manager", "gardener"])
def test_only_administrators_see_it_and_only_their_own(env, other, issuer, member, browser_of, role):
    row = offer(other, issuer)
    for address in ("/people/sign-in/", "/people/sign-in/new/", f"/people/sign-in/{row.pk}/"):
        assert browser_of(member(role)).get(address).status_code == 404
    assert browser_of(member("admin")).get(f"/people/sign-in/{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "http://169.254.169.254/",
        "ftp://x",
    ],
)
def test_servers_inside_are_not_asked(settings, address):
    settings.ISSUERS_INSIDE = []
    with pytest.raises((RefusedAddressError, requests.RequestException)):
        GuardedSession().get(address)


def test_a54_no_connection_to_a_private_address(settings):
    found = Issuer()
    settings.ISSUERS_INSIDE = []
    try:
        with pytest.raises(requests.ConnectionError, match="private network"):
            GuardedSession().get(f"https://127.0.0.1:{found.port}/.well-known/openid-configuration")
    finally:
        found.server.shutdown()
        found.server.server_close()
    assert found.seen == []
