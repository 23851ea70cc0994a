"""Work on the job: a supervisor confirms it, or says what is missing; it is marked, and counts, after that."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from courses.services.runs import run_guide_add
from ecosystem.models import Group, GroupMember, Membership, Person, Power
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.elements import element_create, element_offer
from ecosystem.supervising import supervisors_of
from handins.exceptions import HandinError
from handins.models import Assignment, Confirmation, PeerPhase, PeerReview, Round, Submission
from handins.selectors.confirming import confirmations_for
from handins.selectors.queue import review_todos
from handins.services import (
    assignment_set,
    mark_give,
    review_begin,
    round_start,
    round_submit,
    round_withdraw,
    rounds_release,
    submission_reopen,
)
from handins.services.confirming import confirmation_answer
from handins.services.feedback_files import feedback_file_keep
from handins.services.peers import peers_open
from notifications.models import Mail, Notice
from tests.handins.conftest import levels, pdf, within

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def learner(member) -> Membership:
    return member(name="Lea")


@pytest.fixture
def boss(env, member, learner) -> Membership:
    """A member with no role but learner, who may enrol the group that Lea is in: her manager."""
    found, admin = member(name="Bo"), member("admin")
    with within(admin):
        group = Group.objects.create(environment=env, name="Crew")
        GroupMember.objects.create(environment=env, group=group, person=learner.person)
        delegation_grant(
            by=admin, person=found.person, powers=[Power.ENROL], reach="group", group=group,
            until=timezone.now() + timedelta(days=30),
        )  # fmt: skip
    return found


@pytest.fixture
def shift(make_assignment) -> Assignment:
    return make_assignment(title="A shift", is_on_the_job=True, completed_by="submitted")


def asked(by: Membership) -> Confirmation:
    with within(by):
        return Confirmation.objects.select_related("round").order_by("-pk")[0]


def test_said_sent_back_handed_in_again_confirmed_and_marked(
    shift, learner, boss, marker, member, browser_of, handed_in
):
    mine, theirs, desk, other = (browser_of(one) for one in (learner, boss, marker, member(name="Stranger")))
    mine.post("/handins/a-shift/", {"do": "begin"})
    mine.post("/handins/a-shift/", {"do": "submit", "text": "I did the shift.", "files": pdf()})
    first = asked(learner)
    place, work = f"/confirming/{first.uid}/", f"/reviewing/{first.round.uid}/"
    with within(boss):
        file = first.round.files.get().get_absolute_url()
        assert Mail.objects.get(person_id=boss.person_id).subject
        told = Notice.objects.get(person_id=boss.person_id)
        assert (told.href, "Lea" in told.body) == (place, False), "a notice outlives the learner"
        assert Submission.objects.get().completed_at is None
    assert "Lea says it is done. Was it?" in theirs.get("/").text
    assert place in theirs.get("/confirming/").text
    assert "I did the shift." in theirs.get(place).text
    assert theirs.get(file).status_code == 200
    assert [other.get(path).status_code for path in (place, file)] == [404, 404]
    assert mine.get(place).status_code == 404, "nobody confirms their own"
    assert "Asked: Bo" in " ".join(mine.get("/handins/a-shift/").text.split())
    assert "waits for the supervisor" in desk.get("/reviewing/").text
    page = desk.get(work).text
    assert "It waits for the supervisor." in page
    assert "hand-in-files.js" not in page, "its form is not there"
    assert "Begin the review" not in page
    with within(marker):
        for act in (review_begin, lambda **said: mark_give(levels=levels(2, 2, 2, 2), **said)):
            with pytest.raises(HandinError, match="First somebody at their work"):
                act(round=first.round, by=marker)
        with pytest.raises(HandinError, match="First somebody at their work"):
            feedback_file_keep(round=first.round, name="a.pdf", content=pdf(), size=16, by=marker)
        assert review_todos(marker) == [], "there is nothing that they can do about it yet"

    refused = theirs.post(place, {"do": "back", "words": " "})
    assert (refused.status_code, "Say what is missing" in refused.text) == (400, True)
    theirs.post(place, {"do": "back", "words": "The handover is missing."})
    page = mine.get("/handins/a-shift/").text
    assert ("The handover is missing." in page, "Bo says: not yet" in page, "Hand in" in page) == (True, True, True)
    assert theirs.get(file).status_code == 404, "what is a draft again is the learner's alone"
    assert "I did the shift." not in theirs.get(place).text
    assert theirs.post(place, {"do": "confirm"}).status_code == 400

    mine.post("/handins/a-shift/", {"do": "submit", "text": "I did the shift, with the handover."})
    second = asked(learner)
    assert second.pk != first.pk
    api = f"/api/v1/confirmations/{second.uid}/"
    assert other.post(f"{api}answer/", {"confirm": True}, JSON).status_code == 404
    assert mine.post(f"{api}answer/", {"confirm": True}, JSON).status_code in (400, 409)
    assert theirs.post(f"{api}answer/", {"confirm": False}, JSON).status_code in (400, 409)
    answer = theirs.post(f"{api}answer/", {"confirm": True, "words": "Seen."}, JSON)
    assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")
    assert theirs.post(f"{api}answer/", {"confirm": True}, JSON).status_code == 200  # twice is once
    assert [row["state"] for row in mine.get("/api/v1/confirmations/").json()["results"]] == ["confirmed", "sent_back"]
    with within(learner):
        assert Submission.objects.get().completed_at is not None, "done by handing in, once it is confirmed"
    assert "Bo confirms that it was done" in desk.get(work).text
    handed_in(shift, other_learner := member(name="Zoe"))  # which waits for its supervisor
    judged = {"do": "release", **{f"level_{place}": "2" for place in range(4)}}
    onward = desk.post(f"/reviewing/{second.round.uid}/", judged)
    assert (onward.status_code, onward.url) == (302, "/reviewing/"), "nothing that can be marked is next"
    with within(marker):
        assert not Confirmation.objects.filter(person=other_learner.person).exclude(state="waiting").exists()
        submission_reopen(round=second.round, because="Once more", by=marker)
    mine.post("/handins/a-shift/", {"do": "begin"})
    mine.post("/handins/a-shift/", {"do": "submit", "text": "Another shift."})
    again = asked(learner)
    assert (again.round.number, again.state) == (2, "waiting"), "each round is confirmed anew"


def test_taken_back_is_asked_anew_and_who_marks_answers_where_nobody_manages(shift, learner, marker, member, handed_in):
    round = handed_in(shift, learner)
    first = asked(learner)
    with within(learner):
        assert not first.confirmers.exists()
        round_withdraw(round=round, by=learner)
    with within(marker), pytest.raises(HandinError, match="taken back"):
        confirmation_answer(confirmation=first, confirm=True, words="", by=marker)
    with within(learner):
        round_submit(round=round, by=learner)
    second = asked(learner)
    for nobody in (learner, member()):
        with within(nobody), pytest.raises(HandinError, match="Only who looks after"):
            confirmation_answer(confirmation=second, confirm=True, words="", by=nobody)
    with within(marker):
        confirmation_answer(confirmation=second, confirm=True, words="", by=marker)
        with pytest.raises(HandinError, match="answered this already"):
            confirmation_answer(confirmation=second, confirm=False, words="No", by=marker)
        assert confirmations_for(marker).count() == 2
        with pytest.raises(IntegrityError), transaction.atomic():
            Confirmation.objects.filter(pk=second.pk).update(by=learner.person)


def test_it_stays_on_the_job_once_somebody_has_begun_here_or_below(shift, author, member, make_environment, env):
    below = make_environment("ward", parent=env)
    nurse = member(environment=below)
    with within(author):
        element_offer(element=shift.element, to=below)
        for is_it in (False, True):
            assignment_set(assignment=shift, is_on_the_job=is_it, by=author)
    with within(nurse):
        round_start(assignment=shift, by=nurse)
    with within(author), pytest.raises(HandinError, match="has begun, so whether a supervisor"):
        assignment_set(assignment=shift, is_on_the_job=False, is_anonymous=True, by=author)


def test_peers_review_what_is_confirmed_only(shift, planned, learner, marker, member, handed_in):
    planned(shift, each=1)
    people = [learner, member(), member()]
    rounds = [handed_in(shift, one) for one in people]

    def answer(round: Round, *, confirm: bool) -> None:
        with within(marker):
            waits = Confirmation.objects.get(round=round, state="waiting")
            confirmation_answer(confirmation=waits, confirm=confirm, words="Well", by=marker)

    def reviewed() -> set[int]:
        with within(marker):
            return set(PeerReview.objects.values_list("round_id", flat=True))

    answer(rounds[0], confirm=True)
    with within(marker), pytest.raises(HandinError, match="once two have handed in"):
        peers_open(phase=PeerPhase.objects.get(), by=marker)
    answer(rounds[1], confirm=True)
    with within(marker):
        peers_open(phase=PeerPhase.objects.get(), by=marker)
    assert reviewed() == {rounds[0].pk, rounds[1].pk}
    answer(rounds[2], confirm=False)
    with within(people[2]):
        round_submit(round=rounds[2], by=people[2])
    with within(marker):
        assert not PeerReview.objects.filter(person=people[2].person).exists()
    answer(rounds[2], confirm=True)
    with within(marker):
        assert PeerReview.objects.filter(person=people[2].person).exists(), "they take part once it is confirmed"


def test_each_is_told_in_their_own_language(make_assignment, shift, marker, member, handed_in):
    dutch = member()
    Person.objects.filter(pk=dutch.person_id).update(language="nl")
    waits, marked = handed_in(shift, dutch), handed_in(make_assignment(), dutch)
    with within(marker), translation.override("en"):
        confirmation_answer(confirmation=Confirmation.objects.get(round=waits), confirm=False, words="Foto", by=marker)
        mark_give(round=marked, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[marked], by=marker)
        submission_reopen(round=marked, because="Beter", by=marker)
        mark_give(round=marked, levels=levels(2, 2, 2, 1), because="Telfout", by=marker)
    with within(dutch):
        told = set(Notice.objects.filter(person=dutch.person).values_list("body", flat=True))
    assert told > {"Nog niet: Foto", "Je kunt nog een ronde inleveren: Beter", "Je feedback is verbeterd: Telfout"}


def test_what_was_sent_back_is_taken_after_the_closing_and_is_as_late_as_at_first(
    shift, author, learner, boss, handed_in
):
    round = handed_in(shift, learner)
    with within(boss):
        confirmation_answer(confirmation=asked(boss), confirm=False, words="Not yet", by=boss)
    with within(author):
        past = timezone.now() - timedelta(days=1)
        assignment_set(assignment=shift, due_at=past, closes_at=past, by=author)
    with within(learner):
        assert not round_submit(round=round, by=learner).is_late
        round_withdraw(round=round, by=learner)
        Confirmation.objects.filter(state="sent_back").update(answered_at=timezone.now() - timedelta(days=15))
        with pytest.raises(HandinError, match="time to hand in is over"):
            round_submit(round=round, by=learner)


def test_guides_of_a_course_come_before_managers(shift, author, learner, boss, member):
    mentor, manager = member(name="Mentor"), member("manager")
    assert _supervisors(learner, shift) == [boss.person_id]
    with within(author):
        course = element_create(kind="course", title="Course", slug="course", creators=["Ada"])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=shift.element)])])
        run = run_open(element=course)
        enrolment_create(run=run, person=learner.person)
        run_guide_add(run=run, person=mentor.person, role="mentor", by=manager)
    assert _supervisors(learner, shift) == [mentor.person_id]


def _supervisors(learner: Membership, shift: Assignment) -> list[int]:
    with within(learner):
        return supervisors_of(person_id=learner.person_id, element_id=shift.element_id)


def test_not_for_teams_nor_without_names(shift, author, browser_of):
    desk = browser_of(author)
    with within(author), pytest.raises(HandinError, match="no teams, no hidden names"):
        assignment_set(assignment=shift, is_group=True, by=author)
    said = {"title": "B", "markdown": "Do", "ways": ["text"], "most_files": 1, "most_mb": 1, "most_rounds": 1,
            "completed_by": "passed", "is_on_the_job": "on", "is_anonymous": "on"}  # fmt: skip
    refused = desk.post("/assignments/new/", said)
    assert (refused.status_code, "Not together with work" in refused.text) == (400, True)
    with within(author):
        assert Round.objects.count() == 0
