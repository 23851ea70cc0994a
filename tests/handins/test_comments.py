"""Saved comments: one's own and shared ones, put in with one tap, with and without JavaScript."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecosystem.models import AuditEntry, Membership
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.groups import group_members_add, group_save
from handins.exceptions import HandinError
from handins.models import Mark, Remark, SavedComment
from handins.selectors.comments import comments_beside, comments_for
from handins.services.comments import comment_drop, comment_keep, comment_set
from tests.handins.conftest import within

pytestmark = pytest.mark.django_db
PLACE = "/reviewing/comments/"


def said_in(who: Membership) -> list[str]:
    with within(who):
        return [one.words for one in comments_for(who)]


@pytest.fixture
def of_a_group(member) -> Membership:
    """Who marks the people of one group only."""
    boss, one = member("admin"), member(name="Gus")
    with within(boss):
        group = group_save(name="Ours", by=boss)
        group_members_add(group=group, person_ids=[member().person_id], by=boss)
        until = timezone.now() + timedelta(days=9)
        delegation_grant(person=one.person, powers=["mark"], reach="group", group=group, until=until, by=boss)
        return Membership.objects.select_related("person", "environment").get(pk=one.pk)


def test_ones_own_and_shared_ones(marker, member, of_a_group, make_assignment):
    other, boss, learner = member("instructor"), member("admin"), member()
    element = make_assignment().element
    with within(marker):
        mine = comment_keep(words=" What\x00 did you hold back? ", by=marker)
        assert comment_keep(words="What did you hold back?", by=marker) == mine
        shared = comment_keep(words="Say when", element=element, is_shared=True, by=marker)
        assert [one.words for one in comments_beside(marker, element_id=element.pk)] == [shared.words, mine.words]
        for wrong, reason in ((" ", "Write what"), ("x" * 2001, "At most 2000")):
            with pytest.raises(HandinError, match=reason):
                comment_keep(words=wrong, by=marker)
    assert said_in(other) == said_in(of_a_group) == ["Say when"]
    with within(learner), pytest.raises(HandinError):
        comment_keep(words="Mine", by=learner)
    with within(of_a_group):
        comment_keep(words="Gus says", by=of_a_group)
        with pytest.raises(HandinError, match="marks all work"):
            comment_keep(words="For all", is_shared=True, by=of_a_group)
    with within(other):
        with pytest.raises(HandinError, match="can change"):
            comment_set(comment=shared, words="Mine", is_shared=True, by=other)
        with pytest.raises(HandinError, match="can delete"):
            comment_drop(comment=shared, by=other)
    with within(boss):
        with pytest.raises(HandinError):
            comment_drop(comment=mine, by=boss)  # not shared
        for _time in range(2):
            comment_drop(comment=shared, by=boss)
        assert AuditEntry.objects.filter(act="handin.comment_dropped").count() == 1
    assert said_in(other) == []


def test_on_its_page(marker, member, browser_of):
    desk, other, learner = browser_of(marker), browser_of(member("instructor")), browser_of(member())
    assert learner.get(PLACE).status_code == 404
    assert desk.post(PLACE, {"do": "keep", "words": ""}).status_code == 400
    for words in ("<b>Say when</b>", "Who stays with her?"):
        desk.post(PLACE, {"do": "keep", "words": words, "of": ""})
    assert b"&lt;b&gt;Say when&lt;/b&gt;" in desk.get(PLACE).content
    found = desk.get(PLACE, {"q": "STAYS who"}).content
    assert b"Who stays" in found
    assert b"Say when" not in found
    assert b"Say when" not in other.get(PLACE).content
    with within(marker):
        row = SavedComment.objects.get(words__contains="when")
    assert other.post(PLACE, {"do": f"set:{row.uid}", "words": "Mine"}).status_code == 404
    assert desk.post(PLACE, {"do": "set:no", "words": "Mine"}).status_code == 404
    desk.post(PLACE, {"do": f"set:{row.uid}", "words": "Say when exactly", "is_shared": "on"})
    assert b"Say when exactly" in other.get(PLACE).content
    assert b"can delete" in other.post(PLACE, {"do": f"drop:{row.uid}"}, follow=True).content
    desk.post(PLACE, {"do": f"drop:{row.uid}"})
    assert said_in(marker) == ["Who stays with her?"]


def test_into_the_feedback_and_a_remark_and_out_of_them_with_one_tap(
    marker, member, make_assignment, handed_in, browser_of
):
    round, desk = handed_in(make_assignment(), member()), browser_of(marker)
    with within(marker):
        saved = comment_keep(words="Say when", by=marker)
    place = f"/reviewing/{round.uid}/"
    said = desk.post(
        place, {"do": f"insert:{saved.uid}", "comment": "Well done.", "level_0": "2", "comment_1": "Clear"}
    )
    assert said.status_code == 200
    assert said.context["form"]["comment"].value() == "Well done.\nSay when"
    assert said.context["form"]["comment_1"].value() == "Clear"
    assert str(said.context["form"]["level_0"].value()) == "2"
    kept = desk.post(place, {"do": "keep", "comment": "Well done."})
    assert kept.context["form"]["comment"].value() == "Well done."
    assert desk.post(place, {"do": "insert:none", "comment": "Still"}).context["form"]["comment"].value() == "Still"
    desk.post(f"{place}remarks/", {"quote": "this", "words": "Here:", "saved": str(saved.uid)})
    with within(marker):
        remark = Remark.objects.get()
        assert remark.words == "Here:\nSay when"
        assert not Mark.objects.exists()
    desk.post(f"{place}remarks/", {"do": f"keep:{remark.uid}"})
    assert set(said_in(marker)) == {"Say when", "Well done.", "Here:\nSay when"}


def test_one_who_may_not_see_it_cannot_put_it_in(marker, member, make_assignment, handed_in, browser_of):
    other = member("instructor")
    with within(other):
        secret = comment_keep(words="Between us", by=other)
    round, desk = handed_in(make_assignment(), member()), browser_of(marker)
    page = desk.post(f"/reviewing/{round.uid}/", {"do": f"insert:{secret.uid}", "comment": ""})
    assert b"Between us" not in page.content
    desk.post(f"/reviewing/{round.uid}/remarks/", {"quote": "this", "words": "W", "saved": str(secret.uid)})
    with within(marker):
        assert Remark.objects.get().words == "W"


def test_over_the_api(marker, member, make_assignment, browser_of):
    slug = make_assignment().element.slug
    desk, other, learner = browser_of(marker), browser_of(member("instructor")), browser_of(member())
    place, json = "/api/v1/saved-comments/", "application/json"
    assert learner.get(place).status_code == 403
    made = desk.post(place, {"words": "Say when", "assignment": slug}, json)
    assert made.status_code == 201
    assert made.json()["assignment"] == slug
    one = f"{place}{made.json()['uid']}/"
    assert other.get(one).status_code == 404
    assert desk.patch(one, {"is_shared": True}, json).json()["is_shared"] is True
    assert other.get(place, {"words": "when"}).json()["results"][0]["words"] == "Say when"
    assert other.get(place, {"words": "never"}).json()["results"] == []
    assert other.patch(one, {"words": "Mine"}, json).status_code == 400
    assert other.delete(one).status_code == 400
    assert desk.delete(one).status_code == 204
    assert desk.post(place, {"words": "W", "assignment": "none"}, json).status_code == 400


def test_as_many_queries_for_three_as_for_one(marker, browser_of):
    desk, counts = browser_of(marker), []
    desk.get(PLACE)  # the first page of a sign-in asks more
    for number in (1, 3):
        with within(marker):
            for n in range(number):
                comment_keep(words=f"{number} {n}", by=marker)
        with CaptureQueriesContext(connection) as seen:
            desk.get(PLACE)
        counts.append(len(seen))
    assert counts[0] == counts[1]
