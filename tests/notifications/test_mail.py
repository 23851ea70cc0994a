"""Letters: what is in them, and that each goes as often as it promises."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecosystem.scope import open_scope
from notifications.models import Mail, MailMode, MailState, Notice
from notifications.registry import NoticeKind, Urgency, notice_kinds
from notifications.services import mail_send, mail_send_due, notify
from tests.notifications.conftest import due_again, mail_goes_to, mails

pytestmark = pytest.mark.django_db
KIND = "test-reminder"
if KIND not in notice_kinds:
    notice_kinds.register(
        KIND, NoticeKind(KIND, "Tests", "tests", "You get this because of a test.", urgency=Urgency.NOW)
    )


def tell(who, key="once", **facts):
    with open_scope(environment_id=who.environment_id):
        return notify(
            person_id=who.person_id,
            key=key,
            **{
                "kind": KIND,
                "title": "Tea & cake <today>",
                "body": "Come along.\n\nThere is tea.",
                "href": "/memo/",
                "action": "Start",
                "mail": True,
                **facts,
            },
        )


def test_text_and_html_in_the_look_of_the_environment(env, member, postbox):
    who = member()
    tell(who)
    assert mail_send_due() == 1
    (letter,) = postbox.letters
    text, html = (letter.get_body(preferencelist=(kind,)).get_content() for kind in ("plain", "html"))
    assert letter["Subject"] == "Tea & cake <today>"
    assert letter["To"] == who.person.email
    assert "Tea & cake <today>" in text
    assert "Tea &amp; cake &lt;today&gt;" in html
    for part in (text, html):
        assert "http://alpha.localhost:8000/memo/" in part
        assert "There is tea." in part
        assert "Alpha" in part
        assert "http://alpha.localhost:8000/notices/unsubscribe/" in part
    assert 'class="btn"' in html
    assert "background: #0b6e69" in html.lower().replace("background:#", "background: #")
    assert "Figtree" in html
    assert "prefers-color-scheme" in html, "the dark mode of the letter survives inlining"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@alpha.localhost>")
    assert letter["List-Unsubscribe"].strip(" <>") == mails(env)[0].stop_href
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_same_key_twice_is_one_notice_and_one_letter(env, member, postbox):
    who = member()
    assert tell(who).pk == tell(who, title="Other words").pk
    assert [mail_send_due(), mail_send_due()] == [1, 0]
    assert len(postbox.letters) == 1
    with open_scope(environment_id=env.pk):
        assert Notice.objects.get().title == "Tea & cake <today>"


def test_a_letter_about_no_stoppable_kind_has_no_way_to_stop_it(env, member, postbox):
    tell(member(), kind="certificate")
    mail_send_due()
    assert postbox.letters[0]["List-Unsubscribe"] is None
    assert "unsubscribe" not in postbox.letters[0].as_string()


def test_two_workers_send_once(env, member, postbox):
    tell(member())
    (mail,) = mails(env)
    sent = [mail_send(environment_id=env.pk, mail_id=mail.pk) for _worker in range(2)]
    assert (sent, len(postbox.letters)) == ([True, False], 1)


@pytest.mark.parametrize("mode", MailMode)
def test_not_now_is_tried_again_later(env, member, postbox, mode):
    tell(member(), mode=mode)
    postbox.replies = ["451 later please", "250 OK"]
    assert mail_send_due() == 0
    (mail,) = mails(env)
    assert (mail.state, mail.attempts, "451" in mail.error) == (MailState.WAITING, 1, True)
    assert mail.due_at > timezone.now() + timedelta(seconds=50)
    assert mail_send_due() == 0, "not before its time"
    due_again(env)
    assert mail_send_due() == 1
    assert [letter["Message-ID"] for letter in postbox.letters] == [mail.message_id]


@pytest.mark.parametrize("mode", MailMode)
def test_no_is_no(env, member, postbox, mode):
    tell(member(), mode=mode)
    postbox.replies = ["550 no such person"]
    mail_send_due()
    due_again(env)
    mail_send_due()
    assert (mails(env)[0].state, postbox.tries) == (MailState.FAILED, 1)


@pytest.mark.parametrize(
    ("mode", "state"), [(MailMode.AT_MOST_ONCE, MailState.UNCERTAIN), (MailMode.AT_LEAST_ONCE, MailState.WAITING)]
)
def test_a_server_that_hangs_up_leaves_it_open(env, member, postbox, mode, state):
    tell(member(), mode=mode)
    postbox.replies = ["hang up"]
    assert mail_send_due() == 0
    assert mails(env)[0].state == state
    due_again(env)
    mail_send_due()
    assert len(postbox.letters) == (mode == MailMode.AT_LEAST_ONCE)
    assert mails(env)[0].state == (MailState.SENT if mode == MailMode.AT_LEAST_ONCE else MailState.UNCERTAIN)


@pytest.mark.parametrize("mode", MailMode)
def test_a_worker_that_died_while_sending(env, member, postbox, mode):
    tell(member(), mode=mode)
    with open_scope(environment_id=env.pk):
        Mail.objects.update(state=MailState.CLAIMED, claimed_at=timezone.now() - timedelta(minutes=9), attempts=1)
    assert (mail_send_due(), mails(env)[0].state) == (0, MailState.CLAIMED), "it may still be at work"
    with open_scope(environment_id=env.pk):
        Mail.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    mail_send_due()
    if mode == MailMode.AT_MOST_ONCE:
        assert (mails(env)[0].state, postbox.tries) == (MailState.UNCERTAIN, 0), "shown, never sent again"
    else:
        assert (mails(env)[0].state, postbox.tries) == (MailState.SENT, 1)


def test_a_mail_server_that_is_away_costs_one_try_a_sweep_and_no_letter(env, member, settings, postbox, clock):
    """F04: ten minutes without a server, then everything goes once, whatever the number of sweeps."""
    clock(2027, 3, 1, 10)
    for key in ("a", "b", "c"):
        tell(member(), key=key, mode=MailMode.AT_MOST_ONCE)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    for minute in range(10):
        clock(2027, 3, 1, 10, minute)
        assert mail_send_due() == 0
    assert {(mail.state, mail.attempts) for mail in mails(env)} == {(MailState.WAITING, 0)}, "no fault of the letters"
    settings.EMAIL_PORT = port
    clock(2027, 3, 1, 10, 11)
    assert (mail_send_due(), mail_send_due()) == (3, 0)
    assert len(postbox.letters) == 3


def test_after_days_without_a_server_a_letter_is_given_up(env, member, settings, clock):
    clock(2027, 3, 1, 10)
    tell(member())
    mail_goes_to(settings, 9)
    clock(2027, 3, 4, 9)
    mail_send_due()
    assert mails(env)[0].state == MailState.WAITING
    clock(2027, 3, 4, 11)
    mail_send_due()
    assert mails(env)[0].state == MailState.FAILED


def test_a_slow_letter_does_not_keep_a_worker(env, member, postbox, monkeypatch):
    for key in ("a", "b"):
        tell(member(), key=key)
    monkeypatch.setattr("notifications.services.sending.SWEEP_SECONDS", -1)
    assert [mail_send_due(), mail_send_due(), mail_send_due()] == [1, 1, 0]


def test_one_bad_letter_stops_no_other_and_environments_do_not_mix(env, other, member, postbox):
    tell(member(), key="a")
    tell(member(), key="b")
    tell(member(environment=other), key="a")
    postbox.replies = ["554 no", "250 OK", "250 OK"]
    assert mail_send_due() == 2
    assert [mail.state for mail in mails(env)] == [MailState.FAILED, MailState.SENT]
    assert [mail.state for mail in mails(other)] == [MailState.SENT]
    assert {letter["Message-ID"].split("@")[1] for letter in postbox.letters} == {"alpha.localhost>", "beta.localhost>"}


def test_who_has_left_gets_nothing(env, member, postbox):
    who = member()
    tell(who)
    with open_scope(environment_id=env.pk):
        who.ended_at = timezone.now()
        who.save(update_fields=["ended_at"])
    assert mail_send_due() == 0
    assert (mails(env)[0].state, postbox.tries) == (MailState.FAILED, 0)
