"""Rounds: written, handed in, taken back, judged, released, improved; twice is once, and marks are never changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.groups import group_members_add, group_save
from handins.exceptions import HandinError
from handins.models import HandinFile, Mark, Round, RoundState, Rubric, Submission
from handins.predicates import HandinState, _known
from handins.selectors import newest_rubric, rounds_shown
from handins.selectors.queue import rounds_for
from handins.services import (
    assignment_set,
    extension_give,
    handin_file_add,
    handin_file_remove,
    handin_rubric_save,
    mark_give,
    review_begin,
    round_save,
    round_start,
    round_submit,
    round_withdraw,
    rounds_release,
    submission_reopen,
)
from handins.services.checking import levels_checked
from notifications.models import Notice
from records.models import Statement
from tests.handins.conftest import CRITERIA, levels, pdf, within

pytestmark = pytest.mark.django_db


def said(person_id: int) -> list[str]:
    return sorted(Statement.objects.filter(person_id=person_id).values_list("verb", flat=True))


def test_two_rounds_from_draft_to_passed(make_assignment, member, marker, handed_in):
    assignment, learner = make_assignment(), member()
    first = handed_in(assignment, learner)
    with within(marker):
        review_begin(round=first, by=marker)
        mark_give(round=first, levels=levels(0, 1, 1, 0), comments={"0": "Who is it for?"}, by=marker)
    with within(learner):
        assert rounds_shown(Submission.objects.get(), for_reviewer=False)[0].mark is None  # not released yet
        assert Notice.objects.filter(person_id=learner.person_id, kind="handin").count() == 0
        with pytest.raises(HandinError):
            round_start(assignment=assignment, by=learner)
    with within(marker):
        assert rounds_release(rounds=[first], by=marker) == 1
        assert rounds_release(rounds=[first], by=marker) == 0
        assert Submission.objects.get().passed is False
    second = handed_in(assignment, learner, "I do this, and that for Lea.")
    assert second.number == 2
    with within(marker):
        mark_give(round=second, levels=levels(2, 2, 1, 1), by=marker)
        rounds_release(rounds=[second], by=marker)
    with within(learner):
        submission = Submission.objects.get()
        assert (submission.score, submission.passed) == (0.75, True)
        shown = rounds_shown(submission, for_reviewer=False)
        assert shown[1].progress == "Round 2 improved on 3 of 4."
        assert shown[0].criteria[0].comment == "Who is it for?"
        assert said(learner.person_id) == [
            "completed", "failed", "passed", "returned", "returned", "submitted", "submitted",
        ]  # fmt: skip
        with pytest.raises(HandinError):
            round_start(assignment=assignment, by=learner)


def test_saving_handing_in_and_taking_back_twice_is_once(make_assignment, member, marker):
    assignment, learner = make_assignment(honour="My own work", most_words=5, completed_by="submitted"), member()
    with within(learner):
        draft = round_start(assignment=assignment, by=learner)
        assert round_start(assignment=assignment, by=learner) == draft
        with pytest.raises(HandinError):
            round_submit(round=draft, by=learner, declares=True)  # empty
        saved = round_save(round=draft, text="one two three four five six", by=learner)
        assert round_save(round=draft, text="one two three four five six", by=learner).saved_at == saved.saved_at
        with pytest.raises(HandinError, match="6 words"):
            round_submit(round=draft, by=learner, declares=True)
        round_save(round=draft, text="one two three", by=learner)
        with pytest.raises(HandinError):
            round_submit(round=draft, by=learner)
        for _time in range(2):
            assert round_submit(round=draft, by=learner, declares=True).declared == "My own work"
        with pytest.raises(HandinError):
            round_save(round=draft, text="other", by=learner)
        for _time in range(2):
            assert round_withdraw(round=draft, by=learner).state == RoundState.DRAFT
        round_submit(round=draft, by=learner, declares=True)
        assert said(learner.person_id) == ["completed", "retracted", "submitted", "submitted"]
    with within(marker):
        for _time in range(2):
            review_begin(round=draft, by=marker)
        assert AuditEntry.objects.filter(act="handin.review_begun").count() == 1
    with within(learner), pytest.raises(HandinError):
        round_withdraw(round=draft, by=learner)


def test_dates_and_more_time(make_assignment, member, marker):
    now = timezone.now()
    assignment = make_assignment(due_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    late, over, extended = member(), member(), member()
    drafts = {}
    for person in (late, over, extended):
        with within(person):
            drafts[person] = round_save(round=round_start(assignment=assignment, by=person), text="x", by=person)
    with within(marker):
        until = now + timedelta(days=4)
        assert extension_give(assignment=assignment, person=extended.person, until=until, by=marker) == extension_give(
            assignment=assignment, person=extended.person, until=until, by=marker
        )
        with pytest.raises(HandinError):
            extension_give(assignment=assignment, person=extended.person, until=now, by=marker)
    with clock.at(now + timedelta(days=1, hours=1)), within(late):
        assert round_submit(round=drafts[late], by=late).is_late
    with clock.at(now + timedelta(days=3)):
        with within(over), pytest.raises(HandinError):
            round_submit(round=drafts[over], by=over)
        with within(extended):
            assert not round_submit(round=drafts[extended], by=extended).is_late
            assert Notice.objects.filter(person_id=extended.person_id).count() == 1


def test_files_are_told_by_their_content_counted_and_limited(make_assignment, member):
    assignment, learner, other = make_assignment(endings=["pdf"], most_files=2, most_mb=1), member(), member()
    with within(learner):
        draft = round_start(assignment=assignment, by=learner)
        kept = handin_file_add(round=draft, upload=pdf("../../etc/plan.pdf"), by=learner)
        assert (kept.name, kept.media_type) == ("plan.pdf", "application/pdf")
        assert "plan" not in kept.file.name
        for upload in (
            pdf(content=b"<html><script>alert(1)</script>"), pdf("page.html"), pdf("plan.pdf.php"), pdf("plan.docx"),
            pdf(content=b"%PDF-" + b"x" * 1024 * 1024),
        ):  # fmt: skip
            with pytest.raises(EcosystemError):
                handin_file_add(round=draft, upload=upload, by=learner)
        handin_file_add(round=draft, upload=pdf(), by=learner)
        with pytest.raises(HandinError):
            handin_file_add(round=draft, upload=pdf(), by=learner)
        for _time in range(2):
            handin_file_remove(file=kept, by=learner)
        assert HandinFile.objects.count() == 1
    with within(other), pytest.raises(HandinError):
        handin_file_add(round=draft, upload=pdf(), by=other)


def test_a_rubric_in_versions_never_rewrites_a_mark(make_assignment, author, member, marker, handed_in):
    assignment = make_assignment()
    round = handed_in(assignment, member())
    with within(marker):
        mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[round], by=marker)
    with within(author):
        assert handin_rubric_save(assignment=assignment, criteria=CRITERIA, by=author).number == 1
        assert handin_rubric_save(assignment=assignment, criteria=CRITERIA[:2], by=author).number == 2
        with pytest.raises(HandinError):
            handin_rubric_save(assignment=assignment, criteria=[{**CRITERIA[0], "levels": []}], by=author)
        assignment_set(assignment=assignment, pass_mark=90, by=author)
    with within(marker):
        assert Mark.objects.get().rubric.number == 1
        with pytest.raises(HandinError):
            mark_give(round=round, levels=levels(1, 1, 1, 1), by=marker)  # a correction says why
        mark_give(round=round, levels=levels(1, 1, 1, 1), because="I misread it", by=marker)
        assert [mark.rubric.number for mark in Mark.objects.order_by("pk")] == [1, 1]
        submission = Submission.objects.get()
        assert (submission.score, submission.passed) == (0.5, False)
        entry = AuditEntry.objects.filter(act="handin.marked").latest("pk")
        assert (entry.before, entry.after["because"]) == ({"score": 100, "passed": True}, "I misread it")
        assert Notice.objects.filter(person_id=submission.person_id, body__contains="I misread it").exists()
        with pytest.raises(ProgrammingError), transaction.atomic():
            Mark.objects.update(score=1)
        with pytest.raises(ProgrammingError), transaction.atomic():
            Mark.objects.all().delete()


def test_as_many_rounds_as_allowed_and_one_more_when_opened_again(make_assignment, member, marker, handed_in):
    assignment, learner = make_assignment(most_rounds=1, pass_mark=None, criteria=None), member()
    first = handed_in(assignment, learner)
    with within(marker):
        with pytest.raises(HandinError):
            mark_give(round=first, comment="Good", by=marker)  # says not whether it passes
        with pytest.raises(HandinError):
            submission_reopen(round=first, because="Try again", by=marker)
        mark_give(round=first, comment="Nearly", passed=False, by=marker)
        rounds_release(rounds=[first], by=marker)
    with within(learner), pytest.raises(HandinError):
        round_start(assignment=assignment, by=learner)
    with within(marker):
        for _time in range(2):
            submission_reopen(round=first, because="Try again", by=marker)
        assert Submission.objects.get().more_rounds == 1
    second = handed_in(assignment, learner)
    assert second.text == "I do this and that."
    with within(marker):
        mark_give(round=second, passed=True, by=marker)
        rounds_release(rounds=[second], by=marker)
        assert Submission.objects.get().passed


def test_who_may_not_mark_and_nobody_marks_their_own(make_assignment, member, marker, handed_in, other):
    assignment, learner, stranger = make_assignment(), member(), member()
    round = handed_in(assignment, learner)
    own = handed_in(assignment, marker)
    for who, what in ((stranger, round), (learner, round), (marker, own)):
        with within(who):
            for act in (
                lambda who=who, what=what: mark_give(round=what, levels=levels(2, 2, 2, 2), by=who),
                lambda who=who, what=what: review_begin(round=what, by=who),
                lambda who=who, what=what: rounds_release(rounds=[what], by=who),
            ):
                with pytest.raises(HandinError):
                    act()
    with within(stranger):
        with pytest.raises(HandinError):
            round_withdraw(round=round, by=stranger)
        with pytest.raises(HandinError):
            assignment_set(assignment=assignment, title="Mine", by=stranger)
    outsider = member("admin", environment=other)
    with within(outsider):
        assert not rounds_for(outsider).exists()
        assert not Round.objects.exists()


def test_whoever_marks_one_group_sees_the_work_of_that_group(make_assignment, member, handed_in):
    boss, narrow = member("admin"), member()
    assignment, inside, outside = make_assignment(), member(), member()
    theirs, others = handed_in(assignment, inside), handed_in(assignment, outside)
    with within(boss):
        group = group_save(name="Nights", by=boss)
        group_members_add(group=group, person_ids=[inside.person_id], by=boss)
        until = timezone.now() + timedelta(days=30)
        delegation_grant(person=narrow.person, powers=["mark"], reach="group", group=group, until=until, by=boss)
    with within(narrow):
        assert list(rounds_for(narrow)) == [theirs]
        mark_give(round=theirs, levels=levels(2, 2, 2, 2), by=narrow)
        with pytest.raises(HandinError):
            mark_give(round=others, levels=levels(2, 2, 2, 2), by=narrow)
        now = timezone.now()
        assignment.due_at = now
        with pytest.raises(HandinError):
            extension_give(assignment=assignment, person=outside.person, until=now + timedelta(days=1), by=narrow)
        extension_give(assignment=assignment, person=inside.person, until=now + timedelta(days=1), by=narrow)


def test_the_condition_asks_how_far_it_is(make_assignment, member, marker, handed_in):
    assignment, learner = make_assignment(completed_by="returned"), member()
    of, asks = assignment.element_id, HandinState()

    def reached() -> list[str]:
        with open_scope(environment_id=learner.environment_id):
            known = _known([learner.person_id], [of]).get(learner.person_id, {})
        return sorted(known.get(of, []))

    assert reached() == []
    round = handed_in(assignment, learner)
    assert reached() == ["submitted"]
    with within(learner):
        round_withdraw(round=round, by=learner)
    assert reached() == []
    handed_in(assignment, learner)
    with within(marker):
        mark_give(round=round, levels=levels(0, 0, 0, 0), by=marker)
        assert reached() == ["submitted"]
        rounds_release(rounds=[round], by=marker)
        assert reached() == ["returned", "submitted"]
        assert "completed" in said(learner.person_id)
        mark_give(round=round, levels=levels(2, 2, 2, 2), because="Wrong person", by=marker)
    assert reached() == ["passed", "returned", "submitted"]
    assert asks.problems({"of": of, "is": "begun"})
    assert not asks.problems({"of": of, "is": "passed"})


def test_the_database_refuses_two_rounds_under_way(make_assignment, member, handed_in):
    learner = member()
    round = handed_in(make_assignment(), learner)
    with within(learner), pytest.raises(IntegrityError, match="round_one_under_way"), transaction.atomic():
        Round.objects.create(
            environment_id=round.environment_id, submission=round.submission, person=learner.person,
            element=round.element, number=2, saved_at=timezone.now(),
        )  # fmt: skip
    with within(learner):
        assert Rubric.objects.count() == 1


@pytest.mark.parametrize("level", [True, 3, -1, "1", 1.0, None])
def test_only_a_place_of_the_rubric_is_a_level(level, make_assignment, author):
    """JSON's true is no number, though Python's is: by every door, since all of them ask here."""
    assignment = make_assignment()
    with within(author):
        rubric = newest_rubric(assignment)
        with pytest.raises(HandinError):
            levels_checked(rubric=rubric, levels={**levels(0, 1, 2, 2), "1": level})
        assert levels_checked(rubric=rubric, levels={"0": 2}, is_whole=False) == {"0": 2}
