"""Reading a page: once finished is finished, and nothing that somebody wrote can do anything."""

from html.parser import HTMLParser

import pytest

from content.models import Page
from content.services import page_create
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.models import Visibility
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer
from records.models import Statement

pytestmark = pytest.mark.django_db


def make_page(env, **facts):
    with open_scope(environment_id=env.pk):
        return page_create(**{"title": "Tea", "markdown": "Pour.", "creators": ["Ada"], **facts}).element


def verbs(env) -> list[str]:
    with open_scope(environment_id=env.pk):
        return sorted(Statement.objects.values_list("verb", flat=True))


def test_opening_and_finishing_twice_is_once(env, member, browser_of):
    make_page(env)
    browser = browser_of(member())
    for _ in range(2):
        assert browser.get("/learn/tea/").status_code == 200
        assert browser.post("/learn/tea/done/").status_code == 302
    assert verbs(env) == ["completed", "launched"]


def test_looking_does_not_finish(env, member, browser_of):
    make_page(env)
    assert browser_of(member()).get("/learn/tea/done/").status_code == 405
    assert verbs(env) == []


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    '<a href="java&#x0A;script:alert(1)">x</a>',
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    '<p style="position:fixed">x</p>',
    "<svg><script>alert(1)</script></svg>",
    "<form action=//evil.example><input name=password></form>",
]


class Elements(HTMLParser):
    """Every tag with its attributes, as a browser would make them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_markdown_can_do_nothing(env, member, browser_of, hostile):
    make_page(env, markdown=f"# Tea\n\n{hostile}\n\nPour.")
    with open_scope(environment_id=env.pk):
        found = Elements(Page.objects.get().html).found
    assert {tag for tag, _attributes in found} <= {"h2", "p", "a", "img"}
    for _tag, attributes in found:
        assert set(attributes) <= {"href", "rel", "src", "alt"}
        for address in (attributes.get("href"), attributes.get("src")):
            assert not address or address.startswith(("https:", "/")), address
    assert "Pour." in browser_of(member()).get("/learn/tea/").content.decode()


def answers(browser) -> tuple[int, int]:
    return browser.get("/learn/tea/").status_code, browser.post("/learn/tea/done/").status_code


CLOSED, OPEN = (404, 404), (200, 302)


def test_a_private_page_opens_for_its_makers_and_gardeners_only(env, member, browser_of):
    owner, maker, learner = member(), member(), member()
    make_page(env, creators=["Ada", maker.person], owner=owner.person, visibility=Visibility.PRIVATE)
    assert answers(browser_of(learner)) == CLOSED
    assert verbs(env) == [], "it was recorded that somebody opened what they may not see"
    for who in (owner, maker, member("author"), member("gardener"), member("admin")):
        assert answers(browser_of(who)) == OPEN


@pytest.mark.parametrize("role", ["learner", "instructor", "manager", "sponsor"])
def test_other_roles_do_not_open_it(env, member, browser_of, role):
    make_page(env, visibility=Visibility.PRIVATE)
    assert answers(browser_of(member(role))) == CLOSED


def test_a_private_page_opens_for_those_whose_course_asks_for_it(env, member, browser_of):
    page = make_page(env, visibility=Visibility.PRIVATE)
    inside, outside = member(), member()
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="A course", creators=["Ada"])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=page)])])
        enrolment_create(run=run_open(element=course), person=inside.person)
    assert answers(browser_of(outside)) == CLOSED
    assert answers(browser_of(inside)) == OPEN
    assert answers(browser_of(inside)) == OPEN, "finishing the course closed it"


def test_our_own_page_goes_before_one_from_above_with_the_same_address(env, member, browser_of, make_environment):
    below = make_environment("below", parent=env)
    shared = make_page(env, markdown="From above.")
    with open_scope(environment_id=env.pk):
        element_offer(element=shared, to=below)
    browser = browser_of(member(environment=below))
    assert "From above." in browser.get("/learn/tea/").content.decode()
    make_page(below, markdown="Our own.", visibility=Visibility.PRIVATE)
    assert "From above." in browser.get("/learn/tea/").content.decode(), "a draft hid what everybody may read"
    with open_scope(environment_id=below.pk):
        own = Page.objects.get(element__environment=below).element
        own.visibility = Visibility.MEMBERS
        own.save(update_fields=["visibility"])
    assert "Our own." in browser.get("/learn/tea/").content.decode()
    assert browser.post("/learn/tea/done/").status_code == 302
    with open_scope(environment_id=below.pk):
        assert Statement.objects.get(verb="completed").element_id == own.pk
