"""One reminder a day, at the chosen hour, and silence for those who do not answer."""

from datetime import timedelta

import pytest

from ecosystem.scope import open_scope
from memotrainer.enums import REMINDER
from memotrainer.models import Trainer
from memotrainer.services import trainer_remind
from notifications.models import Mail, MailMode, Notice
from notifications.services import mail_stop
from tests.memotrainer.scene import AMSTERDAM, cards_of, local, make_quiz, take_quiz
from tests.memotrainer.test_learning import answer

pytestmark = pytest.mark.django_db


def told(env):
    with open_scope(environment_id=env.pk):
        return list(Notice.objects.order_by("created_at").values_list("title", flat=True))


def trainer_of(who):
    with open_scope(environment_id=who.environment_id):
        return Trainer.objects.get(person_id=who.person_id)


def test_a_reminder_says_how_much_and_comes_once(env, member, clock, browser_of):
    clock(2027, 3, 1, 9)  # Monday
    who = member()
    take_quiz(make_quiz(*["single"] * 7, environment=env), who)
    clock(2027, 3, 3, 7, 59)
    assert trainer_remind() == 0
    clock(2027, 3, 3, 8)
    assert [trainer_remind(), trainer_remind()] == [1, 0]
    assert told(env) == ["7 questions, about 4 minutes"]
    with open_scope(environment_id=env.pk):
        mail = Mail.objects.get()
    assert (mail.mode, mail.subject) == (MailMode.AT_MOST_ONCE, "7 questions, about 4 minutes")
    assert "http://alpha.localhost:8000/memo/" in mail.text
    assert mail.stop_href.startswith("http://alpha.localhost:8000/notices/unsubscribe/")
    assert trainer_of(who).next_reminder_at == local(2027, 3, 4, 8)
    assert "Pause or stop these letters" in mail.text
    address = mail.stop_href.removeprefix("http://alpha.localhost:8000")
    assert "Pause for a week" in browser_of(env).get(address).text
    assert "nothing about your daily cards" in browser_of(env).post(address, {"pause": "1"}).text
    assert trainer_of(who).paused_until == local(2027, 3, 10, 8).date()


def test_two_workers_that_saw_the_same_row_tell_once(env, member, clock):
    clock(2027, 3, 1, 9)
    who = member()
    take_quiz(make_quiz(environment=env), who)
    clock(2027, 3, 3, 8, 5)
    from memotrainer.services.reminders import _remind_safely

    pk = trainer_of(who).pk  # both have read that this row is due before either begins
    assert [_remind_safely(environment_id=env.pk, trainer_id=pk, person_id=who.person_id) for _worker in range(2)] == [
        True,
        False,
    ]
    assert len(told(env)) == 1
    with open_scope(environment_id=env.pk):  # even when the plan is lost, the day's key holds
        Trainer.objects.update(next_reminder_at=local(2027, 3, 3, 8))
    trainer_remind()
    assert len(told(env)) == 1


def test_in_the_language_of_the_person(env, member, clock):
    clock(2027, 3, 1, 9)
    who = member()
    who.person.language = "nl"
    who.person.save()
    take_quiz(make_quiz(environment=env), who)
    clock(2027, 3, 3, 8)
    trainer_remind()
    with open_scope(environment_id=env.pk):
        assert '<html lang="nl"' in Mail.objects.get().html


def test_three_ignored_ones_then_one_question_then_silence(env, member, clock):
    clock(2027, 3, 1, 9)
    who = member()
    take_quiz(make_quiz(environment=env), who)
    for day in range(3, 25):
        clock(2027, 3, day, 8)
        trainer_remind()
    assert told(env) == ["1 question, about 1 minute"] * 3 + ["Shall we stop reminding you?"]
    assert trainer_of(who).next_reminder_at is None
    take_quiz(make_quiz(environment=env, slug="another"), who)
    assert trainer_of(who).next_reminder_at is None, "asked once; a new quiz does not ask again"


@pytest.mark.parametrize(("first", "hour"), [((2027, 3, 25), 2), ((2027, 10, 28), 2), ((2027, 3, 25), 8)])
def test_the_nights_when_clocks_change(env, member, clock, first, hour):
    """Beat ticks every hour over four days; each local day has exactly one reminder."""
    start = clock(*first, 12) - timedelta(days=2)
    clock(start.year, start.month, start.day, 12)
    who = member()
    take_quiz(make_quiz(environment=env), who, right=False)
    with open_scope(environment_id=env.pk):
        Trainer.objects.update(reminder_hour=hour, weekdays=[1, 2, 3, 4, 5, 6, 7], next_reminder_at=local(*first, hour))
    moment, days = local(*first, 0).astimezone(AMSTERDAM), []
    utc = moment.timestamp()
    from datetime import UTC, datetime

    for tick in range(24 * 5):
        now = datetime.fromtimestamp(utc + tick * 3600, UTC)
        here = now.astimezone(AMSTERDAM)
        clock(here.year, here.month, here.day, here.hour)
        with open_scope(environment_id=env.pk):
            Trainer.objects.update(ignored=0)
        if trainer_remind():
            days.append(here.date())
    assert days == [local(*first).date() + timedelta(days=n) for n in range(5)]


def test_nothing_due_is_no_reminder_and_one_failure_stops_nobody(env, member, clock):
    clock(2027, 3, 1, 9)
    quiz = make_quiz(environment=env)
    early, broken = member(), member()
    take_quiz(quiz, early)
    take_quiz(quiz, broken)
    with open_scope(environment_id=env.pk):
        Trainer.objects.filter(person_id=broken.person_id).update(weekdays=[1, 2, 3, 4, 5])
        Trainer.objects.update(next_reminder_at=local(2027, 3, 2, 8))
    clock(2027, 3, 2, 9)
    assert trainer_remind() == 0
    assert trainer_of(early).next_reminder_at == local(2027, 3, 3, 8)
    assert told(env) == []


def test_who_has_left_is_not_reminded(env, member, clock):
    clock(2027, 3, 1, 9)
    who = member()
    take_quiz(make_quiz(environment=env), who)
    with open_scope(environment_id=env.pk):
        who.ended_at = local(2027, 3, 2, 9)
        who.save(update_fields=["ended_at"])
    clock(2027, 3, 3, 9)
    assert trainer_remind() == 0
    assert told(env) == []


def test_who_learns_in_two_environments_is_reminded_once_a_day_while_they_answer(env, other, member, clock):
    clock(2027, 3, 1, 9)
    here = member()
    there = member(environment=other, email=here.person.email)
    take_quiz(make_quiz(*["single"] * 8, environment=env), here)
    take_quiz(make_quiz(environment=other), there)
    for day, card in zip((3, 4, 5, 8), cards_of(here), strict=False):
        clock(2027, 3, day, 8)
        trainer_remind()
        at = clock(2027, 3, day, 21)
        answer(here, card, at=at)
        assert max(trainer_of(who).ignored for who in (here, there)) <= 1
    assert len(told(env)) + len(told(other)) == 4
    for day in range(9, 20):  # nothing more is answered: three, the question, and silence, over both
        clock(2027, 3, day, 8)
        trainer_remind()
    titles = told(env) + told(other)
    assert (len(titles), titles.count("Shall we stop reminding you?")) == (8, 1)


def test_the_letter_comes_from_where_letters_are_wanted(env, other, member, clock):
    clock(2027, 3, 1, 9)
    here = member()
    there = member(environment=other, email=here.person.email)
    take_quiz(make_quiz(environment=env), here)
    take_quiz(make_quiz("single", "single", environment=other), there)
    with open_scope(environment_id=other.pk, person_id=there.person_id):
        mail_stop(person_id=there.person_id, kind=REMINDER)
    clock(2027, 3, 3, 8)
    trainer_remind()
    assert told(env) == ["3 questions, about 2 minutes"], "most is due there, but no letter may come from there"
    with open_scope(environment_id=env.pk):
        assert Mail.objects.count() == 1
