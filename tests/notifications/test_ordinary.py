"""One ordinary letter a day, outside quiet hours, and the rest in the digest."""

from datetime import time

import pytest

from ecosystem.scope import open_scope
from notifications.models import Channel, Mail, MailState, Notice, Preference
from notifications.registry import Group, NoticeKind, Urgency, notice_kinds
from notifications.services import (
    choices_save,
    digests_send,
    mail_send_due,
    mail_stop,
    notices_seen,
    notify,
    preference_save,
)
from tests.notifications.conftest import local, mails

pytestmark = pytest.mark.django_db
ANSWER, EVENT, NEWS = "test-answer", "test-event", "test-news"
for key, group, urgency in (
    (ANSWER, Group.MINE, Urgency.ORDINARY),
    (EVENT, Group.DATES, Urgency.ORDINARY),
    (NEWS, Group.NEWS, Urgency.DIGEST),
):
    if key not in notice_kinds:
        notice_kinds.register(key, NoticeKind(key, key, f"{key}s", "A test.", group=group, urgency=urgency))


def tell(who, key, kind=ANSWER, **facts):
    with open_scope(environment_id=who.environment_id):
        return notify(
            person_id=who.person_id, key=key, kind=kind, title=f"About {key}", href=f"/{key}/", mail=True, **facts
        )


def states(env):
    return {mail.key: mail.state for mail in mails(env)}


def plan_of(who):
    with open_scope(environment_id=who.environment_id):
        return Preference.objects.filter(person_id=who.person_id).values_list("next_digest_at", flat=True).first()


def test_an_ordinary_letter_waits_a_quarter_and_then_goes(env, member, postbox, clock):
    clock(2027, 3, 2, 10)
    tell(member(), "a")
    assert (mail_send_due(), mails(env)[0].due_at) == (0, local(2027, 3, 2, 10, 15))
    clock(2027, 3, 2, 10, 15)
    assert (mail_send_due(), mail_send_due()) == (1, 0)
    assert str(mails(env)[0].ordinary_on) == "2027-03-02"


def test_seen_on_the_site_needs_no_letter(env, member, postbox, clock):
    clock(2027, 3, 2, 10)
    who = member()
    tell(who, "a")
    with open_scope(environment_id=env.pk):
        notices_seen(person_id=who.person_id)
    clock(2027, 3, 2, 11)
    assert (mail_send_due(), states(env)) == (0, {"a": MailState.LEFT_OUT})


def test_quiet_hours_follow_the_persons_own_zone(env, member, postbox, clock):
    clock(2027, 3, 2, 21)
    usual, abroad = member(), member()
    with open_scope(environment_id=env.pk):
        preference_save(
            person_id=abroad.person_id,
            quiet_from=time(20),
            quiet_until=time(7),
            quiet_weekends=True,
            time_zone="America/New_York",
            digest="weekly",
        )
    tell(usual, "usual")
    tell(abroad, "abroad")
    assert {mail.key: mail.due_at for mail in mails(env)} == {
        "usual": local(2027, 3, 3, 7),
        "abroad": local(2027, 3, 2, 21, 15),
    }


def test_hours_changed_afterwards_hold_for_what_waits(env, member, postbox, clock):
    clock(2027, 3, 2, 10)
    who = member()
    tell(who, "a")
    with open_scope(environment_id=env.pk):
        preference_save(
            person_id=who.person_id,
            quiet_from=time(9),
            quiet_until=time(18),
            quiet_weekends=False,
            time_zone="",
            digest="weekly",
        )
    clock(2027, 3, 2, 11)
    assert (mail_send_due(), mails(env)[0].due_at) == (0, local(2027, 3, 2, 18))


def test_the_second_of_a_day_goes_into_the_digest(env, other, member, postbox, clock):
    clock(2027, 3, 2, 10)
    who, neighbour, stranger = member(), member(), member(environment=other)
    for someone in (who, neighbour):
        tell(someone, f"first-{someone.pk}")
    tell(stranger, "first")
    clock(2027, 3, 2, 11)
    assert mail_send_due() == 3, "one each"
    tell(who, "second", kind=EVENT)
    tell(who, "third")
    clock(2027, 3, 2, 12)
    assert mail_send_due() == 0
    assert (states(env)["second"], states(env)["third"]) == (MailState.LEFT_OUT, MailState.LEFT_OUT)
    assert (plan_of(who), plan_of(neighbour)) == (local(2027, 3, 8, 7, 30), None)
    postbox.letters.clear()
    clock(2027, 3, 8, 7, 30)
    assert [digests_send(), digests_send()] == [1, 0]
    assert mail_send_due() == 1
    (letter,) = postbox.letters
    text = letter.get_body(preferencelist=("plain",)).get_content()
    assert letter["Subject"] == "2 things are new for you"
    assert text.index("Dates") < text.index("About second") < text.index("For you") < text.index("About third")
    assert "http://alpha.localhost:8000/second/" in text
    assert "About first" not in text
    assert letter["List-Unsubscribe"]
    assert plan_of(who) is None


def test_on_the_day_of_a_digest_it_is_the_one_letter(env, member, postbox, clock):
    clock(2027, 3, 3, 10)
    who = member()
    tell(who, "news", kind=NEWS)
    assert mails(env) == []
    clock(2027, 3, 8, 7, 5)  # Monday, before the digest
    tell(who, "answer")
    clock(2027, 3, 8, 7, 29)
    assert mail_send_due() == 0
    clock(2027, 3, 8, 7, 31)
    assert (digests_send(), mail_send_due()) == (1, 1), "the letter due at 7:20 was held for it"
    assert "About answer" in postbox.letters[0].as_string()
    tell(who, "later")
    clock(2027, 3, 8, 12)
    assert (mail_send_due(), states(env)["later"]) == (0, MailState.LEFT_OUT)
    assert plan_of(who) == local(2027, 3, 15, 7, 30)


def test_a_digest_whose_day_is_taken_comes_the_day_after(env, member, postbox, clock):
    clock(2027, 3, 8, 7, 0)
    who = member()
    tell(who, "first")
    clock(2027, 3, 8, 7, 20)
    mail_send_due()
    tell(who, "news", kind=NEWS)
    clock(2027, 3, 8, 7, 30)
    assert digests_send() == 0
    clock(2027, 3, 9, 7, 31)
    assert (digests_send(), mail_send_due()) == (1, 1)


def test_no_empty_digest(env, member, postbox, clock):
    clock(2027, 3, 3, 10)
    who = member()
    tell(who, "news", kind=NEWS)
    with open_scope(environment_id=env.pk):
        notices_seen(person_id=who.person_id)
    clock(2027, 3, 8, 8)
    assert (digests_send(), mails(env), plan_of(who)) == (0, [], None)


def test_five_of_each_and_how_many_more(env, member, postbox, clock):
    clock(2027, 3, 3, 10)
    who = member()
    for number in range(8):
        tell(who, f"n{number}", kind=NEWS)
    clock(2027, 3, 8, 8)
    digests_send()
    (mail,) = mails(env)
    assert mail.text.count("About n") == 5
    assert "and 3 more on the site" in mail.text
    assert "and 3 more on the site" in mail.html


def test_in_dutch_and_with_the_next_action_first(env, member, postbox, clock, monkeypatch):
    from ecosystem.registry import Registry, Todo

    found = Registry()
    found.register("x", lambda membership: [Todo(1, "Kaarten", "layers", "Drie kaarten", "/memo/", "Begin", 2, "")])
    monkeypatch.setattr("notifications.services.digests.todos", found)
    clock(2027, 3, 3, 10)
    who = member()
    who.person.language = "nl"
    who.person.save()
    tell(who, "news", kind=NEWS)
    clock(2027, 3, 8, 8)
    digests_send()
    (mail,) = mails(env)
    assert mail.subject == "Er is 1 ding nieuw voor je"
    assert "Hierna voor jou: Drie kaarten, 2 minuten." in mail.text
    assert "http://alpha.localhost:8000/memo/" in mail.text
    assert '<html lang="nl"' in mail.html


def test_who_wants_no_digest_gets_none(env, member, postbox, clock):
    clock(2027, 3, 3, 10)
    who = member()
    with open_scope(environment_id=env.pk):
        mail_stop(person_id=who.person_id, kind="digest")
    tell(who, "news", kind=NEWS)
    assert plan_of(who) is None
    clock(2027, 3, 8, 8)
    assert digests_send() == 0
    with open_scope(environment_id=env.pk):
        choices_save(person_id=who.person_id, wanted={"digest": {Channel.MAIL}})
    tell(who, "more", kind=NEWS)
    assert plan_of(who) == local(2027, 3, 15, 7, 30)


def test_a_kind_stopped_in_the_meantime(env, member, postbox, clock):
    clock(2027, 3, 2, 10)
    who = member()
    tell(who, "a")
    with open_scope(environment_id=env.pk):
        mail_stop(person_id=who.person_id, kind=ANSWER)
    clock(2027, 3, 2, 11)
    assert (mail_send_due(), states(env)) == (0, {"a": MailState.LEFT_OUT})


def test_a_refused_letter_gives_the_day_back(env, member, postbox, clock):
    clock(2027, 3, 2, 10)
    who = member()
    tell(who, "a")
    tell(who, "b")
    postbox.replies = ["550 no"]
    clock(2027, 3, 2, 11)
    assert (mail_send_due(), states(env)) == (1, {"a": MailState.FAILED, "b": MailState.SENT})


def test_one_digest_that_fails_stops_no_other(env, member, postbox, clock, monkeypatch):
    clock(2027, 3, 3, 10)
    broken, fine = member(name="Broken"), member()
    for who in (broken, fine):
        tell(who, f"news-{who.pk}", kind=NEWS)
    with open_scope(environment_id=env.pk):  # a zone that this machine no longer knows
        Preference.objects.filter(person_id=broken.person_id).update(time_zone="Nowhere/Gone")
    clock(2027, 3, 8, 8)
    assert digests_send() == 1
    assert plan_of(broken) == local(2027, 3, 8, 9)
    with open_scope(environment_id=env.pk):
        assert Notice.objects.filter(person_id=broken.person_id, for_digest=True).exists()
        assert Mail.objects.get().person_id == fine.person_id
