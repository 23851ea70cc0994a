"""People and things that the abuse cases are tried on."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from certificates.services.issuing import certificate_issue, template_save
from ecosystem.models import Person
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from tests.assessments.answering import make_assessment
from tests.guards.hostile import PASSWORD
from tests.memotrainer.scene import clock
from tests.tls import certified

__all__ = ["clock"]


@pytest.fixture(scope="module")
def imposter(tmp_path_factory) -> Iterator[HTTPServer]:
    """A server that speaks TLS with a certificate that nobody vouches for; keeps who got through to it."""
    files = certified(tmp_path_factory.mktemp("tls"), "localhost")
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)
            self.send_response(204)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_args: None  # what a refused handshake leaves behind
    server.heard = heard
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def learner(member):
    return member("learner")


@pytest.fixture
def person_with_password(env, member):
    membership = member("learner", email="known@example.org")
    with open_scope(environment_id=env.pk):
        person = Person.objects.get(pk=membership.person_id)
        person.set_password(PASSWORD)
        person.save()
    return membership


@pytest.fixture
def quiz(env):
    with open_scope(environment_id=env.pk):
        return make_assessment("single", "short_text", "numeric", attempts_allowed=1)


@pytest.fixture
def certificate(env, learner):
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="Course", creators=["Ada"])
        template = template_save(course=course, title="=cmd|' /C calc'!A0")
        Person.objects.filter(pk=learner.person_id).update(name='<img src="file:///etc/passwd"><b>Eve</b>')
        person = Person.objects.get(pk=learner.person_id)
        return certificate_issue(template=template, person=person, at=timezone.now())
