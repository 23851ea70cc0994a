"""An authenticator app with recovery codes, from switching on to getting in; and being asked once more before it."""

import base64
import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from ecosystem.models import AuditEntry
from ecosystem.proof import GOOD_FOR, MOST_KEPT, TICKET
from ecosystem.scope import open_scope
from ecosystem.sealing import unseal
from ecosystem.services.people import member_add
from tests.ecosystem.signing.conftest import PASSWORD, code_in, is_in, letters, prove, sign_in, with_password

ON, OFF, CODES = "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/"


def shown(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def switch_on(browser) -> tuple[str, list[str]]:
    """(secret, recovery codes)."""
    prove(browser)
    secret = re.search(r'<code class="key">(\w+)</code>', browser.get(ON).text)[1]
    assert browser.post(ON, {"code": "000000"}).status_code == 200
    assert browser.post(ON, {"code": shown(secret)}).headers["Location"] == CODES
    codes = re.findall(r"<li><code>(\d{8})</code>", browser.get(CODES).text)
    cache.clear()  # a code counts once; the tests do not wait for the next
    return secret, codes


def test_from_switching_on_to_getting_in(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    assert browser.get(ON).headers["Location"].startswith("/accounts/reauthenticate/")
    prove(browser)
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', browser.get(ON).text)[1]
    assert b'xmlns="http://www.w3.org/2000/svg"' in base64.b64decode(picture)  # or no browser draws it
    secret, codes = switch_on(browser)
    assert len(set(codes)) == 10
    assert codes[0] not in browser.get(CODES).text  # shown once
    assert "Authenticator app" in browser.get("/accounts/2fa/").text
    again = browser_of(env)
    assert sign_in(again).headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(again)
    assert again.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert again.post("/accounts/2fa/authenticate/", {"code": shown(secret)}).headers["Location"] == "/"
    assert is_in(again)


def test_a_recovery_code_works_once_and_a_mailed_code_is_no_way_round(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    _secret, codes = switch_on(browser)
    letters()
    for expected in (302, 200):
        another = browser_of(env)
        another.post("/accounts/login/code/", {"email": "ada@example.org"})
        mailed = [letter for letter in letters() if "code for" in letter.subject]
        answer = another.post("/accounts/login/code/confirm/", {"code": code_in(mailed[0])})
        assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
        assert another.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == expected
        assert is_in(another) == (expected == 302)


def test_guessing_ends(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    secret, _codes = switch_on(browser)
    guesser = browser_of(env)
    sign_in(guesser)
    for guess in range(6):
        guesser.post("/accounts/2fa/authenticate/", {"code": f"{guess:06}"})
    guesser.post("/accounts/2fa/authenticate/", {"code": shown(secret)})
    assert not is_in(guesser)


def test_secrets_are_sealed_changes_are_told_and_audited(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    letters()
    secret, _codes = switch_on(browser)
    row = Authenticator.objects.get(type="totp")
    assert secret not in str(row.data)
    assert unseal(row.data["secret"]) == secret
    assert "an authenticator app" in " ".join(letter.body for letter in letters())
    assert browser.post(OFF).status_code == 302
    assert not Authenticator.objects.exists()
    assert "no longer has" in letters()[0].body
    with open_scope(environment_id=env.pk):
        acts = list(AuditEntry.objects.filter(act__startswith="second").order_by("pk").values_list("act", "actor_id"))
    added, removed = ("second_factor.added", ada.person_id), ("second_factor.removed", ada.person_id)
    assert acts == [added, added, removed, removed]
    assert sign_in(browser_of(env)).headers["Location"] == "/"


def test_who_has_lost_all_factors_is_helped_by_whoever_runs_it_after_a_check(ada, env, other, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    switch_on(browser)
    letters()
    with pytest.raises(CommandError):  # not without saying how it was made sure
        call_command("take_factors_away", env.slug, "ada@example.org")
    with pytest.raises(CommandError, match="Nobody"):
        call_command("take_factors_away", other.slug, "ada@example.org", checked="passport")
    assert is_in(browser)
    call_command("take_factors_away", env.slug, "Ada@example.org", checked="passport, by video")
    assert not Authenticator.objects.exists()
    assert not is_in(browser)
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("take_factors_away", env.slug, "ada@example.org", checked="again")
    assert any("no longer has" in letter.body for letter in letters())
    with open_scope(environment_id=env.pk):
        entry = AuditEntry.objects.get(act="second_factor.taken_away")
        assert (entry.actor_id, entry.after) == (None, {"checked": "passport, by video"})
        assert AuditEntry.objects.filter(act="second_factor.removed").count() == 2
    assert sign_in(browser_of(env)).headers["Location"] == "/"  # what it took before there was a factor


def test_new_codes_replace_the_old(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    _secret, old = switch_on(browser)
    browser.post(f"{CODES}generate/")
    new = re.findall(r"<li><code>(\d{8})</code>", browser.get(CODES).text)
    assert len(new) == 10
    assert not set(old) & set(new)


def test_who_is_no_member_here_gets_no_further_with_a_passkey_or_code(ada, env, other, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    switch_on(browser)
    stranger = browser_of(other)
    assert sign_in(stranger).status_code == 200
    assert stranger.get("/accounts/2fa/authenticate/").headers["Location"] == "/accounts/login/"


@pytest.mark.parametrize(
    "credential", ["", "x", "[]", "{}", '{"response": 1}', '{"response": {"clientDataJSON": "e30"}}']
)
def test_nonsense_of_a_passkey_is_refused(env, browser_of, credential):
    answer = browser_of(env).post("/accounts/login/passkey/", {"credential": credential})
    assert answer.headers["Location"] == "/accounts/login/"


ASKED = [ON, "/accounts/2fa/passkeys/add/", "/accounts/2fa/recovery-codes/generate/", "/me/data/"]


@pytest.mark.parametrize("address", ASKED)
def test_sensitive_pages_ask_once_more_also_without_a_password(ada, env, browser_of, address):
    ada.person.set_unusable_password()
    ada.person.save()
    browser = browser_of(env)
    browser.post("/accounts/login/code/", {"email": "ada@example.org"})
    browser.post("/accounts/login/code/confirm/", {"code": code_in(letters()[0])})
    place = browser.get(address).headers["Location"]
    assert place.startswith("/accounts/reauthenticate/code/?next=")
    browser.post(place, {"send": "1"})
    code = code_in(next(letter for letter in letters() if "code for" in letter.subject))
    assert "not the code" in browser.post(place, {"code": "AAAA-AAAA"}).text
    assert browser.post(place, {"code": code}).headers["Location"] == address
    assert browser.get(address).status_code in {200, 302}


def test_a_code_is_no_way_round_the_password(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    assert browser.post("/accounts/reauthenticate/code/", {"send": "1"}).status_code == 404


def test_what_was_typed_goes_on_at_its_own_address_once(env, browser_of):
    browser = browser_of(env)
    with_password(env, role="admin")
    with open_scope(environment_id=env.pk):
        anna = member_add(email="anna@example.org", name="Anna")
    sign_in(browser)
    typed = {"powers": ["invite"], "reach": "here", "until": str(timezone.localdate() + timedelta(days=9))}
    asked = browser.post(f"/delegations/new/{anna.person_id}/?q=anna%40example.org", typed).headers["Location"]
    goes_on = parse_qs(urlsplit(asked).query)["next"][0]
    assert "Anna may invite people" not in browser.get(goes_on).text  # nobody has shown who they are
    assert browser.post(asked, {"password": PASSWORD}).headers["Location"] == goes_on
    assert "Anna may invite people in Alpha until" in browser.get(goes_on).text
    again = browser.get(goes_on)
    assert (again.status_code, "This was not done" in again.text, "Anna may" in again.text) == (400, True, False)
    assert browser.post(goes_on, {**typed, "confirmed": "1"}).headers["Location"] == "/delegations/"


def test_what_waits_for_a_proof_is_sealed_small_young_and_goes_on_once(env, browser_of):
    with_password(env, role="admin")
    browser = browser_of(env)
    sign_in(browser)

    def asked(**typed):
        """Of an address that takes POST only: where it goes on, and what waits."""
        place = browser.post("/lti/keys/rotate/", typed).headers["Location"]
        return parse_qs(urlsplit(place).query)["next"][0], browser.session.get(TICKET)

    def shown(place, kept):
        session = browser.session
        session[TICKET] = kept
        session.save()
        answer = browser.get(place)
        return answer.headers.get("Location") or (answer.status_code, "This was not done" in answer.text)

    large, nothing = asked(more="x" * MOST_KEPT)
    assert nothing is None
    place, kept = asked(password1="never in clear")
    assert "clear" not in str(kept)
    assert shown(place, kept).startswith("/accounts/reauthenticate/")
    prove(browser)
    for wrong in ({"at": kept["at"] - GOOD_FOR - 1}, {"at": kept["at"] + 9_999}, {"sealed": "x"}, {"ticket": "x"}):
        assert shown(place, kept | wrong) == (400, True), wrong
    assert browser.get(large).status_code == 400
    assert shown(place, kept) == "/lti/registrations/"
    assert shown(place, kept) == (400, True), "as a second request at the same moment finds it"
