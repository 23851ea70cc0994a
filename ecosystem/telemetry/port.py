"""The private port on which Prometheus asks: GROVE_METRICS_PORT of this machine, path /metrics, never a public host.

Each process of a machine tries to take the port; one succeeds and answers for all, from the files they share. Should it
end, another takes over within seconds.
"""

import contextlib
import logging
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.conf import settings
from django.db import connections
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from ecosystem.telemetry.figures import Looked

logger = logging.getLogger(__name__)
SECONDS_BETWEEN_TRIES = 5
_begun = threading.Lock()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


class Answers(BaseHTTPRequestHandler):
    """GET /metrics; anything else is 404."""

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/metrics":
            self.send_error(404)
            return
        body = figures_now()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: Prometheus asks every few seconds."""


def figures_now() -> bytes:
    """All figures, in the text format of Prometheus."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(Looked())  # type: ignore[arg-type] -- a collector by its methods
    try:
        return generate_latest(registry)
    finally:
        connections.close_all()  # of this thread


def serve_figures() -> None:
    """Begin to serve, or to wait for the port, in the background; once per process, and only when a port is set."""
    if settings.METRICS_PORT and _begun.acquire(blocking=False):
        threading.Thread(target=_serve, args=(settings.METRICS_PORT,), name="figures", daemon=True).start()


def _serve(port: int) -> None:
    while True:
        try:
            with Server((settings.METRICS_ADDRESS, port), Answers) as server:
                forget_the_dead()
                logger.info("figures at port %s", port)
                server.serve_forever()
        except OSError:
            time.sleep(SECONDS_BETWEEN_TRIES)


def forget_the_dead() -> None:
    """Remove what earlier runs left when none of their processes lives; counters of a living run are kept."""
    files = list(Path(settings.METRICS_DIR).glob("*.db"))
    if not any(_lives(int(file.stem.rpartition("_")[2])) for file in files):
        for file in files:
            file.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        try:
            os.kill(pid, 0)
        except PermissionError:
            return True
        return True
    return False
