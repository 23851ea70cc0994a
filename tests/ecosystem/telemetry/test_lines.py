"""What the log says of requests and tasks, and that it says nothing of people."""

import io
import json
import logging

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from config.celery import app as celery
from ecosystem.access import requires
from ecosystem.middleware.telemetry import TelemetryMiddleware
from ecosystem.rules import anyone
from ecosystem.telemetry.lines import JsonLine, PlainLine, WithoutPeople
from ecosystem.telemetry.tracing import Trace, trace

CANARY, ADDRESS = "Xanthippe-Canary", "xanthippe.canary@example.org"


@requires(anyone)
def breaks(request, word):
    raise ValueError(f"{CANARY} <{ADDRESS}> said {word}")


urlpatterns = [path("breaks/<str:word>/", breaks, name="breaks")]


@pytest.fixture
def lines():
    """The JSON objects that were written, of every logger."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    handler.addFilter(WithoutPeople())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def of_requests(lines):
    return [line for line in lines() if line["logger"] == "grove.request"]


class TestRequests:
    def test_says_route_status_and_environment(self, lines, env, browser_of):
        response = browser_of(env).get("/accounts/login/")
        (line,) = of_requests(lines)
        told = {key: line[key] for key in ("method", "route", "status", "environment", "environment_id")}
        assert told == {
            "method": "GET",
            "route": "account_login",
            "status": 200,
            "environment": "alpha",
            "environment_id": env.pk,
        }
        assert line["ms"] > 0
        assert line["request_id"] == response["X-Request-ID"]

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("proxy-0123_abc", True),
            ("short", False),
            ("a" * 65, False),
            ("with space here", False),
            ("néé-néé-néé", False),
        ],
    )
    def test_the_id_of_the_proxy_is_kept_if_it_is_fit(self, db, client, given, kept):
        found = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
        assert (found == given) is kept
        assert len(found) >= 8

    def test_the_route_stands_for_the_path(self, lines, env, member, browser_of):
        browser_of(member("admin")).get("/people/members/987654321/")
        assert "987654321" not in json.dumps(lines())
        assert of_requests(lines)[0]["route"].startswith("people")

    def test_nothing_of_people_is_written(self, lines, env, member, browser_of):
        person = member("learner", name=CANARY, email=ADDRESS)
        client = browser_of(person)
        client.get("/catalogue/", {"q": f"{CANARY} {ADDRESS}"})
        browser_of(env).post("/accounts/login/", {"login": ADDRESS, "password": CANARY})
        client.post(f"/nowhere/{CANARY}/{ADDRESS}/", {"name": CANARY})
        client.get("/", headers={"User-Agent": CANARY, "Referer": f"https://example.org/{CANARY}"})
        assert len(of_requests(lines)) == 4
        assert CANARY.lower() not in json.dumps(lines()).lower()
        assert ADDRESS not in json.dumps(lines())

    @pytest.mark.urls("tests.ecosystem.telemetry.test_lines")
    def test_an_exception_is_told_without_its_words(self, lines, env, browser_of):
        client = browser_of(env)
        client.raise_request_exception = False
        assert client.get(f"/breaks/{CANARY}/").status_code == 500
        text = json.dumps(lines())
        assert CANARY not in text
        assert ADDRESS not in text
        (told,) = [line for line in lines() if "exception" in line]
        assert told["exception"][0] == "builtins.ValueError"
        assert any("test_lines.py" in place for place in told["exception"])
        assert of_requests(lines)[-1]["status"] == 500

    def test_the_plain_line_hides_the_same(self):
        record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "mail for %s", (ADDRESS,), None)
        try:
            raise ValueError(CANARY)  # noqa: TRY301
        except ValueError as error:
            record.exc_info = (ValueError, error, error.__traceback__)
        WithoutPeople().filter(record)
        line = PlainLine("%(levelname)s %(name)s %(message)s").format(record)
        assert line.startswith("ERROR x mail for [address]\nbuiltins.ValueError\n")
        assert CANARY not in line

    def test_a_request_leaves_no_trace_to_the_next(self):
        TelemetryMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/"))
        assert trace.get() == Trace()


class TestTasks:
    def test_the_id_travels_in_the_message(self, lines, db):
        from celery import signals

        headers: dict[str, object] = {}
        token = trace.set(Trace("request-12345"))
        try:
            signals.before_task_publish.send(sender="x", headers=headers)
        finally:
            trace.reset(token)
        assert headers == {"grove_request_id": "request-12345"}

    def test_the_task_speaks_of_its_request(self, lines, db):
        task = celery.tasks["records.deliver"]
        with transaction.atomic():
            task.apply(
                kwargs={"environment_id": 1, "delivery_ids": []},
                headers={"grove_request_id": "request-12345"},
                task_id="0f0f0f0f-aaaa",
            )
        (line,) = [line for line in lines() if line["logger"] == "grove.task"]
        assert (line["task"], line["outcome"], line["environment_id"]) == ("records.deliver", "success", 1)
        assert line["request_id"] == "request-12345"
        assert trace.get() == Trace()

    def test_what_celery_says_of_a_failure_has_no_words_of_people(self):
        args = {"name": "t", "id": "1", "description": "raised", "exc": f"ValueError('{CANARY}')", "kwargs": CANARY}
        record = logging.LogRecord("celery.app.trace", logging.ERROR, "f", 1, "Task %(name)s %(exc)s", None, None)
        record.args = args
        WithoutPeople().filter(record)
        assert CANARY not in JsonLine().format(record)


def test_both_layouts_are_known():
    assert {"line", "json"} <= set(settings.LOGGING["formatters"])
