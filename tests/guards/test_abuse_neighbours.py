"""People of the same environment: each has their own, and a power over one thing is none over the next.

Each test is named by its number in the list of abuse cases. Other environments are in test_cross_tenant.py.
"""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from api.models import WebhookDelivery, WebhookEndpoint
from api.services import token_create
from certificates.models import Certificate
from content.services import page_create
from courses.models import Enrolment
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem.models import Group, GroupMember
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.elements import element_create
from ecosystem.services.groups import group_save

pytestmark = pytest.mark.django_db


def run_of(slug: str):
    page = page_create(title=f"Page of {slug}", markdown="x", creators=["Ada"])
    course = element_create(kind="course", title=slug, creators=["Ada"], slug=slug)
    course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(page.element)])])
    return run_open(element=course)


def test_a02_a_power_over_one_course_opens_no_other(env, member, calling):
    """A delegate for one course enrols there, by REST, and neither enrols nor sees anybody in the next course."""
    helper, learner, admin = member("learner"), member("learner"), member("admin")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        mine, next_one = run_of("mine"), run_of("next-one")
        delegation_grant(
            person=helper.person, powers=["enrol"], until=timezone.now() + timedelta(days=9), by=admin, reach="course",
            element=mine.element,
        )  # fmt: skip
    client = calling(helper)
    body = {"run": str(mine.uid), "person": learner.person.email}
    answer = client.post("/api/v1/enrolments/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    for path, wish in (
        ("/api/v1/enrolments/", {**body, "run": str(next_one.uid)}),
        ("/api/v1/enrolments/bulk/", {"run": str(next_one.uid), "people": [learner.person.email]}),
    ):
        assert client.post(path, wish, content_type="application/json").status_code in {400, 403, 409}, path
    with open_scope(environment_id=env.pk):
        assert list(Enrolment.objects.values_list("element__slug", flat=True)) == ["mine"]
        theirs = Enrolment.objects.create(
            environment_id=env.pk, run=next_one, person=learner.person, element_id=next_one.element_id,
            version_id=next_one.version_id, enrolled_at=timezone.now(),
        )  # fmt: skip
    assert client.get(f"/api/v1/enrolments/{theirs.pk}/").status_code == 404
    assert client.post(f"/api/v1/enrolments/{theirs.pk}/withdraw/").status_code == 404
    assert "next-one" not in client.get("/api/v1/enrolments/").text


def test_a06_a_child_is_found_under_its_own_parent_only(env, member, browser_of):
    admin, learner = member("admin"), member("learner")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        hooks = [
            WebhookEndpoint.objects.create(
                environment=env, name=name, url="https://example.org/", created_by=admin.person
            )
            for name in ("one", "two")
        ]
        now = timezone.now()
        message = WebhookDelivery.objects.create(
            environment=env, endpoint=hooks[0], message_id="msg_1", kind="record.passed", body="{}", due_at=now,
            created_at=now, state="done", done_at=now,
        )  # fmt: skip
        groups = [group_save(name=name, by=admin) for name in ("first", "second")]
        inside = GroupMember.objects.create(environment=env, group=groups[0], person=learner.person, by_rule=False)
    client = browser_of(admin)
    assert client.post(f"/developers/webhooks/{hooks[1].uid}/messages/{message.pk}/replay/").status_code == 404
    client.post(
        f"/people/groups/{groups[1].pk}/remove/", {"person": learner.person_id, "member": inside.pk, "pk": inside.pk}
    )
    with open_scope(environment_id=env.pk):
        assert WebhookDelivery.objects.get().state == "done"
        assert GroupMember.objects.filter(pk=inside.pk).exists()
        assert Group.objects.count() == 2


def test_a15_a_learner_takes_no_certificate_away(env, learner, member, certificate, browser_of, calling):
    for who in (learner, member("learner"), member("instructor"), member("author")):
        for path in (f"/api/v1/certificates/{certificate.uid}/revoke/", f"/api/v1/certificates/{certificate.uid}/"):
            for verb in ("post", "delete", "patch"):
                answer = getattr(calling(who), verb)(path, {"because": "x"}, content_type="application/json")
                assert answer.status_code in {403, 404, 405}, (path, verb)
    assert browser_of(member("learner")).get(f"/certificates/{certificate.uid}.pdf").status_code == 404
    with open_scope(environment_id=env.pk):
        assert Certificate.objects.get().revoked_at is None


def test_a18_nobody_takes_away_the_second_factor_of_another(env, member, browser_of):
    victim = member("learner")
    row = Authenticator.objects.create(user=victim.person, type="webauthn", data={"name": "Key", "credential": {}})
    app = Authenticator.objects.create(user=victim.person, type="totp", data={"secret": "x"})
    client = browser_of(member("admin"))
    client.raise_request_exception = False
    for path in (f"/accounts/2fa/passkeys/{row.pk}/remove/", f"/accounts/2fa/passkeys/{app.pk}/remove/"):
        assert client.post(path).status_code == 404, path
    assert client.post("/accounts/2fa/totp/deactivate/").status_code in {302, 404}
    assert set(Authenticator.objects.values_list("pk", flat=True)) == {row.pk, app.pk}


def test_a19_what_others_learn_is_theirs(env, member, calling):
    """A colleague, by REST: lists hold one's own rows whatever the filter says, and ids of others are not there."""
    lea, eve = member("learner", name="Lea Learner", email="lea@example.org"), member("learner")
    with open_scope(environment_id=env.pk, person_id=lea.person_id):
        run = run_of("course")
        row = Enrolment.objects.create(
            environment_id=env.pk, run=run, person=lea.person, element_id=run.element_id, version_id=run.version_id,
            enrolled_at=timezone.now(),
        )  # fmt: skip
    client = calling(eve)
    for name in ("enrolments", "attempts", "certificates", "records", "cards", "notices", "changes"):
        for query in ("", "person=lea@example.org", f"person={lea.person_id}", f"person_id={lea.person_id}"):
            answer = client.get(f"/api/v1/{name}/?{query}")
            assert answer.status_code in {200, 400}, (name, query)
            assert "lea@example.org" not in answer.text.replace(query, ""), (name, query)
            assert "Lea Learner" not in answer.text, (name, query)
    assert client.get(f"/api/v1/enrolments/{row.pk}/").status_code == 404
    assert client.get("/api/v1/members/").status_code == 403


@pytest.fixture
def calling(env, client):
    """A client with a token of somebody for everything."""
    from django.test import Client

    def make(who):
        with open_scope(environment_id=env.pk, person_id=who.person_id):
            secret = token_create(person=who.person, name="x", scopes=("read", "write"))[1]
        return Client(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION=f"Bearer {secret}", raise_request_exception=False)

    return make
