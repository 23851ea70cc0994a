"""360-degree feedback: who is asked, that nobody can tell who said what, reminders, the end, self against others."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.exceptions import AssessmentError
from assessments.models import Angle, Answer, Attempt, FeedbackAnswer, FeedbackRound, FeedbackSeat
from assessments.selectors.feedback import angles_shown, feedback_report
from assessments.services import (
    answer_save,
    assessment_create,
    assessment_set,
    attempt_finish,
    attempt_start,
    question_save,
)
from assessments.services.feedback import feedback_close, feedback_open, feedback_run_due, feedback_start
from ecosystem.scope import open_scope
from notifications.models import Notice
from tests.assessments.answering import make_bank

SCALE = {"statements": [{"text": "Listens"}], "scale": ["never", "sometimes", "often", "always"]}


@pytest.fixture
def author(member):
    return member("author", name="Ada Author")


@pytest.fixture
def quiz(env, author):
    with open_scope(environment_id=env.pk):
        bank = make_bank()
        made = [
            question_save(bank=bank, identifier="scale", type="likert", stem="<p>At work</p>", body=SCALE).question,
            question_save(bank=bank, identifier="words", type="essay", stem="<p>What helps you?</p>", body={}).question,
        ]
        quiz = assessment_create(
            title="All round", slug="all-round", creators=["A"], questions=made, pass_mark=0, mode="feedback"
        )
        return assessment_set(assessment=quiz, by=author.person, minimum_group=3)


def opened(env, quiz, author, about, **asked) -> FeedbackRound:
    people = {angle: [one.person for one in members] for angle, members in asked.items()}
    with open_scope(environment_id=env.pk, person_id=author.person_id):
        return feedback_open(
            assessment=quiz,
            about=about.person,
            asked=people,
            closes_at=timezone.now() + timedelta(days=9),
            by=author.person,
        )


def answered(env, round_, who, step: int, words: str) -> Attempt:
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        rows = FeedbackSeat.objects.select_related("round__assessment__element", "round__person")
        attempt = feedback_start(seat=rows.get(round=round_, person_id=who.person_id))
        for position, form in ((1, {"answer-0": [str(step)]}), (2, {"answer": [words]})):
            answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=position, response=form)
        return attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)


@pytest.mark.django_db
def test_from_asking_to_reading(env, other, quiz, author, member, browser_of):
    about, boss, peers = member(name="Sam Subject"), member(), [member() for _n in range(3)]
    browser = browser_of(author)
    form = {
        "about": about.person.email.upper(), "manager": boss.person.email, "peer": "\n".join(one.person.email for one in peers),
        "closes_at": (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    wrong = browser.post("/quizzes/all-round/rounds/", {**form, "peer": "nobody@example.org"})
    assert "Nobody here has this address" in wrong.text
    assert "have been asked" in browser.post("/quizzes/all-round/rounds/", form, follow=True).text
    with open_scope(environment_id=env.pk):
        round_ = FeedbackRound.objects.get()
        assert Notice.objects.filter(kind="feedback").count() == 5
        seat = FeedbackSeat.objects.get(person_id=boss.person_id)
    page = browser_of(boss).get("/quiz/all-round/", follow=True)
    assert "About Sam Subject" in page.text
    assert browser_of(peers[0]).post(f"/feedback/{seat.pk}/").status_code == 404, "the seat of somebody else"
    begun = browser_of(boss).post(f"/feedback/{seat.pk}/", follow=True)
    assert "About Sam Subject" in begun.text
    overview = browser_of(boss).get(begun.redirect_chain[-1][0].removesuffix("1/")).text
    assert ("have no answer. After" in overview, "earn" in overview) == (True, False), "nothing is earned here"
    given = answered(env, round_, boss, 3, "Be on time.")
    for n, one in enumerate(peers):
        answered(env, round_, one, n, f"Words {n}")
    own = answered(env, round_, about, 0, "More sleep.")
    assert "among those of the others" in browser_of(boss).get(f"/attempts/{given.uid}/review/").text
    assert "Your answers about yourself" in browser_of(about).get(f"/attempts/{own.uid}/review/").text
    mine, report = browser_of(about), f"/feedback/{round_.uid}/"
    assert "5 of 5 have answered" in mine.get("/feedback/").text
    assert mine.get(report).status_code == 404, "while others could still change their minds"
    with open_scope(environment_id=env.pk):
        assert not Answer.objects.exists(), "nothing is left with the person"
        assert not {field.name for field in FeedbackAnswer._meta.get_fields()} & {"person", "attempt", "seat", "at"}
    browser.post(f"/quizzes/all-round/rounds/{round_.uid}/close/")
    page = mine.get(report).text
    assert "Listens" in page
    assert "Words 1" in page
    assert "Managers" not in page, "one manager alone would be known"
    assert "Others see more of this" in page
    assert browser_of(peers[0]).get(report).status_code == 404
    assert browser_of(member("admin", environment=other)).get(report).status_code == 404
    with open_scope(environment_id=env.pk):
        assert Notice.objects.filter(person_id=about.person_id, title="Your feedback is there").count() == 1
        shown = feedback_report(round_=FeedbackRound.objects.select_related("assessment").get())
        assert [voice.people for voice in shown[0].statements[0].voices] == [1, 4]
        assert shown[0].statements[0].gap == pytest.approx(1 - 2.5)


@given(
    counts=st.dictionaries(st.sampled_from([angle for angle in Angle.values if angle != "self"]), st.integers(0, 9)),
    least=st.integers(3, 6),
)
@settings(max_examples=60)
def test_no_group_is_small_enough_to_tell_who(counts, least):
    shown = angles_shown(counts=counts, least=least)
    together: dict[str, int] = {}
    for angle, group in shown.items():
        together[group] = together.get(group, 0) + counts[angle]
    assert all(n >= least for n in together.values())
    wanted = sum(counts.values())
    assert sum(together.values()) == (wanted if wanted >= least else 0), "a total would tell what is not shown"


@pytest.mark.django_db
def test_too_few_answers_show_nothing_of_others(env, quiz, author, member):
    about, peers = member(), [member() for _n in range(3)]
    round_ = opened(env, quiz, author, about, peer=peers)
    answered(env, round_, about, 1, "Mine")
    for one in peers[:2]:
        answered(env, round_, one, 2, "Secret words")
    with open_scope(environment_id=env.pk):
        feedback_close(round_=round_)
        scale, words = feedback_report(round_=FeedbackRound.objects.select_related("assessment").get())
    assert len(scale.statements[0].voices) == 1
    assert (scale.statements[0].gap, words.own, words.texts) == (None, ["Mine"], [])


@pytest.mark.django_db
def test_reminders_and_the_end_come_once(env, quiz, author, member):
    about, peers = member(), [member() for _n in range(3)]
    round_ = opened(env, quiz, author, about, peer=peers)
    answered(env, round_, peers[0], 2, "")
    assert feedback_run_due() == 0
    with open_scope(environment_id=env.pk):
        begun = feedback_start(
            seat=FeedbackSeat.objects.select_related("round__assessment").get(person_id=peers[1].person_id)
        )
        reminders = Notice.objects.filter(title__startswith="Your feedback is still")
        for left in (3, 1):
            at = timezone.now() + timedelta(days=left)
            for _twice in range(2):
                FeedbackRound.objects.update(due_at=timezone.now() - timedelta(seconds=1), closes_at=at)
                assert feedback_run_due() == 1
        assert reminders.count() == 2 * 3, "two of three colleagues, and the person"
        assert FeedbackRound.objects.get().due_at == FeedbackRound.objects.get().closes_at
        FeedbackRound.objects.update(due_at=timezone.now() - timedelta(seconds=1), closes_at=timezone.now())
        assert feedback_run_due() == 1
        assert feedback_run_due() == 0
        assert FeedbackRound.objects.get().closed_at
        with pytest.raises(Answer.DoesNotExist):  # what was begun is gone
            answer_save(attempt_uid=begun.uid, person_id=begun.person_id, position=1, response={"answer-0": ["1"]})
        with pytest.raises(AssessmentError):
            feedback_start(
                seat=FeedbackSeat.objects.select_related("round__assessment").get(person_id=peers[2].person_id)
            )
        assert FeedbackAnswer.objects.count() == 2


@pytest.mark.django_db
def test_what_would_name_somebody_is_refused(env, quiz, author, member):
    about, peers = member(), [member() for _n in range(4)]
    for asked in ({"peer": peers[:2]}, {"peer": [*peers, about]}, {"peer": peers, "manager": peers[:1]}):
        with pytest.raises(AssessmentError):
            opened(env, quiz, author, about, **asked)
    opened(env, quiz, author, about, peer=peers)
    with pytest.raises(AssessmentError):
        opened(env, quiz, author, about, peer=peers)
    with open_scope(environment_id=env.pk, person_id=author.person_id), pytest.raises(AssessmentError):
        attempt_start(assessment=quiz, person_id=author.person_id)
