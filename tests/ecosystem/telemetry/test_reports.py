"""What Sentry would get, sent by the real library to a transport that only keeps it.

In a process of its own: the library lays itself around all of Django and cannot be taken off again, so that every later test
would run with it.
"""

import json
import subprocess
import sys

from django.conf import settings

CANARY = "Xanthippe-Canary"
SENDS = f"""
import logging, sys
import sentry_sdk
from sentry_sdk.transport import Transport
from ecosystem.telemetry.reports import report_errors

class Shown(Transport):
    def capture_envelope(self, envelope):
        sys.stdout.buffer.write(envelope.serialize() + b"\\n")

def raises(name):
    raise ValueError(f"{{name}} is missing")

report_errors(dsn="https://key@example.org/1", transport=Shown)
sentry_sdk.set_user({{"email": "{CANARY}@example.org"}})
sentry_sdk.set_extra("note", "{CANARY}")
try:
    raises("{CANARY}")
except ValueError as error:
    sentry_sdk.capture_exception(error)
logging.getLogger("x").error("about %s", "{CANARY}")
"""


def test_a_report_has_the_places_and_not_the_words():
    ran = subprocess.run(
        [sys.executable, "-c", SENDS], check=True, capture_output=True, timeout=60, cwd=settings.BASE_DIR
    )
    text = ran.stdout.decode()
    assert "ValueError" in text
    assert '"raises"' in text
    assert CANARY not in text
    event = json.loads(text.splitlines()[2])
    assert {"user", "request", "extra", "breadcrumbs", "logentry", "server_name"}.isdisjoint(event)
