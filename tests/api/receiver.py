"""A real HTTP server on this machine that keeps what it is sent."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    """``status`` is what it answers; ``drip`` seconds between the bytes of an answer (or its headers) that never ends."""

    url: str = ""
    status: int = 204
    drip: float = 0
    drip_headers: float = 0
    location: str = ""
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Received]:
    kept = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.messages.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(kept.status)
            if kept.location:
                self.send_header("Location", kept.location)
            if kept.drip_headers:
                self.flush_headers()
            else:
                self.end_headers()
            while pause := kept.drip_headers or kept.drip:
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return
                time.sleep(pause)

        def log_message(self, *_args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.url = f"http://127.0.0.1:{server.server_port}/hook?from=grove"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield kept
    finally:
        kept.drip = kept.drip_headers = 0
        server.shutdown()
        server.server_close()
        thread.join()
