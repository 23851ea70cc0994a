"""Nonsense and enormous things: refused, never crashed on.

Each test is named by its number in the list of abuse cases.
"""

import time

import pytest
from django.test import Client

from assessments.services import bank_create
from ecosystem.scope import open_scope
from tests.guards.hostile import AWKWARD, sign_in


@pytest.mark.parametrize("body", AWKWARD, ids=range(len(AWKWARD)))
def test_a95_awkward_json_is_refused_not_crashed_on(env, learner, quiz, browser_of, body):
    client = browser_of(learner)
    client.raise_request_exception = False
    at = client.post("/quiz/quiz/").headers["Location"].rsplit("/", 2)[0]
    for address in (f"{at}/answers/", "/memo/answers/", "/api/v1/tokens/"):
        start = time.monotonic()
        answer = client.post(address, body, content_type="application/json")
        assert answer.status_code < 500, (address, answer.status_code)
        assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "query",
    [
        "page=1e9",
        "page=-1",
        "page=" + "9" * 500,
        "q=%00",
        "q=" + "a " * 5000,
        "q=(((",
        "q=%27%22%5c",
        "tag=%00",
        "kind=%00",
        "q=%ff",
        "q=:*%26!",
    ],
)
def test_a53_a95_awkward_queries_find_nothing_and_break_nothing(env, member, browser_of, query):
    client = browser_of(member("admin"))
    client.raise_request_exception = False
    with open_scope(environment_id=env.pk):
        bank_create(title="Bank", creators=["Ada"], slug="bank")
    for address in (
        "/catalogue/",
        "/banks/bank/",
        "/api/v1/elements/",
        "/api/v1/courses/",
        "/admin/ecosystem/element/",
        "/verify/",
    ):
        assert client.get(f"{address}?{query}").status_code < 500, address


@pytest.mark.parametrize("query", ["cursor=%00", "cursor=" + "A" * 4000, "cursor=cD0n", "limit=-1", "limit=99999999999999999999",
                                   "person=%00", "since=99999-01-01", "element=%00", "finished_at__gte=x", "passed=%00"])  # fmt: skip
def test_a53_a95_awkward_filters_of_the_api(env, member, browser_of, query):
    client = browser_of(member("admin"))
    client.raise_request_exception = False
    for name in ("elements", "courses", "enrolments", "attempts", "certificates", "records", "connections", "tokens"):
        assert client.get(f"/api/v1/{name}/?{query}").status_code < 500, name


@pytest.mark.parametrize("part", ["%00", "x" * 5000, "..%2f", "%ff", "99999999999999999999999", "-1", "%F0%9F%92%A9"])
def test_a95_awkward_addresses(env, member, browser_of, part):
    client = browser_of(member("admin"))
    client.raise_request_exception = False
    for start in ("/learn", "/quiz", "/verify", "/pictures", "/memo/card", "/attempts", "/notices/unsubscribe", "/api/v1/attempts",
                  "/api/v1/assessments", "/api/v1/tokens", "/admin/ecosystem/element", "/admin/r/1", "/theme", "/garden/elements"):  # fmt: skip
        assert client.get(f"{start}/{part}/").status_code < 500, start


def test_a95_awkward_answers_are_refused(env, learner, quiz, browser_of):
    client = browser_of(learner)
    client.raise_request_exception = False
    at = client.post("/quiz/quiz/").headers["Location"].rsplit("/", 2)[0]
    for position in (1, 2, 3):
        for value in ("\x00", "x" * 200_000, "-1", "9" * 400, "1e999999", "NaN", "\ud83d\ude00", "١٢٣"):
            answer = client.post(
                f"{at}/{position}/", {"answer": value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}
            )
            assert answer.status_code < 500, (position, value[:10])
    assert client.post(f"{at}/finish/").status_code == 302


def test_a95_awkward_sign_ins(env):
    for email in (
        "\x00@example.org",
        "x" * 100_000 + "@example.org",
        "a@b" + "\r\nBcc: x@example.org",
        "ı@example.org",
    ):
        client = Client(HTTP_HOST="alpha.localhost", raise_request_exception=False)
        assert sign_in(client, email, "\x00" + "p" * 100_000).status_code < 500
        assert client.post("/accounts/password/reset/", {"email": email}).status_code < 500
