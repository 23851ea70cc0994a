"""Doors for scripts: whatever else comes is refused with a sentence, never an error of ours."""

import pytest
from django.conf import settings

from tests.guards.cross_routes import ABSENT, routes
from tests.remembering import Memory

pytestmark = pytest.mark.django_db


def test_a_form_where_a_script_sends_json_is_no_error_of_ours(member, browser_of):
    """A form's fields are read on the way to the view; its body is gone then."""
    client = browser_of(member("learner"))
    client.raise_request_exception = False
    client.handler.enforce_csrf_checks = True
    client.get("/me/profile/")
    token = {"csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value}
    failed, memory = [], Memory()
    for route in routes():
        if route.is_api or route.template.startswith("admin/") or "POST" not in route.verbs:
            continue
        path = route.path({name: ABSENT[converter] for name, converter in route.parameters})
        with memory.undone():
            answer = client.post(path, token)
        if answer.status_code >= 500:
            failed.append(route.template)
    assert failed == []
