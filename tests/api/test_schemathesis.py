"""Schemathesis over the whole API: what it sends is made from the description, and so is what it expects.

Each case runs in a savepoint that is rolled back, so that one which ends a membership spoils no other. Three sorts: all
by chance and broken, once for all operations that take the same; at the address of a real row with a body by chance, sound
and broken; and one that works, of which the body names rows where it must.
"""

import os
import re
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import given as given_by
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.models import Token, WebhookEndpoint
from courses.models import CourseRun, Enrolment
from ecosystem import clock
from ecosystem.models import Group
from ecosystem.scope import open_scope
from events.models import Session
from events.services import check_in_code
from tests.api.described import description
from tests.api.routes import addresses_of
from tests.api.touring import bodies, more_to_do
from tests.remembering import Memory

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Cases by chance at each operation, of each kind: the same each time, and more of them for whoever explores.
CASES = 30 if os.environ.get("GROVE_EXPLORE") else 1
QUERIES = {"DELETE /api/v1/drafts/{slug}/": {"seen": 0}}
SOUND = "*"  # in each header that an operation may be sent: any version of a row; a key like any other
PARAMETER = re.compile(r"\{(\w+)\}")


OF_THE_LEARNER = {
    "PATCH /api/v1/posts/{uid}/",
    "POST /api/v1/posts/{uid}/withdraw/",
    "POST /api/v1/seats/{uid}/change/",
    "PATCH /api/v1/handins/{uid}/",
    "POST /api/v1/videos/{slug}/watched/",
    "POST /api/v1/task-reports/",
    "POST /api/v1/seats/",
    "POST /api/v1/event-sessions/{id}/check-in/",
    "POST /api/v1/handins/{uid}/submit/",
    "POST /api/v1/handins/{uid}/withdraw/",
    "POST /api/v1/seats/{uid}/answer/",
    "GET /api/v1/peer-reviews/{uid}/files/",
    "GET /api/v1/peer-reviews/{uid}/missed/",
    "POST /api/v1/peer-samples/{uid}/attempt/",
}


class Tour:
    """Sends cases, checks answers, and counts."""

    def __init__(
        self, paths: dict[str, str], tokens: dict[str, str], bodies: dict[str, Any], places: dict[str, dict[str, Any]]
    ) -> None:
        found = {_plain(route): path for route, path in paths.items()}
        self.paths = {
            route: path.replace("/environments/alpha/", "/environments/below/") for route, path in found.items()
        }
        self.tokens, self.bodies, self.places = tokens, bodies, places
        self.memory = Memory()
        self.statuses: Counter[int] = Counter()
        self.reached: set[str] = set()
        self.asked: set[str] = set()
        self.broken: set[str] = set()  # what operations without a body take, that was sent broken already

    def send(self, case: Any, label: str) -> None:
        own = "/attempts/{uid}/" in label or "/cards/" in label or "/enrol" in label or "/notices/" in label
        own = own or "/uploads/" in label or "/exemplars/{uid}/" in label or label in OF_THE_LEARNER
        headers = {"Authorization": f"Bearer {self.tokens['learner' if own and 'bulk' not in label else 'admin']}"}
        if label in {"POST /api/v1/enrolments/"}:
            headers = {"Authorization": f"Bearer {self.tokens['admin']}"}
        with self.memory.undone():
            response = case.call(headers={**headers, "Host": "alpha.localhost"})
        self.statuses[response.status_code] += 1
        if response.status_code < 300:
            self.reached.add(label)
        case.validate_response(response, checks=CHECKS)

    def sensible(self, operation: Any) -> None:
        """At a real row, without anything by chance that need not be there."""
        path = self.paths.get(_plain(operation.path), operation.path)
        template = PARAMETER.sub(r"(?P<\1>[^/]+)", operation.path)
        found = re.fullmatch(template, path)
        body = self.bodies.get(operation.label, {} if operation.method.upper() not in {"GET", "DELETE"} else None)
        query = QUERIES.get(operation.label, {})
        sends_file = any(isinstance(value, bytes) for value in body.values()) if isinstance(body, dict) else False
        media = "multipart/form-data" if sends_file else "application/json"
        extra = {} if body is None or not operation.body else {"body": body, "media_type": media}
        place = (found.groupdict() if found else {}) | self.places.get(operation.label, {})
        case = operation.Case(path_parameters=place, query=query, **extra)
        self.send(case, operation.label)

    def by_chance(self, operation: Any, number: int) -> None:
        """Drawn from the description: sound, and broken. A broken body goes to a real row, with sound headers, so that it is
        the view that reads it."""
        path = self.paths.get(_plain(operation.path), operation.path)
        found = re.fullmatch(PARAMETER.sub(r"(?P<\1>[^/]+)", operation.path), path)
        sound = {"path_parameters": found.groupdict()} if found and found.groupdict() else {}
        sound |= {"headers": {header.name: SOUND for header in operation.headers}} if operation.headers else {}
        if any(body.is_negatable for body in operation.body):
            self._draw(operation, number, GenerationMode.NEGATIVE, **sound)
        elif self._is_new(operation):
            self._draw(operation, number, GenerationMode.NEGATIVE)
        if not self._has_sent_the_simplest(operation, found):
            self._draw(operation, number, GenerationMode.POSITIVE, **sound)

    def _is_new(self, operation: Any) -> bool:
        """Whether nothing that takes the same was sent broken: before any view, the same code reads these for all of them."""
        places = operation.path_parameters, operation.query, operation.headers
        takes = [
            f"{place} {parameter.name if place else ''} {parameter.raw_schema}"
            for place, parameters in enumerate(places)
            for parameter in parameters
        ]
        what = "\n".join(sorted(takes))
        is_new = bool(takes) and (CASES > 1 or what not in self.broken)  # where nothing is taken nothing can be wrong
        self.broken.add(what)
        return is_new

    def _has_sent_the_simplest(self, operation: Any, found: Any) -> bool:
        """A single case by chance is the simplest there is: with nothing that must be drawn, ``sensible`` has sent it."""
        must = bool(operation.body) or any(
            parameter.is_required for parameter in (*operation.query, *operation.headers)
        )
        return CASES == 1 and not must and bool(found) and operation.label not in {*self.bodies, *self.places, *QUERIES}

    def _draw(self, operation: Any, number: int, mode: GenerationMode, **given: Any) -> None:
        @seed(number)
        @settings(
            max_examples=CASES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given_by(case=operation.as_strategy(generation_mode=mode, **given))
        def cases(case: Any) -> None:
            self.send(case, operation.label)

        cases()


def closed_as_by_a_server(site: Any) -> Any:
    """Whoever calls a site by WSGI closes its answers, files too; Schemathesis leaves it to chance."""

    def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
        parts = site(environ, start)
        try:
            return list(parts)
        finally:
            parts.close()

    return answer


def _plain(path: str) -> str:
    """Without the names and kinds of parameters."""
    return re.sub(r"[<{][^>}]*[>}]", "*", path.removeprefix("/api/"))


@pytest.fixture
def _one_connection(db):
    """A request of a real server closes the connection it used; here all use the one of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_the_whole_api(here, env, make_environment, member, secret_of, settings):
    settings.API_PER_CALLER = settings.API_PER_ENVIRONMENT = 1_000_000
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    make_environment("below", parent=env)
    boss = member("admin")
    tokens = {
        "admin": secret_of(boss, scopes=("read", "write")),
        "learner": secret_of(here.people["learner"], scopes=("read", "write")),
    }
    with open_scope(environment_id=env.pk):
        WebhookEndpoint.objects.update(enabled=True, url="http://127.0.0.1:65001/")
        Token.objects.update(last_used_at=timezone.now() + timedelta(days=1))  # else each case would note it first
        run = str(CourseRun.objects.get().uid)
        session = Session.objects.order_by("starts_at")[0]
        made = bodies(
            run,
            enrolment=Enrolment.objects.get().pk,
            group=Group.objects.get().pk,
            code=check_in_code(session=session, at=clock.now()),
        )
    marker, other, second = member("admin"), member("learner"), member("instructor")
    with open_scope(environment_id=env.pk):
        paths = addresses_of(here)
        more, places = more_to_do(here.people["learner"], marker, other, second, boss)
    tour = Tour(paths, tokens, made | more, places)
    described = description()
    described["servers"] = [{"url": "http://alpha.localhost"}]
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False, "allow-x00": False}})
    schema = schemathesis.openapi.from_dict(described, config=config)
    schema.app = closed_as_by_a_server(get_wsgi_application())
    start = time.monotonic()
    for number, result in enumerate(schema.get_all_operations()):
        operation = result.ok()
        tour.asked.add(operation.label)
        tour.sensible(operation)
        tour.by_chance(operation, number)
    missing = sorted(tour.asked - tour.reached)
    print(f"\n{len(tour.asked)} operations, {sum(tour.statuses.values())} cases in {time.monotonic() - start:.0f} s,")
    print(f"{len(tour.reached)} operations reached 2xx, answers {dict(sorted(tour.statuses.items()))}")
    print("not reached:", missing)
    assert len(tour.asked) >= 70
    assert len(tour.reached) >= 0.9 * len(tour.asked), missing
