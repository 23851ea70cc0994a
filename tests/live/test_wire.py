"""What goes over the wire: a whole Grove with encryption of its own, asked from outside as `manage.py probe` asks."""

import socket
import ssl
from collections.abc import Callable, Iterator

import pytest

from ecosystem.probing import Site as Asked
from ecosystem.probing import site_probed
from launcher.ports import any_free_port
from tests.live.nursery import Nursery
from tests.live.site import BIN, ROOT, wait_for
from tests.tls import certified

pytestmark = pytest.mark.live


@pytest.fixture
def encrypting(site) -> Iterator[Nursery]:
    """What runs here has loaded Grove with encryption on."""
    site.more = {"GROVE_HTTPS": "1", "EMAIL_URL": "smtp://localhost:25"}
    nursery = Nursery(site.environment, code=ROOT)
    yield nursery
    site.stop()
    nursery.stop()


def test_web_speaks_tls_by_itself_and_has_nothing_open(site, encrypting, tmp_path):
    """As behind a load balancer on another machine: the way from there to web is encrypted too.

    The same process kind without encryption says to people where to go and refuses software.
    """
    files, secure_port = certified(tmp_path, "demo.localhost"), any_free_port()
    site.start_broker()
    command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--no-ws"]
    encrypted = [
        "--ssl-certificate",
        str(files.certificate),
        "--ssl-keyfile",
        str(files.key),
        "--ssl-protocol-min",
        "tls1.2",
    ]
    ways = {"plain": ["--port", str(site.port)], "secure": [*encrypted, "--port", str(secure_port)]}
    for name, way in ways.items():
        site.processes[name] = encrypting.fork(
            [*command, *way, "config.wsgi:application"], site.folder / f"{name}.log", database=site.database_url
        )
    asked = Asked("demo.localhost", secure_port, site.port, str(files.ca), at="127.0.0.1")
    wait_for(lambda: speaks(lambda: asked.plain(site.port)), seconds=60, what="without encryption")
    wait_for(lambda: speaks(asked.secure), seconds=60, what="with encryption")
    found = list(site_probed(asked))
    assert [(one.what, one.said) for one in found if one.said] == [], site.log("secure")
    assert len(found) == 9
    with pytest.raises(ssl.SSLCertVerificationError):  # another authority is not believed
        Asked("demo.localhost", secure_port, site.port, at="127.0.0.1").secure()


def speaks(connect: Callable[[], socket.socket]) -> bool:
    try:
        connect().close()
    except OSError:
        return False
    return True
