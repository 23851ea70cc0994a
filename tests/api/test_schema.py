"""The description of the API is a file that is reviewed; a change of the API changes it."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

import api

SNAPSHOT = Path(api.__file__).parent / "schema.yml"


def test_the_schema_is_the_one_we_promised(tmp_path):
    """After a wanted change: ``python manage.py spectacular --validate --fail-on-warn --file api/schema.yml``."""
    fresh = tmp_path / "schema.yml"
    with translation.override("en"):
        call_command("spectacular", file=str(fresh), validate=True, fail_on_warn=True)
    assert fresh.read_text() == SNAPSHOT.read_text()


@pytest.mark.django_db
def test_it_is_served(env, browser_of):
    answer = browser_of(env).get("/api/schema/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"openapi: 3.1")
