"""The description of the API is a file that is reviewed; a change of the API changes it."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.core.management import call_command
from django.utils import translation
from drf_spectacular import validation

from tests.api.described import SNAPSHOT, description


def differing(ours: Any, theirs: Any, place: str = "") -> list[str]:
    """Where two descriptions are not the same, down to an operation or a schema."""
    if place.count("/") > 2 or not isinstance(ours, dict) or not isinstance(theirs, dict):
        return [] if ours == theirs else [place]
    names = sorted(ours.keys() | theirs.keys())
    return [
        found
        for name in names
        for found in differing(ours.get(name), theirs.get(name), f"{place}/{name.strip('/').replace('/', '.')}")
    ]


def test_the_schema_is_the_one_we_promised(tmp_path):
    """After a wanted change: ``python manage.py spectacular --validate --fail-on-warn --file api/schema.yml``.

    Compared is what is said: to write it as YAML takes as long as to find it out.
    """
    fresh = tmp_path / "schema.json"
    with translation.override("en"):
        call_command("spectacular", file=str(fresh), format="openapi-json", fail_on_warn=True)
    made, promised = json.loads(fresh.read_text()), description()
    assert differing(made, promised) == []
    assert json.dumps(made) == json.dumps(promised), "in another order"


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
    browser = browser_of(env)
    answer = browser.get("/api/schema/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/vnd.oai.openapi;")
    assert answer.content == SNAPSHOT.read_bytes()
    by_name = browser.get("/api/schema/?format=json")
    assert by_name.json() == description()
    assert browser.get("/api/schema/", headers={"Accept": "application/json"}).content == by_name.content
