"""Ports on the loopback address."""

import random
import socket

LOOPBACK = "127.0.0.1"


# Below those that systems give to outgoing connections, so that none of these takes the port before its server does.
OUT_OF_THE_WAY = range(12_000, 32_000)


def any_free_port() -> int:
    """A port on the loopback address that nothing listens on."""
    for port in random.sample(OUT_OF_THE_WAY, 100):
        if is_free(port):
            return port
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
