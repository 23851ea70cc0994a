"""The same over the API: drafts and runs, by keys of those who may, and of those who may not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from api.services import token_create
from content.services import page_finish
from courses.models import CourseRun, CourseVersion, Enrolment
from courses.services import enrolment_create, run_open
from ecosystem.models import Power
from ecosystem.services.elements import element_update
from ecosystem.services.groups import group_members_add, group_save
from tests.courses.conftest import outline, uids, within


def client_of(membership) -> APIClient:
    with within(membership):
        _row, token = token_create(
            person=membership.person, name="A key", scopes=("read", "write"), valid_for=timedelta(days=1)
        )
    client = APIClient(HTTP_HOST=f"{membership.environment.slug}.localhost")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def run(author, built):
    with within(author):
        return run_open(element=built, title="Autumn")


def test_a_course_is_built_and_published(author, pages):
    client = client_of(author)
    made = client.post("/api/v1/drafts/", {"title": "By software"}, format="json")
    assert made.status_code == 201, made.json()
    address = "/api/v1/drafts/by-software/"
    draft = client.post(f"{address}edits/", {"act": "block_add", "seen": 0, "title": "One"}, format="json").json()
    edit = {"act": "activity_add", "seen": draft["edit"], "block": draft["blocks"][0]["uid"]}
    for number, page in enumerate(pages[:2]):
        draft = client.post(f"{address}edits/", {**edit, "element": str(page.uid)}, format="json").json()
        edit["seen"] = draft["edit"]
        assert draft["blocks"][0]["activities"][number]["element"] == str(page.uid)
    assert draft["undo"].startswith("Ama added “Page 1”")
    undone = client.post(f"{address}edits/", {"act": "undo", "seen": draft["edit"]}, format="json").json()
    assert len(undone["blocks"][0]["activities"]) == 1
    difference = client.get(f"{address}difference/").json()
    assert [one["sort"] for one in difference["differences"]] == ["added", "added"]
    stale = client.post(f"{address}publish/", {"seen": 1}, format="json")
    assert stale.status_code == 400
    done = client.post(f"{address}publish/", {"seen": undone["edit"]}, format="json")
    assert done.json() == {"version": 1}
    assert client.get(address).status_code == 404


def test_the_second_author_gets_the_reason(author, member, draft):
    with within(author):
        uid = uids(draft)["Page 0"]
    edit = {"act": "activity_change", "seen": 0, "uid": uid}
    first, second = client_of(author), client_of(member("author"))
    assert first.post("/api/v1/drafts/built/edits/", {**edit, "title": "A"}, format="json").status_code == 200
    refused = second.post("/api/v1/drafts/built/edits/", {**edit, "title": "B"}, format="json")
    assert refused.status_code == 400
    assert "Ama changed" in refused.content.decode()
    with within(author):
        assert "- A" in outline(draft)


def test_software_throws_away_and_changes_only_the_draft_it_looked_at(author, draft):
    client, address = client_of(author), "/api/v1/drafts/built/"
    assert client.get(address).json()["draft"] == draft.pk
    assert client.delete(address).status_code == 400
    assert client.delete(f"{address}?seen=7").status_code == 400
    assert client.delete(f"{address}?seen=0&draft={draft.pk}").status_code == 204
    assert client.delete(f"{address}?seen=0").status_code == 404
    assert client.post("/api/v1/drafts/", {"course": "built"}, format="json").json()["draft"] != draft.pk
    old = {"seen": 0, "draft": draft.pk}
    for path, facts in (("edits/", {"act": "block_add", "title": "x"}), ("publish/", {})):
        refused = client.post(f"{address}{path}", {**old, **facts}, format="json")
        assert refused.status_code == 400
        assert "published or thrown away" in refused.content.decode()
    assert client.delete(f"{address}?seen=0&draft={draft.pk}").status_code == 400


def test_a_condition_tells_no_title_of_what_is_closed_to_its_author(author, built, draft, pages, give):
    with within(author):
        uid = uids(draft)["Page 2"]
        element_update(element=pages[3], visibility="private")
    for holder, code in ((give(Power.MANAGE_CONTENT, course=built), 400), (author, 200)):
        address = f"/api/v1/conditions/{uid}/"
        answer = client_of(holder).put(address, {"condition": {"completed": pages[3].pk}}, format="json")
        assert (answer.status_code, "Page 3" in answer.content.decode()) == (code, code == 200)


@pytest.mark.parametrize("role", ["learner", "manager", "instructor"])
def test_who_may_not_build_is_refused(member, draft, role):
    client = client_of(member(role))
    edit = {"act": "block_add", "seen": 0, "title": "x"}
    assert client.get("/api/v1/drafts/").status_code in {403, 404}
    for path in ("", "edits/", "publish/"):
        assert client.post(f"/api/v1/drafts/built/{path}", edit, format="json").status_code in {403, 404, 405}
    assert client.delete("/api/v1/drafts/built/").status_code in {403, 404}
    assert client.post("/api/v1/drafts/", {"title": "x"}, format="json").status_code == 403


def test_a_neighbour_sees_no_draft_and_no_run(other, member, draft, run):
    client = client_of(member("admin", environment=other))
    assert client.get("/api/v1/drafts/").json()["results"] == []
    assert client.get("/api/v1/drafts/built/").status_code == 404
    assert client.post("/api/v1/drafts/", {"course": "built"}, format="json").status_code == 404
    assert client.get(f"/api/v1/runs/{run.uid}/").status_code == 404
    assert client.patch(f"/api/v1/runs/{run.uid}/", {"title": "x"}, format="json").status_code == 404


def test_names_in_the_impact_are_for_who_may_see_learners(author, member, draft, run):
    learner = member("learner")
    with within(learner):
        enrolment_create(run=run, person=learner.person)
    with within(author):
        client_of(author).post(
            "/api/v1/drafts/built/edits/", {"act": "activity_remove", "seen": 0, "uid": uids(draft)["Page 2"]},
            format="json",
        )  # fmt: skip
    address = f"/api/v1/drafts/built/impact/{run.uid}/"
    mine, theirs = client_of(author).get(address).json(), client_of(member("admin")).get(address).json()
    assert mine == {
        "learners": 1, "untouched": None, "losing": None, "locking": None, "completing": None, "moves": [],
    }  # fmt: skip
    assert (theirs["untouched"], theirs["losing"]) == (1, 0)
    assert [move["person"] for move in theirs["moves"]] == [learner.person.email]
    assert client_of(author).get(f"/api/v1/drafts/built/impact/{uuid4()}/").status_code == 404


def test_runs_are_made_copied_and_their_people_moved(author, member, built, draft, pages):
    manager, learner, mentor = member("manager"), member("learner"), member("instructor")
    client = client_of(manager)
    made = client.post("/api/v1/runs/", {"course": "built", "title": "March", "starts_on": "2027-03-01"}, format="json")
    assert made.status_code == 201, made.json()
    address = f"/api/v1/runs/{made.json()['uid']}/"
    assert client.patch(address, {"ends_on": "2027-02-01"}, format="json").status_code == 400
    assert client.patch(address, {"ends_on": "2027-03-31"}, format="json").json()["ends_on"] == "2027-03-31"
    copy = client.post(f"{address}copy/", {"starts_on": "2027-04-01", "title": "April"}, format="json").json()
    assert (copy["title"], copy["ends_on"]) == ("April", "2027-05-01")
    with within(manager):
        group = group_save(name="Night", by=manager)
        group_members_add(group=group, person_ids=[learner.person_id], by=manager)
    assert client.post(f"{address}groups/", {"group": group.pk}, format="json").json() == {"changed": 1}
    assert (
        client.post(f"{address}guides/", {"person": mentor.person.email, "role": "mentor"}, format="json").status_code
        == 204
    )
    with within(manager):
        pk = Enrolment.objects.get().pk
    for act in (
        {"act": "mentor", "person": mentor.person.email},
        {"act": "extend", "ends_on": "2027-06-01"},
        {"act": "pause"},
        {"act": "resume"},
        {"act": "withdraw"},
    ):
        answer = client.post(f"{address}people/", {"enrolments": [pk], **act}, format="json")
        assert answer.json() == {"changed": 1}, act
    assert client.post(f"{address}people/", {"enrolments": [pk], "act": "extend"}, format="json").status_code == 400
    with within(manager):
        row = Enrolment.objects.get()
        assert (row.state, row.mentor_id, str(row.ends_on)) == ("withdrawn", mentor.person_id, "2027-06-01")


def test_a_run_goes_to_the_newest_version(author, member, built, draft, pages, run):
    manager, learner = member("manager"), member("learner")
    with within(learner):
        enrolment_create(run=run, person=learner.person)
        page_finish(element=pages[0])
    builder = client_of(author)
    with within(author):
        uid = uids(draft)["Page 2"]
    builder.post("/api/v1/drafts/built/edits/", {"act": "activity_remove", "seen": 0, "uid": uid}, format="json")
    builder.post("/api/v1/drafts/built/publish/", {"seen": 1}, format="json")
    client, address = client_of(manager), f"/api/v1/runs/{run.uid}/"
    (told,) = client.get(f"{address}impact/").json()["moves"]
    assert (told["before"], told["after"]) == (60, 75)
    assert client.post(f"{address}version/", {"how": "migrate"}, format="json").json()["version"] == 2
    with within(manager):
        assert Enrolment.objects.get().progress == 75


@pytest.mark.parametrize("role", ["learner", "author", "instructor"])
def test_who_may_not_enrol_changes_no_run(member, run, role):
    client, address = client_of(member(role)), f"/api/v1/runs/{run.uid}/"
    for method, path, body in (
        ("patch", "", {"title": "Mine"}),
        ("post", "copy/", {}),
        ("post", "people/", {"act": "withdraw", "enrolments": [1]}),
        ("post", "guides/", {"person": "x@example.org", "role": "mentor"}),
        ("post", "groups/", {"group": 1}),
        ("post", "version/", {"how": "migrate"}),
    ):
        assert getattr(client, method)(f"{address}{path}", body, format="json").status_code in {403, 404}, path
    assert client.post("/api/v1/runs/", {"course": "built"}, format="json").status_code == 403
    with within(member("manager")):
        assert [one.title for one in CourseRun.objects.all()] == ["Autumn"]
        assert CourseVersion.objects.filter(number__gt=1).count() == 0
