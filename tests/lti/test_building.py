"""Authors make activities in tools, on a page of their own, while they build a course, and from a package."""

import pytest

from courses.models import Activity
from courses.services import PlannedActivity, PlannedBlock, course_publish
from courses.services.drafts import draft_of
from ecosystem.services.elements import element_create
from lti.exceptions import LtiError
from lti.models import ToolLink
from lti.services import link_make, tool_save
from tests.courses.packing import brought, packed
from tests.lti.conftest import FACTS, PASTED, within
from tests.lti.small_tool import SITE

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Airway", "summary": "In the simulator.", "target_url": f"{SITE}/airway", "custom": "level=2\nlang=nl", "opens_in": "frame",
    "done_when": "reported", "pass_mark": "80", "points": "20", "language": "en", "minutes": "15", "tags": "", "visibility": "members",
}  # fmt: skip


def test_an_author_makes_an_activity_and_changes_it(browser_of, author, tool, learner):
    browser = browser_of(author)
    assert browser.get("/tools/").status_code == 200
    answer = browser.post("/tools/new/", {**TYPED, "tool": tool.pk})
    assert answer.headers["Location"] == "/tools/airway/settings/"
    with within(author):
        made = ToolLink.objects.select_related("element").get()
        assert (made.custom, made.pass_mark, made.points, made.tool_id) == (
            {"level": "2", "lang": "nl"},
            80,
            20,
            tool.pk,
        )
    page = browser.get("/tools/airway/settings/").content.decode()
    assert {"level=2", "lang=nl"} <= set(page.replace("</textarea>", "\n").replace(">", "\n").split("\n"))
    for wrong, said in (
        ({"target_url": "https://elsewhere.example.com/"}, "not on a site of “Simulator”"),
        ({"custom": "no sign"}, "Write one a line"),
        ({"pass_mark": "101"}, "less than or equal to 100"),
        ({"tool": "987654321"}, "not one of the available choices"),
    ):
        answer = browser.post("/tools/airway/settings/", {**TYPED, "tool": tool.pk, **wrong})
        assert (answer.status_code, said in answer.content.decode()) == (400, True), wrong
    browser.post("/tools/airway/settings/", {**TYPED, "tool": tool.pk, "title": "Breath", "pass_mark": ""})
    with within(author):
        made.refresh_from_db()
        assert (made.element.title, made.pass_mark) == ("Breath", None)
    assert "Airway" not in browser.get("/tools/").content.decode()
    for path in ("/tools/", "/tools/new/", "/tools/airway/settings/"):
        assert browser_of(learner).get(path).status_code == 404


def test_an_activity_is_made_while_a_course_is_built(browser_of, author, tool):
    with within(author):
        course = element_create(kind="course", title="Care", creators=[author.person])
        first = link_make(title="First", by=author, tool=tool)
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=first.element)])])
        draft = draft_of(element=course, by=author)
        block = draft.blocks.get()
    browser = browser_of(author)
    page = browser.get(f"/courses/care/build/?add={block.uid}").content.decode()
    assert "Pass mark in percent" in page
    typed = {"title": "Airway", "tool": tool.pk, "target_url": "", "done_when": "opened", "pass_mark": ""}
    asked = {"act": "activity_new", "seen": 0, "draft": draft.pk, "block": str(block.uid), "kind": "external_tool"}
    answer = browser.post("/courses/care/build/", {**asked, **typed})
    assert answer.status_code == 302, answer.content
    with within(author):
        assert [row.type for row in Activity.objects.filter(version=draft)] == ["external_tool"] * 2
        assert ToolLink.objects.get(element__title="Airway").done_when == "opened"


def test_in_a_package_a_tool_goes_by_its_name_and_without_its_keys(author, admin, tool, member, other):
    with within(author):
        link = link_make(title="Airway", by=author, tool=tool, target_url=f"{SITE}/airway")
        course = element_create(kind="course", title="Care", creators=[author.person])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=link.element)])])
        data = packed(course, author)
    assert b"-----" not in data
    there, boss = member("author", environment=other), member("admin", environment=other)
    with within(there):
        brought(data, there)
        row = ToolLink.objects.get()
        assert (row.tool, row.wanted, row.target_url) == (None, "Simulator", f"{SITE}/airway")
    with within(boss):
        theirs = tool_save(by=boss, pasted=PASTED, **FACTS)
    with within(there):
        brought(data, there, again=True)
        assert ToolLink.objects.order_by("-pk").first().tool_id == theirs.pk


def test_authors_only_and_never_with_a_tool_of_elsewhere(member, author, tool, other, learner):
    with within(learner), pytest.raises(LtiError):
        link_make(title="Airway", by=learner, tool=tool)
    stranger = member("author", environment=other)
    with within(stranger), pytest.raises(LtiError, match="not on a site"):
        link_make(title="Airway", by=stranger, tool=tool, target_url="https://evil.example.com/")
