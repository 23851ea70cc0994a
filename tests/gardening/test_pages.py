"""The garden pages: who sees them, what they count, and what they cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecosystem.models import Connection, Element, Membership
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, elements_connect
from gardening.models import Placement
from gardening.selectors import care_list, garden_map, inventory
from gardening.selectors.inventory import item_called
from gardening.services import charter_save, kpi_save, kpi_value_save
from tests.cast import People, environment
from tests.gardening.scene import Grown, grow, people
from tests.standing import World, stands

PAGES = ("/garden/", "/garden/map/", "/garden/elements/course/")


@stands("env", "other", "scene", folder="tests/gardening/test_pages.py")
def gardened() -> World:
    env, other = environment("alpha"), environment("beta")
    member = People(env)
    return {"env": env, "other": other, "scene": grown(env, other, member), "count": member.count}


@pytest.fixture
def scene(env, other, member, standing):
    return standing.get("scene") or grown(env, other, member)


def grown(env, other, member) -> Grown:
    """Two people use the course here; the neighbour has elements of the same names, and more use."""
    mine, theirs = grow(env, title="Our course"), grow(other, title="CANARY course")
    for one in people(member, 2, env):
        mine.enrol(one)
        mine.read(one)
    for one in people(member, 4, other):
        theirs.enrol(one)
        theirs.read(one)
    with open_scope(environment_id=other.pk):
        elements_connect(source=theirs.page, target=theirs.quiz.element, kind="prepares_for", hypothesis="CANARY")
    return mine


def by_slug(environment):
    with open_scope(environment_id=environment.pk):
        return {item.element.slug: item for item in inventory(now=timezone.now())}


def test_the_inventory_counts_what_happened_here_and_nothing_else(scene, env, other):
    mine, theirs = by_slug(env), by_slug(other)
    assert set(mine) == set(theirs) == {"course", "course-page", "course-quiz"}
    assert (mine["course-page"].facts.uses, mine["course-page"].facts.people) == (2, 2)
    assert (theirs["course-page"].facts.uses, theirs["course-page"].facts.people) == (4, 4)
    assert (mine["course-quiz"].facts.uses, mine["course-quiz"].health.problems[0]) == (0, "unused")
    assert mine["course"].facts.people == 2
    assert mine["course-page"].courses == (scene.course.pk,)
    assert (mine["course-page"].facts.connections, theirs["course-page"].facts.connections) == (1, 2)


def test_one_element_is_what_the_inventory_says_of_it(scene, env, member):
    owner = member("author", environment=env)
    with open_scope(environment_id=env.pk):
        elements_connect(source=scene.page, target=scene.quiz.element, kind="prepares_for")
        Element.objects.filter(pk=scene.page.pk).update(owner=owner.person)
        for ended_at, word in ((None, "here"), (timezone.now(), "left")):
            Membership.objects.filter(pk=owner.pk).update(ended_at=ended_at)
            now = timezone.now()
            items = inventory(now=now)
            assert [item_called(slug=item.element.slug, now=now) for item in items] == items
            assert {item.element.slug: item.facts.owner for item in items}["course-page"] == word
        assert {item.facts.uses for item in items} == {0, 2, 4}
        assert item_called(slug="nothing", now=now) is None


def test_a_part_of_a_course_is_on_the_map_only_when_it_is_connected(scene, env):
    with open_scope(environment_id=env.pk):
        items = inventory(now=timezone.now())
        assert [item.element.slug for item in garden_map(items).items] == ["course"]
        assert len(garden_map(items, everything=True).items) == 3
        tool = element_create(kind="external", title="A wiki", slug="wiki", creators=["Ada"], url="https://example.org")
        elements_connect(source=tool, target=scene.page, kind="reinforces", hypothesis="It stays fresh.")
        garden = garden_map(inventory(now=timezone.now()))
        assert {item.element.slug for item in garden.items} == {"course", "course-page", "wiki"}
        assert garden.connections == 1
        assert [(edge.source, edge.target) for edge in garden.edges if not edge.kind] == [
            (scene.page.pk, scene.course.pk)
        ]


@pytest.mark.parametrize("path", PAGES)
def test_only_gardeners_see_the_garden(scene, env, member, browser_of, path):
    assert browser_of(member("gardener")).get(path).status_code == 200
    assert browser_of(member("admin")).get(path).status_code == 200
    for role in ("learner", "author", "instructor", "manager", "sponsor"):
        assert browser_of(member(role)).get(path).status_code == 404, role
    answer = browser_of(env).get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", [*PAGES, "/garden/map/?all=1"])
def test_nothing_of_the_neighbour_is_shown(scene, member, browser_of, path):
    assert "CANARY" not in browser_of(member("gardener")).get(path).content.decode()


def test_the_neighbours_element_does_not_exist_here(scene, other, member, browser_of):
    with open_scope(environment_id=other.pk):
        element_create(kind="external", title="CANARY", slug="only-there", creators=["Ada"], url="https://example.org")
    assert browser_of(member("gardener")).get("/garden/elements/only-there/").status_code == 404
    assert browser_of(member("gardener", environment=other)).get("/garden/elements/only-there/").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_more_elements_cost_no_more_queries(scene, env, member, browser_of, path):
    browser = browser_of(member("gardener"))
    browser.get(path)  # places are saved, caches are warm
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(path)
    with open_scope(environment_id=env.pk):
        for number in range(5):
            tool = element_create(
                kind="external", title=f"Tool {number}", slug=f"t{number}", creators=["Ada"], url="https://example.org"
            )
            elements_connect(source=tool, target=scene.course, kind="reinforces")
    browser.get(path)
    with CaptureQueriesContext(connection) as many:
        browser.get(path)
    assert len(many) == len(few)


def test_places_are_kept_when_something_new_comes(scene, env, member, browser_of):
    browser = browser_of(member("gardener"))
    browser.get("/garden/map/?all=1")
    with open_scope(environment_id=env.pk):
        before = {row.element_id: (row.x, row.y) for row in Placement.objects.all()}
        element_create(kind="external", title="New", slug="new", creators=["Ada"], url="https://example.org")
    page = browser.get("/garden/map/?all=1").content.decode()
    with open_scope(environment_id=env.pk):
        after = {row.element_id: (row.x, row.y) for row in Placement.objects.all()}
    assert len(before) == 3
    assert len(after) == 4
    assert before.items() <= after.items()
    assert (
        'aria-label="New, outside tool, thirsty, 0 connections"' in page or 'aria-label="New, outside tool, dry' in page
    )


def test_a_connection_shows_what_is_expected_of_it(scene, env, member, browser_of):
    with open_scope(environment_id=env.pk):
        hypothesis = "Who reads <b>this</b> passes."
        elements_connect(source=scene.page, target=scene.quiz.element, kind="prepares_for", hypothesis=hypothesis)
    browser = browser_of(member("gardener"))
    for path in ("/garden/map/", "/garden/elements/course-page/", "/garden/elements/course-quiz/"):
        page = browser.get(path).content.decode()
        assert "Who reads &lt;b&gt;this&lt;/b&gt; passes." in page, path
        assert "<b>this</b>" not in page


def test_the_care_list_has_at_most_ten_and_the_worst_first(env):
    with open_scope(environment_id=env.pk):
        for number in range(12):
            element_create(
                kind="external",
                title=f"Tool {number:02}",
                slug=f"t{number}",
                creators=["Ada"],
                url="https://example.org",
            )
        fine = element_create(
            kind="external",
            title="Late",
            slug="late",
            creators=["Ada"],
            url="https://example.org",
            review_on=date(2020, 1, 1),
        )
        Connection.objects.all().delete()
        care = care_list(inventory(now=timezone.now()))
    assert len(care) == 10
    assert care[0].item.pk == fine.pk or care[0].item.health.level == "bad"
    assert all(row.reason and row.act and row.href for row in care)


def test_the_charter_stands_beside_the_care(env, member, browser_of):
    sponsor = member("sponsor", name="Sam Sponsor")
    with open_scope(environment_id=env.pk):
        charter = charter_save(business_issue="People leave.", why="They should stay.", sponsor=sponsor.person)
        kpi = kpi_save(charter=charter, name="Stays", direction="up", baseline=60, target=75)
        kpi_value_save(kpi=kpi, month=date(2026, 1, 1), value=62.5)
    page = browser_of(member("gardener")).get("/garden/").content.decode()
    assert "People leave." in page
    assert "Sam Sponsor" in page
    assert "62.5" in page
