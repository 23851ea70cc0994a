"""What pages about hand-ins say is so for whoever reads them, and nothing is offered that would be refused."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from ecosystem.models import AuditEntry, Group, GroupMember, Power
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.memberships import members_end
from handins.exceptions import HandinError
from handins.models import PeerPlan, Round
from handins.services import round_save, round_start, rounds_allocate, rounds_allocate_balanced
from handins.services.peers_training import peer_sample_add, peer_sample_try
from handins.services.teams import team_leave, team_make
from tests.handins.conftest import levels, within

pytestmark = pytest.mark.django_db
PAGE, PLAN = "/handins/my-plan/", "/assignments/my-plan/peers/"


def said(answer) -> str:
    return " ".join(answer.text.split())


def test_whoever_agreed_reads_for_whom_it_waits(make_assignment, marker, member, browser_of):
    assignment, lea, tom = make_assignment(is_group=True, all_agree=True), member(name="Lea"), member(name="Tom")
    with within(marker):
        team = team_make(assignment=assignment, name="Blue", person_ids=[lea.person_id, tom.person_id], by=marker)
    with within(lea):
        round_save(round=round_start(assignment=assignment, by=lea), text="Ours.", by=lea)
    hers, his = browser_of(lea), browser_of(tom)
    with within(lea):
        seen = Round.objects.get().saved_at.isoformat()
    hers.post(PAGE, {"do": "submit", "text": "Ours.", "seen": seen})
    page = said(hers.get(PAGE))
    assert "It still waits for Tom." in page
    assert "I agree: hand it in" not in page
    assert "I agree: hand it in" in said(his.get(PAGE))
    with within(marker):
        team_leave(team=team, person_id=tom.person_id, by=marker)
    assert "I agree: hand it in" in said(hers.get(PAGE)), "nobody is left to wait for"
    assert "Teams hand this in, and you are in none." in said(his.get(PAGE))


def test_work_that_peers_review_is_not_offered_back(running, browser_of, marker, make_assignment, handed_in, member):
    _assignment, people, _phase = running()
    page = said(browser_of(people[0]).get(PAGE))
    assert ("Others are reviewing it already" in page, "Take it back" in page) == (True, False)
    with within(marker):
        uid = Round.objects.filter(person_id=people[0].person_id).get().uid
    desk = browser_of(marker)
    assert "can take it back" not in said(desk.get(f"/reviewing/{uid}/"))
    other = make_assignment(title="Alone")
    alone = handed_in(other, people[0])
    assert "Take it back" in said(browser_of(people[0]).get("/handins/alone/"))
    assert "the learner can take it back" in said(desk.get(f"/reviewing/{alone.uid}/"))


def test_only_the_end_of_a_running_review_is_changed_on_its_page(running, author, browser_of):
    odd = timezone.now().replace(second=17, microsecond=4) - timedelta(hours=2)
    running(opens_at=odd)
    own = browser_of(author)
    shown = dict(re.findall(r'name="(opens_at|closes_at)" value="([^"]+)"', own.get(PLAN).text))
    ends = datetime.fromisoformat(shown["closes_at"]) + timedelta(days=1)
    with within(author):
        before = PeerPlan.objects.get().closes_at
    same = {"is_on": "on", "each": 2, "is_anonymous": "on", "share": 0, "quality": 0, "near": 20}
    answer = own.post(PLAN, {**same, "opens_at": shown["opens_at"], "closes_at": ends.strftime("%Y-%m-%dT%H:%M")})
    assert answer.status_code == 302, said(answer)
    with within(author):
        now = PeerPlan.objects.get()
    assert (now.opens_at, now.closes_at > before + timedelta(hours=23)) == (odd, True)


def test_a_sample_says_how_near_it_was_and_keeps_its_lines(running, marker, browser_of):
    assignment, people, _phase = running()
    with within(marker):
        facts = {"levels": levels(2, 2, 2, 2), "text": "One.\n\nTwo.", "by": marker}
        samples = [peer_sample_add(assignment=assignment, title=f"Try {n}", **facts) for n in range(2)]
    for sample, found in zip(samples, (levels(2, 2, 2, 2), levels(0, 0, 0, 0)), strict=True):
        with within(people[0]):
            peer_sample_try(sample=sample, by=people[0], levels=found)
    near, far = (said(browser_of(people[0]).get(f"/handins/samples/{one.uid}/")) for one in samples)
    assert "Well looked." in near
    assert "Well looked." not in far
    assert "You are 100 points apart. Look where you differ. You can review the work of others now." in far
    assert "One.\n\nTwo.</div>" in browser_of(people[0]).get(f"/handins/samples/{samples[0].uid}/").text
    desk = said(browser_of(marker).get("/reviewing/my-plan/samples/"))
    assert "Or choose an example" not in desk, "there is none"


def test_what_waits_for_who_has_left_is_shared_anew(make_assignment, member, marker, handed_in, browser_of):
    admin, gone, assignment = member("admin"), member("instructor", name="Gone"), make_assignment(is_double=True)
    rounds = [handed_in(assignment, member()) for _n in range(3)]
    with within(admin):
        rounds_allocate(rounds=rounds[:2], marker=gone, by=admin)
        rounds_allocate(rounds=rounds[2:], marker=marker, by=admin)
        rounds_allocate(rounds=rounds[2:], marker=gone, by=admin, is_second=True)
    desk = browser_of(admin)
    page, free = said(desk.get("/reviewing/my-plan/allocation/")), said(desk.get("/reviewing/?whose=nobody"))
    assert ("0 hand-ins wait and are for nobody yet" in page, "Mia (1 waiting)" in page) == (True, True)
    assert "Nothing waits for you" in free
    with within(admin):
        members_end(memberships=[gone], by=admin)
        with pytest.raises(HandinError, match="no longer here"):
            rounds_allocate(rounds=rounds[:1], marker=gone, by=admin)
    page, free = said(desk.get("/reviewing/my-plan/allocation/")), said(desk.get("/reviewing/?whose=nobody"))
    assert ("2 hand-ins wait and are for nobody yet" in page, "Gone" in page) == (True, False)
    assert ("my plan (2)" in free.lower(), "Gone" in said(desk.get("/reviewing/"))) == (True, False)
    with within(admin):
        assert AuditEntry.objects.filter(act="handin.allocated", before__has_any_keys=["marker", "second"]).count() >= 3
        assert rounds_allocate_balanced(element_id=assignment.element_id, markers=[marker], by=admin) == 2
        assert Round.objects.filter(marker_id=marker.person_id, second=None).count() == 3


def test_work_on_the_job_names_who_is_asked(make_assignment, member, env, browser_of):
    make_assignment(is_on_the_job=True)
    admin, boss, managed, alone = member("admin"), member(name="Bo"), member(), member()
    with within(admin):
        group = Group.objects.create(environment=env, name="Crew")
        GroupMember.objects.create(environment=env, group=group, person=managed.person)
        delegation_grant(
            by=admin, person=boss.person, powers=[Power.ENROL], reach="group", group=group,
            until=timezone.now() + timedelta(days=30),
        )  # fmt: skip
    theirs, other = (said(browser_of(one).get(PAGE)) for one in (managed, alone))
    assert "whoever guides or manages you there is asked" in theirs
    assert "whoever gives feedback says whether it was done" in other
    assert "manages you" not in other
