"""What an operator sees and does, what is pruned, and the letters of a development machine."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from notifications.models import ChannelChoice, Mail, MailMode, MailState, Notice, Preference, Push, PushDevice
from notifications.services import mail_send_due, notices_seen, notifications_prune
from tests.notifications.conftest import mails
from tests.notifications.test_mail import tell

pytestmark = pytest.mark.django_db
MAILS = "/admin/notifications/mail/"


def uncertain(who, key="once"):
    tell(who, key=key, mode=MailMode.AT_MOST_ONCE)
    with open_scope(environment_id=who.environment_id):
        mail = Mail.objects.get(key=key)
        Mail.objects.filter(pk=mail.pk).update(state=MailState.UNCERTAIN, claimed_at=timezone.now(), attempts=1)
    return mail


def act(browser, action, *rows):
    return browser.post(MAILS, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def test_an_uncertain_letter_goes_again_with_its_message_id(env, member, browser_of, postbox):
    admin = member("admin")
    mail = uncertain(member())
    assert mail_send_due() == 0
    browser = browser_of(admin)
    assert "1 letter may not have arrived" in browser.get("/").text
    assert "Tea &amp; cake" in browser.get(f"{MAILS}?state__in=failed,uncertain").text
    assert "1 letter goes again." in act(browser, "send_again", mail).text
    assert (mail_send_due(), mail_send_due()) == (1, 0)
    assert postbox.letters[0]["Message-ID"] == mail.message_id
    assert "Only uncertain and failed letters" in act(browser, "send_again", mail).text
    with open_scope(environment_id=env.pk):
        entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor_id, entry.before) == ("mail.sent_again", admin.person_id, {"state": "uncertain"})


def test_an_uncertain_letter_counts_as_sent(env, member, browser_of, postbox):
    mail = uncertain(member())
    tell(member(), key="waits")
    browser = browser_of(member("admin"))
    answer = act(browser, "consider_sent", *mails(env))
    assert "1 letter counts as sent." in answer.text
    assert "Only uncertain letters" in answer.text
    assert {one.key: one.state for one in mails(env)} == {"once": MailState.SENT, "waits": MailState.WAITING}
    assert mails(env)[0].sent_at is not None
    assert mail_send_due() == 1
    assert postbox.letters[0]["Message-ID"] != mail.message_id
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.get().act == "mail.considered_sent"


def test_letters_of_others_are_out_of_reach(env, other, member, browser_of):
    foreign = uncertain(member(environment=other))
    act(browser_of(member("admin")), "send_again", foreign)
    assert mails(other)[0].state == MailState.UNCERTAIN
    assert browser_of(member("author")).post(MAILS, {"action": "send_again"}).status_code in {302, 404}


@pytest.mark.parametrize("model", [Notice, Mail, ChannelChoice, Preference, PushDevice, Push])
def test_lists_of_the_admin_cost_the_same_for_many_rows(env, member, browser_of, django_assert_max_num_queries, model):
    browser = browser_of(member("admin"))
    address = f"/admin/notifications/{model._meta.model_name}/"
    counts = []
    for amount in (1, 4):
        for _number in range(amount):
            _one_of_each(env, member())
        browser.get(address)
        with django_assert_max_num_queries(40) as caught:
            page = browser.get(address)
        assert page.status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
    if model is PushDevice:
        with open_scope(environment_id=env.pk):
            pk = PushDevice.objects.first().pk
        shown = browser.get(f"{address}{pk}/change/").text
        assert "fcm.googleapis.com" in shown
        assert "secret-path" not in shown
        assert "secret-key" not in shown


def _one_of_each(env, who):
    notice = tell(who, key=f"for {who.pk}")
    now, facts = timezone.now(), {"environment_id": env.pk, "person_id": who.person_id}
    with open_scope(environment_id=env.pk):
        ChannelChoice.objects.create(kind="x", since=now, **facts)
        Preference.objects.create(**facts)
        device = PushDevice.objects.create(
            endpoint=f"https://fcm.googleapis.com/secret-path/{who.pk}", p256dh="secret-key", auth="secret-key",
            label="Firefox", created_at=now, **facts,
        )  # fmt: skip
        Push.objects.create(environment_id=env.pk, device=device, notice=notice, due_at=now)


# --- pruning -------------------------------------------------------------------------------------------------------
def test_what_is_old_and_done_with_goes(env, other, member, settings):
    settings.KEEP_MAIL_DAYS, settings.KEEP_NOTICE_DAYS = 10, 20
    old = {MailState.SENT, MailState.FAILED, MailState.WAITING, MailState.UNCERTAIN, MailState.LEFT_OUT}
    for where in (env, other):
        who = member(environment=where)
        for state in old:
            tell(who, key=state)
        tell(who, key="young")
        tell(who, key="unseen")
        with open_scope(environment_id=where.pk):
            notices_seen(person_id=who.person_id)
            Notice.objects.filter(key="unseen").update(seen_at=None)
            long_ago = timezone.now() - timedelta(days=21)
            for state in old:
                sent_at = long_ago if state == MailState.SENT else None
                Mail.objects.filter(key=state).update(state=state, created_at=long_ago, sent_at=sent_at)
            Notice.objects.exclude(key="young").update(created_at=long_ago)
            Notice.objects.exclude(key__in=["young", "unseen"]).update(seen_at=long_ago)
            device = PushDevice.objects.create(
                environment_id=where.pk, person_id=who.person_id, endpoint="x", p256dh="x", auth="x", label="x",
                created_at=long_ago,
            )  # fmt: skip
            for notice in Notice.objects.filter(key__in=["young", "sent"]):
                Push.objects.create(environment_id=where.pk, device=device, notice=notice, due_at=timezone.now())
    assert notifications_prune(batch=2) == 2 * (3 + len(old))
    assert notifications_prune(batch=2) == 0
    for where in (env, other):
        assert {mail.key for mail in mails(where)} == {"waiting", "uncertain", "young", "unseen"}
        with open_scope(environment_id=where.pk):
            assert set(Notice.objects.values_list("key", flat=True)) == {"young", "unseen"}
            assert Push.objects.count() == 1, "one went with its notice"


# --- /dev/mail/ ----------------------------------------------------------------------------------------------------
@pytest.fixture
def folder(settings, tmp_path):
    settings.DEBUG, settings.MAIL_DIR = True, str(tmp_path)
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path)
    return tmp_path


def test_what_went_out_can_be_read(env, member, browser_of, folder):
    browser = browser_of(env)
    assert "No mail yet" in browser.get("/dev/mail/").text
    tell(member(), title="Ready <script>alert(1)</script>")
    assert mail_send_due() == 1
    page = browser.get("/dev/mail/")
    (letter,) = page.context["letters"]
    assert "Ready &lt;script&gt;" in page.text
    shown = browser.get(f"/dev/mail/{letter.name}/")
    assert "List-Unsubscribe-Post" in shown.text
    assert 'sandbox="allow-popups"' in shown.text
    assert "<script>alert" not in shown.text
    html = browser.get(f"/dev/mail/{letter.name}/html/")
    assert "There is tea." in html.text
    assert "default-src 'none'" in html.headers["Content-Security-Policy"]
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_several_letters_in_a_file_newest_first(env, browser_of, folder):
    get_connection().send_messages(
        [EmailMultiAlternatives(subject=f"Number {n}", body="Ünïcode", to=["a@example.org"]) for n in (1, 2)]
    )
    page = browser_of(env).get("/dev/mail/")
    assert [letter.message["Subject"] for letter in page.context["letters"]] == ["Number 2", "Number 1"]
    name = page.context["letters"][0].name
    assert "Ünïcode" in browser_of(env).get(f"/dev/mail/{name}/").text
    for nothing in ("nothing", "..%2Fsettings.py", f"{name}9"):
        assert browser_of(env).get(f"/dev/mail/{nothing}/").status_code == 404


def test_elsewhere_there_is_no_such_address(env, member, browser_of, folder, settings):
    tell(member())
    mail_send_due()
    name = browser_of(env).get("/dev/mail/").context["letters"][0].name
    settings.DEBUG = False
    browser = browser_of(member("admin"))
    for address in ("/dev/mail/", f"/dev/mail/{name}/", f"/dev/mail/{name}/html/"):
        assert browser.get(address).status_code == 404
