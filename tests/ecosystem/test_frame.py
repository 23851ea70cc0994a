"""The frame is rendered once for many; nobody may see in it what is another's."""

import re

import pytest

from ecosystem import frame
from ecosystem.models import Environment


@pytest.fixture(autouse=True)
def _nothing_kept():
    frame._kept.clear()


def frame_of(browser, path="/me/data/"):
    """The page without what is its own."""
    page = browser.get(path).content.decode()
    return page.replace(page.partition("<main")[2].partition("</main>")[0], "")


def test_everybody_sees_their_own_name_in_a_frame_made_for_another(env, member, browser_of):
    anna, bo = browser_of(member(name="Anna Ash")), browser_of(member(name="Bo <b>Birch</b>"))
    frame_of(anna)
    made = len(frame._kept)
    seen = frame_of(bo)
    assert made
    assert len(frame._kept) == made
    assert "Bo &lt;b&gt;Birch&lt;/b&gt;" in seen
    assert "<b>Birch" not in seen
    assert "Anna" not in seen
    assert "Anna Ash" in frame_of(anna)


def test_neighbours_of_one_name_have_their_own_look(env, other, member, browser_of):
    logo = '<svg viewBox="0 0 1 1"><title>only {}</title></svg>'
    for place, word in ((env, "here"), (other, "there")):
        Environment.objects.filter(pk=place.pk).update(name="Same", logo_svg=logo.format(word))
    mine = frame_of(browser_of(member()))
    theirs = frame_of(browser_of(member(environment=other)))
    assert "only here" in mine
    assert "only there" not in mine
    assert "only there" in theirs
    assert "only here" not in theirs


def test_pages_in_the_menu_are_those_of_the_person(env, member, browser_of):
    assert "/settings/" in frame_of(browser_of(member("admin")))
    assert "/settings/" not in frame_of(browser_of(member()))


def test_the_way_back_and_the_token_are_of_this_page(env, member, browser_of):
    browser = browser_of(member())
    frame_of(browser)
    seen = frame_of(browser, "/me/data/?q=%22%3E%3Cscript%3E&next=\0name\0")
    assert set(re.findall(r'name="next" value="([^"]*)"', seen)) == {
        "/me/data/?q=%22%3E%3Cscript%3E&amp;next=%00name%00"
    }
    browser.handler.enforce_csrf_checks = True
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', seen)[1]
    chosen = browser.post("/i18n/setlang/", {"language": "nl", "next": "/me/data/", "csrfmiddlewaretoken": token})
    assert chosen.status_code == 302
    assert chosen.headers["Location"] == "/me/data/"
    dutch = frame_of(browser)
    assert 'aria-pressed="true">Nederlands' in dutch
    assert "Sign out" not in dutch


def test_the_place_on_the_page_is_marked(env, member, browser_of):
    browser = browser_of(member())
    home, catalogue = frame_of(browser, "/"), frame_of(browser, "/catalogue/")
    current = re.compile(r'href="([^"]+)" aria-current="page"')
    assert set(current.findall(home)) == {"/"}
    assert set(current.findall(catalogue)) == {"/catalogue/"}
