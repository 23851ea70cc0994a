"""Mail in real processes: a worker that is killed while it sends, and two that sweep at once (F03, F11)."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from itertools import count

import pytest
from aiosmtpd.controller import Controller
from django.db import connections

from ecosystem.hosts import forget_hosts
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from launcher.ports import any_free_port
from notifications.models import MailMode
from notifications.services import notify
from tests import databases
from tests.live.nursery import Forked, Nursery

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("mail-faults")]

NAME = f"grove_mail_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
SWEEP = """
from django.conf import settings
settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
settings.EMAIL_PORT = {port}
from notifications.services import mail_send_due
print(mail_send_due())
"""


class Office:
    """A mail server that keeps Message-IDs; it may kill the worker after it has taken a letter, or be slow."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.victim: Forked | None = None
        self.seconds = 0.0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.taken.append(str(message_from_bytes(envelope.content, policy=policy.default)["Message-ID"]))
        time.sleep(self.seconds)
        if self.victim is not None:
            os.kill(self.victim.pid, signal.SIGKILL)
        return "250 OK"


@pytest.fixture(scope="module")
def port() -> int:
    return any_free_port()


@pytest.fixture
def office(port) -> Iterator[Office]:
    office = Office()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield office
    controller.stop()


@pytest.fixture
def database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database of its own, in which commits stay."""
    before, name = connections["default"].settings_dict["NAME"], NAME
    with django_db_blocker.unblock():
        databases.clone(databases.migrated_template(), name)
        databases.use(name)
        forget_hosts()
        try:
            yield name
        finally:
            databases.use(before)
            databases.drop(name)
            forget_hosts()


def letters(count: int, *, mode: str, prefix: str = "k") -> None:
    environment = environment_create(slug=f"env-{prefix}", name="Env", hosts=[f"{prefix}.localhost"])
    with open_scope(environment_id=environment.pk):
        for number in range(count):
            who = member_add(email=f"{prefix}{number}@example.org", name="Somebody", roles=["learner"])
            notify(person_id=who.person_id, key=f"{prefix}{number}", kind="x", title="Tea", mail=True, mode=mode)


@pytest.fixture(scope="module")
def nursery(ground, tmp_path_factory) -> Iterator[Nursery]:
    """Has loaded Grove for all sites; of this one only the broker runs, and each test has a database of its own."""
    with ground.site(tmp_path_factory.mktemp("mail")) as site:
        site.start("broker")
        yield ground.nursery(site.environment)


@pytest.fixture
def sweep(database, office, port, nursery, tmp_path) -> Callable[[], Forked]:
    """Begins a process of its own that sweeps once; what it prints is in the files sweep-0, sweep-1, ... of the test's folder."""
    number = count()
    address = databases.address(os.environ["DATABASE_URL"], database)
    script = SWEEP.format(port=port)
    return lambda: nursery.run(script, tmp_path / f"sweep-{next(number)}", database=address)


def rows(database: str, statement: str) -> list[tuple]:
    with databases.admin(database) as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("mode", MailMode.values)
def test_f03_a_worker_killed_between_accepted_and_commit(database, office, sweep, mode):
    """A reminder is never sent twice and is shown to an operator; a certificate goes again, the same letter."""
    letters(1, mode=mode)
    office.victim = sweep()
    assert office.victim.wait() == -signal.SIGKILL
    office.victim = None
    assert rows(database, "SELECT state FROM notifications_mail") == [("claimed",)]
    rows(database, "UPDATE notifications_mail SET claimed_at = claimed_at - interval '11 minutes'")
    for _sweep in range(2):
        assert sweep().wait() == 0
    again = mode == MailMode.AT_LEAST_ONCE
    assert len(office.taken) == 1 + again
    assert len(set(office.taken)) == 1
    assert rows(database, "SELECT state FROM notifications_mail") == [("sent" if again else "uncertain",)]


def test_f11_two_sweepers_at_once_send_each_letter_once(database, office, sweep, tmp_path):
    letters(30, mode=MailMode.AT_MOST_ONCE)
    office.seconds = 0.03
    both = [sweep() for _worker in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    sent = [int(path.read_text()) for path in tmp_path.glob("sweep-*")]
    assert sum(sent) == 30
    assert min(sent) > 0, "they did work side by side"
    assert len(office.taken) == len(set(office.taken)) == 30
    assert rows(database, "SELECT DISTINCT state FROM notifications_mail") == [("sent",)]


def test_one_ordinary_letter_a_day_between_two_workers(database, office, sweep):
    """Each claims another letter of the same person in the same moment: the unique key lets one through."""
    letters(1, mode=MailMode.AT_LEAST_ONCE)
    rows(
        database,
        "INSERT INTO notifications_mail (environment_id, person_id, key, kind, subject, text, html, message_id,"
        " stop_href, mode, state, ordinary, created_at, due_at, attempts, error, calendars) SELECT environment_id, person_id,"
        " 'o' || n, kind, subject, text, html, '<o' || n || '@x>', '', mode, 'waiting', true, now(), now(), 0, '', '[]'"
        " FROM notifications_mail, generate_series(1, 12) n",
    )
    rows(
        database,
        "INSERT INTO notifications_preference (environment_id, person_id, quiet_weekends, time_zone, digest)"
        " SELECT environment_id, person_id, false, '', 'weekly' FROM notifications_mail WHERE NOT ordinary",
    )
    rows(database, "DELETE FROM notifications_mail WHERE NOT ordinary")
    assert [one.wait() for one in [sweep() for _worker in range(2)]] == [0, 0]
    assert len(office.taken) == 1
    assert rows(database, "SELECT state, count(*) FROM notifications_mail GROUP BY 1 ORDER BY 1") == [
        ("left_out", 11),
        ("sent", 1),
    ]
