"""Sign-in with a browser: a real passkey ceremony under the strict policy, an authenticator app, and the list of sign-ins.

Each screen is looked at on the phone and the desktop and must be free of accessibility errors.
"""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from demo.loading.forest import PASSWORD
from tests.live.browsing import Visitor, chromium
from tests.live.site import wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("sign-in")]
WHO = "learner@quayside.example.org"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def prove(visitor: Visitor) -> None:
    if "reauthenticate" in visitor.page.url:
        visitor.page.fill("[name=password]", PASSWORD)
        visitor.page.click("main button[type=submit]")


KEPT = """import('/static/js/store.js').then(async ({openStore}) => [
    await openStore('memo-1').get('session') ?? '', await caches.has('support-v1'),
    (await openStore('attempt-1').waiting()).length])"""
KEEP = """import('/static/js/store.js').then(async ({openStore}) => {
    await openStore('memo-1').set('session', 'cards of somebody');
    await (await caches.open('support-v1')).put('/a-job-aid/', new Response('kept'));
    if (!(await openStore('attempt-1').waiting()).length) await openStore('attempt-1').queue({answer: 'b'});
    await navigator.serviceWorker.register('/memo/sw.js', {scope: '/memo/'}); })"""
WORKS = "navigator.serviceWorker.getRegistration('/memo/').then(one => Boolean(one?.active))"


def leave_and_look(visitor: Visitor) -> None:
    """Signed out here, or elsewhere: the device keeps what still has to be sent, and nothing else of them. Until then, all."""
    for leave in (lambda: visitor.press("Sign out"), visitor.context.clear_cookies):
        visitor.sign_in(WHO, PASSWORD).page.evaluate(KEEP)
        wait_for(lambda: visitor.page.evaluate(WORKS), what="the trainer without network")
        assert visitor.go("/courses/").page.evaluate(KEPT) == ["cards of somebody", True, 1]
        if leave != visitor.context.clear_cookies:
            visitor.go("/accounts/logout/")
        leave()
        visitor.page.wait_for_load_state("load")
        visitor.go("/accounts/login/")
        wait_for(lambda: visitor.page.evaluate(KEPT) == ["", False, 1], what="nothing left on the device")


def test_passkey_app_and_sign_ins(site):
    site.start("broker", "web", "worker")
    base = f"http://quayside.localhost:{site.port}"
    with chromium() as browser:
        ada = Visitor(browser, base=base, name="sign-in")
        devtools = ada.context.new_cdp_session(ada.page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        leave_and_look(ada)
        ada.sign_in(WHO, PASSWORD).go("/accounts/2fa/")
        ada.press("Add a passkey").look("3-proof", shoot_desktop=True)
        prove(ada)
        ada.page.wait_for_selector("[data-passkey=create]")
        ada.page.fill("[name=name]", "My phone")
        ada.look("4-new-passkey", shoot_desktop=True)
        ada.press("Make a passkey").page.wait_for_url("**/recovery-codes/")
        ada.look("5-recovery-codes", shoot_desktop=True)
        ada.press("I have them").look("6-with-passkey", shoot_desktop=True)
        assert "My phone" in ada.text()
        ada.context.clear_cookies()
        ada.go("/accounts/login/").press("Use a passkey").page.wait_for_url(base + "/")
        ada.go("/accounts/2fa/")
        ada.press("Authenticator app")
        ada.page.wait_for_selector("[data-passkey=get], [name=password]")
        if "passkey" in ada.page.url:
            ada.press("Use a passkey")
        prove(ada)
        ada.page.wait_for_selector("code.key")
        ada.look("8-app", shoot_desktop=True)
        assert ada.page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
        secret = ada.page.inner_text("code.key")
        ada.page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
        ada.press("Switch on").page.wait_for_url("**/accounts/2fa/")
        ada.look("9-app-on", shoot_desktop=True)
        ada.press("Sign out everywhere else").page.wait_for_load_state("load")
        ada.context.clear_cookies()
        ada.go("/accounts/login/").page.fill("[name=login]", WHO)
        ada.page.fill("[name=password]", PASSWORD)
        ada.page.click("main button[type=submit]")
        ada.page.wait_for_url("**/accounts/2fa/authenticate/")
        ada.look("11-second-step", shoot_desktop=True)
        ada.press("Use a passkey").page.wait_for_url(base + "/")
        ada.context.clear_cookies()
        ada.go("/accounts/login/code/").look("12-ask-code", shoot_desktop=True)
        ada.page.fill("[name=email]", WHO)
        ada.press("Send me a code").page.wait_for_url("**/confirm/")
        ada.look("13-type-code", shoot_desktop=True)
        deadline = time.monotonic() + 60
        codes: list[str] = []
        while not codes and time.monotonic() < deadline:
            text = " ".join(file.read_text() for file in (site.folder / "mail").iterdir())
            codes = re.findall(r"Your code is\s+([A-Z0-9]{4}-[A-Z0-9]{4})", text)
            time.sleep(0.5)
        ada.page.fill("[name=code]", codes[-1])
        ada.page.click("main button[type=submit]")
        ada.page.wait_for_url("**/accounts/2fa/authenticate/")
        admin = Visitor(browser, base=base, name="sign-in").sign_in("admin@quayside.example.org", PASSWORD)
        admin.go("/people/sign-in/")
        admin.press("Set it up")
        prove(admin)
        admin.page.wait_for_selector("[name=issuer]")
        admin.page.fill("[name=name]", "Quayside account")
        admin.page.fill("[name=issuer]", "https://127.0.0.1")
        admin.page.fill("[name=client_id]", "grove")
        admin.page.check("[name=is_on]")
        admin.press("Save").page.wait_for_selector("[name=test]")
        admin.look("15-provider", shoot_desktop=True)
        admin.press("Test this connection").look("16-refused")
        assert "not on a public address" in admin.text()
        ada.press("Back to sign in").page.wait_for_url("**/accounts/login/")
        assert "Quayside account" in ada.look("17-login-organisation", shoot_desktop=True).text()
        assert not ada.wrong + admin.wrong, "\n".join(ada.wrong + admin.wrong)
