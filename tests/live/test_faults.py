"""Faults in real processes: what was acknowledged stays, and happens once. Ids are those of the fault scenarios."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil
import psycopg2
import pytest

from bench.browser import Browser
from ecosystem.postgresql import base as postgresql
from launcher.places import find_places
from tests import databases
from tests.live.learning import Learner
from tests.live.own_postgres import OwnPostgres
from tests.live.promises import COURSE, all_finish, effects_are_once, learners_of, nothing_waits, sign_in
from tests.live.site import ROOT, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("faults")]

PAGES = ["pfa-what-it-is", "pfa-prepare-and-look", "pfa-listen"]
EMAIL, HOST = "learner@quayside.example.org", "quayside.localhost"


def test_f01_a_worker_killed_again_and_again_does_everything_once(site):
    site.start("broker", "web")
    finished = all_finish(site, sign_in(site, HOST))
    site.start("worker", "beat")
    for _kill in range(2):
        time.sleep(0.7)
        site.kill("worker")
        site.start("worker")
    wait_for(lambda: nothing_waits(site), seconds=90, what=f"deliveries left: {site.log('worker')}")
    assert site.sql("SELECT count(*) FROM certificates_certificate") == [(finished,)]
    assert site.sql("SELECT count(*) FROM notifications_notice WHERE kind = 'certificate'") == [(finished,)]
    effects_are_once(site)


def test_f05_f06_a_broker_that_is_away_or_forgets_everything_loses_nothing(site):
    site.start("broker", "web")
    others = sign_in(site, "fernhill.localhost", most=2)
    half = all_finish(site, sign_in(site, HOST, most=2))  # queued in the broker, which no worker has read
    site.kill("broker")
    more = all_finish(site, others)  # acknowledged while there is no broker at all
    assert site.status("/") == 200
    assert sign_in_status(site) == 503  # its rate limits are closed, not open, without Redis
    site.start("broker", "worker", "beat")  # empty: only the outbox knows
    wait_for(lambda: nothing_waits(site), seconds=90, what=f"deliveries left: {site.log('worker')}")
    assert site.sql("SELECT count(*) FROM certificates_certificate") == [(half + more,)]
    effects_are_once(site)


def sign_in_status(site) -> int:
    browser = Browser(HOST, site.port)
    browser.remember_token(browser.get("/accounts/login/"))
    status = browser.post("/accounts/login/", {"login": EMAIL, "password": "wrong"}).status
    browser.close()
    return status


@pytest.fixture(scope="module")
def server(ground) -> Iterator[OwnPostgres]:
    """A PostgreSQL of these tests' own, durable as in production, with what a site begins with in the database ``begin``."""
    server, copied = OwnPostgres(find_places(ROOT)), f"{ground.database}_copied"
    try:
        server.start()
        databases.clone(ground.template, copied)  # whoever else clones it may not meet who reads it
        server.copy(copied, "begin")
        yield server
    finally:
        databases.drop(copied)
        server.remove()


@pytest.fixture
def own_postgres(site, server) -> Iterator[OwnPostgres]:
    """It runs, and the site has its database there."""
    server.again("begin", site.database)
    site.database_url = server.url("grove_app", site.database)
    yield server
    site.stop()
    if not server.is_running:  # a test failed in the middle
        server.start()


def test_f14_f15_answers_acknowledged_while_postgresql_restarts_are_all_there(site, own_postgres):
    site.start("broker", "web")
    clients = []
    for email in learners_of(site, HOST)[:2]:
        learner = Learner(site, email, HOST)
        learner.enrol(COURSE)
        for page in PAGES:
            learner.read(page)
        attempt = learner.start_quiz("pfa-basics-quiz")
        positions = {n: values for n in range(1, 9) if len(values := learner.values(attempt, n)) > 1}
        clients.append((learner, attempt, positions))
    acknowledged: dict[tuple[str, int], str] = {}
    answered = dict.fromkeys((attempt for _learner, attempt, _positions in clients), 0)
    refused: list[int] = []
    stop = threading.Event()

    def each_answers(times: int) -> None:
        before = dict(answered)
        wait_for(lambda: all(answered[one] >= before[one] + times for one in answered), what=f"{times} answers of each")

    def answer_on(learner: Learner, attempt: str, positions: dict[int, list[str]]) -> None:
        turn = 0
        while not stop.is_set():
            for position, values in positions.items():
                if stop.is_set():
                    return
                value = values[turn % len(values)]
                try:
                    status = learner.save(attempt, position, value).status
                except OSError:
                    status = 0
                if status == 302:
                    acknowledged[attempt, position] = value
                    answered[attempt] += 1
                    time.sleep(0.03)
                else:
                    refused.append(status)
                    acknowledged.pop((attempt, position), None)  # unknown: it may or may not be there
                    time.sleep(0.05)
            turn += 1

    threads = [threading.Thread(target=answer_on, args=client) for client in clients]
    for thread in threads:
        thread.start()
    try:
        for crash in (False, True):
            each_answers(6)
            own_postgres.stop(crash=crash)
            time.sleep(0.5)
            own_postgres.start()
        each_answers(6)
        own_postgres.stop(crash=True)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    own_postgres.start()
    time.sleep(postgresql.SECONDS)  # so long a connection that was cut is taken for one that is there
    print(f"\n{len(acknowledged)} answers acknowledged last, {len(refused)} refused while the server was away")
    assert refused, "the fault did not happen"
    for learner, attempt, positions in clients:
        for position in positions:
            if (attempt, position) not in acknowledged:
                continue
            assert learner.chosen(attempt, position) == acknowledged[attempt, position], (attempt, position)
    for learner, _attempt, _positions in clients:
        learner.browser.close()
    assert len(acknowledged) >= len(clients)


def test_of_a_server_whose_first_process_has_gone_nothing_is_left(own_postgres):
    """As after f21: a process that goes late would keep the next server from these data."""
    first = psutil.Process(own_postgres.process.pid)
    late = first.children()[0]
    late.suspend()
    first.kill()
    wait_for(lambda: late.ppid() != first.pid, what="it to be nobody's")
    own_postgres.stop(crash=True)
    own_postgres.start()
    assert not late.is_running() or late.status() == psutil.STATUS_ZOMBIE


def test_f21_no_room_is_left_for_the_log_of_postgresql(site, own_postgres):
    """It stops, answers are refused meanwhile, and what was acknowledged is there when there is room again.

    The server may write no file beyond 8 MB: that is how a disk without room looks to it. A real one would have to be a
    disk of its own, for which a test has no right everywhere; only the error has another name.
    """
    own_postgres.new_log_file()
    own_postgres.stop(crash=False)
    own_postgres.start(largest_file=8 * 1024 * 1024)
    site.start("broker", "web")
    with Learner(site, EMAIL, HOST) as learner:
        learner.enrol(COURSE)
        for page in PAGES:
            learner.read(page)
        attempt = learner.start_quiz("pfa-basics-quiz")
        one, other, unknown, *_rest = learner.values(attempt, 1)
        kept, refused = "", 0
        for turn in range(400):
            # What was refused may be there or not: it must not look like what was kept.
            value = unknown if refused else (one, other)[turn % 2]
            try:
                status = learner.save(attempt, 1, value).status
            except OSError:
                status = 0
            if status == 302:
                kept = value
            else:
                assert status in {0, 503}
                refused += 1
            if refused > 3:
                break
            if turn == 4:  # some answers are kept; then the log fills
                with suppress(psycopg2.Error):
                    own_postgres.fill_log(16)
        assert refused > 3, "the fault did not happen"
        own_postgres.stop(crash=True)  # what of it has not gone by itself
        own_postgres.start()
        wait_for(lambda: learner.get("/courses/").status == 200, what="the site to be back")
        assert kept
        assert learner.chosen(attempt, 1) in {kept, unknown}
        assert learner.save(attempt, 1, one).status == 302
