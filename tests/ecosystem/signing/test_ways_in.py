"""An environment offers and accepts the ways to sign in that it has switched on, and no other."""

import pytest
from allauth.mfa.models import Authenticator

from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import forget_hosts
from ecosystem.models import Environment, IdentityProvider, Role, SignIn
from ecosystem.scope import open_scope
from ecosystem.services.entering import environment_enter
from ecosystem.services.identity_providers import identity_provider_remove, identity_provider_save
from ecosystem.services.settings import setting_save
from ecosystem.setting_tree import Own
from tests.ecosystem.signing.conftest import code_in, is_in, letters, prove, sign_in, with_password

LOGIN, ASK, CONFIRM, PASSKEY = (f"/accounts/login/{end}" for end in ("", "code/", "code/confirm/", "passkey/"))
EVERY = ["password", "code", "passkey", "organisation"]


def offer_only(environment, *ways, by=None):
    """As an administrator would set it who can come in anyhow."""
    with open_scope(environment_id=environment.pk):
        by = by or with_password(environment, "boss@example.org", Role.ADMIN)
        setting_save(key="sign_in_methods", own=Own([way for way in EVERY if way in ways]), by=by)
    forget_hosts()
    return by


def test_everything_is_offered_until_somebody_chooses(ada, env, browser_of):
    page = browser_of(env).get(f"{LOGIN}?next=/courses/").text
    assert all(word in page for word in ('name="password"', ASK, PASSKEY, "I forgot my password"))
    assert page.count('name="next" value="/courses/"') == 2  # with a password, and with a passkey
    assert f'href="{ASK}?next=%2Fcourses%2F"' in page
    assert "next=" not in browser_of(env).get(f"{LOGIN}?next=https://evil.example/").text.partition(ASK)[2][:40]
    browser = browser_of(env)
    sign_in(browser)
    assert is_in(browser)


def test_without_passwords_a_password_opens_nothing(ada, env, other, browser_of):
    offer_only(env, "code", "passkey")
    page = browser_of(env).get(LOGIN).text
    assert 'name="password"' not in page
    assert "I forgot my password" not in page
    assert ASK in page
    browser = browser_of(env)
    assert "switched off here" in sign_in(browser).text
    assert not is_in(browser)
    browser.post(ASK, {"email": "ada@example.org"})
    browser.post(CONFIRM, {"code": code_in(letters()[-1])})
    assert is_in(browser)
    with_password(other)
    neighbour = browser_of(other)
    sign_in(neighbour)
    assert is_in(neighbour)


def test_without_codes_none_is_sent_and_one_sent_before_opens_nothing(ada, env, browser_of):
    early = browser_of(env)
    early.post(ASK, {"email": "ada@example.org"})
    code = code_in(letters()[0])
    offer_only(env, "password")
    assert ASK not in browser_of(env).get(LOGIN).text
    for email in ("ada@example.org", "nobody@example.org"):
        assert "switched off here" in browser_of(env).post(ASK, {"email": email}).text
    assert letters() == []
    early.post(CONFIRM, {"code": code})
    assert not is_in(early)


def test_what_a_request_remembers_of_the_setting_lets_nobody_in(ada, env, browser_of):
    """Hosts are remembered for a few seconds; the door asks the database."""
    browser = browser_of(env)
    assert browser.get(LOGIN).status_code == 200
    with open_scope(environment_id=env.pk):
        row = Environment.objects.get(pk=env.pk)
        Environment.objects.filter(pk=env.pk).update(resolved={**row.resolved, "sign_in_methods": ["code"]})
    sign_in(browser)
    assert not is_in(browser)


def test_without_passkeys_and_organisation_their_addresses_answer_nothing(ada, env, browser_of):
    boss = with_password(env, "boss@example.org", Role.ADMIN)
    with open_scope(environment_id=env.pk):
        facts = {"issuer": "https://id.example.org", "client_id": "x", "admits_new": False}
        row = identity_provider_save(by=boss, name="Work", secret="s", is_on=True, **facts)
    address = f"/accounts/organisation/oidc-{row.uid}/"
    assert f'{address}?next=%2Fcourses%2F"' in browser_of(env).get(f"{LOGIN}?next=/courses/").text
    offer_only(env, "password", "code", by=boss)
    page = browser_of(env).get(LOGIN).text
    assert address not in page
    assert PASSKEY not in page
    assert browser_of(env).get(address).status_code == 404
    assert browser_of(env).get(f"{address}back/?state=x&code=y").status_code == 404
    answer = browser_of(env).post(PASSKEY, {"credential": '{"id": "x"}'}, follow=True)
    assert "switched off here" in answer.text


@pytest.mark.parametrize("ways", [["passkey"], ["organisation"], ["passkey", "organisation"]])
def test_the_last_administrator_is_not_locked_out(env, ways):
    boss = with_password(env, "boss@example.org", Role.ADMIN)
    with open_scope(environment_id=env.pk), pytest.raises(EcosystemError, match="No administrator of Alpha"):
        setting_save(key="sign_in_methods", own=Own(ways), by=boss)
    assert "sign_in_methods" not in Environment.objects.get(pk=env.pk).resolved


def test_a_way_that_an_administrator_has_used_is_enough(env, other):
    boss = with_password(env, "boss@example.org", Role.ADMIN)
    used = {"person": boss.person, "method": "passkey", "device": "Phone", "device_hash": "0" * 64}
    with open_scope(environment_id=env.pk):
        SignIn.objects.create(environment=env, **used)
        with pytest.raises(EcosystemError, match="could sign in"):  # the passkey is gone
            setting_save(key="sign_in_methods", own=Own(["passkey"]), by=boss)
        Authenticator.objects.create(user=boss.person, type="webauthn", data={})
        setting_save(key="sign_in_methods", own=Own(["passkey"]), by=boss)
    with_password(other, "boss@example.org", Role.ADMIN)
    stranger = with_password(other, "eve@example.org", Role.ADMIN)
    with open_scope(environment_id=other.pk), pytest.raises(EcosystemError, match="Beta"):
        setting_save(key="sign_in_methods", own=Own(["passkey"]), by=stranger)


def test_a_change_above_locks_out_nobody_below(env, make_environment, member):
    below = make_environment("below", parent=env)
    above, only_code = with_password(env, "boss@example.org", Role.ADMIN), member(Role.ADMIN, environment=below)
    with open_scope(environment_id=env.pk, person_id=above.person_id):
        with pytest.raises(EcosystemError, match="No administrator of Below"):
            setting_save(key="sign_in_methods", own=Own(["password"]), by=above)
        setting_save(key="sign_in_methods", own=Own(["code"]), by=above)
    with open_scope(environment_id=below.pk, person_id=above.person_id):
        assert environment_enter(person=above.person) is not None
    assert only_code.is_current


def test_the_last_way_in_is_not_removed_with_its_provider(env):
    boss = with_password(env, "boss@example.org", Role.ADMIN)
    used = {"person": boss.person, "method": "organisation", "device": "Phone", "device_hash": "0" * 64}
    facts = {"name": "Work", "issuer": "https://id.example.org", "client_id": "x", "admits_new": False}
    with open_scope(environment_id=env.pk):
        row = identity_provider_save(by=boss, secret="s", is_on=True, **facts)
        SignIn.objects.create(environment=env, **used)
        setting_save(key="sign_in_methods", own=Own(["organisation"]), by=boss)
        with pytest.raises(EcosystemError, match="could sign in"):
            identity_provider_remove(provider=row, by=boss)
        with pytest.raises(EcosystemError, match="could sign in"):
            identity_provider_save(by=boss, provider=IdentityProvider.objects.get(), secret="", is_on=False, **facts)
        assert IdentityProvider.objects.get().is_on


def passkeys_of(person) -> int:
    return Authenticator.objects.filter(user=person, type="webauthn").count()


def removes(browser, passkey) -> bool:
    """Proves who they are first, as the page asks."""
    prove(browser)
    answer = browser.post(f"/accounts/2fa/passkeys/{passkey.pk}/remove/", follow=True)
    gone = not Authenticator.objects.filter(pk=passkey.pk).exists()
    assert gone is ("you could not sign in at" not in answer.text)
    return gone


def test_nobody_removes_the_passkey_without_which_they_could_not_come_in(ada, env, other, member, browser_of):
    boss = with_password(env, "boss@example.org", Role.ADMIN)
    browser = browser_of(env)
    sign_in(browser)
    keys = [
        Authenticator.objects.create(
            user=ada.person, type="webauthn", data={"name": host, "host": host, "credential": {}}
        )
        for host in ("alpha.localhost", "alpha.localhost", "beta.localhost")
    ]
    with open_scope(environment_id=env.pk):
        SignIn.objects.create(
            environment=env, person=boss.person, method="passkey", device="Phone", device_hash="0" * 64
        )
        Authenticator.objects.create(user=boss.person, type="webauthn", data={})
        setting_save(key="sign_in_methods", own=Own(["passkey"]), by=boss)
    assert removes(browser, keys[0]), "there is another for this host"
    assert not removes(browser, keys[1]), "that of the other host opens nothing here"
    with open_scope(environment_id=env.pk):
        setting_save(key="sign_in_methods", own=Own(["password", "passkey"]), by=boss)
    assert removes(browser, keys[1])
    assert passkeys_of(ada.person) == 1


def test_a_passkey_for_another_environment_is_guarded_from_here_too(ada, env, other, member, browser_of):
    """She belongs to both; next door takes passkeys only."""
    member(environment=other, email="ada@example.org")
    Environment.objects.filter(pk=other.pk).update(resolved={"sign_in_methods": ["passkey"]})
    browser = browser_of(env)
    sign_in(browser)
    here, there = (
        Authenticator.objects.create(
            user=ada.person, type="webauthn", data={"name": host, "host": host, "credential": {}}
        )
        for host in ("alpha.localhost", "beta.localhost")
    )
    assert removes(browser, here)
    assert not removes(browser, there)
    Environment.objects.filter(pk=other.pk).update(resolved={"sign_in_methods": ["passkey", "organisation"]})
    assert not removes(browser, there), "she has never come in there by it"
    with open_scope(environment_id=other.pk):
        IdentityProvider.objects.create(environment=other, name="Org", issuer="https://issuer.example.org", is_on=True)
        SignIn.objects.create(
            environment=other, person=ada.person, method="organisation", device="Phone", device_hash="0" * 64
        )
    assert removes(browser, there)
