"""What a site shows of itself to the outside: how it is encrypted, what it says without encryption, what it leaves open.

For whoever runs the machine (`manage.py probe`): nothing here knows the settings, everything is asked over the network.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse

SECONDS = 30
SILENCE = 5  # seconds without another word, after which none is expected
NOT_FOR_ANYBODY = ("/dev/mail/", "/metrics", "/.git/HEAD", "/.env")
OLD = "AES128-SHA:AES256-SHA:AES128-SHA256:DES-CBC3-SHA:@SECLEVEL=0"  # without forward secrecy


@dataclass(frozen=True)
class Site:
    host: str
    port: int = 443
    http_port: int = 80
    ca: str | None = None  # a file of authorities to trust instead of the public ones
    at: str | None = None  # the address of the machine, while its name does not lead there yet

    def plain(self, port: int) -> socket.socket:
        return socket.create_connection((self.at or self.host, port), SECONDS)

    def secure(self, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        plain = self.plain(self.port)
        try:
            return (context or self.context()).wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise

    def context(self) -> ssl.SSLContext:
        """As a careful browser."""
        return ssl.create_default_context(cafile=self.ca)


@dataclass(frozen=True)
class Finding:
    """``said``: what was found, where it is not as it should be; empty where it is."""

    what: str
    said: str = ""


def site_probed(site: Site) -> Iterator[Finding]:
    """A finding for each question. Without a certificate that can be trusted the others are not asked."""
    first = _finding("a certificate that browsers trust, for this name", _certificate, site)
    yield first
    if first.said:
        return
    for what, ask in QUESTIONS.items():
        yield _finding(what, ask, site)


def _finding(what: str, ask: Callable[[Site], str], site: Site) -> Finding:
    try:
        return Finding(what, ask(site))
    except socket.gaierror:
        return Finding(what, f"the name {site.host} leads nowhere yet; --at says which machine to ask")
    except OSError as error:
        return Finding(what, f"{type(error).__name__}: {error}")


def _handshake(site: Site, context: ssl.SSLContext) -> tuple[str, str]:
    """(version, cipher) that both agree on; an OSError when they do not."""
    with site.secure(context) as secure:
        return secure.version() or "", (secure.cipher() or ("", "", 0))[0]


def _certificate(site: Site) -> str:
    _handshake(site, site.context())
    return ""


def _newest(site: Site) -> str:
    version, _cipher = _handshake(site, site.context())
    return "" if version == "TLSv1.3" else f"agreed on {version}"


def _careless(ciphers: str, *, newest: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, newest
    context.set_ciphers(ciphers)
    return context


def _refused(site: Site, context: ssl.SSLContext) -> str:
    try:
        version, cipher = _handshake(site, context)
    except OSError:
        return ""
    return f"agreed on {version} with {cipher}"


def _old_versions(site: Site) -> str:
    return _refused(site, _careless("ALL:@SECLEVEL=0", newest=ssl.TLSVersion.TLSv1_1))


def _old_ciphers(site: Site) -> str:
    return _refused(site, _careless(OLD, newest=ssl.TLSVersion.TLSv1_2))


def _asked(site: Site, path: str, *, secure: bool) -> HTTPResponse:
    connection = HTTPConnection(site.host, site.port if secure else site.http_port)
    connection.sock = site.secure() if secure else site.plain(site.http_port)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer


def _people_are_sent_on(site: Site) -> str:
    answer = _asked(site, "/", secure=False)
    to = answer.headers.get("Location", "")
    is_fine = answer.status in {301, 308} and to.startswith(f"https://{site.host}")
    return "" if is_fine else f"{answer.status} {to}".strip()


def _software_is_refused(site: Site) -> str:
    answer = _asked(site, "/api/v1/me/", secure=False)
    return "" if answer.status in {400, 403, 426} else str(answer.status)


def _headers(site: Site) -> str:
    answer = _asked(site, "/accounts/login/", secure=True)
    missing = [name for name in ("Strict-Transport-Security", "Content-Security-Policy") if name not in answer.headers]
    cookies = answer.headers.get_all("Set-Cookie") or []
    open_ones = [one.partition("=")[0] for one in cookies if "secure" not in one.lower()]
    return ", ".join(
        [f"no {name}" for name in missing] + [f"cookie {name} goes without encryption" for name in open_ones]
    )


def _nothing_more(site: Site) -> str:
    return ", ".join(path for path in NOT_FOR_ANYBODY if _asked(site, path, secure=True).status != 404)


def _one_length(site: Site) -> str:
    """Two lengths in one request: the chunks count, or it is the last request that is heard. Else the next one can be forged."""
    more = f"GET /healthz HTTP/1.1\r\nHost: {site.host}\r\nConnection: close\r\n\r\n".encode()
    body = b"0\r\n\r\n" + more
    head = f"POST /healthz HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: {len(body)}\r\nTransfer-Encoding: chunked\r\n\r\n"
    with site.secure() as secure:
        secure.sendall(head.encode() + body)
        said = secure.recv(4096)
        secure.settimeout(SILENCE)
        try:
            while piece := secure.recv(4096):
                said += piece
        except TimeoutError:
            if (
                said.count(b"HTTP/1.") < 2
            ):  # it took the second request for the body of the first, and goes on listening
                return "the length counts, not the chunks"
    return ""


QUESTIONS: dict[str, Callable[[Site], str]] = {
    "TLS 1.3 where the other side can": _newest,
    "no TLS older than 1.2": _old_versions,
    "no ciphers without forward secrecy": _old_ciphers,
    "people who come without encryption are sent on": _people_are_sent_on,
    "software that comes without encryption is refused": _software_is_refused,
    "headers and cookies of a site with encryption": _headers,
    "nothing of development or of the machine is open": _nothing_more,
    "a request has one length": _one_length,
}
