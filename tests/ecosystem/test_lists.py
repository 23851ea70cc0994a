"""Lists from a file and as a file: every bad line named, all or nothing, twice is once, through the services."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ecosystem.list_kinds import LIST_KINDS
from ecosystem.models import AuditEntry, Connection, Element, Group, GroupMember, PeopleImport, Role
from ecosystem.scope import open_scope
from ecosystem.search import hits
from ecosystem.services.elements import element_create
from ecosystem.services.groups import group_save

pytestmark = pytest.mark.django_db


def looked_at(client, kind, text):
    file = SimpleUploadedFile("list.csv", text.encode(), content_type="text/csv")
    page = client.post(f"/lists/{kind}/", {"file": file})
    assert page.status_code == 200
    return page


def confirmed(client, kind, page):
    return client.post(f"/lists/{kind}/confirm/", {"uid": page.context["kept"].uid})


def tool(environment, slug, **facts):
    with open_scope(environment_id=environment.pk):
        return element_create(
            **{"kind": "external", "title": slug.capitalize(), "slug": slug, "creators": ["Ada"], **facts}
        )


@pytest.fixture
def gardener(member):
    return member(Role.GARDENER, email="gus@example.org", name="Gus")


@pytest.mark.parametrize(
    ("kind", "text", "line", "said"),
    [
        ("elements", "title,url\nA,nonsense", 2, "url"),
        ("elements", "title,minutes\nA,many", 2, "minutes"),
        ("elements", "title,review_on\nA,31-31-2026", 2, "review_on"),
        ("elements", "title,lifecycle\nA,dead", 2, "lifecycle"),
        ("elements", "title,owner\nA,stranger@example.org", 2, "Nobody"),
        ("elements", "title,kind\nA,course", 2, "Only outside tools"),
        ("elements", "title,slug\n,a", 2, "missing"),
        ("elements", "title\nSame\nsame", 3, "line 2"),
        ("elements", "title\nA,b", 2, "more cells"),
        ("elements", "title,slug\nQuiz,quiz", 2, "something else"),
        ("elements", "slug\na", 0, "at least"),
        ("elements", "title,environment\nA,1", 0, "no column"),
        ("elements", "title\n", 0, "nothing"),
        ("elements", "title\n" + "".join(f"t{n}\n" for n in range(2001)), 0, "more than"),
        ("connections", "source,kind,target\nwiki,reinforces,foreign", 2, "no element"),
        ("connections", "source,kind,target\nwiki,loves,quiz", 2, "no such kind"),
        ("connections", "source,kind,target\nwiki,reinforces,wiki", 2, "itself"),
        ("groups", "group,email\nNight,stranger@example.org", 2, "Nobody"),
        ("groups", "group\n" + "x" * 81, 2, "longer"),
    ],
)
def test_every_bad_line_is_named_and_nothing_is_done(env, other, member, browser_of, kind, text, line, said):
    member(environment=other, email="stranger@example.org")
    tool(other, "foreign")
    tool(env, "wiki")
    tool(env, "quiz", kind="page")
    client = browser_of(member(Role.ADMIN))
    page = looked_at(client, kind, text)
    assert any(one.line == line and said in one.reason for one in page.context["problems"]), page.context["problems"]
    assert page.context["kept"] is None
    with open_scope(environment_id=env.pk):
        assert Element.objects.count() == 2
        assert not Connection.objects.exists()
        assert not Group.objects.exists()


@pytest.mark.parametrize("kind", LIST_KINDS)
def test_the_sample_can_be_brought_in(env, member, browser_of, kind):
    for slug in ("handbook", "safety-course"):
        if kind == "connections":
            tool(env, slug)
    for email in ("ama@example.org", "jan@example.org"):
        member(email=email)
    client = browser_of(member(Role.ADMIN))
    sample = client.get(f"/lists/{kind}/sample.csv").content.decode()
    page = looked_at(client, kind, sample)
    assert page.context["problems"] == []
    assert confirmed(client, kind, page).status_code == 302


def test_elements_are_made_and_changed_by_the_services(env, gardener, browser_of):
    known = tool(env, "wiki", summary="Kept", tags=["old"])
    client = browser_of(gardener)
    page = looked_at(
        client, "elements",
        "title;slug;url;tags;minutes;owner\nHandbook;;https://example.org/;safety|start;5;GUS@example.org\nOur wiki;wiki;;;;\n",
    )  # fmt: skip
    with open_scope(environment_id=env.pk):
        assert Element.objects.count() == 1  # looking changes nothing
    for _twice in range(2):
        assert confirmed(client, "elements", page).status_code == 302
    with open_scope(environment_id=env.pk):
        made = Element.objects.get(slug="handbook")
        assert (made.kind, made.tags, made.minutes, made.owner.name) == ("external", ["safety", "start"], 5, "Gus")
        assert [credit.name for credit in made.credits.all()] == ["Gus"]
        known.refresh_from_db()
        assert (known.title, known.summary, known.tags) == ("Our wiki", "Kept", ["old"])
        assert hits(text="handbook") == [made.pk]
        entry = AuditEntry.objects.get(act="list.imported")
        assert entry.after == {"list": "elements", "lines": 2}
        assert PeopleImport.objects.get().rows == []


def test_all_or_nothing_when_something_changed_since(env, gardener, browser_of):
    client = browser_of(gardener)
    page = looked_at(client, "elements", "title\nFirst\nSecond\n")
    tool(env, "second", kind="page")
    answer = client.post("/lists/elements/confirm/", {"uid": page.context["kept"].uid}, follow=True)
    assert "Line 3" in answer.text
    with open_scope(environment_id=env.pk):
        assert [one.slug for one in Element.objects.all()] == ["second"]


def test_connections(env, gardener, browser_of):
    tool(env, "wiki")
    tool(env, "map")
    client = browser_of(gardener)
    text = "source,kind,target,hypothesis,owner\nwiki,reinforces,map,{},gus@example.org"
    for hypothesis in ("First", "Second", ""):
        confirmed(client, "connections", looked_at(client, "connections", text.format(hypothesis)))
    with open_scope(environment_id=env.pk):
        row = Connection.objects.get()
        assert (row.source.slug, row.target.slug, row.hypothesis, row.owner.name) == ("wiki", "map", "Second", "Gus")


def test_groups_get_people_and_lose_nobody(env, member, browser_of):
    ama, jan = member(email="ama@example.org"), member(email="jan@example.org")
    manager = member(Role.MANAGER)
    with open_scope(environment_id=env.pk, person_id=manager.person_id):
        group = group_save(name="Night shift", rule={"role": "author"}, by=manager)
    client = browser_of(manager)
    text = "group,about,email\nNIGHT  shift,On nights,ama@example.org\nDay,,JAN@example.org\nEmpty,,\n"
    for _twice in range(2):
        confirmed(client, "groups", looked_at(client, "groups", text))
    with open_scope(environment_id=env.pk):
        assert [one.name for one in Group.objects.order_by("name")] == ["Day", "Empty", "Night shift"]
        group.refresh_from_db()
        assert (group.about, bool(group.rule)) == ("On nights", True)
        people = {row.group.name: row.person_id for row in GroupMember.objects.select_related("group")}
        assert people == {"Night shift": ama.person_id, "Day": jan.person_id}


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        (Role.LEARNER, "elements", 404),
        (Role.MANAGER, "elements", 404),
        (Role.GARDENER, "elements", 200),
        (Role.GARDENER, "groups", 404),
        (Role.MANAGER, "groups", 200),
        (Role.ADMIN, "nothing", 404),
    ],
)
def test_each_list_has_its_rule(member, browser_of, role, kind, status):
    client = browser_of(member(role))
    assert client.get(f"/lists/{kind}/").status_code == status
    if status == 404:
        assert client.post(f"/lists/{kind}/confirm/", {"uid": "x"}).status_code == 404
        assert client.get(f"/lists/{kind}/sample.csv").status_code == 404


def test_a_file_of_somebody_else_cannot_be_confirmed(env, member, browser_of):
    one, two = browser_of(member(Role.ADMIN)), browser_of(member(Role.ADMIN))
    page = looked_at(one, "groups", "group\nMine\n")
    for client, kind in ((two, "groups"), (one, "elements")):
        assert client.post(f"/lists/{kind}/confirm/", {"uid": page.context["kept"].uid}).status_code == 302
    with open_scope(environment_id=env.pk):
        assert not Group.objects.exists()
        assert not Element.objects.exists()


def test_people_as_a_file_that_runs_no_formula(env, other, member, browser_of):
    member(name="=cmd()", email="a@example.org")
    member(environment=other, name="CANARY")
    manager = member(Role.MANAGER, name="Mo")
    client = browser_of(manager)
    answer = client.post("/people/export/", {"role": "learner", "state": "here"})
    rows = list(
        csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode().removeprefix("\ufeff"), newline=""))
    )
    assert [(row["name"], row["roles"]) for row in rows] == [("'=cmd()", "learner")]
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.get(act="list.exported").after["role"] == "learner"
    assert client.get("/people/export/").status_code == 405
    assert browser_of(member(Role.LEARNER)).post("/people/export/", {}).status_code == 404


def test_the_admin_leads_to_the_file(member, browser_of):
    page = browser_of(member(Role.GARDENER)).get("/admin/ecosystem/element/").text
    assert 'href="/lists/elements/"' in page
    assert "Download as CSV" in page
