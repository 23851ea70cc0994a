"""Servers that answer as a test tells them: one for SMTP, one in the place of a push service."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from ecosystem.scope import open_scope
from launcher.ports import any_free_port
from notifications.models import Mail, MailState

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def local(*moment: int) -> datetime:
    """A moment on the clocks of Amsterdam."""
    return datetime(*moment, tzinfo=AMSTERDAM)


@pytest.fixture
def clock(monkeypatch) -> Callable[..., datetime]:
    """``clock(2027, 3, 1, 10)`` makes it ten o'clock in Amsterdam, for everything that asks Django."""

    def put(*moment: int) -> datetime:
        now = local(*moment)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now.astimezone(ZoneInfo("UTC")))
        return now

    return put


class Postbox:
    """Keeps what it takes. ``replies`` are given to the next letters, one each; "hang up" drops the connection."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.replies: list[str] = []
        self.tries = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.tries += 1
        reply = self.replies.pop(0) if self.replies else "250 OK"
        if reply == "hang up":
            server.transport.close()
            return "421 gone"
        if reply.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return reply


def mail_goes_to(settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


@pytest.fixture
def postbox(settings) -> Iterator[Postbox]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=any_free_port())  # its own way to find one fails on port 0
    controller.start()
    mail_goes_to(settings, controller.port)
    yield box
    controller.stop()


class PushService:
    """Answers pushes with ``replies``, one each, else 201; keeps what it was sent as (path, headers, body)."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.replies: list[tuple[int, dict[str, str]]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.got.append((self.path, dict(self.headers), body))
                status, headers = service.replies.pop(0) if service.replies else (201, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args):
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def push_service(settings) -> Iterator[PushService]:
    service = PushService()
    threading.Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.PUSH_TRUSTED_ORIGINS = [service.origin]
    yield service
    service.server.shutdown()
    service.server.server_close()


def mails(env) -> list[Mail]:
    with open_scope(environment_id=env.pk):
        return list(Mail.objects.order_by("pk"))


def due_again(env) -> None:
    with open_scope(environment_id=env.pk):
        Mail.objects.filter(state=MailState.WAITING).update(due_at=timezone.now())
