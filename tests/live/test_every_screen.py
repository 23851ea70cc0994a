"""Each screen, from the resolver, so that a new one is walked the day it is written; those of rows with rows of the scene.

On a phone, and in the same window once it is as wide as a desk: axe finds nothing and nothing is too wide. With nothing but
the Tab key every control is reached, each shows that it has focus, and nothing is a trap. Most are in Dutch, whose words are
the longest; other tests of this folder walk through the pages of one learner or author in English. That such faults would be
found is in test_planted_faults.py.
"""

from collections.abc import Iterator
from zlib import crc32

import pytest
from django.test import Client

from ecosystem.scope import open_scope
from ecosystem.services.people import member_add
from tests.guards.cross_arena import arena
from tests.guards.scene import scene_make
from tests.guards.twins import Twin
from tests.live.browsing import chromium
from tests.live.screens import Window, screens, screens_of_rows

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
        window = Window(browser, name="every-screen")
        for host, who, path in [("empty.localhost", client, path) for path in alone] + [
            (twin.host, *one) for one in of_rows
        ]:
            window.base = f"http://{host}:{port}"
            wrong += _walked(window, who, path)
    assert not wrong, "\n".join(wrong)
    assert len(alone) > 50
    assert len(of_rows) > 80


def _client(twin: Twin, role: str) -> Client:
    client = Client(HTTP_HOST=twin.host)
    client.cookies["session"] = twin.sessions[role]
    return client


def _walked(window: Window, who: Client, path: str) -> list[str]:
    """What is wrong with the page for this person."""
    language = language_of(path)
    cookies = {"session": who.cookies["session"].value, "language": language}
    window.context.add_cookies([{"name": name, "value": value, "url": window.base} for name, value in cookies.items()])
    found = window.faults(path, spared=SAMPLES.get(path, ()))
    return [f"{path} ({language}, {name}): {fault}" for name, faults in found.items() for fault in faults]


def language_of(path: str) -> str:
    """Dutch, or for one screen of four English: of each screen always the same, whichever others there are."""
    return "nl" if crc32(path.encode()) % 4 else "en"
