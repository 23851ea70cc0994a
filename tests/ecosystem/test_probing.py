"""What `manage.py probe` finds, on two servers of the test: one answers as it should, but for one fault at a time."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from ecosystem import probing
from ecosystem.probing import NOT_FOR_ANYBODY, QUESTIONS, Site, site_probed
from tests.tls import Certified, certified

GOOD_HEADERS = {
    "Strict-Transport-Security": "max-age=1",
    "Content-Security-Policy": "default-src 'self'",
    "Set-Cookie": "__Host-csrf=x; Secure",
}
EXPECTED = dict(
    zip(
        ("not-newest", "old-version", "old-cipher", "not-sent-on", "software-sent-on", "headers", "open", "length"),
        QUESTIONS,
        strict=True,
    )
)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Certified:
    return certified(tmp_path_factory.mktemp("tls"), "localhost")


def answering(fault: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.say(404 if self.path in NOT_FOR_ANYBODY and fault != "open" else 200)

        def do_POST(self) -> None:
            self.close_connection = fault != "length"
            self.rfile.read(int(self.headers["Content-Length"]))
            self.say(200 if fault == "length" else 400)

        def say(self, status: int) -> None:
            self.send_response(status)
            for name, value in {} if fault == "headers" else GOOD_HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    return Handler


def sending_on(fault: str, port: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_refused = self.path.startswith("/api/") and fault != "software-sent-on"
            self.send_response(403 if is_refused else 200 if fault == "not-sent-on" else 308)
            self.send_header("Location", f"https://localhost:{port}{self.path}")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    return Handler


@contextmanager
def served(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_args: None  # what a refused handshake leaves behind
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def site_with(fault: str, files: Certified) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM")
    if fault == "not-newest":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    elif fault == "old-version":
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ECDHE:@SECLEVEL=0")
    elif fault == "old-cipher":
        context.set_ciphers("ECDHE+AESGCM:AES128-SHA256:@SECLEVEL=0")
    with served(answering(fault), context) as port, served(sending_on(fault, port)) as http_port:
        yield Site("localhost", port, http_port, str(files.ca))


@pytest.mark.parametrize("fault", ["", *EXPECTED])
def test_each_fault_is_found_and_no_other(files, fault, monkeypatch):
    monkeypatch.setattr(probing, "SILENCE", 1)
    with site_with(fault, files) as site:
        found = {finding.what for finding in site_probed(site) if finding.said}
    assert found == ({EXPECTED[fault]} if fault else set())


def test_nothing_is_asked_of_a_site_that_nobody_vouches_for(files, capsys):
    with site_with("", files) as site:
        with pytest.raises(CommandError, match="1 not as it should be"):
            call_command("probe", f"https://localhost:{site.port}", http_port=site.http_port)
        assert "CERTIFICATE_VERIFY_FAILED" in capsys.readouterr().out
        call_command("probe", f"https://localhost:{site.port}", http_port=site.http_port, ca=site.ca)
        assert capsys.readouterr().out.count("ok   ") == len(QUESTIONS) + 1
    with pytest.raises(CommandError, match="https"):
        call_command("probe", "http://localhost")
