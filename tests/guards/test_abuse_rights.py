"""Rights: rows of others, powers nobody gave, keys for more than they are for.

Each test is named by its number in the list of abuse cases.
"""

from uuid import uuid4

import pytest
from django.test import Client

from assessments.models import Attempt
from assessments.services import attempt_finish, attempt_start
from catalogue.models import Access
from catalogue.services import offer_make
from certificates.models import Certificate
from content.services import page_create
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem.models import Element, Membership, Person
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.people import member_add
from records.models import Statement


def test_a24_no_form_or_address_of_a_learner_changes_who_they_are(env, learner, browser_of):
    client = browser_of(learner)
    wish = {"roles": ["admin"], "is_staff": True, "is_superuser": True, "environment": 1, "person": 1, "person_id": 1}
    for address in ("/memo/settings/", "/me/appearance/", "/i18n/setlang/", "/notices/seen/"):
        client.post(address, wish)
    for verb in ("put", "patch", "post"):
        getattr(client, verb)("/api/v1/me/", wish, content_type="application/json")
    client.post("/api/v1/tokens/", {**wish, "name": "x", "scopes": ["read"]}, content_type="application/json")
    with open_scope(environment_id=env.pk):
        fresh = Membership.objects.get(pk=learner.pk)
        assert (fresh.roles, fresh.environment_id) == (["learner"], env.pk)


@pytest.mark.parametrize("scopes", [["admin"], ["read", "admin"], ["*"], [], "read", [["read"]], [None]])
def test_a85_a_token_gets_no_scope_that_does_not_exist(env, learner, browser_of, scopes):
    answer = browser_of(learner).post(
        "/api/v1/tokens/", {"name": "x", "scopes": scopes}, content_type="application/json"
    )
    assert answer.status_code == 400


def test_a85_a_reading_token_writes_nothing_and_makes_no_token(env, learner, browser_of):
    made = browser_of(learner).post(
        "/api/v1/tokens/", {"name": "x", "scopes": ["read"]}, content_type="application/json"
    )
    bearer = {"HTTP_HOST": "alpha.localhost", "HTTP_AUTHORIZATION": f"Bearer {made.json()['token']}"}
    assert Client(**bearer).get("/api/v1/me/").status_code == 200
    assert Client(**bearer).post("/api/v1/tokens/", {"name": "y"}, content_type="application/json").status_code == 403
    assert Client(**bearer).get("/courses/").status_code == 302  # a token is no session


def test_a85_a_token_is_unknown_on_another_host(env, other, learner, browser_of):
    made = browser_of(learner).post(
        "/api/v1/tokens/", {"name": "x", "scopes": ["read"]}, content_type="application/json"
    )
    bearer = {"HTTP_HOST": "beta.localhost", "HTTP_AUTHORIZATION": f"Bearer {made.json()['token']}"}
    assert Client(**bearer).get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("role", ["learner", "instructor", "author", "sponsor"])
def test_a28_the_admin_does_not_exist_for_others(env, member, browser_of, role):
    client = browser_of(member(role))
    for address in ("/admin/", "/admin/ecosystem/element/", "/admin/ecosystem/membership/"):
        answer = client.get(address)
        assert answer.status_code in {302, 403, 404}
        assert "Look after" not in answer.text
        assert client.get(address, follow=True).status_code == 404


def test_a28_the_admin_has_no_door_of_its_own(env, member, browser_of):
    """Visitors sign in where everybody does, and come back; nobody types a password anywhere else."""
    visitor = browser_of(env)
    for method in (visitor.get, visitor.post):
        answer = method("/admin/login/?next=/admin/ecosystem/element/", follow=True)
        assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/ecosystem/element/"
    assert (
        visitor.get("/admin/login/?next=https://evil.example/", follow=True)
        .redirect_chain[-1][0]
        .endswith("?next=/admin/")
    )
    answer = browser_of(member("gardener")).get("/admin/login/?next=/admin/ecosystem/element/", follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/ecosystem/element/"


def test_a25_a_manager_cannot_make_administrators(env, member, browser_of):
    manager = member("manager")
    browser_of(manager).post(f"/admin/ecosystem/membership/{manager.pk}/change/", {"roles": ["admin"]})
    with open_scope(environment_id=env.pk):
        assert Membership.objects.get(pk=manager.pk).roles == ["manager"]


@pytest.mark.parametrize("table", ["auth/group", "account/emailaddress", "django_celery_beat/periodictask"])
def test_a29_tables_that_belong_to_nobody_are_closed(env, member, browser_of, table):
    client = browser_of(member("admin"))
    assert client.get(f"/admin/{table}/").status_code in {403, 404}
    assert client.get(f"/admin/{table}/add/").status_code in {403, 404}


def test_a86_visitors_get_only_what_is_public(env):
    client = Client(HTTP_HOST="alpha.localhost")
    for address in ("/api/v1/elements/", "/api/v1/records/", "/api/v1/tokens/", "/api/v1/measures/", "/api/v1/me/"):
        assert client.get(address).status_code == 401, address
    for address in (
        "/reports/ecosystem.csv",
        "/reports/ecosystem.pdf",
        f"/certificates/{uuid4()}.pdf",
        "/memo/session/",
    ):
        assert client.get(address).status_code == 302, address  # A14: never a file


def test_a13_a16_an_attempt_of_another_learner_is_not_there(env, learner, member, quiz, browser_of):
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
    client = browser_of(member("learner"))
    for end in ("", "1/", "review/"):
        assert client.get(f"/attempts/{attempt.uid}/{end}").status_code == 404
    assert client.post(f"/attempts/{attempt.uid}/finish/").status_code == 404
    assert client.post(f"/attempts/{attempt.uid}/1/", {"answer": "x"}).status_code == 404


def test_a90_nobody_writes_records_by_themselves(env, learner, browser_of):
    client = browser_of(learner)
    for verb in ("post", "put", "patch"):
        answer = getattr(client, verb)("/api/v1/records/", {"verb": "passed"}, content_type="application/json")
        assert answer.status_code in {403, 405}
    with open_scope(environment_id=env.pk):
        assert not Statement.objects.filter(verb="passed").exists()


def test_a04_a_course_by_invitation_is_not_entered_by_its_address(env, learner, browser_of):
    with open_scope(environment_id=env.pk):
        page = page_create(title="A page", markdown="x", creators=["Ada"])
        course = element_create(kind="course", title="Closed", creators=["Ada"], slug="closed")
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(page.element)])])
        offer_make(element=course, run=run_open(element=course), access=Access.CLOSED)
    client = browser_of(learner)
    client.post("/catalogue/closed/enrol/")
    client.post("/api/v1/courses/closed/enrol/", {}, content_type="application/json")
    with open_scope(environment_id=env.pk):
        assert not learner.person.enrolments.exists()


def test_a100_private_elements_are_not_found(env, learner, member, browser_of):
    with open_scope(environment_id=env.pk):
        page_create(title="Zephyr hidden", markdown="zephyr", slug="zq-unseen", creators=["Ada"], visibility="private")
        page_create(title="Zephyr gone", markdown="zephyr", slug="gone", creators=["Ada"], lifecycle="retired")
    client = browser_of(learner)
    for address in ("/catalogue/?q=zephyr", "/api/v1/elements/?q=zephyr", "/api/v1/elements/", "/"):
        assert "zq-unseen" not in client.get(address).text, address
    for address in ("/catalogue/zq-unseen/", "/learn/zq-unseen/", "/api/v1/elements/zq-unseen/"):
        assert client.get(address).status_code == 404, address


def test_a08_a_name_taken_elsewhere_is_free_here(env, other):
    for where in (env, other):
        with open_scope(environment_id=where.pk):
            page_create(title="Same", markdown="x", slug="same", creators=["Ada"])
            assert Element.objects.filter(slug="same").count() == 1


def test_a10_adding_a_member_does_not_rename_a_person_known_elsewhere(env, other):
    with open_scope(environment_id=other.pk):
        member_add(email="known@example.org", name="Their name", password_hash="x")
    with open_scope(environment_id=env.pk):
        member_add(email="KNOWN@example.org", name="Evil name", password_hash="y")
    person = Person.objects.get(email="known@example.org")
    assert (person.name, person.password) == ("Their name", "x")


def test_a12_looking_changes_nothing(env, learner, quiz, browser_of):
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
    client = browser_of(learner)
    for end in ("finish/", "answers/"):
        assert client.get(f"/attempts/{attempt.uid}/{end}").status_code == 405
    with open_scope(environment_id=env.pk):
        assert Attempt.objects.get().finished_at is None
        attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
        assert not Certificate.objects.exists()
