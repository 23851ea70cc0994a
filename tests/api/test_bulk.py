"""Many people at once: a report per item or all or nothing, and no more statements for more of them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import ActivityState, CourseRun, Enrolment, EnrolmentState
from ecosystem.models import AuditEntry, Invitation, Membership, Person
from ecosystem.scope import open_scope
from records.models import Statement
from tests.api.test_doors import problem

pytestmark = pytest.mark.django_db
BOTH = ("read", "write")


@pytest.fixture
def client(member, calling):
    return calling(member("admin"), scopes=BOTH)


def post(client, address: str, body: dict):
    return client.post(f"/api/v1/{address}", body, content_type="application/json")


def person(number: int) -> dict[str, object]:
    return {"email": f"new{number}@example.org", "name": f"New {number}"}


def test_members_each_line_by_itself(env, other, member, client):
    known, gone, elsewhere = member("author"), member(), member(environment=other)
    with open_scope(environment_id=env.pk):
        Membership.objects.filter(pk=gone.pk).update(ended_at="2026-01-01T00:00:00Z")
    items = [
        person(1),
        {"email": "no address", "name": "X"},
        {"email": known.person.email.upper(), "name": "X", "roles": ["admin"]},
        {"email": gone.person.email, "name": "X", "roles": ["manager"]},
        {"email": elsewhere.person.email, "name": "X"},
        {**person(2), "roles": ["king"]},
        person(1),
        {"email": "nameless@example.org", "name": " "},
    ]
    report = post(client, "members/bulk/", {"items": items}).json()["results"]
    outcomes = [line["outcome"] for line in report]
    assert outcomes == ["invited", "refused", "already", "restored", "invited", "refused", "refused", "refused"]
    assert all(bool(line["detail"]) == (line["outcome"] == "refused") for line in report)
    with open_scope(environment_id=env.pk):
        assert Membership.objects.get(pk=known.pk).roles == ["author"]
        assert Membership.objects.get(pk=gone.pk).roles == ["manager"]
        assert not Membership.objects.filter(person=elsewhere.person).exists()
        invited = Invitation.objects.order_by("email").values_list("email", flat=True)
        assert list(invited) == sorted(["new1@example.org", elsewhere.person.email])
        assert AuditEntry.objects.get(act="members.added").after["count"] == 1
    assert not Person.objects.filter(email="new1@example.org").exists()


@pytest.mark.parametrize("many", [True, False])
def test_nobody_learns_who_has_an_account_elsewhere(other, member, client, many):
    """The same is said of both, the first time and again."""
    elsewhere = member(environment=other).person.email
    for _time in range(2):
        said = []
        for email in (elsewhere, "unknown@example.org"):
            body = {"email": email, "name": "X"}
            answer = post(client, "members/bulk/", {"items": [body]}) if many else post(client, "members/", body)
            said.append((answer.status_code, answer.text.replace(email, "")))
        first, second = (re.sub(r'"request_id":"[^"]*"', "", text) for _status, text in said)
        assert (said[0][0], first) == (said[1][0], second)


def test_all_or_nothing(env, client):
    body = {"items": [person(1), {"email": "x", "name": "X"}], "all_or_nothing": True}
    refused = problem(post(client, "members/bulk/", body), 400)
    assert [error["pointer"] for error in refused["errors"]] == ["#/items/1/email"]
    with open_scope(environment_id=env.pk):
        assert not Invitation.objects.exists()
    body["items"].pop()
    assert post(client, "members/bulk/", body).json()["results"][0]["outcome"] == "invited"


def test_hundreds_of_people_take_as_many_statements_as_two(env, here, client):
    with open_scope(environment_id=env.pk):
        run = str(CourseRun.objects.get().uid)
    counts = []
    for start, many in ((0, 2), (100, 250)):
        items = [person(start + number) for number in range(many)]
        people = Person.objects.bulk_create(Person(email=f"here-{item['email']}", name="Here") for item in items)
        with open_scope(environment_id=env.pk):
            Membership.objects.bulk_create(Membership(environment=env, person=one, roles=["learner"]) for one in people)
        with CaptureQueriesContext(connection) as seen:
            report = post(client, "members/bulk/", {"items": items}).json()["results"]
            enrolled = post(client, "enrolments/bulk/", {"run": run, "people": [one.email for one in people]}).json()[
                "results"
            ]
        assert {line["outcome"] for line in report} == {"invited"}
        assert {line["outcome"] for line in enrolled} == {"enrolled"}
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 2
    problem(post(client, "members/bulk/", {"items": [person(number) for number in range(1001)]}), 400)


def test_enrolments(env, here, next_door, member, client):
    with open_scope(environment_id=env.pk):
        run = str(CourseRun.objects.get().uid)
    learner, fresh, back = here.people["learner"], member(), member()
    for who in (fresh, back):
        assert post(client, "enrolments/", {"run": run, "person": who.person.email}).status_code == 201
    with open_scope(environment_id=env.pk):
        row = Enrolment.objects.get(person=back.person)
        assert ActivityState.objects.filter(enrolment=row).count() == 5
        assert Statement.objects.filter(verb="enrolled", person=back.person).count() == 1
    assert post(client, f"enrolments/{row.pk}/withdraw/", {}).json()["state"] == "withdrawn"
    assert post(client, f"enrolments/{row.pk}/withdraw/", {}).status_code == 200
    people = [learner.person.email, back.person.email, "nobody@example.org"]
    report = post(client, "enrolments/bulk/", {"run": run, "people": people}).json()["results"]
    assert [line["outcome"] for line in report] == ["already", "enrolled", "refused"]
    with open_scope(environment_id=env.pk):
        assert Enrolment.objects.get(pk=row.pk).state == EnrolmentState.ACTIVE
        Enrolment.objects.filter(pk=row.pk).update(state=EnrolmentState.COMPLETED, completed_at="2026-01-01T00:00Z")
    problem(post(client, f"enrolments/{row.pk}/withdraw/", {}), 400)
    strict = {"run": run, "people": people, "all_or_nothing": True}
    assert problem(post(client, "enrolments/bulk/", strict), 400)["errors"][0]["pointer"] == "#/people/2"
    with open_scope(environment_id=next_door.environment.pk):
        theirs = str(CourseRun.objects.get().uid)
    assert problem(post(client, "enrolments/", {"run": theirs, "person": fresh.person.email}), 400)["errors"]


def test_what_a_role_may_not(here, env, member, calling):
    with open_scope(environment_id=env.pk):
        run = str(CourseRun.objects.get().uid)
        mine = Enrolment.objects.get(person_id=here.people["learner"].person_id)
    learner, instructor = calling(here.people["learner"], scopes=BOTH), calling(member("instructor"), scopes=BOTH)
    for client in (learner, instructor):
        problem(post(client, "enrolments/", {"run": run, "person": "ada@example.org"}), 403)
        problem(post(client, "members/", person(1)), 403)
    problem(post(instructor, f"enrolments/{mine.pk}/withdraw/", {}), 400)
    assert post(learner, f"enrolments/{mine.pk}/withdraw/", {}).status_code == 200


def test_the_last_administrator_stays(env, member, calling):
    admin = member("admin")
    client = calling(admin, scopes=BOTH)
    with open_scope(environment_id=env.pk):
        pk = Membership.objects.get(person=admin.person).pk
    assert "administrator" in problem(post(client, f"members/{pk}/end/", {}), 400)["detail"]
    second = member("admin")
    assert post(client, f"members/{pk}/end/", {}).status_code == 200
    problem(client.get("/api/v1/me/"), 401)
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.filter(act="member.ended").count() == 1
        assert Membership.objects.get(person=second.person).ended_at is None
