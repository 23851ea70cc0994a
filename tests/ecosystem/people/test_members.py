"""Members: found a page at a time, changed only by whom they are for, ended and taken back."""

import pytest
from django.test import Client

from ecosystem.exceptions import EcosystemError
from ecosystem.member_selectors import PER_PAGE, MemberWish, members_found
from ecosystem.models import AuditEntry, Group, GroupMember, Membership, Role
from ecosystem.scope import open_scope
from ecosystem.services.memberships import member_take_back, member_update, members_end

pytestmark = pytest.mark.django_db


def found(env, **wish):
    with open_scope(environment_id=env.pk):
        return [row.person.name for row in members_found(wish=MemberWish(**wish)).members]


@pytest.fixture
def cast(env, other, member):
    names = {"ama": "Ama Mensah", "jan": "Jan de Vries", "zoe": "Zoë Amador"}
    cast = {key: member(name=name, email=f"{key}.x@alpha.example.org") for key, name in names.items()}
    member(environment=other, name="Ama Stranger", email="ama.s@beta.example.org")
    cast["manager"] = member(Role.MANAGER, name="Mo Manager")
    cast["admin"] = member(Role.ADMIN, name="Ada Admin")
    return cast


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ama", ["Ama Mensah", "Zoë Amador"]),
        ("AMA men", ["Ama Mensah"]),
        ("jan.x@alpha", ["Jan de Vries"]),
        ("strang", []),
        ("!!! & | :*", []),
    ],
)
def test_found_by_the_beginning_of_a_word(cast, env, text, names):
    assert found(env, text=text) == names


def test_filters_hold_together(cast, env):
    with open_scope(environment_id=env.pk):
        group = Group.objects.create(environment_id=env.pk, name="Night")
        GroupMember.objects.create(environment_id=env.pk, group=group, person=cast["jan"].person)
        members_end(memberships=[cast["zoe"]], by=cast["admin"])
    assert found(env, role="manager") == ["Mo Manager"]
    assert found(env, group=group.pk) == ["Jan de Vries"]
    assert found(env, state="left") == ["Zoë Amador"]
    assert "Zoë Amador" not in found(env)
    assert found(env, group=10**12) == []


def test_pages_follow_each_other_without_gap_or_double(env, member):
    for _ in range(PER_PAGE + 3):
        member(name="Same Name")
    with open_scope(environment_id=env.pk):
        first = members_found(wish=MemberWish())
        second = members_found(wish=MemberWish(after=first.next))
    ids = [row.pk for row in [*first.members, *second.members]]
    assert (len(first.members), len(second.members), second.next) == (PER_PAGE, 3, None)
    assert len(set(ids)) == PER_PAGE + 3


def test_same_number_of_queries_for_few_and_many(cast, env, member, browser_of, django_assert_num_queries):
    client = browser_of(cast["manager"])
    client.get("/people/")
    with django_assert_num_queries(10) as few:
        client.get("/people/")
    for _ in range(20):
        member()
    with django_assert_num_queries(len(few)):
        page = client.get("/people/")
    assert "Ama Mensah" in page.text
    assert "Stranger" not in page.text


@pytest.mark.parametrize(
    "path", ["/people/", "/people/invite/", "/people/groups/", "/people/import/", "/people/invitations/"]
)
def test_learners_do_not_find_the_pages(cast, browser_of, path):
    assert browser_of(cast["ama"]).get(path).status_code == 404
    assert browser_of(cast["manager"]).get(path).status_code == 200


def test_a_member_of_elsewhere_is_nobody(cast, other, member, browser_of):
    theirs = member(environment=other)
    client = browser_of(cast["admin"])
    for path in ("", "end/", "back/", "roles/"):
        assert client.post(f"/people/members/{theirs.pk}/{path}", {"roles": "admin"}).status_code == 404
    assert client.get("/people/members/99999999999999999999999/").status_code == 404
    client.post("/people/act/", {"chosen": [theirs.pk], "act": "end"})
    with open_scope(environment_id=other.pk):
        assert Membership.objects.get(pk=theirs.pk).ended_at is None


def test_job_title_and_name_are_changed_and_written_down(cast, env, browser_of):
    jan = cast["jan"]
    answer = browser_of(cast["manager"]).post(f"/people/members/{jan.pk}/", {"name": "Jan Vries", "job_title": "Nurse"})
    assert answer.status_code == 302
    with open_scope(environment_id=env.pk):
        row = Membership.objects.select_related("person").get(pk=jan.pk)
        entry = AuditEntry.objects.get(act="member.updated")
    assert (row.person.name, row.job_title) == ("Jan Vries", "Nurse")
    assert entry.after == {"job_title": "Nurse", "name": "Jan Vries"}


def test_who_has_signed_in_keeps_the_own_name(cast, env, browser_of):
    jan = cast["jan"]
    Client(HTTP_HOST="alpha.localhost").force_login(jan.person)
    with open_scope(environment_id=env.pk), pytest.raises(EcosystemError):
        member_update(membership=jan, name="Else", job_title="", by=cast["admin"])
    browser_of(cast["admin"]).post(f"/people/members/{jan.pk}/", {"name": "Else", "job_title": "Boss"})
    with open_scope(environment_id=env.pk):
        row = Membership.objects.select_related("person").get(pk=jan.pk)
    assert (row.person.name, row.job_title) == ("Jan de Vries", "Boss")


def test_a_manager_leaves_managers_and_administrators_alone(cast, env, browser_of):
    client = browser_of(cast["manager"])
    client.post(f"/people/members/{cast['admin'].pk}/end/")
    client.post(f"/people/members/{cast['admin'].pk}/", {"name": "X", "job_title": "X"})
    client.post(f"/people/members/{cast['manager'].pk}/roles/", {"roles": ["admin"]})
    client.post("/people/act/", {"chosen": [cast["ama"].pk, cast["admin"].pk], "act": "end"})
    with open_scope(environment_id=env.pk):
        assert not Membership.objects.exclude(ended_at=None).exists()
        assert Membership.objects.get(pk=cast["manager"].pk).roles == ["manager"]


def test_the_last_administrator_stays(cast, env, member):
    second = member(Role.ADMIN)
    with open_scope(environment_id=env.pk):
        with pytest.raises(EcosystemError):
            members_end(memberships=[cast["admin"], second], by=second)
        assert members_end(memberships=[cast["admin"], cast["ama"]], by=second) == 2
        with pytest.raises(EcosystemError):
            members_end(memberships=[second], by=second)


def test_ending_twice_is_once_and_all_comes_back(cast, env, browser_of):
    admin, ama = cast["admin"], cast["ama"]
    with open_scope(environment_id=env.pk):
        assert members_end(memberships=[ama], by=admin) == 1
        assert members_end(memberships=[ama], by=admin) == 0
    assert browser_of(ama).get("/courses/").status_code == 302
    with open_scope(environment_id=env.pk):
        member_take_back(membership=ama, by=admin)
        member_take_back(membership=ama, by=admin)
        acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["member.ended", "member.taken_back"]
    assert browser_of(ama).get("/courses/").status_code == 200


def test_bulk_acts_by_page(cast, env, browser_of):
    with open_scope(environment_id=env.pk):
        group = Group.objects.create(environment_id=env.pk, name="Night")
    client = browser_of(cast["manager"])
    chosen = [cast["ama"].pk, cast["jan"].pk]
    for _ in range(2):
        assert client.post("/people/act/", {"chosen": chosen, "act": "group", "group": group.pk}).status_code == 302
    assert "2 people" in client.get("/people/groups/").text
    client.post("/people/act/", {"chosen": chosen, "act": "end", "next": "/people/?state=left"})
    assert "0 people" in client.get("/people/groups/").text
    with open_scope(environment_id=env.pk):
        assert Membership.objects.exclude(ended_at=None).count() == 2
