"""One driver of playwright for all tests of a process, one after the other: to load it takes half a second of a core.

Each test has a browser of its own. After a test that fails the driver goes too.
"""

import asyncio
import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Playwright, sync_playwright


class Driver:
    def __init__(self) -> None:
        os.environ["DEBUG"] = "pw:browser"  # what Chromium says; pytest shows it when the test fails
        self._running = ExitStack()
        self._playwright = self._running.enter_context(sync_playwright())
        self._loop = asyncio.get_running_loop()

    @contextmanager
    def used(self) -> Iterator[Playwright]:
        """Its loop stands still until then and afterwards: Django and other tests, with loops of their own, see none."""
        asyncio._set_running_loop(self._loop)
        try:
            yield self._playwright
        finally:
            asyncio._set_running_loop(None)

    def stop(self) -> None:
        with self.used():
            self._running.close()


_drivers: list[Driver] = []


@contextmanager
def playwright() -> Iterator[Playwright]:
    driver = _drivers.pop() if _drivers else Driver()
    try:
        with driver.used() as used:
            yield used
    except BaseException:
        driver.stop()
        raise
    _drivers.append(driver)


@atexit.register
def _stop() -> None:
    while _drivers:
        _drivers.pop().stop()
