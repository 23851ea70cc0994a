"""Many at once: real connections, real commits. Each race has a naive control, which must lose, so that we know that it is one.

Each test is named by its number in the list of abuse cases or of faults, if it has one. Triggers make the moment between looking and
writing long enough for everybody to be in it.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from api.services import token_create
from assessments.models import Attempt
from assessments.services import attempt_finish, attempt_start
from certificates.models import Certificate
from certificates.services.issuing import certificate_issue, template_save
from content.models import Document
from content.services import document_create
from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import forget_hosts
from ecosystem.models import Environment, Invitation, Membership, Person, Role, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services import storage
from ecosystem.services.elements import element_create
from ecosystem.services.environments import environment_create
from ecosystem.services.invitations import Invited, invitation_accept, invitation_create
from ecosystem.services.people import member_add
from ecosystem.services.settings import setting_save
from ecosystem.services.subenvironments import environment_archive, environment_restore
from ecosystem.setting_tree import Own
from records.models import Statement
from records.services import record
from tests import databases
from tests.assessments.answering import make_assessment

# They wait for their slow rows, most of the time; in one process, so that others may compute meanwhile.
pytestmark = [pytest.mark.live, pytest.mark.xdist_group("races")]

MANY = 6
SLOW = "CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END'"
SLOW_TABLES = ("assessments_attempt", "certificates_certificate", "ecosystem_membership", "ecosystem_storedfile")


@pytest.fixture(scope="module")
def arena(django_db_setup, django_db_blocker) -> Iterator[None]:
    """One database for this file, in which commits stay and rows are slow to come."""
    before = connections["default"].settings_dict["NAME"]
    name = f"grove_races_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
    with django_db_blocker.unblock():
        databases.clone(databases.migrated_template(), name)
        databases.use(name)
        try:
            as_owner(
                SLOW,
                *(
                    f"CREATE TRIGGER slow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION slow()"
                    for table in SLOW_TABLES
                ),
            )
            yield
        finally:
            connections["default"].close()
            databases.use(before)
            databases.drop(name)
            forget_hosts()


def as_owner(*statements: str) -> None:
    with databases.admin(connection.settings_dict["NAME"]) as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def here(arena, request) -> Environment:
    forget_hosts()
    slug = f"race-{request.node.name[5:8]}-{'with' if request.node.callspec.params['guarded'] else 'without'}"
    return environment_create(slug=slug, name="Race", hosts=[f"{slug}.localhost"])


def added(here: Environment, *roles: str, email: str = "one@example.org") -> Membership:
    with open_scope(environment_id=here.pk):
        return member_add(email=f"{here.slug}.{email}", name="One", roles=roles or ("learner",))


def at_once(here: Environment, act: Callable[[int], Any], *, many: int = MANY, in_scope: bool = True) -> list[Any]:
    """What each of many got who began in the same moment; a refusal is the exception."""
    gate, found = threading.Barrier(many), []

    def run(number: int) -> None:
        try:
            gate.wait(10)
            with open_scope(environment_id=here.pk) if in_scope else nullcontext():
                result = act(number)
            found.append(result)
        except Exception as error:  # noqa: BLE001 -- what each of them got is looked at afterwards
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def count(table: str, here: Environment) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE environment_id = %s", [here.pk])
        return cursor.fetchone()[0]


def good(found: list[Any]) -> list[Any]:
    return [one for one in found if not isinstance(one, Exception)]


@pytest.mark.parametrize("guarded", [True, False])
def test_a36_one_attempt_however_many_start_it(here, guarded):
    """Held by two unique keys; without them each of the many gets an attempt of their own."""
    who = added(here).person_id
    with open_scope(environment_id=here.pk):
        quiz = make_assessment(attempts_allowed=3)
    keys = ("attempt_number_once", "attempt_one_open")
    if not guarded:
        as_owner(
            *(
                f"DROP INDEX IF EXISTS {key}"
                if key.endswith("open")
                else f"ALTER TABLE assessments_attempt DROP CONSTRAINT {key}"
                for key in keys
            )
        )
    started = at_once(here, lambda _n: attempt_start(assessment=quiz, person_id=who).pk)
    with open_scope(environment_id=here.pk):
        there = Attempt.objects.count()
    assert (there == 1) is guarded
    if guarded:
        assert len(set(good(started))) == 1


@pytest.mark.parametrize("guarded", [True, False])
def test_a37_two_tabs_finish_and_one_result_is_told(here, guarded):
    who = added(here).person_id
    with open_scope(environment_id=here.pk):
        attempt = attempt_start(assessment=make_assessment(), person_id=who)

    def naive(_number: int) -> None:
        """The same without its lock: look, then write."""
        row = Attempt.objects.select_related("element").get(uid=attempt.uid)
        if row.finished_at is None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.2)")
            Attempt.objects.filter(pk=row.pk).update(finished_at=timezone.now(), score=0, passed=False)
            record(verb="failed", element=row.element, person_id=who)

    at_once(here, (lambda _n: attempt_finish(attempt_uid=attempt.uid, person_id=who)) if guarded else naive)
    with open_scope(environment_id=here.pk):
        assert (Statement.objects.filter(verb="failed").count() == 1) is guarded


@pytest.mark.parametrize("guarded", [True, False])
def test_a32_an_invitation_is_good_for_one(here, guarded):
    admin = added(here, Role.ADMIN)
    with open_scope(environment_id=here.pk):
        token = invitation_create(invited=Invited(f"{here.slug}.new@example.org", ("learner",)), by=admin).token

    def naive(_number: int) -> str:
        row = Invitation.objects.get()
        if row.state != "open":
            raise EcosystemError
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        Invitation.objects.filter(pk=row.pk).update(state="accepted", ended_at=timezone.now())
        return "in"

    def accept(number: int) -> Membership:
        return invitation_accept(token=token, name=f"Name {number}", password=f"long enough {number}")

    found = at_once(here, accept if guarded else naive)
    assert (len(good(found)) == 1) is guarded
    if guarded:
        assert {type(one) for one in found if isinstance(one, Exception)} == {EcosystemError}
        assert Person.objects.filter(email=f"{here.slug}.new@example.org").count() == 1


@pytest.mark.parametrize("guarded", [True, False])
def test_a92_the_last_place_goes_to_one(here, guarded):
    admin = added(here, Role.ADMIN)
    with open_scope(environment_id=here.pk):
        setting_save(key="people_limit", own=Own(2), by=admin)

    def naive(number: int) -> str:
        if Membership.objects.filter(ended_at=None).count() >= 2:
            raise EcosystemError
        person = Person.objects.create(email=f"{here.slug}.{number}@example.org", name="One")
        Membership.objects.create(environment_id=here.pk, person=person, roles=["learner"])
        return "in"

    def add(number: int) -> Membership:
        return member_add(email=f"{here.slug}.{number}@example.org", name="One")

    at_once(here, add if guarded else naive)
    with open_scope(environment_id=here.pk):
        assert (Membership.objects.filter(ended_at=None).count() == 2) is guarded


@pytest.mark.parametrize("guarded", [True, False])
def test_a61_files_that_come_at_once_stay_within_the_limit(here, guarded, monkeypatch, own_media):
    """Two of six fit. Files of their own go to disk before the limit is held, so those that are refused must be gone again."""
    with open_scope(environment_id=here.pk):
        setting_save(key="storage_limit", own=Own(1), by=added(here, Role.ADMIN))
    if not guarded:  # what is looked at is not held
        monkeypatch.setattr(storage, "limits_locked", storage.limits_on)

    def bring(number: int) -> Document:
        file = SimpleUploadedFile("a.txt", str(number).encode() * 400_000)
        return document_create(title=f"File {number}", upload=file, creators=["Ada"])

    found = at_once(here, bring)
    with open_scope(environment_id=here.pk):
        rows = list(Document.objects.all())
        assert len(rows) == len(good(found)) == StoredFile.objects.count()
    assert (len(rows) == 2) is guarded
    if guarded:
        assert {type(one) for one in found if isinstance(one, Exception)} == {EcosystemError}
        assert set(default_storage.listdir(f"documents/{here.pk}")[1]) == {
            row.file.name.rpartition("/")[2] for row in rows
        }


@pytest.mark.parametrize("guarded", [True, False])
def test_env_nothing_is_open_below_what_is_archived(here, guarded):
    """The parent is archived while its child is restored; held by a lock on the parent, which both take."""
    boss = added(here, Role.ADMIN)
    parent, child = here, here
    for name in ("parent", "child"):
        parent, child = (
            child,
            environment_create(
                slug=f"{here.slug}-{name}", name=name, hosts=[f"{name}.{here.slug}.localhost"], parent=child
            ),
        )
    with open_scope(environment_id=here.pk, person_id=boss.person_id):
        environment_archive(environment=child, by=boss)
    as_owner(
        "CREATE OR REPLACE TRIGGER slow BEFORE UPDATE ON ecosystem_environment FOR EACH ROW EXECUTE FUNCTION slow()"
    )

    def naive() -> None:
        """The same without its lock on the parent."""
        row = Environment.objects.select_for_update().get(pk=child.pk)
        if Environment.objects.get(pk=parent.pk).archived_at is not None:
            raise EcosystemError
        row.archived_at = None
        row.save(update_fields=["archived_at"])

    def act(number: int) -> Any:
        if number:
            return environment_archive(environment=parent, by=boss)
        return environment_restore(environment=child, by=boss) if guarded else naive()

    try:
        found = at_once(here, act, many=2)
    finally:
        as_owner("DROP TRIGGER slow ON ecosystem_environment")
    is_archived = {row.pk: row.archived_at is not None for row in Environment.objects.filter(parent__isnull=False)}
    assert (is_archived[parent.pk] and not is_archived[child.pk]) is not guarded, found
    if guarded:
        assert {type(one) for one in found if isinstance(one, Exception)} == {EcosystemError}


@pytest.mark.parametrize("guarded", [True, False])
def test_f34_one_certificate_however_often_the_completion_is_delivered(here, guarded):
    """Held by a unique key; without it each delivery gives another one."""
    person = added(here).person
    with open_scope(environment_id=here.pk):
        course = element_create(kind="course", title="Course", creators=["Ada"])
        template = template_save(course=course, title="Certificate")
    if not guarded:
        as_owner("ALTER TABLE certificates_certificate DROP CONSTRAINT certificate_once_per_cycle")
    at_once(here, lambda _n: certificate_issue(template=template, person=person, at=timezone.now()))
    with open_scope(environment_id=here.pk):
        serials = list(Certificate.objects.values_list("serial", flat=True))
        assert (len(serials) == 1) is guarded
        assert Statement.objects.filter(verb="issued").count() == len(serials) == len(set(serials))


KEYED = {
    "elements": ({"title": "Wiki", "slug": "wiki", "url": "https://wiki.example.org"}, "ecosystem_element"),
    "groups": ({"name": "Night shift"}, "ecosystem_group"),
    "invitations": ({"email": "new@race.example.org", "roles": ["learner"]}, "ecosystem_invitation"),
}


@pytest.mark.parametrize("guarded", [True, False])
def test_f23_the_same_request_twenty_times_has_one_effect(here, guarded):
    """With one key for all; the control has a key each, and is told different things: who made it, who was refused."""
    admin = added(here, Role.ADMIN, Role.GARDENER)
    with open_scope(environment_id=here.pk, person_id=admin.person_id):
        secret = token_create(person=admin.person, name="x", scopes=("read", "write"))[1]
    client = Client(HTTP_HOST=f"{here.slug}.localhost", HTTP_AUTHORIZATION=f"Bearer {secret}")
    told: list[int] = []
    for name, (body, table) in KEYED.items():

        def send(number: int, *, name: str = name, body: dict = body) -> Any:
            key = f"once-{name}" if guarded else f"{number}-{name}"
            return client.post(f"/api/v1/{name}/", body, content_type="application/json", HTTP_IDEMPOTENCY_KEY=key)

        answers = at_once(here, send, many=20, in_scope=False)
        told.append(len({(answer.status_code, answer.content) for answer in answers}))
        if guarded:
            assert answers[0].status_code == 201, (name, answers[0].content)
            with open_scope(environment_id=here.pk):
                assert count(table, here) == 1, name
    assert (max(told) == 1) is guarded, told
