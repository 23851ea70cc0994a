"""What other software sends wrongly is said where it stands, and never left out without a word."""

import pytest

from ecosystem.models import Group
from ecosystem.scope import open_scope
from tests.api.test_doors import problem
from tests.handins.conftest import levels

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def desk(marker, browser_of):
    return browser_of(marker)


def test_a_level_of_no_criterion_is_refused(make_assignment, handed_in, member, desk):
    found = handed_in(make_assignment(), member())
    place = f"/api/v1/handins/{found.uid}/mark/"
    wrong = {"levels": {**levels(2, 2, 2, 2), "7": 1}}
    body = problem(desk.post(place, wrong, JSON), 400)
    assert body["detail"] == "There is no criterion with the number 7."
    assert desk.post(place, {"levels": levels(2, 2, 2, 2)}, JSON).status_code == 201


def test_a_team_points_at_who_is_not_here(make_assignment, member, desk):
    make_assignment(is_group=True)
    said = {"assignment": "my-plan", "name": "Blue", "people": [member().person.email, "nobody@example.org"]}
    body = problem(desk.post("/api/v1/teams/", said, JSON), 400)
    assert [one["pointer"] for one in body["errors"]] == ["#/people/1"]


@pytest.mark.parametrize(
    ("groups", "said"),
    [([2**40], "There is no such group."), (None, "Draw teams from one group.")],
)
def test_forming_teams_says_which_of_the_two_is_wrong(groups, said, env, make_assignment, member, browser_of):
    make_assignment(is_group=True)
    with open_scope(environment_id=env.pk):
        made = [Group.objects.create(environment=env, name=name).pk for name in ("Day", "Night")]
    asked = {"assignment": "my-plan", "groups": groups or made, "size": 2}
    body = problem(browser_of(member("admin")).post("/api/v1/teams/form/", asked, JSON), 400)
    assert body["errors"] == [{"detail": said, "pointer": "#/groups"}]
