"""An end to every conversation: a timeout of a socket starts anew with each byte, this one does not."""

from __future__ import annotations

import socket
import threading
from types import TracebackType


class Deadline:
    """While it is open; cuts off the sockets it was told of ``seconds`` after it began, however slowly they drip."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            while self._watched:
                self._watched.pop().close()

    def watch(self, sock: socket.socket) -> socket.socket:
        """Give it back. A duplicate is kept, so that it can be cut off also while and after TLS takes it over."""
        with self._lock:
            self._watched.append(sock.dup())
        if self.is_over:
            self._cut()
        return sock

    def _cut(self) -> None:
        with self._lock:
            self.is_over = True
            for sock in self._watched:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:  # closed by the other side
                    continue
