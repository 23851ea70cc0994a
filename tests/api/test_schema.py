"""The description of the API is a file that is reviewed; a change of the API changes it."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from django.core.management import call_command
from django.utils import translation
from drf_spectacular import validation

from tests.api.described import SNAPSHOT, description


def test_the_schema_is_the_one_we_promised(tmp_path):
    """After a wanted change: ``python manage.py spectacular --validate --fail-on-warn --file api/schema.yml``."""
    fresh = tmp_path / "schema.yml"
    with translation.override("en"):
        call_command("spectacular", file=str(fresh), fail_on_warn=True)
    assert fresh.read_text() == SNAPSHOT.read_text()


def test_it_is_a_description_by_the_standard():
    """What ``--validate`` looks at; that takes half a minute, because it looks all of the standard through at each reference."""
    standard = json.loads((Path(validation.__file__).parent / "openapi_3_1_schema.json").read_text())
    described = description()
    assert described["openapi"].startswith("3.1.")
    assert [error.message for error in jsonschema_rs.iter_errors(standard, described)] == []
    described["paths"]["/api/v1/courses/"]["get"]["parameters"][0].pop("in")
    assert not jsonschema_rs.is_valid(standard, described)


@pytest.mark.django_db
def test_it_is_served(env, browser_of):
    answer = browser_of(env).get("/api/schema/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"openapi: 3.1")
