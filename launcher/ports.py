"""Ports on the loopback address."""

import socket

LOOPBACK = "127.0.0.1"


def any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the web server does: a port that only has old connections on it is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def first_free_port(first: int, *, tries: int = 100) -> int | None:
    return next((port for port in range(first, first + tries) if is_free(port)), None)
