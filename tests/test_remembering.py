"""What is told again is what the database would say."""

import io
import itertools
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ecosystem.models import Element, Membership, SignIn
from ecosystem.scope import open_scope, own_rows, reading_above
from ecosystem.services.elements import element_create
from tests.guards.cross_effects import undone
from tests.remembering import Memory, _Request

pytestmark = pytest.mark.django_db
PAGES = ["/", "/catalogue/", "/me/", "/notices/", "/people/", "/courses/", "/reports/ecosystem/", "/admin/ecosystem/element/"]  # fmt: skip


@pytest.fixture
def memory() -> Memory:
    return Memory()


def titles(environment, person=None) -> list[str]:
    with open_scope(environment_id=environment.pk, person_id=person and person.pk):
        return sorted(Element.objects.values_list("title", flat=True))


def page_made(environment, title: str) -> None:
    with open_scope(environment_id=environment.pk):
        element_create(kind="page", title=title, creators=["Ada"])


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def test_pages_are_told_what_the_database_says(env, other, member, browser_of, memory, monkeypatch):
    """Everything that is told again is asked as well."""
    plain, compared = _Request._read, 0

    def asked_too(self, execute, sql, params, context):
        nonlocal compared
        known = self.memory.known
        plain(self, execute, sql, params, context)
        if self.memory.known > known:
            told = context["cursor"].cursor
            self.settle()
            told.cursor.execute(sql, params)
            assert told.cursor.fetchall() == told.rows, sql
            compared += 1

    monkeypatch.setattr(_Request, "_read", asked_too)
    page_made(env, "Ours")
    page_made(other, "Theirs")
    people = [member("admin"), member("learner"), member("admin", environment=other)]
    for client in [*map(browser_of, people), browser_of(env)]:
        for path in PAGES * 2:
            with memory.undone():
                client.get(path)
    assert compared > 100


def test_only_the_first_time_is_run(env, memory):
    page_made(env, "One")
    with undone(), memory.remembered():
        first = titles(env)
    with undone(), memory.remembered():
        assert titles(env) == first == ["One"]
    assert (memory.run, memory.known) == (1, 1)


@pytest.fixture
def settled(monkeypatch) -> list[int]:
    """How much was put off, each time that it was sent by itself: not along with a read, and not never."""
    plain, found = _Request.settle, []

    def settle(self):
        found.append(len(self.put_off))
        plain(self)

    monkeypatch.setattr(_Request, "settle", settle)
    return found


def test_where_nothing_is_asked_nothing_is_undone(env, memory, settled):
    """And what was written is undone, also after an error that PostgreSQL forgives nothing after."""
    page_made(env, "One")
    for _round in range(2):
        settled.clear()
        with memory.undone():
            assert titles(env) == ["One"]
    assert settled == []
    with memory.undone():
        page_made(env, "Two")
        assert titles(env) == ["One", "Two"]
    with pytest.raises(DatabaseError), memory.undone(), connection.cursor() as cursor:
        cursor.execute("UPDATE nothing SET a = 1")
    assert titles(env) == ["One"]


def test_what_holds_above_is_told_again(env, make_environment, memory, settled):
    """Where what is readable is itself read from the database."""
    below = make_environment("below", parent=env)
    page_made(env, "Above")
    for _round in range(2):
        settled.clear()
        with memory.undone(), open_scope(environment_id=below.pk):
            with reading_above() as chain:
                assert chain == (below.pk, env.pk)
                assert Element.objects.count() == 1
            assert Element.objects.count() == 0
    assert settled == []
    with memory.undone(), open_scope(environment_id=below.pk), reading_above():
        # Asked for the first time, where the rest is told again.
        assert Element.objects.filter(title="Above").count() == 1


def test_what_was_put_off_comes_to_the_same(env, memory):
    """Savepoints of which the database never hears; and what was told within them is told only where it stays so."""
    questions = itertools.count()

    def tell(value: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.readable', %s, true)", [value])

    def told() -> str:
        with connection.cursor() as cursor:  # another question each time, which is asked
            cursor.execute(f"SELECT current_setting('app.readable') /* {next(questions)} */")
            return cursor.fetchone()[0]

    with memory.undone():
        tell("1")
        with transaction.atomic():
            tell("2")
        with suppress(LookupError), transaction.atomic():
            tell("3")
            raise LookupError
        assert told() == "2"
        with transaction.atomic(), suppress(LookupError), transaction.atomic():
            tell("4")
            assert told() == "4"
            raise LookupError
        assert told() == "2"
    assert told() == ""


def test_what_was_written_is_read(env, memory):
    for _round in range(2):
        with undone(), memory.remembered():
            assert titles(env) == []
            page_made(env, "One")
            assert titles(env) == ["One"]


def test_others_are_told_their_own(env, other, member, memory):
    page_made(env, "Ours")
    person = member("learner").person
    for _round in range(2):
        with undone(), memory.remembered():
            assert titles(env) == ["Ours"]
            assert titles(other) == []
            with open_scope(environment_id=env.pk, person_id=person.pk):
                assert Membership.objects.count() == 1
                with own_rows():
                    assert role() == "grove_self"
                assert role() == "grove_app"
                with open_scope(environment_id=other.pk):
                    assert Membership.objects.count() == 0
                with pytest.raises(LookupError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('app.readable', %s, true)", [str(other.pk)])
                    assert Membership.objects.count() == 0  # the manager still says the other
                    raise LookupError
                assert Membership.objects.count() == 1


def test_what_changed_is_read_once_it_is_forgotten(env, memory):
    with undone(), memory.remembered():
        assert titles(env) == []
    page_made(env, "One")
    memory.forget()
    with undone(), memory.remembered():
        assert titles(env) == ["One"]


def test_the_time_of_a_row_is_not_now(env, member, memory):
    person, now = member("learner").person, timezone.now()
    with open_scope(environment_id=env.pk):
        rows = [
            SignIn.objects.create(
                environment=env,
                person=person,
                method="code",
                began_at=now - timedelta(milliseconds=number),
                seen_at=now,
            )
            for number in (1, 2)
        ]
    with undone(), memory.remembered(), open_scope(environment_id=env.pk):
        for row in rows:
            assert SignIn.objects.get(began_at=row.began_at).pk == row.pk
    for _round in range(2):
        with undone(), memory.remembered(), open_scope(environment_id=env.pk):
            assert SignIn.objects.filter(began_at__gt=timezone.now() - timedelta(hours=1)).count() == 2
            assert SignIn.objects.filter(began_at__gt=timezone.now() + timedelta(hours=1)).count() == 0
    assert memory.known == 2


def test_nobody_changes_what_others_are_told(env, memory):
    for _round in range(2):
        with undone(), memory.remembered(), connection.cursor() as cursor:
            cursor.execute("SELECT ARRAY[1, 2]")
            row = cursor.fetchone()
            assert row == ([1, 2],)
            row[0].append(3)


def test_what_passes_by_is_told_where_it_is(env, other, memory):
    page_made(env, "Ours")
    for environment, count in ((env, "1"), (other, "0")):
        text = io.StringIO()
        with undone(), memory.remembered(), open_scope(environment_id=environment.pk), connection.cursor() as cursor:
            cursor.copy_expert("COPY (SELECT count(*) FROM ecosystem_element) TO STDOUT", text)
        assert text.getvalue().strip() == count
