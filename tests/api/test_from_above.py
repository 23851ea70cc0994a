"""Keys of people from above: good in the environment that they look after, as far and as long as they look after it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from api.models import Token
from api.services import token_create
from ecosystem.models import Membership, Reach, Role
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant, delegation_revoke
from ecosystem.services.entering import environment_enter
from ecosystem.services.memberships import members_end
from ecosystem.services.people import member_roles_set
from tests.conftest import session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def below(env, make_environment):
    return make_environment("alpha-west", parent=env)


def entered(below, who: Membership) -> Membership:
    with open_scope(environment_id=below.pk, person_id=who.person_id):
        guest = environment_enter(person=who.person)
    guest.environment = below
    return guest


def with_token(below, who: Membership) -> Client:
    with open_scope(environment_id=below.pk, person_id=who.person_id):
        _token, secret = token_create(person=who.person, name="Above", scopes=("read", "write"))
    return Client(HTTP_HOST=f"{below.slug}.localhost", HTTP_AUTHORIZATION=f"Bearer {secret}")


def test_made_on_the_page_below_and_gone_with_the_role(env, below, member, browser_of):
    admin, other = member(Role.ADMIN), member(Role.ADMIN)
    learner = member(environment=below, name="Lee Below")
    guest = entered(below, admin)
    page = browser_of(guest).post("/developers/tokens/", {"name": "Mine", "scopes": ["read"], "days": 30})
    assert page.status_code == 200
    secret = page.context["secret"]
    assert secret
    client = Client(HTTP_HOST="alpha-west.localhost", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert [row["name"] for row in client.get("/api/v1/members/?active=true").json()["results"]] == [
        learner.person.name
    ]
    assert client.get("/api/v1/me/").json()["roles"] == []
    assert client.get("/api/v1/enrolments/").status_code == 200
    with open_scope(environment_id=env.pk, person_id=other.person_id):
        member_roles_set(membership=admin, roles=["learner"], by=other)
    assert client.get("/api/v1/members/").status_code == 401


@pytest.mark.parametrize("end", ["taken back", "over", "left"])
def test_as_far_and_as_long_as_a_delegation(env, below, member, end):
    admin, anna = member(Role.ADMIN), member(name="Anna")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        row = delegation_grant(
            person=anna.person, powers=["manage_people"], until=timezone.now() + timedelta(days=5), by=admin,
            reach=Reach.BELOW,
        )  # fmt: skip
    entered(below, anna)
    client = with_token(below, anna)
    assert client.get("/api/v1/members/").status_code == 200
    assert client.get("/api/v1/measures/").status_code == 403  # not what was given
    assert Client(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION=client.defaults["HTTP_AUTHORIZATION"]).get(
        "/api/v1/me/"
    ).status_code == 401  # fmt: skip
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        if end == "taken back":
            delegation_revoke(delegation=row, by=admin)
        elif end == "over":
            type(row).objects.filter(pk=row.pk).update(
                starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=1)
            )
        else:
            members_end(memberships=[anna], by=admin)
    assert client.get("/api/v1/members/").status_code == 401


def test_a_stranger_makes_none(below, other, member, browser_of):
    stranger = member(Role.ADMIN, environment=other)
    assert browser_of(below).get("/developers/tokens/").status_code == 302
    with open_scope(environment_id=below.pk, person_id=stranger.person_id):
        assert environment_enter(person=stranger.person) is None
        with pytest.raises(Membership.DoesNotExist):
            token_create(person=stranger.person, name="No")
        assert not Token.objects.exists()


def test_a_session_gives_nothing_on_without_proof(env, member, browser_of):
    """F2: passing powers on, prolonging and taking back ask who it is, on the page and over the API."""
    admin, anna = member(Role.ADMIN), member()
    admin.person.set_password("a long enough password")
    admin.person.save()
    client = Client(HTTP_HOST="alpha.localhost")
    client.force_login(admin.person)
    session = client.session
    session.update(session_of(admin, env))
    session.save()
    until = timezone.now() + timedelta(days=9)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        row = delegation_grant(person=anna.person, powers=["mark"], until=until, by=admin)
    wish = {"person": anna.person.email, "powers": ["invite"], "until": until.isoformat()}
    api = "/api/v1/delegations/"
    for path, body in (
        (api, wish),
        (f"{api}{row.pk}/extend/", {"until": wish["until"]}),
        (f"{api}{row.pk}/revoke/", {}),
    ):
        refused = client.post(path, body, "application/json")
        assert (refused.status_code, "reauthenticate" in refused.json()["detail"]) == (403, True)
    form = {"powers": ["invite"], "reach": "here", "until": str(until.date()), "confirmed": "1"}
    for path in (
        f"/delegations/new/{anna.person_id}/",
        f"/delegations/{row.pk}/extend/",
        f"/delegations/{row.pk}/revoke/",
    ):
        assert client.post(path, form).headers["Location"].startswith("/accounts/reauthenticate/")
    action = {"action": "take_back", "_selected_action": [row.pk]}
    asked = client.post("/admin/ecosystem/delegation/", action)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    with open_scope(environment_id=env.pk):
        (only,) = type(row).objects.all()
        assert (only.powers, only.revoked_at, only.ends_at) == (["mark"], None, row.ends_at)
    client.post(asked.headers["Location"], {"password": "a long enough password"})
    assert client.post(f"{api}{row.pk}/revoke/", {}, "application/json").json()["revoked_at"]
