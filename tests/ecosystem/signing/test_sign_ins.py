"""Where somebody is signed in: seen, ended at once, and news of a device that was never seen."""

from datetime import timedelta

from django.utils import timezone

from ecosystem.devices import device_name
from ecosystem.models import AuditEntry, SignIn
from ecosystem.scope import open_scope
from tests.ecosystem.signing.conftest import PASSWORD, is_in, letters, prove, sign_in, with_password

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
END = "/accounts/2fa/sign-ins/end/"


def test_devices_in_words():
    assert device_name(PHONE) == "Safari, iPhone"
    assert device_name("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0") == "Edge, Windows"
    assert device_name("<script>") == ""


def test_one_or_all_others_are_out_at_once(ada, env, browser_of):
    here, phone, third = browser_of(env), browser_of(env), browser_of(env)
    sign_in(here)
    phone.defaults["HTTP_USER_AGENT"] = PHONE
    sign_in(phone)
    sign_in(third)
    page = here.get("/accounts/2fa/").text
    assert "Safari, iPhone" in page
    assert page.count("this device") == 1
    with open_scope(environment_id=env.pk):
        row = SignIn.objects.get(device="Safari, iPhone")
    here.post(END, {"sign_in": row.pk})
    assert (is_in(here), is_in(phone), is_in(third)) == (True, False, True)
    here.post(END, {"others": "1"})
    assert (is_in(here), is_in(third)) == (True, False)
    here.post("/accounts/logout/")
    with open_scope(environment_id=env.pk):
        assert not SignIn.objects.filter(ended_at=None).exists()


def test_nobody_ends_the_sign_in_of_another(ada, env, other, browser_of):
    mine, theirs = browser_of(env), browser_of(env)
    sign_in(mine)
    with_password(env, "eve@example.org")
    sign_in(theirs, "eve@example.org")
    with open_scope(environment_id=env.pk):
        row = SignIn.objects.get(person=ada.person)
    for text in (row.pk, "x", 10**20, ""):
        theirs.post(END, {"sign_in": text})
    theirs.post(END, {"others": "1"})
    assert is_in(mine)


def test_a_session_without_its_sign_in_is_a_visitors(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    session = browser.session
    del session["sign_in"]
    session.save()
    assert not is_in(browser)


def test_a_new_password_signs_a_guest_from_above_out(env, make_environment, browser_of):
    below = make_environment("part", parent=env)
    with_password(env, role="admin")
    here, guest = browser_of(env), browser_of(below)
    for browser in (here, guest):
        sign_in(browser)
    assert guest.get("/people/").status_code == 200
    prove(here)
    fields = {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"}
    assert here.post("/accounts/password/change/", fields).status_code == 302
    with open_scope(environment_id=below.pk):
        assert not SignIn.objects.filter(ended_at=None).exists()
    assert is_in(here)


def test_a_new_password_signs_others_out_everywhere(ada, env, other, browser_of):
    with_password(other)
    here, phone, elsewhere = browser_of(env), browser_of(env), browser_of(other)
    for browser in (here, phone, elsewhere):
        sign_in(browser)
    prove(here)
    fields = {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"}
    assert here.post("/accounts/password/change/", fields).status_code == 302
    assert (is_in(here), is_in(phone), is_in(elsewhere)) == (True, False, False)
    assert "Your password was changed" in [letter.subject for letter in letters()]
    with open_scope(environment_id=other.pk):
        assert not SignIn.objects.filter(ended_at=None).exists()
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.filter(act="password.changed", actor_id=ada.person_id).count() == 1


def test_a_new_device_brings_a_letter_a_known_one_does_not(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    assert [letter.subject for letter in letters()] == ["New sign-in to Alpha"]
    browser.post("/accounts/logout/")
    sign_in(browser)
    assert letters() == []
    sign_in(browser_of(env))
    assert len(letters()) == 1
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.filter(act="sign_in.method_used_first").count() == 1


def test_last_seen_is_written_now_and_then(ada, env, browser_of):
    browser = browser_of(env)
    sign_in(browser)
    with open_scope(environment_id=env.pk):
        SignIn.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    browser.get("/courses/")
    with open_scope(environment_id=env.pk):
        assert SignIn.objects.get().seen_at > timezone.now() - timedelta(minutes=1)


def test_the_page_costs_the_same_for_many(ada, env, browser_of, django_assert_max_num_queries):
    browser = browser_of(env)
    sign_in(browser)
    with open_scope(environment_id=env.pk):
        facts = {"environment": env, "person": ada.person, "method": "code", "device": "Firefox", "device_hash": "x"}
        SignIn.objects.bulk_create(SignIn(**facts) for _ in range(20))
    with django_assert_max_num_queries(16):
        assert browser.get("/accounts/2fa/").text.count("Firefox") >= 20
