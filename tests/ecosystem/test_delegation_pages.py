"""The pages of submanagement, the door from above, and seeing the site as somebody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ecosystem import clock
from ecosystem.delegation_words import last_day
from ecosystem.models import AuditEntry, Credit, Delegation, Invitation, Membership, Person, Reach, Role
from ecosystem.registry import nav, role_pages
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant, delegation_revoke
from ecosystem.services.elements import element_create
from ecosystem.services.people import member_add, member_roles_set
from ecosystem.visibility import elements_for
from ecosystem.why import why_can
from tests.ecosystem.test_delegations import give

DAY = timedelta(days=1)
PASSWORD = "a long enough password"


@pytest.fixture
def admin(member):
    return member(Role.ADMIN, name="Ada Admin")


@pytest.fixture
def below(env, make_environment):
    return make_environment("alpha-west", parent=env)


def in_days(days: int) -> str:
    return str(timezone.localdate() + days * DAY)


def test_giving_from_the_list_to_the_sentence(env, other, admin, member, browser_of):
    anna, stranger = member(name="Anna Visser"), member(environment=other, name="Anna Stranger")
    client = browser_of(admin)
    assert "Nobody has been given anything yet" in client.get("/delegations/").text
    found = client.get("/delegations/new/?q=anna").text
    assert "Anna Visser" in found
    assert "Stranger" not in found
    at = f"/delegations/new/{anna.person_id}/"
    empty = client.post(at, {})
    assert empty.status_code == 200
    assert "This field is required" in empty.text
    fields = {"powers": ["invite", "see_results"], "reach": "here", "until": in_days(40)}
    assert "still to come" in client.post(at, {**fields, "until": in_days(-1)}).text
    asked = client.post(at, fields)
    assert "Anna Visser may invite people and see results in Alpha until" in asked.text
    with open_scope(environment_id=env.pk):
        assert not Delegation.objects.exists()
    assert client.post(at, {**fields, "confirmed": "1"}).status_code == 302
    client.post(at, {**fields, "confirmed": "1"})
    with open_scope(environment_id=env.pk):
        assert Delegation.objects.count() == 1
    assert "Anna Visser may invite people and see results in Alpha" in client.get("/delegations/").text
    assert client.get(f"/delegations/new/{stranger.person_id}/").status_code == 404
    too_long = client.post(at, {**fields, "until": "2999-01-01", "confirmed": "1"})
    assert "at most two years" in too_long.text


@pytest.mark.parametrize(("role", "lists"), [("learner", False), ("author", False), ("manager", True), ("admin", True)])
def test_people_above_are_listed_only_to_who_may_see_them_there(env, below, member, browser_of, role, lists):
    """An administrator below who is a learner above finds them by their whole address only, as they would write a letter."""
    anna = member(name="Anna Visser", email="anna@example.org")
    member(role, email="west@example.org")
    client = browser_of(member(Role.ADMIN, environment=below, email="west@example.org"))
    for words in ("", "visser", "anna@example"):
        assert ("Anna Visser" in client.get(f"/delegations/new/?q={words}").text) is lists, words
    at = f"/delegations/new/{anna.person_id}/"
    assert client.get(at).status_code == (200 if lists else 404)
    assert client.get(at + "?q=somebody@example.org").status_code == (200 if lists else 404)
    found = client.get("/delegations/new/?q=Anna@example.org").text
    assert f"{at}?q=Anna%40example.org" in found or f"{at}?q=Anna@example.org" in found
    fields = {"powers": ["invite"], "reach": "here", "until": in_days(40), "confirmed": "1"}
    assert client.post(at + "?q=Anna@example.org", fields).status_code == 302
    with open_scope(environment_id=below.pk):
        assert Delegation.objects.get().person_id == anna.person_id


def test_taking_back_names_what_ends_with_it(env, other, admin, member, browser_of):
    anna, bea = member(name="Anna"), member(name="Bea")
    row = give(admin, anna, "invite", "delegate")
    give(anna, bea, "invite", days=5)
    client = browser_of(admin)
    page = client.get(f"/delegations/{row.pk}/revoke/").text
    assert "One more ends with it" in page
    assert "Bea may invite people" in page
    assert client.post(f"/delegations/{row.pk}/extend/", {"until": in_days(90)}).status_code == 302
    assert client.post(f"/delegations/{row.pk}/extend/", {"until": in_days(1)}).status_code == 422
    assert client.post(f"/delegations/{row.pk}/confirm/").status_code == 302
    neighbour = browser_of(member(Role.ADMIN, environment=other))
    for end in ("", "revoke/"):
        assert neighbour.get(f"/delegations/{row.pk}/{end}").status_code == 404
    assert client.post(f"/delegations/{row.pk}/revoke/").status_code == 302
    assert "ended" in client.get(f"/delegations/{row.pk}/").text
    assert browser_of(anna).get("/delegations/").status_code == 404


@pytest.mark.parametrize("path", ["", "new/", "why/", "1/", "1/revoke/"])
def test_who_may_not_give_finds_nothing(env, member, browser_of, path):
    assert browser_of(member(Role.MANAGER)).get(f"/delegations/{path}").status_code == 404
    assert browser_of(env).get(f"/delegations/{path}").status_code == 302


@pytest.mark.parametrize("path", ["/delegations/", "/delegations/mine/", "/delegations/new/"])
def test_as_many_queries_for_many_rows(env, admin, member, browser_of, path, django_assert_max_num_queries):
    def cost() -> int:
        client = browser_of(admin)
        client.get(path)
        with django_assert_max_num_queries(60) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    give(admin, member(), "mark")
    one = cost()
    for number in range(3):
        give(admin, member(Role.AUTHOR), "mark", days=number + 2)
    assert cost() == one


def sign_in(environment, person) -> Client:
    Person.objects.get(pk=person.person_id)
    account = person.person
    account.set_password(PASSWORD)
    account.save()
    client = Client(HTTP_HOST=f"{environment.slug}.localhost")
    client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    return client


def test_the_door_from_above(env, below, other, admin, member):
    anna, bea = member(name="Anna"), member(name="Bea")
    row = give(admin, anna, "manage_people", "manage_content", reach=Reach.BELOW)
    client = sign_in(below, anna)
    assert client.get("/").headers["Location"] == "/delegations/mine/"
    mine = client.get("/delegations/mine/").text
    assert "look after people" in mine
    assert client.get("/banks/").status_code == 200
    assert client.get("/courses/").status_code == 404  # a learner she is not
    assert client.get("/admin/ecosystem/membership/").status_code == 200
    with open_scope(environment_id=below.pk):
        guest = Membership.objects.get(person_id=anna.person_id)
        assert (guest.roles, guest.is_current) == ([], False)
        assert AuditEntry.objects.filter(act="environment.entered_from_above").count() == 1
        made = element_create(kind="external", title="Tool", creators=[anna.person])
        assert Credit.objects.filter(element=made, person_id=anna.person_id).exists()
    assert sign_in(below, bea).get("/delegations/mine/").status_code == 302
    assert sign_in(other, anna).get("/delegations/mine/").status_code == 302
    with open_scope(environment_id=env.pk):
        delegation_revoke(delegation=row, by=admin)
    assert client.get("/banks/").status_code == 302  # at once: she is nobody here any more


def test_a_new_environment_below_gets_its_own_people_from_above(below, admin, member):
    delegate = member(name="Anna")
    give(admin, delegate, "manage_people", reach=Reach.BELOW)
    wish = {"email": "boss@example.org", "name": "Bo", "roles": ["admin"]}
    with open_scope(environment_id=below.pk):
        learner = member_add(email="lea@example.org", name="Lea")
    for who, may_give in ((delegate, False), (admin, True)):
        client = sign_in(below, who)
        client.post("/people/invite/", wish)
        client.post(f"/people/members/{learner.pk}/roles/", {"roles": ["admin", "author"]})
        box = (
            '<input type="checkbox" name="roles"'
            in client.get(f"/admin/ecosystem/membership/{learner.pk}/change/").text
        )
        with open_scope(environment_id=below.pk):
            assert Invitation.objects.exists() is may_give is box
            assert (Membership.objects.get(pk=learner.pk).roles == ["admin", "author"]) is may_give


def test_a27_old_roles_do_not_come_back_through_the_door(env, below, admin, member):
    anna = member(name="Anna")
    with open_scope(environment_id=below.pk):
        Membership.objects.create(environment=below, person=anna.person, roles=["admin"], ended_at=timezone.now())
    give(admin, anna, "mark", reach=Reach.BELOW)
    client = sign_in(below, anna)
    assert client.get("/delegations/mine/").status_code == 200
    assert client.get("/delegations/").status_code == 404
    assert client.get("/garden/").status_code == 404


def test_a31_seeing_the_site_as_somebody(env, other, admin, member, browser_of):
    """A31: banner, audit, read-only, never upwards, no own rows of theirs, ends by itself."""
    author, boss, learner = member(Role.AUTHOR, name="Otto Author"), member(Role.ADMIN), member()
    with open_scope(environment_id=other.pk):
        Membership.objects.create(environment=other, person=author.person, roles=["learner"])
    client = browser_of(admin)
    assert client.post("/delegations/view-as/", {"member": "9" * 18}).status_code == 404
    assert client.post("/delegations/view-as/", {"member": "x"}).status_code == 404
    for target in (admin, boss):
        client.post("/delegations/view-as/", {"member": target.pk})
        assert "You see the site as" not in client.get("/delegations/").text
    client.post("/delegations/view-as/", {"member": author.pk})
    seen = client.get("/")
    assert "You see the site as Otto Author" in seen.text
    assert client.get("/banks/").status_code == 200
    assert client.get("/delegations/").status_code == 404
    refused = client.post("/notices/seen/", {})
    assert refused.status_code == 403
    assert "only looking" in refused.text
    assert client.post("/accounts/password/reset/", {"email": "x@example.org"}).status_code == 403
    assert client.get("/api/v1/me/").json()["roles"] == ["author"]
    client.post("/delegations/view-as/end/")
    assert "You see the site as" not in client.get("/").text
    client.post("/delegations/view-as/", {"member": learner.pk})
    with open_scope(environment_id=env.pk):
        member_roles_set(membership=learner, roles=["admin"], by=admin)
    assert "You see the site as" not in client.get("/").text  # no longer below
    with open_scope(environment_id=env.pk):
        acts = list(AuditEntry.objects.filter(act__startswith="view_as").order_by("pk").values_list("act", "actor_id"))
    assert acts == [(f"view_as.{end}", admin.person_id) for end in ("started", "ended", "started", "ended")]


def test_a31_half_an_hour_later_it_is_over(env, admin, member, browser_of):
    author, client = member(Role.AUTHOR), browser_of(admin)
    with clock.at(timezone.now() - timedelta(minutes=31)):
        client.post("/delegations/view-as/", {"member": author.pk})
    refused = client.post("/i18n/setlang/", {"language": "nl"})  # meant as somebody else: not done as oneself
    assert refused.status_code == 403
    assert "You see the site as" not in client.get("/").text


def test_why_can_she_see_this(env, other, admin, member, browser_of):
    anna, author = member(name="Anna"), member(Role.AUTHOR)
    with open_scope(environment_id=env.pk):
        hidden = element_create(kind="course", title="Hidden", creators=["Ada"], visibility="private")
        own = element_create(kind="course", title="Own", creators=[anna.person], visibility="private")
        element_create(kind="course", title="Open", creators=["Ada"], visibility="members")
    give(admin, anna, "mark", reach=Reach.COURSE, element=hidden)
    give(admin, anna, "see_results")
    with open_scope(environment_id=env.pk):
        because = why_can(membership=anna, about=hidden).because
        held = Delegation.objects.get(reach=Reach.COURSE)
        assert because[0] == f"May mark work: given by Ada Admin for one course, until {last_day(held.ends_at)}"
        assert "Helped to make it" in why_can(membership=anna, about=own).because
        assert why_can(membership=author, about=own).because == ("May make and change content: Author here",)
        assert (
            why_can(membership=anna, about=author).because[0].startswith("May see results: given by Ada Admin, until")
        )
        assert not why_can(membership=author, about=anna).allowed
        for who in (anna, author, admin, member()):  # the answer is what the site does, and never without a reason
            shown = set(elements_for(who))
            for element in elements_for(admin):
                answer = why_can(membership=who, about=element)
                assert (answer.allowed, bool(answer.because)) == (element in shown, element in shown)
            for page in (*nav, *role_pages):
                answer = why_can(membership=who, about=page)
                assert (answer.allowed, bool(answer.because)) == (page.rule(who), page.rule(who))
    client, email = browser_of(admin), anna.person.email
    assert "Anna can see “Hidden”" in client.get("/delegations/why/", {"person": email, "about": "hidden"}).text
    assert "Anna cannot see “Garden”" in client.get("/delegations/why/", {"person": email, "about": "garden"}).text
    with open_scope(environment_id=env.pk):
        element_create(kind="course", title="Garden", creators=[anna.person], visibility="private")
    both = client.get("/delegations/why/", {"person": email, "about": "garden"}).text
    assert ("Anna can see “Garden”" in both, "Anna cannot see “Garden”" in both) == (True, True)
    stranger = member(environment=other)
    assert "Nobody with this" in client.get("/delegations/why/", {"person": stranger.person.email, "about": "x"}).text
    assert "There is nothing" in client.get("/delegations/why/", {"person": email, "about": "\x01"}).text


def test_who_is_given_only_delegate_over_a_course_gives_on_that_course(env, admin, member, browser_of):
    anna, bea = member(), member("instructor", name="Bea")
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="Course", creators=["Ada"])
        delegation_grant(
            person=anna.person, powers=["mark", "delegate"], until=timezone.now() + 30 * DAY, by=admin,
            reach=Reach.COURSE, element=course,
        )  # fmt: skip
    page = browser_of(anna).get(f"/delegations/new/{bea.person_id}/").text
    assert 'value="mark"' in page
    assert 'value="invite"' not in page
    assert 'value="here"' not in page


def test_in_the_admin_they_are_looked_at_and_taken_back(env, other, admin, member, browser_of):
    anna, manager = member(name="Anna"), member(Role.MANAGER)
    row = give(admin, anna, "mark")
    give(member(Role.ADMIN, environment=other), member(environment=other, name="Zed"), "mark")
    at, client = "/admin/ecosystem/delegation/", browser_of(admin)
    page = client.get(at).text
    assert "Anna" in page
    assert "Zed" not in page
    assert client.get(f"{at}{row.pk}/change/").status_code == 200
    assert client.get(f"{at}add/").status_code == 403
    assert browser_of(manager).get(at).status_code == 403
    client.post(at, {"action": "take_back", "_selected_action": [row.pk]})
    with open_scope(environment_id=env.pk):
        assert Delegation.objects.get().revoker_id == admin.person_id
