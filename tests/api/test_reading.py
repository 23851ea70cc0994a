"""What the routes say: rows, filters, order, pages, and how many queries that costs."""

import json
import re
from datetime import timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.services import offer_make
from content.services import page_create
from courses.models import Enrolment
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem.models import Visibility
from ecosystem.registry import measures
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer, elements_connect
from records.models import Statement
from records.services import record
from tests.api.conftest import CANARY, enrolled
from tests.api.described import description
from tests.api.routes import PUBLIC, addresses_of
from tests.api.test_doors import problem

pytestmark = pytest.mark.django_db


def rows(client, address: str) -> list[dict]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def more_of_everything(life, member) -> None:
    """Two more of each row that the lists show."""
    author = life.people["author"]
    with open_scope(environment_id=life.environment.pk, person_id=author.person_id):
        for n in range(2):
            page = page_create(title=f"More {n}", slug=f"more-{n}", markdown="x", creators=[author.person]).element
            elements_connect(source=page, target=life.pages[0], kind="practises")
            course = element_create(kind="course", title=f"Course {n}", slug=f"course-{n}", creators=[author.person])
            course_publish(element=course, blocks=[PlannedBlock("B", [PlannedActivity(target=page)])])
            offer_make(element=course, run=run_open(element=course))
    for _n in range(2):
        enrolled(life, member())


LISTS = [
    "elements", "elements/?q=page", "connections", "courses", "enrolments", "assessments", "attempts", "certificates",
    "records", "courses/course", "enrolments/first",
]  # fmt: skip


def test_three_rows_cost_as_many_queries_as_one(here, member, calling):
    client = calling(member("admin"))
    with open_scope(environment_id=here.environment.pk):
        first = Enrolment.objects.values_list("pk", flat=True).get()

    def costs() -> dict[str, int]:
        found = {}
        for name in LISTS:
            address = f"/api/v1/{name.replace('first', str(first))}" + ("" if "?" in name else "/")
            client.get(address)  # what is looked up once
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200, name
            found[name] = len(queries)
        return found

    of_one = costs()
    more_of_everything(here, member)
    assert costs() == of_one
    assert {name: many for name, many in of_one.items() if many > 14} == {}


def test_elements(here, calling):
    client = calling(here.people["learner"])
    found = rows(client, "/api/v1/elements/")
    slugs = [row["slug"] for row in found]
    assert slugs == [
        "at-work",
        "course",
        "discussion",
        "event",
        "file",
        "goal",
        "good-work",
        "handin",
        "link",
        "package",
        "page-0",
        "page-1",
        "quiz",
        "task",
        "together",
        "tool",
        "video",
    ], "no question bank"
    found = [row for row in found if row["slug"] in {"course", "page-0"}]
    assert found[1]["makers"] == [{"name": here.people["author"].person.name, "role": "author"}]
    assert client.get("/api/v1/elements/page-0/").json() == found[1]
    problem(client.get("/api/v1/elements/quiz-bank/"), 404)
    problem(client.get("/api/v1/elements/nothing/"), 404)


def test_filters_of_elements(here, calling, env):
    with open_scope(environment_id=env.pk):
        element_create(kind="page", title="Brood", slug="brood", creators=["A"], language="nl", tags=["rye", "oven"])
    client = calling(here.people["learner"])

    def slugs(query: str) -> list[str]:
        return [row["slug"] for row in rows(client, f"/api/v1/elements/?{query}")]

    assert slugs("kind=course") == ["course"]
    assert slugs("language=nl") == slugs("tag=rye") == slugs("q=broden") == ["brood"]
    assert slugs("tag=ry") == slugs("q=zzz") == slugs("kind=course&tag=rye") == []
    assert set(slugs("q=page")) == {"page-0", "page-1"}
    assert slugs("q=") == slugs("q=%20") == slugs("")
    problem(client.get("/api/v1/elements/?lifecycle=dead"), 400)
    problem(client.get("/api/v1/elements/?tag=%00"), 400)


def test_the_best_match_comes_first_also_on_later_pages(here, calling, env):
    with open_scope(environment_id=env.pk):
        for n in range(3):
            element_create(kind="page", title=f"Bread {n}", slug=f"z-{n}", creators=["A"])
        page = element_create(kind="page", title="Knife", slug="a-knife", summary="cuts bread", creators=["A"])
    assert page.slug == "a-knife"
    client, found = calling(here.people["learner"]), []
    address = "/api/v1/elements/?q=bread&limit=1"
    while address:
        body = client.get(address).json()
        found += [row["slug"] for row in body["results"]]
        address = body["next"]
    assert sorted(found[:3]) == ["z-0", "z-1", "z-2"]
    assert found[3:] == ["a-knife"]


def test_what_only_its_makers_see(here, calling, env, member):
    author = here.people["author"]
    with open_scope(environment_id=env.pk):
        element_create(
            kind="page", title="Draft", slug="draft", creators=[author.person], visibility=Visibility.PRIVATE
        )
    problem(calling(here.people["learner"]).get("/api/v1/elements/draft/"), 404)
    assert calling(author).get("/api/v1/elements/draft/").status_code == 200
    assert calling(member("gardener")).get("/api/v1/elements/draft/").status_code == 200


def test_an_own_element_goes_before_one_from_above_with_the_same_slug(make_environment, member, calling):
    above = make_environment("above")
    below = make_environment("below", parent=above)
    with open_scope(environment_id=above.pk):
        offered = element_create(kind="page", title="From above", slug="same", creators=["A"])
        element_offer(element=offered, to=below)
        element_create(kind="page", title="Not offered", slug="kept", creators=["A"])
    client = calling(member("admin", environment=below))
    assert client.get("/api/v1/elements/same/").json()["title"] == "From above"
    with open_scope(environment_id=below.pk):
        element_create(kind="page", title="Ours", slug="same", creators=["B"])
    assert client.get("/api/v1/elements/same/").json()["title"] == "Ours"
    problem(client.get("/api/v1/elements/kept/"), 404)


def test_connections(here, calling, member):
    (row,) = rows(calling(member("gardener")), "/api/v1/connections/?source=page-0&kind=prepares_for")
    assert (row["source"]["slug"], row["target"]["slug"], row["kind"]) == ("page-0", "page-1", "prepares_for")
    assert rows(calling(member("gardener")), "/api/v1/connections/?target=page-0") == []


def test_courses(here, calling, env):
    with open_scope(environment_id=env.pk):
        element_create(kind="course", title="Without an offer", slug="hidden", creators=["A"])
    learner, author = calling(here.people["learner"]), calling(here.people["author"])
    (row,) = rows(learner, "/api/v1/courses/")
    assert (row["slug"], row["offer"]["access"], row["enrolment"]["progress"]) == ("course", "free", 0)
    assert [row["slug"] for row in rows(author, "/api/v1/courses/")] == ["course", "hidden"]
    assert rows(author, "/api/v1/courses/")[0]["enrolment"] is None
    problem(learner.get("/api/v1/courses/hidden/"), 404)
    problem(learner.get("/api/v1/courses/page-0/"), 404)
    plan = learner.get("/api/v1/courses/course/").json()["plan"]
    assert [step["type"] for step in plan] == ["page", "page", "assessment", "task", "discussion"]


def test_enrolments_and_where_they_are(here, calling, member):
    enrolled(here, member(name="Second"))
    mine = rows(calling(here.people["learner"]), "/api/v1/enrolments/")
    assert [row["person"]["email"] for row in mine] == ["lee@example.org"]
    for role in ("instructor", "manager", "admin"):
        assert len(rows(calling(member(role)), "/api/v1/enrolments/?course=course&state=active")) == 2
    assert rows(calling(member("sponsor")), "/api/v1/enrolments/") == []
    detail = calling(here.people["learner"]).get(f"/api/v1/enrolments/{mine[0]['id']}/").json()
    assert [(step["element"], step["state"]) for step in detail["activities"]] == [
        ("page-0", "open"),
        ("page-1", "open"),
        ("quiz", "started"),
        ("task", "open"),
        ("discussion", "completed"),
    ]
    boss = calling(member("manager"))
    assert len(rows(boss, "/api/v1/enrolments/?person=LEE@example.org")) == 1
    problem(boss.get("/api/v1/enrolments/?state=gone"), 400)
    problem(boss.get("/api/v1/enrolments/?active_since=yesterday"), 400)


def test_certificates(here, calling, member, client):
    (row,) = rows(calling(here.people["learner"]), "/api/v1/certificates/")
    assert (row["holder"], row["standing"], row["course"]) == (here.people["learner"].person.name, "valid", "course")
    assert row["verify_url"] == f"http://alpha.localhost/verify/{row['serial']}/"
    assert rows(calling(member("gardener")), "/api/v1/certificates/") == []
    assert len(rows(calling(member("admin")), "/api/v1/certificates/")) == 1


def test_records_newest_first_over_pages(here, calling, env, member):
    learner = here.people["learner"]
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        for n in range(5):
            record(verb="viewed", element=here.pages[0], context={"n": n})
        record(verb="searched", person_id=None, context={"words": "x"})
    client, found = calling(learner), []
    address = "/api/v1/records/?limit=2&verb=viewed"
    while address:
        body = client.get(address).json()
        found += [row["context"]["n"] for row in body["results"]]
        address = body["next"]
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            record(verb="viewed", element=here.pages[0], context={"n": "later"})
    assert found == [4, 3, 2, 1, 0]
    assert rows(calling(member("sponsor")), "/api/v1/records/") == []
    assert rows(calling(member("gardener")), "/api/v1/records/") == []
    assert {row["actor"]["email"] for row in rows(calling(member("manager")), "/api/v1/records/")} == {
        "lee@example.org",
        "peer@alpha.example.org",
    }
    assert len(rows(client, "/api/v1/records/?element=page-0&limit=200")) == 8
    ago = (timezone.now() - timedelta(days=1)).isoformat().replace("+", "%2B")
    assert rows(client, f"/api/v1/records/?until={ago}") == []


def test_measures_are_what_the_registry_computes(here, next_door, calling, member):
    enrolled(here, member())
    at = timezone.now().replace(microsecond=0) + timedelta(minutes=1)
    client = calling(member("sponsor"))
    for key in (measure.key for measure in measures):
        with open_scope(environment_id=here.environment.pk):
            figure = measures[key].compute(at)
        answer = client.get(f"/api/v1/measures/{key}/", {"at": at.isoformat()}).json()
        assert (answer["value"], answer["of"]) == (figure.value, figure.of) or key == "reached", key
        assert [(point["label"], point["value"]) for point in answer["series"]] == figure.series, key
        assert answer["details"] == json.loads(json.dumps(figure.details, cls=DjangoJSONEncoder)), key


def test_list_of_measures(here, calling, member):
    sponsor = calling(member("sponsor"))
    found = rows(sponsor, "/api/v1/measures/")
    assert [row["key"] for row in found] == [measure.key for measure in measures]
    problem(sponsor.get("/api/v1/measures/nothing/"), 404)
    problem(sponsor.get("/api/v1/measures/?at=tomorrow"), 400)


def test_cursors_written_by_hand(here, calling, member):
    """Garbage, a position that is no date or number, a NUL, an offset below zero: never an error of ours."""
    client = calling(member("admin"))
    for cursor in ("x", "cD14", "cD0lMDA=", "bz0tMQ==", "bz14", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5"):
        for name in ("elements", "enrolments", "records", "connections"):
            problem(client.get(f"/api/v1/{name}/", {"cursor": cursor}), 400)


def test_limits(here, calling, member):
    client = calling(member("admin"))
    assert len(rows(client, "/api/v1/elements/?limit=1")) == 1


def test_each_route_knows_the_parameters_that_the_description_names(here, calling, member):
    """And no other: what stands behind the ? of any address is read or refused."""
    client, described, seen = calling(member("admin")), {}, 0
    for path, operations in description()["paths"].items():
        if "get" in operations:
            names = {one["name"] for one in operations["get"].get("parameters", []) if one["in"] == "query"}
            described[re.sub(r"{[^}]*}", "*", path)] = names
    for route, path in addresses_of(here).items():
        names = described.get("/api/" + re.sub(r"<[^>]*>", "*", route))
        if names is None or route in PUBLIC:
            continue
        response = client.get(f"{path}?surprise=1")
        if response.status_code in {403, 404}:
            continue  # not the administrator's row
        (error,) = problem(response, 400)["errors"]
        assert error["parameter"] == "surprise", route
        assert set(error["detail"].split("are: ")[1].rstrip(".").split(", ")) == names, route
        seen += 1
    assert seen > 70, seen


def test_records_of_the_neighbour_stay_there(here, next_door, env):
    """One level below the routes: in this scope the rows of next door are not there to be shown."""
    with open_scope(environment_id=env.pk):
        assert {row.environment_id for row in Statement.objects.all()} == {env.pk}
        assert CANARY not in str(list(Statement.objects.select_related("person", "element").values()))
