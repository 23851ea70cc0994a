"""Where the sites of a test process stand, one after the other: each has a new database, broker and folder, and all of them the
same addresses.

So what has loaded Grove for the first of them (nursery.py) serves the next ones too; to load takes three seconds of a core.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.ports import LOOPBACK, any_free_port, is_free
from tests import databases
from tests.live.nursery import Nursery
from tests.live.site import Site, wait_for


class Ground:
    def __init__(self, folder: Path, *, template: str) -> None:
        """``template``: the database that each site begins with a copy of."""
        self.folder, self.template = folder, template
        self.database = f"grove_live_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
        self.ports = (any_free_port(), any_free_port())
        self._kept_free = self._keep_ports_free()
        self._nursery: Nursery | None = None

    def _keep_ports_free(self) -> list[socket.socket]:
        """Nobody else is given them while no site stands."""
        return [socket.create_server((LOOPBACK, port)) for port in self.ports]

    def nursery(self, environment: dict[str, str]) -> Nursery:
        """For processes with this environment, which is that of every site here until a test says something else."""
        if self._nursery is None:
            self._nursery = Nursery(environment, code=databases.ROOT)
        return self._nursery

    @contextmanager
    def site(self, kept: Path) -> Iterator[Site]:
        """Nothing is started yet. Its folder is in ``kept`` afterwards."""
        databases.clone(self.template, self.database)
        self.folder.mkdir()
        for one in self._kept_free:
            one.close()
        site = Site(self.folder, self.database, ports=self.ports, nursery=self.nursery)
        try:
            yield site
        finally:
            site.stop()
            databases.drop(self.database)
            wait_for(lambda: all(map(is_free, self.ports)), what="the ports of what was killed")
            self._kept_free = self._keep_ports_free()
            shutil.move(self.folder, kept / "site")

    def close(self) -> None:
        for one in self._kept_free:
            one.close()
        if self._nursery is not None:
            self._nursery.stop()
