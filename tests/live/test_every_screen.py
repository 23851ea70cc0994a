"""Each screen, from the resolver, so that a new one is walked the day it is written; those of rows with rows of the scene.

On a phone, and in the same window once it is as wide as a desk: axe finds nothing (on the desk it is asked of what is new there
or looks another) and nothing is too wide. With nothing but the Tab key every control is reached, each shows that it has focus,
and nothing is a trap. Most are in Dutch, whose words are the longest; other tests of this folder walk through the pages of one
learner or author in English. That such faults would be found is in test_planted_faults.py.
"""

from collections.abc import Iterator

import pytest
from django.test import Client

from ecosystem.scope import open_scope
from ecosystem.services.people import member_add
from tests.guards.cross_arena import arena
from tests.guards.scene import scene_make
from tests.guards.twins import Twin
from tests.live.browsing import chromium
from tests.live.given import Given
from tests.live.screens import Screen, Window, screens, screens_of_rows

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
    people = [browser_of(ada), _client(twin, "admin"), _client(twin, "learner")]
    for client in people:  # at the door of the live server, where the browser asks
        client.defaults["HTTP_HOST"] += f":{live_server.thread.port}"
    given = Given(live_server)
    with chromium() as browser, given.standing_before():
        window = Window(browser, name="every-screen")
        alone = [_walked(window, given, screen) for screen in screens(people[0])]
        of_rows = [_walked(window, given, screen) for screen in screens_of_rows(twin, *people[1:])]
    wrong = [fault for faults in alone + of_rows for fault in faults]
    assert not wrong, "\n".join(wrong)
    assert len(alone) > 50
    assert len(of_rows) > 80
    assert len(window.known) > 40, "axe was asked of less on the desk than there are ways of what goes around a page"


def _client(twin: Twin, role: str) -> Client:
    client = Client(HTTP_HOST=twin.host)
    client.cookies["session"] = twin.sessions[role]
    return client


def _walked(window: Window, given: Given, screen: Screen) -> list[str]:
    """What is wrong with the page for this person."""
    window.base = f"http://{screen.host}"
    window.context.add_cookies(
        [{"name": name, "value": value, "url": window.base} for name, value in screen.cookies.items()]
    )
    with given.answering(screen):
        found = window.faults(screen.path, spared=SAMPLES.get(screen.path, ()))
    said = f"{screen.path} ({screen.cookies['language']}"
    return [f"{said}, {name}): {fault}" for name, faults in found.items() for fault in faults]
