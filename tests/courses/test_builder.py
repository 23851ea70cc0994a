"""The builder's page, without JavaScript: every button of it, two authors, strangers, and what a learner would see."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.services import page_create
from courses.models import Activity, CourseVersion, DraftEdit
from courses.services import PlannedActivity, PlannedBlock, block_rename, course_publish, draft_discard, draft_of
from courses.services.creating import course_create
from ecosystem.models import Element, Power
from ecosystem.services.elements import element_create
from tests.courses.conftest import outline, uids, within

BUILD = "/courses/built/build/"


@pytest.fixture
def browser(author, browser_of, draft):
    return browser_of(author)


def post(browser, act, seen=0, address=BUILD, **facts):
    return browser.post(address, {"act": act, "seen": seen, **facts}, follow=True)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_course_has_no_address_that_belongs_to_a_page(author):
    with within(author):
        assert [course_create(title=title, by=author).slug for title in ("New", "Missed", "???", "New")] == [
            "new-2", "missed-2", "course", "new-3",
        ]  # fmt: skip


def test_a_course_from_scratch_to_its_first_steps(author, browser_of):
    browser = browser_of(author)
    assert "No courses yet" in text_of(browser.get("/studio/"))
    answer = browser.post("/studio/new/", {"title": "Safe shifts", "summary": "About shifts."}, follow=True)
    assert answer.redirect_chain[-1][0] == "/courses/safe-shifts/build/"
    address = "/courses/safe-shifts/build/"
    post(browser, "block_add", 0, address, title="First day")
    with within(author):
        draft = CourseVersion.objects.get(element__slug="safe-shifts")
        block = uids(draft)["First day"]
    page = browser.get(f"{address}?add={block}")
    assert "Make it here" in text_of(page)
    made = post(
        browser, "activity_new", 1, address, block=block, kind="page", title="Read this", markdown="# Hello\n\nYou."
    )
    assert made.status_code == 200
    with within(author):
        assert outline(draft) == ["First day", "- Read this"]
        element = Element.objects.get(slug="read-this")
        assert element.pages.get().html.startswith("<h")
        assert [credit.person_id for credit in element.credits.all()] == [author.person_id]
    assert "Read this" in text_of(browser.get("/studio/")) or "Safe shifts" in text_of(browser.get("/studio/"))


def test_a_second_course_of_the_same_title_has_an_address_of_its_own(author, browser_of, built):
    answer = browser_of(author).post("/studio/new/", {"title": "Built"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/courses/built-2/build/"


def test_looking_makes_no_draft_and_starting_makes_one(author, built, browser_of):
    browser = browser_of(author)
    page = browser.get(BUILD)
    assert "Published, version 1" in text_of(page)
    assert "Add a step" not in text_of(page)
    with within(author):
        assert CourseVersion.objects.filter(number=0).count() == 0
    assert "Add a step" in text_of(browser.post(BUILD, {"act": "start"}, follow=True))


def test_every_button_of_the_page(author, browser, draft, pages):
    with within(author):
        named = uids(draft)
    post(browser, "block_add", 0, title="Three")
    post(browser, "block_rename", 1, uid=named["One"], title="First")
    post(browser, "activity_add", 2, block=named["Two"], element=str(pages[3].uid))
    changed = {"title": "Read", "minutes": 9, "weight": 2, "optional": "on"}
    post(browser, "activity_change", 3, uid=named["Page 0"], **changed)
    browser.post(BUILD, {"seen": 4, "down": named["Page 0"]})
    post(browser, "activity_move", 5, uid=named["Page 2"], block=named["One"], position=0)
    with within(author):
        assert outline(draft) == ["First", "- Page 2", "- Page 1", "- Read", "Two", "- Page 3", "Three"]
        row = Activity.objects.get(version=draft, title="Read")
        assert (row.minutes, row.weight, row.optional) == (9, 2, True)
    post(browser, "activity_remove", 6, uid=named["Page 2"])
    post(browser, "block_remove", 7, uid=named["Two"])
    post(browser, "undo", 8)
    post(browser, "redo", 9)
    with within(author):
        assert outline(draft) == ["First", "- Page 1", "- Read", "Three"]
        assert list(DraftEdit.objects.values_list("act", flat=True))[-2:] == ["undone", "redone"]


def test_a_mistake_is_said_at_the_field_and_what_was_typed_stays(author, browser, draft):
    with within(author):
        uid = uids(draft)["Page 0"]
    facts = {"title": "Kept text", "minutes": -5, "weight": 1}
    answer = browser.post(BUILD, {"act": "activity_change", "seen": 0, "uid": uid, **facts})
    assert answer.status_code == 400
    assert "Kept text" in text_of(answer)
    assert "greater than or equal to 0" in text_of(answer)


def test_the_second_author_is_told_and_keeps_what_they_typed(author, member, browser, browser_of, draft):
    second = browser_of(member("author", name="Bo"))
    with within(author):
        uid = uids(draft)["Page 0"]
    facts = {"minutes": 5, "weight": 1}
    post(browser, "activity_change", 0, uid=uid, title="From Ama", **facts)
    answer = second.post(BUILD, {"act": "activity_change", "seen": 0, "uid": uid, "title": "From Bo", **facts})
    assert answer.status_code == 409
    assert "Ama changed “Page 0”" in text_of(answer)
    assert 'value="From Bo"' in text_of(answer)
    assert "From Ama" in text_of(answer)
    again = second.post(BUILD, {"act": "activity_change", "seen": 1, "uid": uid, "title": "From Bo", **facts})
    assert again.status_code == 302


@pytest.mark.parametrize("begun_again", [False, True])
def test_what_was_looked_at_is_gone_and_nothing_happens_to_the_next_draft(author, browser, draft, begun_again):
    """A page that was left open, while somebody else threw the draft away and perhaps began another one."""
    with within(author):
        block = uids(draft)["One"]
        draft_discard(draft=draft, by=author, seen=0)
        if begun_again:
            block_rename(draft=draft_of(element=draft.element, by=author), uid=block, title="New", by=author, seen=0)
    for act, facts in {"undo": {}, "redo": {}, "block_rename": {"uid": block, "title": "Old"}, "discard": {}}.items():
        for seen in (1, 5):
            answer = browser.post(BUILD, {"act": act, "seen": seen, "draft": draft.pk, **facts})
            assert answer.status_code == 409, act
            assert "published or thrown away" in text_of(answer), act
    answer = browser.post(f"{BUILD}publish/", {"seen": 1, "draft": draft.pk})
    assert answer.status_code == (409 if begun_again else 302)
    with within(author):
        versions = CourseVersion.objects.filter(element=draft.element).order_by("number")
        assert [version.number for version in versions] == ([0, 1] if begun_again else [1])
        assert outline(versions[0])[0] == ("New" if begun_again else "One")


def test_an_undo_of_a_draft_without_edits_is_refused_in_words(author, browser, draft):
    answer = browser.post(BUILD, {"act": "undo", "seen": 5})
    assert answer.status_code == 409
    assert "published or thrown away" in text_of(answer)


def test_every_form_of_the_page_says_which_draft_and_edit_it_is_about(author, browser, draft):
    with within(author):
        named = uids(draft)
    for address in (
        BUILD,
        f"{BUILD}?chosen={named['Page 0']}",
        f"{BUILD}?chosen={named['One']}",
        f"{BUILD}?add={named['One']}",
        f"{BUILD}publish/",
    ):
        page = browser.get(address).content.decode()
        assert page.count('name="seen"') == page.count(f'name="draft" value="{draft.pk}"') > 0, address


def test_a_refused_edit_leaves_no_new_element(author, browser, draft):
    answer = browser.post(
        BUILD, {"act": "activity_new", "seen": 0, "block": str(draft.element.uid), "kind": "page", "title": "T", "markdown": "x"}
    )  # fmt: skip
    assert answer.status_code == 409
    with within(author):
        assert not Element.objects.filter(title="T").exists()


def test_what_cannot_be_read_or_linked_is_refused_on_the_page(author, browser, draft):
    with within(author):
        block = uids(draft)["One"]
    assert "This could not be read." in text_of(browser.post(BUILD, {"act": "", "seen": 0, "up": "nobody"}))
    answer = post(browser, "activity_new", 0, block=block, kind="link", title="Files", url="ftp://example.org/x")
    assert answer.status_code == 409
    with within(author):
        assert not Element.objects.filter(title="Files").exists()


@pytest.mark.parametrize("role", ["learner", "instructor", "manager", "sponsor"])
def test_who_may_not_build_finds_no_page(member, browser_of, draft, role):
    browser = browser_of(member(role))
    for address in (BUILD, f"{BUILD}preview/", f"{BUILD}publish/", "/studio/", "/studio/new/"):
        assert browser.get(address).status_code == 404, address
    assert browser.post(BUILD, {"act": "block_add", "seen": 0, "title": "x"}).status_code == 404
    assert browser.post("/studio/new/", {"title": "x"}).status_code == 404


def test_a_neighbour_finds_no_page(other, member, browser_of, draft):
    browser = browser_of(member("admin", environment=other))
    assert browser.get(BUILD).status_code == 404
    assert browser.post(BUILD, {"act": "block_add", "seen": 0, "title": "x"}).status_code == 404


def test_who_was_given_one_course_builds_that_one_only(author, browser_of, draft, give):
    holder = give(Power.MANAGE_CONTENT, course=draft.element)
    with within(author):
        another = element_create(kind="course", title="Another", creators=["A"])
        draft_of(element=another, by=author)
        block = uids(draft)["One"]
    browser = browser_of(holder)
    assert browser.get(BUILD).status_code == 200
    assert browser.get("/courses/another/build/").status_code == 404
    assert "Another" not in text_of(browser.get("/studio/"))
    assert browser.get("/studio/new/").status_code == 404
    post(browser, "activity_new", 0, block=block, kind="page", title="Mine", markdown="x")
    with within(author):
        assert Element.objects.get(title="Mine").visibility == "private"


def test_search_finds_what_fits_and_not_what_is_in_the_course(author, browser, draft, pages):
    with within(author):
        block = uids(draft)["One"]
    page = text_of(browser.get(f"{BUILD}?add={block}&q=page"))
    assert "Page 3" in page.split("Search what there is")[1]
    assert 'Add<span class="vh"> Page 0' not in page
    assert "Nothing found" in text_of(browser.get(f"{BUILD}?add={block}&q=zebra"))


def test_the_preview_shows_the_draft_as_a_beginner_sees_it(author, browser, draft):
    with within(author):
        uid = uids(draft)["Page 2"]
    post(browser, "activity_change", 0, uid=uid, title="New name", minutes=5, weight=1)
    page = text_of(browser.get(f"{BUILD}preview/"))
    assert "New name" in page
    assert "Opens when you have finished “Page 0”." in page


def test_the_builder_costs_the_same_for_any_length(author, browser_of):
    costs = [queries_of_builder(author, browser_of, count) for count in (2, 40)]
    assert costs[0] == costs[1] <= 20


def queries_of_builder(author, browser_of, count):
    with within(author):
        course = element_create(kind="course", title=f"Long {count}", creators=[author.person])
        pages = [page_create(title=f"L{count} {n}", markdown="x", creators=["A"]).element for n in range(count)]
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=page) for page in pages])])
        draft_of(element=course, by=author)
    browser = browser_of(author)
    browser.get(f"/courses/long-{count}/build/")
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(f"/courses/long-{count}/build/").status_code == 200
    return len(captured)


def test_the_same_form_sent_twice_adds_once(author, member, browser, browser_of, draft, pages):
    """A double click, or a browser that tries again: the number of the edit that was looked at tells."""
    with within(author):
        block = uids(draft)["One"]
    for _time in range(2):
        post(browser, "block_add", title="Twice")
    for _time in range(2):
        post(browser, "activity_add", 1, block=block, element=str(pages[3].uid))
    for _time in range(2):
        post(browser, "activity_new", 2, block=block, kind="page", title="Made", markdown="x")
    with within(author):
        assert outline(draft) == ["One", "- Page 0", "- Page 1", "- Page 3", "- Made", "Two", "- Page 2", "Twice"]
        assert Element.objects.filter(title="Made").count() == 1
        assert DraftEdit.objects.filter(version=draft).count() == 3
    post(browser, "block_add", 3, title="Twice")  # having seen the first, on purpose
    post(browser_of(member("author")), "block_add", 3, title="Twice")  # and somebody else
    with within(author):
        assert outline(draft)[-3:] == ["Twice", "Twice", "Twice"]
