"""Work shared among markers by other software: evenly, and that of a group to one."""

import pytest

from ecosystem.services.groups import group_members_add, group_save
from handins.models import Round
from tests.handins.conftest import within

pytestmark = pytest.mark.django_db
PLACE, JSON = "/api/v1/assignments/my-plan/allocate/", "application/json"


def test_evenly_and_by_group(make_assignment, member, marker, handed_in, browser_of):
    admin, other, learner = member("admin"), member("instructor"), member()
    assignment, people = make_assignment(), [member() for _number in range(4)]
    with within(admin):
        group = group_save(name="Night", by=admin)
        group_members_add(group=group, person_ids=[people[0].person_id], by=admin)
    for one in people:
        handed_in(assignment, one)
    desk = browser_of(admin)
    both = [marker.person.email, other.person.email.upper()]
    assert browser_of(learner).post(PLACE, {"markers": both}, JSON).status_code == 403
    for wrong in (
        {"markers": []}, {"markers": [learner.person.email]}, {"markers": both, "group": group.pk},
        {"markers": both[:1], "group": group.pk + 999}, {"markers": "all"},
    ):  # fmt: skip
        assert desk.post(PLACE, wrong, JSON).status_code == 400, wrong
    assert desk.post("/api/v1/assignments/none/allocate/", {"markers": both}, JSON).status_code == 404
    assert desk.post(PLACE, {"markers": both[:1], "group": group.pk}, JSON).json() == {"moved": 1}
    assert desk.post(PLACE, {"markers": both}, JSON).json() == {"moved": 3}
    assert desk.post(PLACE, {"markers": both}, JSON).json() == {"moved": 0}
    with within(admin):
        loads = [Round.objects.filter(marker_id=one.person_id).count() for one in (marker, other)]
        assert loads == [2, 2]
        assert Round.objects.get(person_id=people[0].person_id).marker_id == marker.person_id
