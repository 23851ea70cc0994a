"""The whole way with somebody else's software in place of the tool: pylti1p3 believes our message and sends its score."""

import json
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client, RequestFactory
from pylti1p3.contrib.django import DjangoMessageLaunch, DjangoOIDCLogin
from pylti1p3.grade import Grade
from pylti1p3.tool_config import ToolConfDict
from requests.adapters import BaseAdapter

from lti.addresses import platform_of
from lti.services import tool_save
from tests.lti.conftest import FACTS, within
from tests.lti.small_tool import ARRIVE, KEY, form_of

pytestmark = pytest.mark.django_db


class ToUs(BaseAdapter):
    """What the tool asks over the network comes to us by the test client."""

    def send(self, request, **_how):
        parts = urlsplit(request.url)
        client = Client(HTTP_HOST=parts.hostname)
        heads = {name: value for name, value in request.headers.items() if name.lower() not in {"content-type", "host"}}
        answer = client.generic(
            request.method,
            f"{parts.path}?{parts.query}",
            request.body or b"",
            content_type=request.headers.get("Content-Type", ""),
            headers=heads,
        )
        response = requests.Response()
        response.status_code, response.url, response.raw = answer.status_code, request.url, BytesIO(answer.content)
        response.headers.update(answer.headers)
        return response

    def close(self):
        return


def test_their_login_their_launch_and_their_grade(browser_of, env, admin, learner, link, enrolment, tool):
    platform = platform_of(env)
    known = {
        "client_id": str(tool.client_id), "auth_login_url": platform.auth_url, "auth_token_url": platform.token_url,
        "key_set_url": platform.keys_url, "key_set": None, "deployment_ids": [str(tool.deployment_id)],
    }  # fmt: skip
    conf = ToolConfDict({platform.issuer: known})
    conf.set_private_key(platform.issuer, KEY.as_pem(private=True).decode(), client_id=str(tool.client_id))
    conf.set_public_key(platform.issuer, KEY.as_pem(private=False).decode(), client_id=str(tool.client_id))
    with within(admin):
        tool_save(by=admin, tool=tool, pasted=json.dumps(conf.get_jwks(platform.issuer, str(tool.client_id))), **FACTS)
    network = requests.Session()
    network.mount("http://", ToUs())
    browser, session = browser_of(learner), {}

    address, fields = form_of(browser.post(f"/tools/{link.element.slug}/launch/"))
    begun = RequestFactory().post(urlsplit(address).path, fields)
    begun.session = session
    led = DjangoOIDCLogin(begun, conf).redirect(ARRIVE)
    assert led.headers["Location"].startswith(f"{platform.auth_url}?")
    address, fields = form_of(browser.get("/lti/auth?" + urlsplit(led.headers["Location"]).query))
    assert address == ARRIVE

    arrived = RequestFactory().post(urlsplit(address).path, fields)
    arrived.session = session
    arrived.COOKIES.update({name: morsel.value for name, morsel in led.cookies.items()})
    launch = DjangoMessageLaunch(arrived, conf, requests_session=network)
    said = launch.get_launch_data()
    assert launch.is_resource_launch()
    assert launch.check_student_access()
    assert launch.has_ags()

    grade = Grade().set_score_given(8).set_score_maximum(10).set_user_id(said["sub"])
    grade.set_timestamp(datetime.now(UTC).isoformat()).set_activity_progress("Completed")
    grade.set_grading_progress("FullyGraded")
    ags = launch.get_ags()
    ags.put_grade(grade)
    item = ags.get_lineitem()
    assert (item.get_label(), item.get_score_maximum()) == ("Ventilator", 100)
    assert [row["resultScore"] for row in ags.get_grades()] == [80]
    with within(learner):
        enrolment.refresh_from_db()
        assert enrolment.state == "completed"
