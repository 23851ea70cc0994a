"""Each screen, from the resolver, so that a new one is walked the day it is written; those of rows with rows of the scene.

In Dutch, whose words are the longest: with nothing but the Tab key every control is reached, each shows that it has
focus, nothing is a trap; and nothing is wider than a phone or a desktop.
"""

import pytest
from django.test import Client
from playwright.sync_api import ViewportSize

from tests.guards.scene import rows_read, twin_make
from tests.guards.twins import Twin
from tests.live.browsing import DESKTOP, PHONE, Visitor, chromium
from tests.live.screens import screens, screens_of_rows, too_wide, walked_by_keyboard

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("screens"), pytest.mark.usefixtures("own_database")]


def test_every_screen_is_walked_with_the_keyboard_and_fits(live_server, monkeypatch, member, browser_of):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    client = browser_of(member("admin", "learner", name="Ada Lovelace"))
    twin = twin_make("beta", secret="Plain")
    rows_read(twin)
    alone = list(screens(client))
    of_rows = list(screens_of_rows(twin, _client(twin, "admin"), _client(twin, "learner")))
    port, wrong = live_server.url.rsplit(":", 1)[-1], []
    with chromium() as browser:
        visitor = Visitor(browser, base=f"http://alpha.localhost:{port}", name="every-screen")
        for path in alone:
            wrong += _walked(visitor, client, path, DESKTOP, PHONE)
        visitor.base = f"http://{twin.host}:{port}"
        for who, path in of_rows:
            wrong += _walked(visitor, who, path, PHONE)
        visitor.close()
    assert not wrong, "\n".join(wrong)
    assert len(alone) > 50
    assert len(of_rows) > 80


def _client(twin: Twin, role: str) -> Client:
    client = Client(HTTP_HOST=twin.host)
    client.cookies["session"] = twin.sessions[role]
    return client


def _walked(visitor: Visitor, who: Client, path: str, *sizes: ViewportSize) -> list[str]:
    """What is wrong with the page for this person."""
    cookies = {"session": who.cookies["session"].value, "language": "nl"}
    visitor.context.add_cookies(
        [{"name": name, "value": value, "url": visitor.base} for name, value in cookies.items()]
    )
    visitor.go(path)
    faults = too_wide(visitor, *sizes) + walked_by_keyboard(visitor) + visitor.wrong
    if path.startswith("/admin/"):  # pages that Django makes; ours are looked at by the nine
        visitor.page.set_viewport_size(PHONE)
        faults += [f"axe: {fault['id']}" for fault in visitor.axe_on_whole_page().response["violations"]]
    found = [f"{path}: {fault}" for fault in faults]
    visitor.wrong.clear()
    return found
