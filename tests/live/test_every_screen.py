"""Each screen that stands by itself, from the resolver, so that a new one is walked the day it is written.

In Dutch, whose words are the longest: with nothing but the Tab key every control is reached, each shows that it has
focus, nothing is a trap; and nothing is wider than a phone or a desktop.
"""

import pytest

from tests.live.browsing import Visitor, chromium
from tests.live.screens import screens, too_wide, walked_by_keyboard

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("screens"), pytest.mark.usefixtures("own_database")]


def test_every_screen_is_walked_with_the_keyboard_and_fits(live_server, monkeypatch, member, browser_of):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    client = browser_of(member("admin", "learner", name="Ada Lovelace"))
    found, wrong = list(screens(client)), []
    with chromium() as browser:
        visitor = Visitor(
            browser, base=f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}", name="every-screen"
        )
        cookies = {"session": client.cookies["session"].value, "language": "nl"}
        visitor.context.add_cookies(
            [{"name": name, "value": value, "url": visitor.base} for name, value in cookies.items()]
        )
        for path in found:
            visitor.go(path)
            wrong += [f"{path}: {fault}" for fault in too_wide(visitor) + walked_by_keyboard(visitor) + visitor.wrong]
            visitor.wrong.clear()
        visitor.close()
    assert not wrong, "\n".join(wrong)
    assert len(found) > 50
