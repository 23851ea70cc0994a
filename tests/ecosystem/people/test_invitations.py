"""Invitations: one letter, one link, one membership; nothing is learnt without the link."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Group, GroupMember, Invitation, Membership, Person, Role
from ecosystem.scope import open_scope
from ecosystem.services.invitation_mail import invitations_send_due
from ecosystem.services.invitations import (
    Invited,
    invitation_accept,
    invitation_create,
    invitations_resend,
    invitations_withdraw,
)

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://alpha\.localhost:8000(/invitations/[0-9a-f]{64}/)")
PASSWORD = "a long enough password"


class Refusing(BaseEmailBackend):
    def send_messages(self, messages):
        raise OSError("no mail server")


class Unknown(BaseEmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})


@pytest.fixture
def manager(member):
    return member(Role.MANAGER, name="Mo Manager")


@pytest.fixture
def invite(env, manager):
    def make(email="new@alpha.example.org", **facts):
        with open_scope(environment_id=env.pk):
            return invitation_create(invited=Invited(email=email, roles=("learner",), **facts), by=manager)

    return make


def link_sent():
    return LINK.search(mail.outbox[-1].body)[1]


def test_from_the_page_to_a_member_who_is_signed_in(env, manager, browser_of):
    client = browser_of(manager)
    with open_scope(environment_id=env.pk):
        group = Group.objects.create(environment_id=env.pk, name="Night")
    form = {
        "email": " New@Alpha.example.org ",
        "name": "Noor",
        "job_title": "Nurse",
        "roles": ["learner"],
        "group": group.pk,
    }
    assert client.post("/people/invite/", form).status_code == 302
    assert "on its way" in client.get("/people/invitations/").text
    assert invitations_send_due() == 1
    assert invitations_send_due() == 0
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["new@alpha.example.org"], "You are invited to Alpha")
    assert letter.alternatives[0][1] == "text/html"
    visitor = browser_of(env)
    path = link_sent()
    assert "Mo Manager" in visitor.get(path).text
    assert visitor.post(path, {"name": "Noor Smit", "password": "short"}).status_code == 200
    assert visitor.post(path, {"name": "Noor Smit", "password": PASSWORD}).status_code == 302
    assert visitor.get("/courses/").status_code == 200
    assert visitor.get(path).status_code == 404
    with open_scope(environment_id=env.pk):
        row = Membership.objects.select_related("person").get(person__email="new@alpha.example.org")
        assert (row.person.name, row.job_title, row.roles) == ("Noor Smit", "Nurse", ["learner"])
        assert GroupMember.objects.get().person_id == row.person_id
        assert Invitation.objects.get().state == "accepted"


def test_an_existing_person_keeps_name_and_password_and_signs_in_as_always(env, other, member, invite, browser_of):
    known = member(environment=other, name="Ama Known", email="ama@example.org")
    before = Person.objects.values().get(pk=known.person_id)
    invitation = invite("ama@example.org", name="Somebody")
    visitor = browser_of(env)
    path = f"/invitations/{invitation.token}/"
    page = visitor.get(path).text
    assert "You have an account already" in page
    assert "Ama Known" not in page
    answer = visitor.post(path, {"name": "Hacked", "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/login/"
    assert visitor.get("/courses/").status_code == 302
    assert Person.objects.values().get(pk=known.person_id) == {**before, "places": 2}
    with open_scope(environment_id=env.pk):
        assert Membership.objects.filter(person_id=known.person_id, ended_at=None).exists()


@pytest.mark.parametrize("wrong", ["withdrawn", "expired", "resent", "made up", "other host"])
def test_links_that_do_not_work_all_say_the_same(env, other, manager, invite, browser_of, wrong):
    invitation = invite()
    token = "f" * 64 if wrong == "made up" else invitation.token
    with open_scope(environment_id=env.pk):
        if wrong == "withdrawn":
            assert invitations_withdraw(invitations=[invitation], by=manager) == 1
            assert invitations_withdraw(invitations=[invitation], by=manager) == 0
        if wrong == "expired":
            Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        if wrong == "resent":
            assert invitations_resend(invitations=[invitation], by=manager) == 1
    client = browser_of(other if wrong == "other host" else env)
    for answer in (
        client.get(f"/invitations/{token}/"),
        client.post(f"/invitations/{token}/", {"name": "A", "password": PASSWORD}),
    ):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
    with open_scope(environment_id=env.pk):
        assert not Person.objects.filter(email=invitation.email).exists()


def test_the_table_opens_nothing(env, invite):
    invitation = invite()
    with open_scope(environment_id=env.pk):
        row = Invitation.objects.values().get()
    assert invitation.token not in map(str, row.values())


def test_accepting_again_changes_nothing(env, invite):
    token = invite().token
    with open_scope(environment_id=env.pk):
        invitation_accept(token=token, name="Noor", password=PASSWORD)
        with pytest.raises(EcosystemError):
            invitation_accept(token=token, name="Else", password=PASSWORD)
        assert Person.objects.get(email="new@alpha.example.org").name == "Noor"


@pytest.mark.parametrize("roles", [("admin",), ("learner", "manager"), (), ("king",)])
def test_a_manager_invites_learners_only(env, manager, roles):
    with open_scope(environment_id=env.pk), pytest.raises(EcosystemError):
        invitation_create(invited=Invited(email="x@example.org", roles=roles), by=manager)


def test_a_learner_invites_nobody(env, member):
    with open_scope(environment_id=env.pk), pytest.raises(EcosystemError):
        invitation_create(invited=Invited(email="x@example.org", roles=("learner",)), by=member())


def test_members_and_invited_are_named_at_the_field(env, manager, invite, browser_of):
    invite()
    client = browser_of(manager)
    for email, said in ((manager.person.email, "member already"), ("new@alpha.example.org", "invited already")):
        assert said in client.post("/people/invite/", {"email": email, "roles": ["learner"]}).text


def test_an_address_that_nobody_has_is_said_at_once(invite, settings, manager, browser_of):
    invite()
    settings.EMAIL_BACKEND = f"{__name__}.Unknown"
    assert invitations_send_due() == 0
    assert "could not be delivered" in browser_of(manager).get("/people/invitations/").text


def test_a_mail_server_that_is_away_is_asked_again_and_given_up_in_the_end(env, invite, settings):
    invite()
    locmem, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Refusing"
    for _ in range(6):
        assert invitations_send_due() == 0
        with open_scope(environment_id=env.pk):
            Invitation.objects.exclude(mail_due_at=None).update(mail_due_at=timezone.now())
    with open_scope(environment_id=env.pk):
        row = Invitation.objects.get()
    assert (row.mail_attempts, row.mail_due_at, row.mailed_at) == (6, None, None)
    settings.EMAIL_BACKEND = locmem
    assert invitations_send_due() == 0


def test_sending_again_makes_a_new_link_but_not_twice_in_five_minutes(env, manager, invite, browser_of):
    first = invite()
    invitations_send_due()
    client = browser_of(manager)
    client.post("/people/invitations/act/", {"chosen": [first.pk], "act": "resend"})
    assert invitations_send_due() == 0
    with open_scope(environment_id=env.pk):
        Invitation.objects.update(mailed_at=timezone.now() - timedelta(minutes=6))
    client.post("/people/invitations/act/", {"chosen": [first.pk], "act": "resend"})
    assert invitations_send_due() == 1
    assert first.token not in link_sent()
    assert browser_of(env).get(link_sent()).status_code == 200


def test_invitations_of_elsewhere_are_out_of_reach(env, other, member, invite, browser_of):
    mine = invite()
    stranger = browser_of(member(Role.MANAGER, environment=other))
    stranger.post("/people/invitations/act/", {"chosen": [mine.pk], "act": "withdraw"})
    assert mine.email not in stranger.get("/people/invitations/").text
    with open_scope(environment_id=env.pk):
        assert Invitation.objects.get().state == "open"


def test_trying_links_is_slowed_down(env, browser_of):
    client = browser_of(env)
    answers = [client.post(f"/invitations/{number:064x}/").status_code for number in range(21)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_somebody_who_left_comes_back_with_the_new_roles(env, member, invite):
    gone = member(Role.AUTHOR, email="gone@example.org")
    with open_scope(environment_id=env.pk):
        Membership.objects.filter(pk=gone.pk).update(ended_at=timezone.now())
    token = invite("gone@example.org").token
    with open_scope(environment_id=env.pk):
        back = invitation_accept(token=token)
    assert (back.pk, back.roles, back.ended_at) == (gone.pk, ["learner"], None)
