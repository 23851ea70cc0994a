"""Peer reviews over REST."""

import pytest

from ecosystem.gates import Closed, gates
from handins.models import PeerReview
from handins.selectors.peers import reviews_by
from tests.handins.conftest import within
from tests.handins.test_peers import SAID, over

pytestmark = pytest.mark.django_db


def test_over_the_api(running, browser_of, marker, member, author):
    _assignment, people, phase = running()
    one, place, plan = people[0], "/api/v1/peer-reviews/", "/api/v1/peer-plans/my-plan/"
    api, as_json = browser_of(one), "application/json"
    rows = api.get(place).json()["results"]
    assert [row["role"] for row in rows] == ["reviewer"] * 2
    assert not any(other.person.name in str(rows) for other in people[1:])
    uid = rows[0]["uid"]
    assert api.patch(f"{place}{uid}/", {"levels": {"0": 1}}, as_json).json()["levels"] == {"0": 1}
    assert api.post(f"{place}{uid}/send/", {"strengths": "x"}, as_json).status_code == 400
    assert api.post(f"{place}{uid}/send/", SAID, as_json).json()["state"] == "done"
    assert api.get(f"{place}{uid}/files/").json() == []
    assert api.post(f"{place}{uid}/answer/", {"is_helpful": True}, as_json).status_code == 403
    assert api.post(f"{place}{uid}/exclude/", {"because": "x"}, as_json).status_code == 403
    assert browser_of(member()).get(f"{place}{uid}/").status_code == 404
    over(phase, author)
    with within(one):
        whose = next(other for other in people if other.person_id == PeerReview.objects.get(uid=uid).author_id)
    theirs = browser_of(whose)
    got = theirs.get(f"{place}{uid}/").json()
    assert (got["role"], got["reviewer"], got["text"], got["advice"]) == ("author", None, "", "Shorter")
    assert theirs.post(f"{place}{uid}/answer/", {"is_helpful": True}, as_json).json()["helpful"] is True
    assert theirs.post(f"{place}{uid}/flag/", {"because": "Rude"}, as_json).json()["flag"] == "Rude"
    desk = browser_of(marker)
    assert desk.get(f"{place}{uid}/").json()["reviewer"] == one.person.name
    assert desk.post(f"{place}{uid}/exclude/", {"because": "Rude"}, as_json).json()["excluded"] == "Rude"
    assert theirs.get(f"{place}{uid}/").status_code == 404
    assert api.patch(plan, {"each": 1}, as_json).status_code == 403
    assert desk.post(f"{plan}open/", {}, as_json).status_code == 400
    assert browser_of(author).patch(plan, {"share": 30}, as_json).json()["share"] == 30
    assert desk.post(f"{plan}drop/", {"person": one.person.email, "because": "Ill"}, as_json).json() == {"reviews": 1}


def test_a_locked_step_of_a_course_is_locked_over_the_api_too(running, browser_of):
    """As its page is: nothing of the work is read, and no review is kept or given."""
    _assignment, people, _phase = running()
    with within(people[0]):
        row = reviews_by(people[0]).first()
    desk, place = browser_of(people[0]), f"/api/v1/peer-reviews/{row.uid}/"
    assert desk.get(place).json()["text"] == row.round.text
    gates.register("not yet", lambda _membership, _element: Closed("Not yet.", "", "/"))
    try:
        assert desk.get(place).json()["text"] == ""
        assert desk.get(f"{place}files/").status_code == 400
        assert desk.patch(place, {"strengths": "Good."}, "application/json").json()["errors"]
        assert desk.post(f"{place}send/", {"strengths": "Good."}, "application/json").status_code == 400
    finally:
        del gates._items["not yet"]
