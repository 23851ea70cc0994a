"""Attempts under their terms: time, order, draws, pages that send twice, what is shown when, surveys."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.exceptions import (
    AnswerSettledError,
    AssessmentError,
    AttemptFinishedError,
    AttemptLimitError,
    NotOpenError,
    OrderError,
    PasswordError,
)
from assessments.models import Answer, AnswerAside, Attempt, Deadline, Question, SurveyAnswer
from assessments.selectors import attempt_state, review_of, start_facts, terms_of
from assessments.selectors.analysing import survey_of
from assessments.selectors.results import answer_checked
from assessments.services import (
    Sent,
    answer_save,
    assessment_set,
    attempt_finish,
    attempt_start,
    draw_add,
    override_save,
    question_save,
    section_add,
)
from assessments.services.assessing import question_put
from assessments.services.finishing import attempts_finish_due, attempts_overdue
from ecosystem import clock
from ecosystem.services.groups import group_save
from records.models import Statement
from tests.assessments.answering import BODIES, make_assessment, make_bank, right_form, wrong_form

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def start(assessment, who, **more) -> Attempt:
    return attempt_start(assessment=assessment, person_id=who.person_id, **more)


def save(attempt, position=1, form=None, **more) -> Answer:
    return answer_save(attempt_uid=attempt.uid, person_id=attempt.person_id, position=position, response=form, **more)


def finish(attempt) -> Attempt:
    return attempt_finish(attempt_uid=attempt.uid, person_id=attempt.person_id)


def version_of(attempt, position=1):
    return Answer.objects.select_related("version").get(attempt=attempt, position=position).version


@pytest.mark.scoped
def test_a35_time_is_the_servers_and_grace_is_given(env, member):
    who, quiz = member(), make_assessment()
    assessment_set(assessment=quiz, by=who.person, minutes_allowed=10, grace_seconds=30)
    quiz.refresh_from_db()
    with clock.at(NOW):
        attempt = start(quiz, who)
        assert attempt.deadline_at == NOW + timedelta(minutes=10)
        right = right_form(version_of(attempt))
    with clock.at(NOW + timedelta(minutes=10, seconds=29)):
        save(attempt, form=right)
    with clock.at(NOW + timedelta(minutes=10, seconds=31)), pytest.raises(AttemptFinishedError):
        save(attempt, form=wrong_form(version_of(attempt)), sent=Sent(client="a", seq=1, given_at=NOW))
    with clock.at(NOW + timedelta(minutes=10, seconds=20)):
        assert attempts_overdue() == []
    with clock.at(NOW + timedelta(minutes=11)):
        assert attempts_overdue() == [env.pk]
        assert attempts_finish_due(environment_id=env.pk) == 1
        assert attempts_finish_due(environment_id=env.pk) == 0
    attempt.refresh_from_db()
    assert (attempt.score, attempt.finished_at) == (1.0, attempt.deadline_at)
    assert not Deadline.objects.exists()


def test_a35_late_answers_over_http_are_refused_and_set_aside(env, member, browser_of):
    from ecosystem.scope import open_scope

    who = member()
    with open_scope(environment_id=env.pk):
        quiz = make_assessment()
        assessment_set(assessment=quiz, by=who.person, minutes_allowed=1, grace_seconds=0)
        quiz.refresh_from_db()
        attempt = start(quiz, who)
        Attempt.objects.update(started_at=NOW - timedelta(hours=1), deadline_at=NOW - timedelta(minutes=59))
        item = {"id": "x", "position": 1, "fields": right_form(version_of(attempt)), "at": NOW.isoformat()}
    browser = browser_of(who)
    sent = browser.post(
        f"/attempts/{attempt.uid}/answers/", json.dumps({"items": [item]}), content_type="application/json"
    )
    assert sent.status_code == 409
    assert (sent.json()["set_aside"], sent.json()["finished"]) == (["x"], True)
    again = browser.post(
        f"/attempts/{attempt.uid}/answers/", json.dumps({"items": [item]}), content_type="application/json"
    )
    assert again.status_code == 409
    with open_scope(environment_id=env.pk):
        assert Attempt.objects.get().score == 0
        aside = AnswerAside.objects.get()
        assert (aside.reason, aside.given_at) == ("late", NOW)


@pytest.mark.scoped
def test_opening_closing_pause_and_password(env, member):
    who, quiz = member(), make_assessment()
    facts = {"opens_at": NOW, "closes_at": NOW + timedelta(days=1), "wait_minutes": 60}
    quiz = assessment_set(assessment=quiz, by=who.person, password="sesame", **facts)
    for moment in (NOW - timedelta(seconds=1), NOW + timedelta(days=1)):
        with clock.at(moment), pytest.raises(NotOpenError):
            start(quiz, who, password="sesame")
    with clock.at(NOW):
        for wrong in (None, "", "Sesame"):
            with pytest.raises(PasswordError):
                start(quiz, who, password=wrong)
        finish(start(quiz, who, password="sesame"))
        assert start_facts(assessment=quiz, person_id=who.person_id).pause == "1 hour"
    with clock.at(NOW + timedelta(minutes=59)), pytest.raises(AttemptLimitError):
        start(quiz, who, password="sesame")
    with clock.at(NOW + timedelta(hours=23, minutes=30)):
        late = start(quiz, who, password="sesame")
        assert late.deadline_at == facts["closes_at"], "it closes for who is in it, too"


@pytest.mark.scoped
def test_exceptions_of_person_and_groups(env, member):
    admin, ann, bob = member("admin"), member(), member()
    quiz = assessment_set(assessment=make_assessment(), by=admin.person, minutes_allowed=10, attempts_allowed=1)
    group = group_save(name="Night", by=admin)
    from ecosystem.models import GroupMember

    GroupMember.objects.create(environment=env, group=group, person=bob.person)
    GroupMember.objects.create(environment=env, group=group, person=ann.person)
    with clock.at(NOW):
        running = start(quiz, bob)
        override_save(assessment=quiz, by=admin.person, group=group, extra_minutes=5, attempts_allowed=3)
        override_save(assessment=quiz, by=admin.person, person=ann.person, extra_minutes=20)
        override_save(assessment=quiz, by=admin.person, person=ann.person, extra_minutes=25)
    running.refresh_from_db()
    assert running.deadline_at == NOW + timedelta(minutes=15), "who is in it gets the time at once"
    terms = terms_of(assessment=quiz, person_id=ann.person_id)
    assert (terms.minutes, terms.attempts_allowed) == (35, 3), "one's own first, where it says something"
    assert terms_of(assessment=quiz, person_id=admin.person_id).minutes == 10
    with pytest.raises(AssessmentError):
        override_save(assessment=quiz, by=admin.person, person=ann.person, group=group)


@pytest.mark.scoped
def test_a34_only_forward(env, member):
    who = member()
    quiz = assessment_set(assessment=make_assessment(*["single"] * 5), by=who.person, forward_only=True)
    attempt = start(quiz, who)
    forms = {n: right_form(version_of(attempt, n)) for n in range(1, 6)}
    save(attempt, 1, forms[1])
    save(attempt, 2, forms[2])
    for position in (5, 4, 1):
        with pytest.raises(OrderError):
            save(attempt, position, wrong_form(version_of(attempt, position)))
    assert attempt_state(attempt=Attempt.objects.get()).first_open == 2
    assert Answer.objects.get(position=1).response == {"choice": 0}


def test_a34_jumping_by_address_is_409(env, member, browser_of):
    from ecosystem.scope import open_scope

    who = member()
    with open_scope(environment_id=env.pk):
        quiz = assessment_set(assessment=make_assessment(*["single"] * 3), by=who.person, forward_only=True)
        attempt = start(quiz, who)
        form = {"answer": right_form(version_of(attempt))["answer"]}
    browser = browser_of(who)
    at = f"/attempts/{attempt.uid}"
    assert browser.get(f"{at}/3/").status_code == 409
    assert browser.post(f"{at}/3/", form).status_code == 409
    assert browser.post(f"{at}/1/", {**form, "go": "3"}).url == f"{at}/1/"
    assert browser.post(f"{at}/1/", {**form, "go": "next"}).url == f"{at}/2/"
    assert browser.get(f"{at}/2/").status_code == 200
    assert browser.get(f"{at}/1/").status_code == 409
    assert browser.post(f"{at}/1/", form, headers={"accept": "application/json"}).status_code == 409


@pytest.mark.scoped
def test_f24_each_saving_of_a_page_counts_once_in_whatever_order(env, member):
    attempt = start(make_assessment("short_text"), member())

    def say(text, client, seq, base=None):
        return save(attempt, 1, {"answer": [text]}, sent=Sent(client=client, seq=seq, base=base, seconds=5))

    say("one", "a", 1, 0)
    say("two", "a", 2, 1)
    say("one", "a", 1, 0)  # came again, late
    assert Answer.objects.get().response == {"text": "two"}
    say("three", "b", 1, 0)  # another window that had not seen any of it
    say("two", "a", 2, 1)
    answer = Answer.objects.get()
    assert (answer.response, answer.revision, answer.seconds) == ({"text": "three"}, 3, 15)
    assert [aside.response for aside in AnswerAside.objects.all()] == [{"text": "two"}], "the other window's is kept"


@pytest.mark.scoped
def test_checking_settles_an_answer(env, member):
    who, quiz = member(), make_assessment("single", "single")
    quiz = assessment_set(assessment=quiz, by=who.person, review={"during": ["correct"]})
    attempt = start(quiz, who)
    save(attempt, 1, wrong_form(version_of(attempt)), settle=True)
    with pytest.raises(AnswerSettledError):
        save(attempt, 1, right_form(version_of(attempt)))
    save(attempt, 1, {}, flagged=True)
    answer = Answer.objects.select_related("version", "attempt__assessment").get(attempt=attempt, position=1)
    told = answer_checked(answer)
    assert (told.state, told.right, told.why, told.given) == ("wrong", [], [], [])
    assert answer_checked(Answer.objects.select_related("version").get(attempt=attempt, position=2)) is None


@pytest.mark.scoped
@pytest.mark.parametrize(
    ("after", "closes", "moment"),
    [
        (5, None, "right_after"),
        (11, None, "while_open"),
        (11, 30, "while_open"),
        (31, 30, "after_close"),
        (5, 3, "after_close"),
    ],
)
def test_review_matrix(env, member, after, closes, moment):
    who, quiz = member(), make_assessment()
    shows = {"right_after": ["given"], "while_open": ["correct", "points"], "after_close": ["right", "general"]}
    quiz = assessment_set(assessment=quiz, by=who.person, review=shows)
    with clock.at(NOW):
        attempt = start(quiz, who)
        save(attempt, 1, right_form(version_of(attempt)))
        attempt = finish(attempt)
    with clock.at(NOW + timedelta(minutes=after)):
        review = review_of(attempt=attempt, closes_at=NOW + timedelta(minutes=closes) if closes else None)
    (row,) = review.answers
    seen = {
        "given": bool(row.given), "correct": row.state != "hidden", "points": row.points is not None,
        "right": bool(row.right), "general": any("Because" in text for text in row.why),
    }  # fmt: skip
    assert {name for name, is_seen in seen.items() if is_seen} == set(shows[moment])


@pytest.mark.scoped
def test_draws_narrow_spread_and_never_repeat(env, member):
    who, bank = member(), make_bank(slug="big")
    for n in range(12):
        facts = {"identifier": f"d{n}", "type": "true_false", "stem": f"<p>{n}?</p>", "body": BODIES["true_false"]}
        question_save(bank=bank, category="hard/x" if n < 6 else "easy", **facts)
    Question.objects.filter(identifier__in=["d6", "d7"]).update(tags=["night"], difficulty=4)
    quiz = make_assessment("single")
    for narrow, there in (({"tag": "night"}, 2), ({"tag": "day"}, 0), ({"easiest": 4}, 2), ({"hardest": 3}, 0)):
        with pytest.raises(AssessmentError, match=f"{there} questions fit"):
            draw_add(assessment=quiz, bank=bank, count=3, by=who.person, **narrow)
    section = section_add(assessment=quiz, title="Part two", by=who.person)
    draw_add(assessment=quiz, bank=bank, count=3, category="hard", section=section, by=who.person)
    with pytest.raises(AssessmentError, match="6 questions fit"):
        draw_add(assessment=quiz, bank=bank, count=7, category="hard", by=who.person)
    seen = []
    for _try in range(2):
        attempt = start(quiz, who)
        rows = list(Answer.objects.filter(attempt=attempt).select_related("version__question").order_by("position"))
        assert [row.section for row in rows] == ["", "Part two", "Part two", "Part two"]
        drawn = [row.version.question for row in rows[1:]]
        assert {one.category for one in drawn} == {"hard/x"}
        seen += [one.pk for one in drawn]
        finish(attempt)
    assert len(set(seen)) == 6, "the second try asks what the first did not"
    third = start(quiz, member())
    assert Answer.objects.filter(attempt=third).count() == 4
    question_put(assessment=quiz, question=rows[0].version.question, by=who.person, section=section)
    finish(third)
    moved = start(quiz, member())
    assert {row.section for row in Answer.objects.filter(attempt=moved)} == {"Part two"}


@pytest.mark.scoped
def test_negative_marks_never_make_a_score_below_nothing(env, member):
    from decimal import Decimal

    from assessments.services.results import share_of_points

    attempt = start(make_assessment("single", "single"), member())
    answers = list(Answer.objects.filter(attempt=attempt).select_related("version"))
    for answer, fraction in zip(answers, (Decimal("-1"), Decimal("0.5")), strict=True):
        answer.fraction = fraction
    Answer.objects.bulk_update(answers, ["fraction"])
    assert share_of_points(answers=answers) == 0


@pytest.mark.scoped
def test_survey_names_nobody_and_shows_enough_at_once(env, member):
    admin = member("admin")
    quiz = assessment_set(
        assessment=make_assessment("single", "short_text"), by=admin.person, mode="survey", minimum_group=3
    )
    people = [member() for _n in range(5)]
    for n, who in enumerate(people, start=1):
        attempt = start(quiz, who)
        save(attempt, 1, right_form(version_of(attempt)))
        save(attempt, 2, {"answer": [f"text {n}"]})
        assert finish(attempt).passed
        shown = survey_of(quiz)
        assert [one.sheets for one in shown] == ([3, 3] if n >= 3 else []), f"after {n}"
    assert not Answer.objects.exists(), "nothing is left with the person"
    assert SurveyAnswer.objects.filter(released=False).count() == 4
    assert not any(field.name in ("person", "attempt", "at") for field in SurveyAnswer._meta.get_fields())
    said = Statement.objects.filter(verb="passed")
    assert {tuple(one.result.items()) for one in said} == {(("success", True),)}
    with pytest.raises(AssessmentError, match="begun"):
        assessment_set(assessment=quiz, by=admin.person, mode="quiz")
