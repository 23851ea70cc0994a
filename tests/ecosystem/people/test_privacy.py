"""Every model is declared; a copy is complete and one's own; an erased person leaves no word outside what is declared."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils import timezone

from api.services import token_create
from assessments.models import Answer, Attempt
from certificates.models import Certificate
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Credit, DataExport, Erasure, GroupMember, Membership, Person, Role
from ecosystem.personal_data import OnErase, declarations, declare, undeclared
from ecosystem.scope import open_scope
from ecosystem.services.account_letters import account_letters_send_due
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create
from ecosystem.services.erasure import erasure_ask, erasure_confirm, erasures_run_due
from ecosystem.services.exports import data_export_ask, data_exports_run_due
from ecosystem.services.groups import group_members_add, group_save
from ecosystem.services.imports import people_import_read
from ecosystem.services.invitations import Invited, invitation_accept, invitation_create
from notifications.models import Mail, Notice
from notifications.services import mail_stop, notify
from tests.guards.cross_arena import arena_with_files
from tests.guards.scene import scene_make

CANARY = "quetzalcanary"
PASSWORD = "a long enough password"
COLUMNS = """
    SELECT c.relname, a.attname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0
      AND NOT a.attisdropped AND has_table_privilege(c.oid, 'SELECT')
      AND (t.typcategory IN ('S', 'A') OR t.typname IN ('json', 'jsonb', 'bytea', 'tsvector'))
    ORDER BY 1, 2
"""


def places_of_canary(*environments) -> tuple[set[str], int]:
    """(table.column with a hit, how many columns were looked at), in the scopes of these environments."""
    hits, looked = set(), 0
    for environment in environments:
        with open_scope(environment_id=environment.pk), connection.cursor() as cursor:
            cursor.execute(COLUMNS)
            columns = cursor.fetchall()
            looked = len(columns)
            for table, column in columns:
                cursor.execute(
                    f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s)', [f"%{CANARY}%"]
                )
                if cursor.fetchone()[0]:
                    hits.add(f"{table}.{column}")
    return hits, looked


def kept() -> set[str]:
    """Columns in which a word about somebody may stay, because a declaration says why."""
    return {
        f"{one.model._meta.db_table}.{one.model._meta.get_field(name).column}"
        for one in declarations()
        if one.on_erase is OnErase.KEEP
        for name in one.fields
    }


@pytest.fixture
def admin(member):
    return member(Role.ADMIN, name="Ada Admin")


@pytest.fixture
def canary(env, admin):
    """A person with the canary in every text about them that a service can write."""
    email = f"{CANARY}@example.org"
    with open_scope(environment_id=env.pk):
        people_import_read(data=f"email,name\nx{email},X {CANARY}\n{email},{CANARY}".encode(), by=admin)
        invited = Invited(email=email, name=f"Name {CANARY}", job_title=f"Job {CANARY}", roles=("learner",))
        invitation = invitation_create(invited=invited, by=admin)
        person = invitation_accept(token=invitation.token, name=f"Name {CANARY}", password=PASSWORD)
    with open_scope(environment_id=env.pk, person_id=person.person_id):
        element = element_create(kind="external", title="Tool", creators=[person.person], url="https://example.org")
        notify(person_id=person.person_id, key="k", kind="x", title=f"Dear {CANARY}", body=CANARY, mail=True)
        mail_stop(person_id=person.person_id, kind="memotrainer")
        token_create(person=person.person, name=f"{CANARY} laptop", scopes=("read",), valid_for=timedelta(days=1))
        group_members_add(group=group_save(name="Group", by=admin), person_ids=[person.person_id], by=admin)
        audit(act="thing.done", by=person.person, target=element)
        data_export_ask(membership=person)
    data_exports_run_due()
    return person


def erase(environment, membership, by):
    with open_scope(environment_id=environment.pk):
        erasure_confirm(membership=membership, by=by)
    return erasures_run_due()


# The letter that tells of it has to arrive first: until it is sent, a day at most.
LETTER = {"ecosystem_accountletter.to"}


def test_every_model_says_what_it_knows_about_people():
    assert undeclared() == []


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        (("shoe",), {"on_erase": OnErase.DELETE}),
        (("name",), {"on_erase": OnErase.KEEP}),
        (("name",), {"on_erase": OnErase.ANONYMISE}),
        (("name",), {"on_erase": OnErase.DELETE, "because": "no"}),
    ],
)
def test_half_a_declaration_is_refused(fields, facts):
    with pytest.raises(ValueError, match=r"ecosystem\.Credit"):
        declare(Credit, *fields, purpose="x", retention="x", **facts)


@pytest.mark.django_db
def test_an_erased_person_leaves_no_word_outside_what_is_declared(env, admin, canary):
    before, looked = places_of_canary(env)
    assert len(before) >= 15, before
    assert looked > 150
    paths = list(_files(env))
    assert erase(env, canary, admin) == 1
    after, _looked = places_of_canary(env)
    print(f"\n{looked} columns looked at, {len(before)} held the canary, {len(after)} still do: {sorted(after)}")
    stays = {"ecosystem_auditentry.actor_name", "ecosystem_auditentry.object_name", "ecosystem_credit.name"}
    assert stays <= kept()
    assert after == stays | LETTER
    assert paths
    assert not any(default_storage.exists(path) for path in paths)
    person = Person.objects.get(pk=canary.person_id)
    assert (person.is_active, person.has_usable_password()) == (False, False)


def _files(env):
    with open_scope(environment_id=env.pk):
        yield from DataExport.objects.exclude(file="").values_list("file", flat=True)


class Refusing(FileSystemStorage):
    """A store of files that is away when something is to be deleted."""

    def delete(self, name):
        raise OSError("the store is away")


@pytest.mark.django_db
def test_an_erasure_that_breaks_leaves_all_and_goes_on_later(env, admin, canary, settings):
    before, _looked = places_of_canary(env)
    whole = settings.STORAGES
    settings.STORAGES = {**whole, "default": {**whole["default"], "BACKEND": f"{__name__}.Refusing"}}
    assert erase(env, canary, admin) == 0
    assert places_of_canary(env)[0] == before | LETTER
    settings.STORAGES = whole
    assert erasures_run_due() == 0
    with open_scope(environment_id=env.pk):
        Erasure.objects.update(due_at=timezone.now())
    assert erasures_run_due() == 1
    assert places_of_canary(env)[0] - kept() == LETTER


@pytest.mark.django_db
def test_erasing_twice_is_erasing_once(env, admin, canary):
    for _ in range(2):
        with open_scope(environment_id=env.pk):
            erasure_confirm(membership=canary, by=admin)
    assert erasures_run_due() == 1
    first = Person.objects.values().get(pk=canary.person_id)
    assert erasures_run_due() == 0
    assert erase(env, canary, admin) == 0
    assert Person.objects.values().get(pk=canary.person_id) == first
    with open_scope(environment_id=env.pk):
        acts = AuditEntry.objects.filter(act__startswith="erasure").order_by("pk")
        assert list(acts.values_list("act", flat=True)) == ["erasure.confirmed", "erasure.done"]


@pytest.mark.django_db
def test_elsewhere_nothing_changes_until_they_erase_too(env, other, member, admin, canary):
    their_admin = member(Role.ADMIN, environment=other)
    there = member(environment=other, email=f"{CANARY}@example.org")
    with open_scope(environment_id=other.pk):
        notify(person_id=there.person_id, key="k", kind="x", title=f"Dear {CANARY}")
    erase(env, canary, admin)
    person = Person.objects.get(pk=canary.person_id)
    assert (person.is_active, person.email) == (True, f"{CANARY}@example.org")
    with open_scope(environment_id=env.pk):
        assert not GroupMember.objects.filter(person_id=person.pk).exists()
        assert Membership.objects.get(person_id=person.pk).ended_at is not None
    hits, _looked = places_of_canary(other)
    assert "notifications_notice.title" in hits
    erase(other, there, their_admin)
    hits, _looked = places_of_canary(env, other)
    assert hits - kept() == LETTER


@pytest.mark.django_db
def test_asked_for_by_the_person_and_confirmed_by_an_administrator_on_the_page(env, admin, member, browser_of):
    learner = member(name="Lea")
    hers, his = browser_of(learner), browser_of(admin)
    assert "Stays, without a name" in hers.get("/me/data/").text
    for _ in range(2):
        hers.post("/me/data/erase/")
    assert "has to confirm" in hers.get("/me/data/").text
    page = f"/people/members/{learner.pk}/erase/"
    with open_scope(environment_id=env.pk):
        told = Notice.objects.get(person_id=admin.person_id)
        assert (told.href, Mail.objects.get().person_id) == (page, admin.person_id)
        assert "Lea" not in told.title + told.body  # it outlives the erasure
    assert "Asked for by the person" in his.get(page).text
    assert hers.get(page).status_code == 404
    assert browser_of(member(Role.MANAGER)).get(page).status_code == 404
    assert "Tick the box" in his.post(page).text
    with open_scope(environment_id=env.pk):
        assert Erasure.objects.get().state == "asked"
    assert his.post(page, {"sure": "1"}).status_code == 302
    assert hers.get("/me/data/").status_code == 302
    mail.outbox.clear()
    assert account_letters_send_due() == 1
    assert (mail.outbox[0].to, "goes for good" in mail.outbox[0].body) == ([learner.person.email], True)
    assert erasures_run_due() == 1


@pytest.mark.django_db
def test_a_wish_can_be_taken_back_and_the_last_administrator_stays(env, admin, member, browser_of):
    learner = member()
    client = browser_of(learner)
    client.post("/me/data/erase/")
    client.post("/me/data/erase/", {"withdraw": "1"})
    assert erasures_run_due() == 0
    with open_scope(environment_id=env.pk):
        assert Erasure.objects.get().state == "withdrawn"
        erasure_ask(membership=learner)
        with pytest.raises(EcosystemError):
            erasure_confirm(membership=admin, by=admin)
        with pytest.raises(EcosystemError):
            erasure_confirm(membership=learner, by=learner)


@pytest.mark.django_db
def test_the_copy_is_complete_and_holds_no_secret(env, other, member, admin, canary, browser_of):
    there = member(environment=other, email=f"{CANARY}@example.org")
    with open_scope(environment_id=other.pk):
        notify(person_id=there.person_id, key="k", kind="x", title="Beta notice")
    with open_scope(environment_id=env.pk):
        DataExport.objects.all().delete()
    client = browser_of(canary)
    assert client.get("/me/data/").headers["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/me/data/export/").status_code == 302
    client.post("/accounts/reauthenticate/?next=/me/data/", {"password": PASSWORD})
    client.post("/me/data/export/")
    client.post("/me/data/export/")
    assert "being made" in client.get("/me/data/").text
    assert data_exports_run_due() == 1
    with open_scope(environment_id=env.pk):
        export = DataExport.objects.get()
    path = f"/me/data/{export.uid}/"
    assert path in client.get("/me/data/").text
    packed = zipfile.ZipFile(io.BytesIO(b"".join(client.get(path).streaming_content)))
    data = json.loads(packed.read("data.json"))
    found = {section["model"]: section["rows"] for section in data["sections"]}
    assert {row["title"] for row in found["notifications.Notice"]} == {f"Dear {CANARY}", "Beta notice"}
    assert {row["environment"] for row in found["ecosystem.Membership"]} == {"Alpha", "Beta"}
    assert {"ecosystem.Person", "api.Token", "ecosystem.Credit", "ecosystem.GroupMember"} <= set(found)
    text = packed.read("data.json").decode() + packed.read("index.html").decode()
    assert "argon2" not in text
    assert "token_hash" not in text
    assert f"Name {CANARY}" in packed.read("index.html").decode()
    theirs = browser_of(there)
    theirs.post("/accounts/reauthenticate/?next=/me/data/", {"password": PASSWORD})
    assert theirs.get("/me/data/").status_code == 200
    for stranger in (browser_of(admin), theirs):
        assert stranger.get(path).status_code == 404
    with open_scope(environment_id=env.pk):
        DataExport.objects.update(expires_at=timezone.now(), due_at=timezone.now())
    assert client.get(path).status_code == 404
    data_exports_run_due()
    with open_scope(environment_id=env.pk):
        row = DataExport.objects.get()
    assert (row.state, row.file.name) == ("expired", "")


@pytest.fixture
def twin(django_db_setup, django_db_blocker, tmp_path):
    """An environment with one of everything. All of it commits."""
    with django_db_blocker.unblock(), arena_with_files(scene_make, tmp_path) as scene:
        yield scene.attacker


def test_answers_and_certificates_lose_their_words(twin):
    learner = twin.people["learner"]
    with open_scope(environment_id=twin.environment.pk):
        attempts = Attempt.objects.filter(person_id=learner.person_id).count()
        assert Answer.objects.filter(person_id=learner.person_id).exclude(response=None).exists()
        certificate = Certificate.objects.get(person_id=learner.person_id)
        assert certificate.file
    assert erase(twin.environment, learner, twin.people["admin"]) == 1
    with open_scope(environment_id=twin.environment.pk):
        assert Attempt.objects.filter(person_id=learner.person_id).count() == attempts > 0
        assert not Answer.objects.filter(person_id=learner.person_id).exclude(response=None).exists()
        after = Certificate.objects.get(pk=certificate.pk)
    assert (after.holder, after.file.name) == ("–", "")
    assert not certificate.file.storage.exists(certificate.file.name)
