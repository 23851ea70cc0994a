"""Each screen there is, from the resolver, so that a new one is walked the day it is written: with the keyboard alone, on phone and desktop."""

import time

import pytest
from django.test import override_settings

from tests.guards.scene import rows_read, twin_make
from tests.live.browsing import Visitor, chromium
from tests.live.screens import ROLES, screens, too_wide, walked_by_keyboard

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("screens"), pytest.mark.usefixtures("own_database")]


def test_every_screen_is_walked_with_the_keyboard_and_fits(live_server, monkeypatch, settings):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.API_PER_CALLER = settings.API_PER_ENVIRONMENT = 10**9
    with override_settings(ACCOUNT_RATE_LIMITS=False):
        begun = time.monotonic()
        twin = twin_make("alpha", secret="Plain")
        rows_read(twin)
        print(f"\nscene {time.monotonic() - begun:.0f} s")
        found = list(screens(twin))
        print(f"{len(found)} screens found, {time.monotonic() - begun:.0f} s")
        wrong: list[str] = []
        begun = time.monotonic()
        with chromium() as browser:
            base = f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"
            visitors = {role: Visitor(browser, base=base, name=role) for role in ROLES}
            for role, visitor in visitors.items():
                visitor.context.add_cookies(
                    [
                        {"name": "session", "value": twin.sessions[role], "url": base},
                        {"name": "language", "value": "nl", "url": base},
                    ]
                )
            for screen in found:
                visitor = visitors[screen.role]
                visitor.go(screen.path)
                faults = too_wide(visitor) + walked_by_keyboard(visitor) + visitor.wrong
                visitor.wrong.clear()
                wrong += [f"{screen.path} ({screen.template}, {screen.role}): {fault}" for fault in faults]
        print(f"\n{len(found)} screens in {time.monotonic() - begun:.0f} s")
    assert not wrong, "\n".join(wrong)
    assert len(found) > 100
