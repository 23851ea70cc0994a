"""What Sentry would get, sent by the real library to a transport that only keeps it."""

import json
import logging

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from ecosystem.telemetry.reports import report_errors

CANARY = "Xanthippe-Canary"


class Kept(Transport):
    events: list[bytes] = []

    def capture_envelope(self, envelope):
        self.events.append(envelope.serialize())


@pytest.fixture
def reports():
    Kept.events.clear()
    before = sentry_sdk.get_client()
    report_errors(dsn="https://key@example.org/1", transport=Kept)
    yield Kept.events
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(before)


def test_a_report_has_the_places_and_not_the_words(reports):
    sentry_sdk.set_user({"email": f"{CANARY}@example.org"})
    sentry_sdk.set_extra("note", CANARY)
    name = CANARY
    try:
        raise ValueError(f"{name} is missing")  # noqa: TRY301
    except ValueError as error:
        sentry_sdk.capture_exception(error)
    logging.getLogger("x").error("about %s", CANARY)
    text = b"".join(reports).decode()
    assert "ValueError" in text
    assert "test_a_report_has_the_places_and_not_the_words" in text
    assert CANARY not in text
    event = json.loads(text.splitlines()[2])
    assert {"user", "request", "extra", "breadcrumbs", "logentry", "server_name"}.isdisjoint(event)
