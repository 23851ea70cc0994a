"""What people find in the catalogue, and what they do not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.finding import Finding
from catalogue.services import offer_make
from content.services import page_create
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer, element_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(env):
    with open_scope(environment_id=env.pk):
        page_create(title="Baking breads", markdown="Knead the dough.", creators=["Ada"], tags=["kitchen"])
        page_create(title="Scherpe messen", markdown="Slijpen op een steen.", creators=["Ada"], language="nl")
        page_create(title="Ovens", markdown="Hot.", creators=["Ada"], kind="job_aid", tags=["kitchen"])
        course = element_create(kind="course", title="Bread from scratch", creators=["Ada"])
        offer_make(element=course)
        element_create(kind="course", title="Bread without an offer", creators=["Ada"])
        page_create(title="Bread, a secret", markdown="x", creators=["Ada"], visibility="private")
        page_create(title="Bread of yore", markdown="x", creators=["Ada"], lifecycle="retired")


def titles(**wish) -> list[str]:
    return [element.title for element in Finding(**wish)[0:100]]


@pytest.mark.scoped
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bread", {"Baking breads", "Bread from scratch"}),
        ("bake", {"Baking breads"}),  # stemmed in English
        ("kneading", {"Baking breads"}),  # in the text of the page
        ("mes", {"Scherpe messen"}),  # stemmed in Dutch
        ("scherp", {"Scherpe messen"}),
        ("stenen", {"Scherpe messen"}),
        ("oven", {"Ovens"}),
        ("brea", {"Baking breads", "Bread from scratch"}),  # while typing
        ("kitchen", {"Baking breads", "Ovens"}),  # a tag
        ("zebra", set()),
        ("'); DROP TABLE", set()),
        ("!!! & | :*", set()),
    ],
)
def test_words_find_what_they_mean(env, shelf, text, found):
    assert set(titles(text=text)) == found


@pytest.mark.scoped
def test_a_title_counts_for_more_than_a_text(env):
    page_create(title="Other things", markdown="A word about yeast.", creators=["Ada"])
    page_create(title="Yeast", markdown="Small.", creators=["Ada"])
    assert titles(text="yeast") == ["Yeast", "Other things"]


@pytest.mark.scoped
def test_facets_count_what_the_words_find(env, shelf):
    assert {facet.kind.key: facet.count for facet in Finding().facets()} == {"course": 1, "page": 2, "job_aid": 1}
    assert {facet.kind.key: facet.count for facet in Finding(text="bread").facets()} == {"course": 1, "page": 1}
    assert {facet.kind.key: facet.count for facet in Finding(tag="kitchen").facets()} == {"page": 1, "job_aid": 1}
    for facet in Finding(text="bread").facets():
        assert facet.count == len(titles(text="bread", kind=facet.kind.key))


@pytest.mark.scoped
def test_courses_come_first_when_nothing_is_asked(env, shelf):
    assert titles() == ["Bread from scratch", "Ovens", "Baking breads", "Scherpe messen"]


def test_what_is_offered_is_found_below_and_not_next_door(env, other, make_environment):
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        shared = page_create(title="Shared bread", markdown="crusty", creators=["Ada"]).element
        page_create(title="Kept bread", markdown="x", creators=["Ada"])
        element_offer(element=shared, to=below)
    with open_scope(environment_id=below.pk):
        assert titles(text="bread") == ["Shared bread"]
    with open_scope(environment_id=other.pk):
        assert titles(text="bread") == []


@pytest.mark.scoped
def test_a_new_title_is_found_and_the_old_one_no_longer(env):
    page = page_create(title="Fermenting", markdown="Slowly.", creators=["Ada"])
    element_update(element=page.element, title="Pickling")
    assert titles(text="pickling") == ["Pickling"]
    assert titles(text="fermenting") == []
    assert titles(text="slowly") == ["Pickling"], "its text was lost"


def test_the_page_costs_the_same_for_any_number(env, member, browser_of):
    browser = browser_of(member())
    costs = []
    for count in (1, 3):
        with open_scope(environment_id=env.pk):
            for n in range(count):
                page_create(title=f"Tea {count} {n}", markdown="x", creators=["Ada", "Bob"])
        browser.get("/catalogue/?q=tea")
        with CaptureQueriesContext(connection) as captured:
            page = browser.get("/catalogue/?q=tea")
        assert f"Tea {count} 0" in page.content.decode()
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 14
