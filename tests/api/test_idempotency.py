"""Idempotency-Key: sent twice, done once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from api.models import IdempotentAnswer
from api.services.forgetting import old_forget
from ecosystem.models import Element, Invitation
from ecosystem.scope import open_scope
from tests.api.test_doors import problem

BOTH = ("read", "write")
NEW = {"email": "new@example.org", "name": "New Person"}
ADDRESS = "/api/v1/members/"


def add(client, key: str, body: dict | None = None):
    return client.post(ADDRESS, body or NEW, content_type="application/json", HTTP_IDEMPOTENCY_KEY=key)


@pytest.mark.django_db
def test_the_same_again_says_the_same(env, member, calling):
    client = calling(member("admin"), scopes=BOTH)
    first, again = add(client, "k1"), add(client, "k1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Content-Type"] == "application/json"
    problem(add(client, "k2"), 400)  # control: without the key it is a second request


@pytest.mark.django_db
def test_another_body_is_another_request(env, member, calling):
    client = calling(member("admin"), scopes=BOTH)
    add(client, "k1")
    problem(add(client, "k1", {**NEW, "email": "other@example.org"}), 422)
    with open_scope(environment_id=env.pk):
        assert not Invitation.objects.filter(email="other@example.org").exists()


@pytest.mark.django_db
def test_keys_of_others_are_not_ours(env, member, calling):
    first = add(calling(member("admin"), scopes=BOTH), "k1")
    assert first.status_code == 202
    problem(add(calling(member("admin"), scopes=BOTH), "k1"), 400)


@pytest.mark.django_db
def test_a_refusal_uses_no_key_up(env, member, calling):
    client = calling(member("admin"), scopes=BOTH)
    problem(add(client, "k1", {**NEW, "roles": ["king"]}), 400)
    assert add(client, "k1").status_code == 202


@pytest.mark.django_db
def test_a_secret_is_never_kept(env, member, browser_of):
    browser = browser_of(member())
    wish = {"name": "Mine"}
    first = browser.post("/api/v1/tokens/", wish, content_type="application/json", HTTP_IDEMPOTENCY_KEY="k")
    assert first.status_code == 201
    again = browser.post("/api/v1/tokens/", wish, content_type="application/json", HTTP_IDEMPOTENCY_KEY="k")
    problem(again, 409)
    with open_scope(environment_id=env.pk):
        assert IdempotentAnswer.objects.get().body == ""


@pytest.mark.django_db
def test_after_a_day_it_is_forgotten(env, member, calling):
    client = calling(member("admin"), scopes=BOTH)
    add(client, "k1")
    with open_scope(environment_id=env.pk):
        IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    problem(add(client, "k1"), 400)
    assert old_forget() == 1
    assert old_forget() == 0


@pytest.mark.django_db
def test_a_key_that_is_too_long(env, member, calling):
    problem(add(calling(member("admin"), scopes=BOTH), "k" * 256), 400)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_database")
def test_ten_at_once_have_one_effect(env, member, calling):
    """The same element ten times at once: one is made, and all ten are told the same."""
    client = calling(member("gardener"), scopes=BOTH)
    body = {"title": "Wiki", "slug": "wiki", "url": "https://wiki.example.org"}
    answers, start = [], threading.Barrier(10)

    def send() -> None:
        try:
            start.wait(10)
            answers.append(
                client.post("/api/v1/elements/", body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="once")
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    with open_scope(environment_id=env.pk):
        assert Element.objects.filter(slug="wiki").count() == 1
