"""Each screen, from the resolver, so that a new one is walked the day it is written; those of rows with rows of the scene.

On a phone in Dutch, whose words are the longest, and on a desk in English: axe finds nothing and nothing is too wide. With
nothing but the Tab key every control is reached, each shows that it has focus, and nothing is a trap. That such faults would
be found is in test_planted_faults.py.
"""

from collections.abc import Iterator

import pytest
from django.test import Client

from ecosystem.scope import open_scope
from ecosystem.services.people import member_add
from tests.guards.cross_arena import arena
from tests.guards.scene import scene_make
from tests.guards.twins import Twin
from tests.live.browsing import Visitor, chromium
from tests.live.screens import faults, screens, screens_of_rows

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("screens")]

# Samples of parts of pages, not pages: a heading, and landmarks that a page has once.
SAMPLES = {"/settings/look/preview/": {"page-has-heading-one"}, "/ui/": {"landmark-unique"}}


@pytest.fixture
def twin(django_db_setup, django_db_blocker) -> Iterator[Twin]:
    with django_db_blocker.unblock(), arena(scene_make) as scene:
        yield scene.attacker


def test_every_screen_is_walked_with_the_keyboard_and_fits(
    twin, live_server, monkeypatch, make_environment, browser_of
):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    empty = make_environment("empty")
    with open_scope(environment_id=empty.pk):
        ada = member_add(email="ada@example.org", name="Ada Lovelace", roles=["admin", "learner"])
    ada.environment = empty
    client = browser_of(ada)
    alone = list(screens(client))
    of_rows = list(screens_of_rows(twin, _client(twin, "admin"), _client(twin, "learner")))
    port, wrong = live_server.url.rsplit(":", 1)[-1], []
    with chromium() as browser:
        # A window each: to make one larger and smaller again lays out and draws a page that is about to go.
        phone, desk = (Visitor(browser, base="", name="every-screen", phone=is_phone) for is_phone in (True, False))
        for window in (phone, desk):
            window.draw_nothing()
        for host, who, path in [("empty.localhost", client, path) for path in alone] + [
            (twin.host, *one) for one in of_rows
        ]:
            phone.base = desk.base = f"http://{host}:{port}"
            wrong += _walked(phone, who, path, "nl", by_keyboard=True)
            wrong += _walked(desk, who, path, "en", by_keyboard=False)
    assert not wrong, "\n".join(wrong)
    assert len(alone) > 50
    assert len(of_rows) > 80


def _client(twin: Twin, role: str) -> Client:
    client = Client(HTTP_HOST=twin.host)
    client.cookies["session"] = twin.sessions[role]
    return client


def _walked(visitor: Visitor, who: Client, path: str, language: str, *, by_keyboard: bool) -> list[str]:
    """What is wrong with the page for this person."""
    cookies = {"session": who.cookies["session"].value, "language": language}
    visitor.context.add_cookies(
        [{"name": name, "value": value, "url": visitor.base} for name, value in cookies.items()]
    )
    found = faults(visitor.go(path), by_keyboard=by_keyboard, spared=SAMPLES.get(path, ()))
    return [f"{path} ({language}): {fault}" for fault in found]
