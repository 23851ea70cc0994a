"""A share of the marks is looked at by somebody else, before the release or beside it."""

import threading
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction
from django.db.models import ProtectedError

from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Membership
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from handins.exceptions import HandinError
from handins.models import Assignment, Moderation, Round, RoundState, Verdict
from handins.privacy import moderation_unseen
from handins.selectors.queue_pages import MODERATE, Part, queue_page
from handins.services import (
    assignment_make,
    assignment_set,
    mark_give,
    marking_reopen,
    round_save,
    round_start,
    round_submit,
    rounds_release,
    rounds_stage,
)
from handins.services.double import independent_mark_give, marks_average
from handins.services.moderating import is_drawn, verdict_give
from notifications.models import Notice
from tests.handins.conftest import levels, within

pytestmark = pytest.mark.django_db
JSON = "application/json"
YES, NO = levels(2, 2, 2, 2), levels(0, 0, 0, 0)


@pytest.fixture
def second(member):
    return member("instructor", name="Max")


@pytest.fixture
def learner(member):
    return member(name="Lea")


@pytest.fixture
def round(make_assignment, handed_in, learner):
    return handed_in(make_assignment(moderation="failing"), learner)


def to_moderate(membership: Membership) -> list[int]:
    return [row.pk for row in queue_page(Part(membership, MODERATE)).rows]


def state_of(round: Round) -> str:
    return Round.objects.get(pk=round.pk).state


def test_a_release_waits_for_the_moderator(round, marker, second, browser_of):
    desk, other, place = browser_of(marker), browser_of(second), f"/reviewing/{round.uid}/"
    form = {f"level_{n}": "0" for n in range(4)}
    said = desk.post(place, {"do": "release", "comment": "Thin.", **form}, follow=True).text
    assert "Somebody else looks at the mark before its release" in said
    with within(marker):
        assert state_of(round) == RoundState.CHECKING
        for to in ("ready", "marked"):
            with pytest.raises(HandinError, match="moderator"):
                rounds_stage(rounds=[round], to=to, by=marker)
        with pytest.raises(HandinError, match="in review"):
            rounds_release(rounds=[round], by=marker)
        with pytest.raises(HandinError, match="yourself"):
            verdict_give(round=round, is_upheld=True, by=marker)
        assert to_moderate(marker) == []
    assert b"No mark to look at" in desk.get("/reviewing/?state=moderate").content
    assert b"Uphold the mark" not in desk.get(place).content
    assert b"Lea" in other.get("/reviewing/?state=moderate").content
    assert other.get("/api/v1/handins/to_moderate/").json() == {"rounds": [str(round.uid)]}
    page = other.get(place).content
    assert b"Uphold the mark" in page
    assert b"it does not pass" in page
    other.post(f"{place}verdict/", {"do": "return", "words": " "})
    with within(marker):
        assert not Verdict.objects.exists()
    other.post(f"{place}verdict/", {"do": "return", "words": "Look at criterion two again."})
    with within(marker):
        assert state_of(round) == RoundState.REVIEWING
        assert Notice.objects.filter(person=marker.person, body__contains="not upheld").count() == 1
        assert AuditEntry.objects.get(act="handin.moderated").after["upheld"] is False
        mark_give(round=round, levels=YES, by=marker)  # would not be looked at, had the one before been upheld
        assert Moderation.objects.order_by("-pk")[0].reason == "again"
    assert b"Look at criterion two again." in desk.get(place).content
    assert other.post(f"/api/v1/handins/{round.uid}/verdict/", {"upheld": True}, JSON).status_code == 201
    assert other.post(f"/api/v1/handins/{round.uid}/verdict/", {"upheld": True}, JSON).status_code == 400
    assert [one["upheld"] for one in desk.get(f"/api/v1/handins/{round.uid}/verdict/").json()] == [False, True]
    with within(marker):
        assert state_of(round) == RoundState.READY
        with pytest.raises(HandinError, match="stand for this mark"):
            mark_give(round=round, levels=YES, by=marker)
        assert rounds_release(rounds=[round], by=marker) == 1


def test_passive_the_release_does_not_wait_and_the_verdict_is_kept(
    make_assignment, handed_in, learner, marker, second, browser_of
):
    round = handed_in(make_assignment(moderation="failing", moderation_active=False), learner)
    with within(marker):
        mark_give(round=round, levels=NO, by=marker)
        assert state_of(round) == RoundState.MARKED
        rounds_release(rounds=[round], by=marker)
    with within(second):
        assert len(to_moderate(second)) == 1
        verdict_give(round=round, is_upheld=False, words="Too hard.", by=second)
        assert state_of(round) == RoundState.RETURNED
    assert b"Too hard." in browser_of(marker).get(f"/reviewing/{round.uid}/").content
    assert b"Too hard." not in browser_of(learner).get("/handins/my-plan/").content
    assert browser_of(learner).get(f"/api/v1/handins/{round.uid}/verdict/").status_code == 403
    assert browser_of(learner).post(f"/reviewing/{round.uid}/verdict/", {"do": "uphold"}).status_code == 404


def test_failing_and_near_the_pass_mark_and_no_others(make_assignment, handed_in, member, marker):
    plan = make_assignment(moderation="failing", borderline=3)
    given = {(2, 2, 2, 2): None, (0, 0, 0, 0): "failing", (2, 1, 1, 1): "borderline", (2, 2, 1, 1): None}
    for points, reason in given.items():
        round = handed_in(plan, member())
        with within(marker):
            mark_give(round=round, levels=levels(*points), by=marker)
            found = Moderation.objects.filter(round=round).first()
            assert (found.reason if found else None) == reason, points


def test_the_sample_falls_the_same_again_and_is_about_the_share():
    uids = [UUID(int=number * 7919 + 1) for number in range(20_000)]
    drawn = {uid for uid in uids if is_drawn(seed="a seed", uid=uid, share=10)}
    assert drawn == {uid for uid in reversed(uids) if is_drawn(seed="a seed", uid=uid, share=10)}
    assert 1_850 < len(drawn) < 2_150  # 2 000 expected, standard deviation 42
    assert drawn < {uid for uid in uids if is_drawn(seed="a seed", uid=uid, share=20)}
    assert drawn != {uid for uid in uids if is_drawn(seed="another", uid=uid, share=10)}
    assert all(is_drawn(seed="a seed", uid=uid, share=100) for uid in uids[:500])


def test_the_seed_is_kept_and_says_why_a_round_was_drawn(make_assignment, handed_in, member, marker, author):
    plan = make_assignment(moderation="sample", moderation_share=50)
    rounds = [handed_in(plan, member()) for _person in range(6)]
    with within(marker):
        for round in rounds:
            mark_give(round=round, levels=YES, by=marker)
        plan.refresh_from_db()
        expected = {row.pk for row in rounds if is_drawn(seed=plan.moderation_seed, uid=row.uid, share=50)}
        assert set(Moderation.objects.values_list("round_id", flat=True)) == expected
        assert all(plan.moderation_seed in row.draw for row in Moderation.objects.all())
    with within(author):
        before = plan.moderation_seed
        assignment_set(assignment=plan, moderation="none", by=author)
        assignment_set(assignment=plan, moderation="sample", by=author)
        assert Assignment.objects.get().moderation_seed == before
        with pytest.raises(HandinError, match="share"):
            assignment_set(assignment=plan, moderation_share=0, by=author)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.update(moderation_seed="")


def test_back_to_marking_leaves_no_old_mark_to_moderate(round, marker, second):
    with within(marker):
        mark_give(round=round, levels=NO, by=marker)
        marking_reopen(round=round, because="Mixed up", by=marker)
    with within(second), pytest.raises(HandinError, match="does not wait"):
        verdict_give(round=round, is_upheld=True, by=second)
    with within(marker):
        mark_give(round=round, levels=YES, by=marker)
        assert state_of(round) == RoundState.MARKED
        assert rounds_release(rounds=[round], by=marker) == 1


def test_a_mark_after_one_that_was_upheld_is_looked_at_too(round, marker, second):
    with within(marker):
        mark_give(round=round, levels=NO, by=marker)
    with within(second):
        verdict_give(round=round, is_upheld=True, by=second)
    with within(marker):
        marking_reopen(round=round, because="A page was missed", by=marker)
        mark_give(round=round, levels=YES, by=marker)
        assert state_of(round) == RoundState.CHECKING
        with pytest.raises(HandinError, match="in review"):
            rounds_release(rounds=[round], by=marker)
        assert Moderation.objects.order_by("pk").last().reason == "again"
    with within(second):
        assert to_moderate(second) == [round.pk]


def test_neither_of_two_moderates_what_they_agreed_on(make_assignment, handed_in, learner, marker, second, member):
    round, third = handed_in(make_assignment(is_double=True, moderation="failing"), learner), member("admin")
    for who in (marker, second):
        with within(who):
            independent_mark_give(round=round, levels=NO, by=who)
    with within(marker):
        marks_average(round=round, by=marker)
        assert state_of(round) == RoundState.CHECKING
    for who in (marker, second):
        with within(who), pytest.raises(HandinError, match="yourself"):
            verdict_give(round=round, is_upheld=True, by=who)
    with within(third):
        verdict_give(round=round, is_upheld=True, by=third)
        for model in (Verdict, Moderation):
            with pytest.raises((ProgrammingError, ProtectedError)), transaction.atomic():
                model.objects.all().delete()
        with pytest.raises(ProgrammingError), transaction.atomic():
            Verdict.objects.update(is_upheld=False)


def test_the_author_says_it_on_the_page_and_over_the_api(make_assignment, author, browser_of):
    make_assignment()
    desk = browser_of(author)
    data = {k: v for k, v in desk.get("/assignments/my-plan/").context["form"].initial.items() if v is not None}
    changed = {**data, "moderation": "sample", "moderation_share": "25", "moderation_active": "on"}
    assert desk.post("/assignments/my-plan/", changed).status_code == 302
    found = desk.get("/api/v1/assignments/my-plan/").json()
    assert (found["moderation"], found["moderation_share"], found["moderation_active"]) == ("sample", 25, True)
    assert "moderation_seed" not in found
    assert desk.patch("/api/v1/assignments/my-plan/", {"moderation": "failing"}, JSON).json()["moderation"] == "failing"
    assert desk.patch("/api/v1/assignments/my-plan/", {"moderation_share": 0}, JSON).status_code == 400


AT_ONCE = 6


@pytest.fixture
def desk(own_database) -> tuple[Round, list[Membership]]:
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    with open_scope(environment_id=here.pk):
        author = member_add(email="a@example.org", name="A", roles=["author"])
        learner = member_add(email="l@example.org", name="L", roles=["learner"])
        markers = [
            member_add(email=f"m{n}@example.org", name=f"M{n}", roles=["instructor"]) for n in range(AT_ONCE + 1)
        ]
        plan = assignment_make(title="Plan", markdown="Write", moderation="failing", by=author)
    with within(learner):
        draft = round_start(assignment=plan, by=learner)
        round_save(round=draft, text="Mine", by=learner)
        round = round_submit(round=draft, by=learner)
    with within(markers[0]):
        mark_give(round=round, passed=False, by=markers[0])
    return round, markers[1:]


def all_at_once(markers, act) -> int:
    barrier, done = threading.Barrier(len(markers)), []

    def run(who) -> None:
        try:
            barrier.wait(60)
            with within(who):
                act(who)
            done.append(who)
        except EcosystemError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[who]) for who in markers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return len(done)


def test_of_six_moderators_at_once_one_is_heard(desk):
    round, markers = desk
    assert all_at_once(markers, lambda who: verdict_give(round=round, is_upheld=True, by=who)) == 1
    with within(markers[0]):
        assert Verdict.objects.count() == 1


def test_the_naive_control_hears_more_than_one(desk):
    """Looking without holding the hand-in: all of them believe that no verdict is there."""
    round, markers = desk
    seen, lock, counted = [], threading.Lock(), threading.Barrier(len(markers))

    def naive(_who) -> None:
        free = not Verdict.objects.filter(round_id=round.pk).exists()
        counted.wait(60)
        with lock:
            seen.append(free)

    all_at_once(markers, naive)
    assert sum(seen) > 1


def test_a_correction_of_what_two_stood_for_is_looked_at_by_another(
    make_assignment, handed_in, member, marker, second, learner
):
    """It counts at once, and is in the moderator's list until somebody who did not make it has looked."""
    round = handed_in(make_assignment(is_double=True), learner)
    with within(marker):
        independent_mark_give(round=round, levels=YES, by=marker)
    with within(second):
        independent_mark_give(round=round, levels=YES, by=second)
        marks_average(round=round, by=second)
        rounds_release(rounds=[round], by=second)
        assert not Moderation.objects.exists()
        for why in ("A slip.", "Another slip."):
            mark_give(round=round, levels=NO, because=why, by=second)
        assert to_moderate(second) == []
        with pytest.raises(HandinError, match="yourself"):
            verdict_give(round=round, is_upheld=True, by=second)
    with within(marker):
        assert to_moderate(marker) == [round.pk], "one of the two is another than who corrected"
        made = verdict_give(round=round, is_upheld=False, words="We agreed on more.", by=marker)
        assert (made.moderation.reason, made.moderation.mark.because) == ("corrected", "Another slip.")
        assert state_of(round) == RoundState.RETURNED
        assert to_moderate(marker) == []
        assert Notice.objects.filter(person=second.person, body__contains="not upheld").count() == 1


def test_a_correction_of_what_one_marked_is_looked_at_only_where_its_mark_would_be(
    make_assignment, handed_in, member, marker
):
    plain, looked_at = make_assignment(title="Plain"), make_assignment(title="Looked at", moderation="failing")
    rounds = [handed_in(assignment, member()) for assignment in (plain, looked_at)]
    with within(marker):
        for round in rounds:
            mark_give(round=round, levels=YES, by=marker)
            rounds_release(rounds=[round], by=marker)
            mark_give(round=round, levels=NO, because="It fails after all.", by=marker)
        assert [one.round_id for one in Moderation.objects.all()] == [rounds[1].pk]


def test_the_seed_of_the_lot_is_in_no_copy_of_data(make_assignment, handed_in, learner, marker):
    """Whoever knows it knows which work is drawn, also of what is not marked yet."""
    plan = make_assignment(moderation="sample", moderation_share=100, moderation_active=False)
    round = handed_in(plan, learner)
    with within(marker):
        mark_give(round=round, levels=YES, by=marker)
        rows = [
            {"round_id": round.pk, "reason": "sample", "draw": one.draw, "mark_id": 1}
            for one in Moderation.objects.all()
        ]
        assert plan.moderation_seed in rows[0]["draw"]
        copied = [dict(row) for row in rows]
        moderation_unseen(learner.person, copied)
        assert (copied[0]["reason"], copied[0]["draw"]) == (None, None)
        rounds_release(rounds=[round], by=marker)
        moderation_unseen(learner.person, rows)
        assert rows[0]["draw"] == f"{round.uid} < 100%"
