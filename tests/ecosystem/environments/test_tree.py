"""The environments below one's own: shown as a tree, made, archived and restored."""

import re

import pytest
from django.core import mail
from django.test import Client

from ecosystem.environment_tree import branches
from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import forget_hosts
from ecosystem.models import AuditEntry, Environment, Membership, Role, SeatEntry, SignIn
from ecosystem.scope import open_scope, system_rows
from ecosystem.selectors import looked_after
from ecosystem.services.account_letters import account_letter_queue, account_letters_send_due
from ecosystem.services.environments import host_add
from ecosystem.services.memberships import member_take_back, members_end
from ecosystem.services.settings import setting_save
from ecosystem.services.storage import file_store
from ecosystem.services.subenvironments import environment_archive, environment_restore, subenvironment_create
from ecosystem.setting_tree import Own

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
HERE = "/settings/environments/"


@pytest.fixture
def tree(env, make_environment):
    """env above left and right, leaf below left."""
    left = make_environment("left", parent=env)
    return {
        "left": left,
        "right": make_environment("right", parent=env),
        "leaf": make_environment("leaf", parent=left),
    }


@pytest.fixture
def admin(member):
    return member(Role.ADMIN)


@pytest.fixture
def seen(browser_of, admin):
    return browser_of(admin)


def acts(environment):
    with open_scope(environment_id=environment.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("act", "actor_name"))


def test_the_tree_says_what_each_uses(env, tree, other, admin, seen, member):
    member(environment=tree["leaf"])
    member(environment=other)
    with open_scope(environment_id=tree["leaf"].pk):
        file_store(path="tests/leaf.bin", content=b"x" * 3000)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        setting_save(key="people_limit", own=Own(7), by=admin)
        found = branches()
    assert [
        (one.environment.name, one.depth, one.members, one.people, one.used, one.stored, one.people_limit)
        for one in found
    ] == [
        ("Alpha", 0, 1, 2, 0, 3000, 7),
        ("Left", 1, 0, 1, 0, 3000, 0),
        ("Leaf", 2, 1, 1, 3000, 3000, 0),
        ("Right", 1, 0, 0, 0, 0, 0),
    ]
    page = seen.get(HERE).text
    assert "2 of 7 places" in page
    assert "Alpha has 7 places for people" in seen.get(f"{HERE}leaf/").text
    assert "leaf.localhost" in page
    assert "Beta" not in page


@pytest.mark.parametrize("more", [0, 3])
def test_the_tree_costs_the_same_for_any_number(tree, seen, make_environment, django_assert_num_queries, more, member):
    for number in range(more):
        member(environment=make_environment(f"more{number}", parent=tree["leaf"]))
    with django_assert_num_queries(19):
        assert seen.get(HERE).status_code == 200


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MANAGER, Role.GARDENER])
def test_it_is_for_administrators(tree, member, browser_of, role):
    client = browser_of(member(role))
    for address in (HERE, f"{HERE}new/", f"{HERE}left/", f"{HERE}left/remove/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{HERE}left/archive/").status_code == 404


def test_one_sees_what_is_below_and_nothing_above_or_beside(env, tree, other, member, browser_of):
    client = browser_of(member(Role.ADMIN, environment=tree["left"]))
    assert client.get(f"{HERE}leaf/").status_code == 200
    for slug in ("alpha", "right", "beta", "nobody"):
        assert client.get(f"{HERE}{slug}/").status_code == 404
        assert client.post(f"{HERE}{slug}/archive/").status_code == 404
    assert client.post(f"{HERE}left/archive/", follow=True).status_code == 200  # its own: refused in words
    assert Environment.objects.filter(archived_at=None).count() == 5


def test_making_one_takes_the_look_and_the_settings_of_above(env, tree, admin, seen):
    Environment.objects.filter(pk=tree["left"].pk).update(brand="#123456", words={"home": "Start"})
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        setting_save(key="language", own=Own("nl"), by=admin)
    sent = {"name": "  Left   North ", "host": " North.Alpha.localhost ", "parent": "left"}
    assert seen.post(f"{HERE}new/", sent).status_code == 302
    made = Environment.objects.get(hosts__name="north.alpha.localhost")
    assert re.fullmatch(r"left-north-[0-9a-f]{6}", made.slug), "no number that tells what others call theirs"
    assert (made.name, made.parent_id, made.brand, made.words) == (
        "Left North", tree["left"].pk, "#123456", {"home": "Start"},
    )  # fmt: skip
    assert made.language == "nl"
    assert made.ancestor_links.count() == 3
    assert [act for act, _who in acts(env)][-1] == "environment.created"
    assert acts(made) == [("environment.created", admin.person.name)]
    again = seen.post(f"{HERE}new/", sent)
    assert "Dit adres is al bezet" in again.text  # in the language that it has by now
    seen.post(f"{HERE}new/", {**sent, "host": "north2.alpha.localhost"})
    assert Environment.objects.filter(slug__startswith="left-north-").count() == 2


def test_nobody_hears_which_hosts_other_trees_have(env, other, tree, admin, seen):
    sent = {"name": "North", "parent": "left"}
    page = {
        name: seen.post(f"{HERE}new/", {**sent, "host": name}).text for name in ("beta.localhost", "free.localhost")
    }
    assert "An address here ends in" in page["free.localhost"]
    assert page["beta.localhost"].count("An address here ends in") == page["free.localhost"].count(
        "An address here ends in"
    )
    assert "taken" not in page["beta.localhost"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"host": "no host"},
        {"host": "beta.localhost"},
        {"parent": "beta"},
        {"parent": ""},
        {"host": "a/b"},
        {"host": "new.example.org"},
        {"host": "new.beta.localhost"},
        {"host": "new..alpha.localhost"},
        {"host": "new"},
        {"host": "localhost"},
        {"host": "new.localhost"},
        {"host": "10.0.0.1"},
        {"host": "evilalpha.localhost"},
    ],
)
def test_what_cannot_be_made_is_said(tree, other, seen, wrong):
    before = Environment.objects.count()
    answer = seen.post(f"{HERE}new/", {"name": "New", "host": "new.alpha.localhost", "parent": "left", **wrong})
    assert "needs your attention" in answer.text
    assert Environment.objects.count() == before


def test_an_address_is_below_one_that_the_tree_was_given(env, tree, other, admin, seen, browser_of):
    host_add(environment=env, name="learn.example.org")
    host_add(environment=other, name="shop.learn.example.org")
    sent = {"name": "New", "host": "new.shop.learn.example.org", "parent": "left"}
    said = seen.post(f"{HERE}new/", sent).text
    assert "An address here ends in .alpha.localhost or .learn.example.org." in said
    assert seen.post(f"{HERE}new/", {**sent, "host": "new.learn.example.org"}).status_code == 302
    assert seen.post(f"{HERE}new/", {**sent, "name": "Deep", "host": "a.b.alpha.localhost"}).status_code == 302
    forget_hosts()
    for host in ("new.learn.example.org", "a.b.alpha.localhost"):
        assert Client(HTTP_HOST=host).get("/accounts/login/").status_code == 200


def test_nobody_makes_or_ends_one_outside_their_own(env, tree, other, member):
    stranger = member(Role.ADMIN, environment=other)
    manager = member(Role.MANAGER)
    for who in (stranger, manager):
        with open_scope(environment_id=who.environment_id, person_id=who.person_id):
            with pytest.raises(EcosystemError, match="administrator"):
                subenvironment_create(name="New", host="new.alpha.localhost", parent=env, by=who)
            with pytest.raises(EcosystemError, match="administrator"):
                environment_archive(environment=tree["right"], by=who)


def test_archived_means_closed_and_kept(env, tree, admin, seen, member, browser_of):
    leaf, learner = tree["leaf"], member(environment=tree["leaf"])
    inside = browser_of(learner)
    with open_scope(environment_id=leaf.pk):
        account_letter_queue(to=learner.person.email, kind="new_sign_in", facts={"device": "x"})
    assert inside.get("/").status_code == 200
    for _time in range(2):
        assert seen.post(f"{HERE}leaf/archive/").status_code == 302
    forget_hosts()
    for address, kind in (
        ("/", "text/html"),
        ("/accounts/login/", "text/html"),
        ("/api/v1/me/", "application/problem"),
    ):
        answer = inside.get(address)
        assert (answer.status_code, "is archived" in answer.text) == (410, True)
        assert answer.headers["Content-Type"].startswith(kind)
    assert inside.post("/accounts/login/", {"login": "a@example.org", "password": "x"}).status_code == 410
    assert account_letters_send_due() == 0
    assert mail.outbox == []
    with open_scope(environment_id=leaf.pk):
        assert Membership.objects.filter(ended_at=None).count() == 1
        assert not SignIn.objects.filter(ended_at=None).exists()
    assert [act for act, _who in acts(leaf)].count("environment.archived") == 1
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        assert [one.name for one in looked_after()] == ["Left", "Right"]
    for _time in range(2):
        assert seen.post(f"{HERE}leaf/restore/").status_code == 302
    forget_hosts()
    assert inside.get("/accounts/login/").status_code == 200
    assert account_letters_send_due() == 1
    assert inside.get("/courses/").status_code == 302  # signs in anew
    assert [act for act, _who in acts(env)].count("environment.restored") == 1


def test_queues_of_an_archived_environment_are_not_looked_at(env, tree):
    from ecosystem.models import AccountLetter

    for place in (env, tree["leaf"]):
        with open_scope(environment_id=place.pk):
            account_letter_queue(to="a@example.org", kind="new_sign_in", facts={"device": "x"})
    Environment.objects.filter(pk=tree["leaf"].pk).update(archived_at="2026-01-01T00:00Z")
    with system_rows():
        assert list(AccountLetter.objects.values_list("environment_id", flat=True)) == [env.pk]


def test_the_order_of_archiving_goes_up_and_of_restoring_down(env, tree, admin, seen):
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        with pytest.raises(EcosystemError, match="1 environment below"):
            environment_archive(environment=tree["left"], by=admin)
        environment_archive(environment=tree["leaf"], by=admin)
        environment_archive(environment=tree["left"], by=admin)
        with pytest.raises(EcosystemError, match="Left is archived"):
            environment_restore(environment=tree["leaf"], by=admin)
        with pytest.raises(EcosystemError, match="Left is archived"):
            subenvironment_create(name="New", host="new.alpha.localhost", parent=tree["left"], by=admin)
    assert "Archived on" in seen.get(f"{HERE}leaf/").text


def test_the_ledger_of_places_is_written_wherever_people_come_and_go(env, tree, admin, seen, member):
    leaf = tree["leaf"]
    boss, ada = member(Role.ADMIN, environment=leaf), member(environment=leaf, email="ada@example.org", name="Ada")
    member(environment=leaf, email="ada@example.org")  # is here already
    with open_scope(environment_id=leaf.pk, person_id=boss.person_id):
        members_end(memberships=[ada], by=boss)
        members_end(memberships=[ada], by=boss)
        member_take_back(membership=ada, by=boss)
        mine = SeatEntry.objects.filter(person_id=ada.person_id).order_by("pk")
        assert list(mine.values_list("taken", flat=True)) == [True, False, True]
        taken = sum(1 if one.taken else -1 for one in SeatEntry.objects.all())
        assert taken == Membership.objects.filter(ended_at=None).count() == 2
    page = seen.get(f"{HERE}leaf/").text
    assert page.count("took a place") == 3
    assert "Ada" in page


def test_the_api_does_the_same(env, tree, other, seen):
    rows = seen.get("/api/v1/environments/").json()["results"]
    assert {row["slug"]: row["parent"] for row in rows} == {
        "alpha": None, "left": "alpha", "leaf": "left", "right": "alpha",
    }  # fmt: skip
    made = seen.post(
        "/api/v1/environments/", {"name": "New", "host": "new.alpha.localhost", "parent": "leaf"}, "application/json"
    )
    assert (made.status_code, made.json()["parent"], made.json()["slug"][:4]) == (201, "leaf", "new-")
    for body in (
        {"name": "New", "host": "new.alpha.localhost"},
        {"name": "N", "host": "n.alpha.localhost", "parent": "beta"},
    ):
        refused = seen.post("/api/v1/environments/", body, "application/json")
        assert (refused.status_code, refused.headers["Content-Type"]) == (400, "application/problem+json")
    address = f"/api/v1/environments/{made.json()['slug']}/"
    assert seen.post(f"{address}archive/").json()["archived_at"]
    assert seen.post(f"{address}restore/").json()["archived_at"] is None
    assert seen.post("/api/v1/environments/beta/archive/").status_code == 404
    assert seen.post("/api/v1/environments/alpha/archive/").status_code == 400
