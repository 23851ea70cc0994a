"""Faults in real processes: what was acknowledged stays, and happens once. Ids are those of the fault scenarios."""

import threading
import time

import pytest

from bench.browser import Browser
from launcher.places import find_places
from tests import databases
from tests.live.learning import Learner
from tests.live.site import ROOT, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("faults")]

COURSE, PAGES = "pfa-at-work", ["pfa-what-it-is", "pfa-prepare-and-look", "pfa-listen"]
EMAIL, HOST = "learner@quayside.example.org", "quayside.localhost"

COMPLETE = """
    UPDATE courses_activitystate SET state = 'completed', completed_at = now()
    WHERE person_id = %s AND target_id <> (SELECT id FROM ecosystem_element WHERE slug = %s)
"""


def nothing_waits(site) -> bool:
    return site.sql("SELECT count(*) FROM records_delivery WHERE state <> 'done'") == [(0,)]


def effects_are_once(site) -> None:
    """The invariants that every fault test ends with."""
    assert site.sql("SELECT count(*) FROM records_delivery WHERE state = 'given_up'") == [(0,)]
    twice = site.sql(
        "SELECT person_id, element_id, count(*) FROM certificates_certificate GROUP BY 1, 2 HAVING count(*) > 1"
    )
    assert twice == []
    assert site.sql("SELECT key, count(*) FROM notifications_notice GROUP BY 1 HAVING count(*) > 1") == []
    without_file = site.sql("SELECT count(*) FROM certificates_certificate WHERE file = ''")
    assert without_file == [(0,)]
    unheard = site.sql(
        "SELECT count(*) FROM records_statement s WHERE s.verb = 'completed' AND NOT EXISTS"
        " (SELECT 1 FROM records_delivery d WHERE d.statement_id = s.id)"
    )
    assert unheard == [(0,)]


def finish_course_of(site, email: str, learner_slug: str = "pfa-what-it-is") -> None:
    """All but one page are done; reading that one finishes the course, as the person does next."""
    ((person,),) = site.sql("SELECT id FROM ecosystem_person WHERE email = %s", email)
    site.sql(COMPLETE, person, learner_slug)


def learners_of(site, host: str) -> list[str]:
    slug = host.split(".")[0]
    rows = site.sql(
        "SELECT p.email FROM ecosystem_person p JOIN ecosystem_membership m ON m.person_id = p.id"
        " JOIN ecosystem_environment e ON e.id = m.environment_id"
        " WHERE e.slug = %s AND 'learner' = ANY(m.roles) ORDER BY 1",
        slug,
    )
    return [email for (email,) in rows]


def sign_in(site, host: str) -> list[Learner]:
    return [Learner(site, email, host) for email in learners_of(site, host)]


def all_finish(site, learners: list[Learner]) -> int:
    """Each learner enrols and finishes a course over HTTP; returns how many acknowledged finishes there were."""
    for learner in learners:
        with learner:
            learner.enrol(COURSE)
            finish_course_of(site, learner.email)
            learner.read("pfa-what-it-is")
    return len(learners)


def test_f01_a_worker_killed_again_and_again_does_everything_once(site):
    site.start("broker", "web")
    finished = all_finish(site, sign_in(site, HOST))
    site.start("worker", "beat")
    for _kill in range(4):
        time.sleep(0.7)
        site.kill("worker")
        site.start("worker")
    wait_for(lambda: nothing_waits(site), seconds=90, what=f"deliveries left: {site.log('worker')}")
    assert site.sql("SELECT count(*) FROM certificates_certificate") == [(finished,)]
    assert site.sql("SELECT count(*) FROM notifications_notice WHERE kind = 'certificate'") == [(finished,)]
    effects_are_once(site)


def test_f05_f06_a_broker_that_is_away_or_forgets_everything_loses_nothing(site):
    site.start("broker", "web")
    others = sign_in(site, "fernhill.localhost")
    half = all_finish(site, sign_in(site, HOST))  # queued in the broker, which no worker has read
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


@pytest.fixture
def own_postgres(site):
    """A PostgreSQL of this test's own, durable as in production, holding a copy of the site's database."""
    from tests.live.own_postgres import OwnPostgres

    server = OwnPostgres(find_places(ROOT))
    try:
        server.start()
        server.copy(databases, site.database)
        site.database_url = server.url("grove_app", site.database)
        yield server
    finally:
        site.stop()
        server.remove()


def test_f14_f15_answers_acknowledged_while_postgresql_restarts_are_all_there(site, own_postgres):
    site.start("broker", "web")
    clients = []
    for email in learners_of(site, HOST)[:4]:
        learner = Learner(site, email, HOST)
        learner.enrol(COURSE)
        for page in PAGES:
            learner.read(page)
        attempt = learner.start_quiz("pfa-basics-quiz")
        positions = {n: values for n in range(1, 9) if len(values := learner.values(attempt, n)) > 1}
        clients.append((learner, attempt, positions))
    acknowledged: dict[tuple[str, int], str] = {}
    refused: list[int] = []
    stop = threading.Event()

    def answer_on(learner: Learner, attempt: str, positions: dict[int, list[str]]) -> None:
        turn = 0
        while not stop.is_set():
            for position, values in positions.items():
                value = values[turn % len(values)]
                try:
                    status = learner.save(attempt, position, value).status
                except OSError:
                    status = 0
                if status == 302:
                    acknowledged[attempt, position] = value
                else:
                    refused.append(status)
                    acknowledged.pop((attempt, position), None)  # unknown: it may or may not be there
                    time.sleep(0.05)
            turn += 1

    threads = [threading.Thread(target=answer_on, args=client) for client in clients]
    for thread in threads:
        thread.start()
    for crash in (False, True, False):
        time.sleep(1.5)
        own_postgres.stop(crash=crash)
        time.sleep(0.5)
        own_postgres.start()
    time.sleep(3)
    stop.set()
    for thread in threads:
        thread.join()
    print(f"\n{len(acknowledged)} answers acknowledged last, {len(refused)} refused while the server was away")
    assert refused, "the fault did not happen"
    for learner, attempt, positions in clients:
        for position in positions:
            if (attempt, position) not in acknowledged:
                continue
            html = learner.get(f"{attempt}{position}/").body.decode()
            assert f'value="{acknowledged[attempt, position]}" checked' in html.replace("  ", " ") or (
                checked_value(html) == acknowledged[attempt, position]
            ), (attempt, position)
    for learner, _attempt, _positions in clients:
        learner.browser.close()
    assert len(acknowledged) >= len(clients)


def checked_value(html: str) -> str | None:
    """The value of the checked input, whatever the order of its attributes."""
    import re

    for tag in re.findall(r"<input[^>]*>", html):
        if 'name="answer"' in tag and re.search(r"\bchecked\b", tag):
            return re.search(r'value="([^"]*)"', tag)[1]
    return None
