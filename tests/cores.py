"""Whoever computes has a core to itself: no more processes do at once than there are cores.

There are more processes than cores, since tests of whole sites and browsers wait most of their time. Two that compute on one
core drive each other out of its caches, and a process whose PostgreSQL is on another core is woken from there at every
statement. So a test takes a core before it begins, and its process and its PostgreSQL stay there; one that waits, or tries
what happens at the same time, goes wherever there is room.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from django.db.backends.signals import connection_created

LOOK_AGAIN = 0.004
# So long one keeps a core from test to test, and then lets another have it who waits for one.
SHARE, GIVE_WAY = 2.0, 0.008


class Cores:
    """Those of this machine, shared by all processes that lock files in the same folder; of one that dies nothing is left."""

    def __init__(self, folder: Path, *, cores: list[int]) -> None:
        self.folder, self.all = folder, cores
        folder.mkdir(exist_ok=True, mode=0o700)
        self.files = {core: (folder / str(core)).open("ab") for core in self.all}
        self.held: int | None = None
        self.here = self.all  # where this process runs
        self.last, self.since = 0, 0.0
        self.connections: WeakSet[Any] = WeakSet()
        connection_created.connect(self._connected)

    @contextmanager
    def for_test(self, item: pytest.Item) -> Iterator[None]:
        """With a core, as soon as one is free, unless the test waits itself."""
        if len(self.all) < 2 or item.get_closest_marker("live"):
            yield
            return
        if time.monotonic() - self.since > SHARE:
            time.sleep(GIVE_WAY)
            self.since = time.monotonic()
        self._take(pinned=not commits(item) and not hasattr(item.module, "threading"))
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Others may have the core while this process waits for one of them."""
        if self.held is None:
            yield
            return
        was_pinned = self.here != self.all
        self._give_back()
        try:
            yield
        finally:
            self._take(pinned=was_pinned)

    def _take(self, *, pinned: bool) -> None:
        """The last one first: what this process needs is perhaps still near."""
        while True:
            for core in sorted(self.all, key=lambda core: core != self.last):
                with suppress(BlockingIOError):
                    fcntl.lockf(self.files[core], fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.held = self.last = core
                    self._go([core] if pinned else self.all)
                    return
            time.sleep(LOOK_AGAIN)

    def _give_back(self) -> None:
        self._go(self.all)
        fcntl.lockf(self.files[self.held], fcntl.LOCK_UN)
        self.held = None

    def _go(self, where: list[int]) -> None:
        if self.here != where:
            self.here = where
            os.sched_setaffinity(0, where)
            for connection in list(self.connections):
                self._pin(connection)

    def _connected(self, *, connection: Any, **_signal: Any) -> None:
        self.connections.add(connection)
        if self.here != self.all:
            self._pin(connection)

    def _pin(self, connection: Any) -> None:
        if connection.connection is not None and not connection.connection.closed:
            with suppress(OSError):  # of a server that has just been ended
                os.sched_setaffinity(connection.connection.info.backend_pid, self.here)


def commits(item: pytest.Item) -> bool:
    """Whether others see what the test does, as where several do something at the same time."""
    marker = item.get_closest_marker("django_db")
    return (marker is not None and bool(marker.kwargs.get("transaction"))) or "transactional_db" in item.fixturenames


CORES = Cores(
    Path(os.environ["GROVE_STATE"], "test-cores"),
    cores=sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [],  # what other systems do not tell
)
