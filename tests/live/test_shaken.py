"""One running site that is shaken in many ways, one after the other; it goes on each time. Ids of the fault scenarios."""

import base64
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import redis

from ecosystem.postgresql import base as postgresql
from tests import databases
from tests.live.learning import Learner
from tests.live.promises import (
    COURSE,
    all_finish,
    certificates_of,
    effects_are_once,
    finish_course_of,
    learners_of,
    nothing_waits,
)
from tests.live.site import PASSWORD, Site, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("shaken")]
HOSTS = ("quayside.localhost", "fernhill.localhost")
# So long after its last answer a connection is not asked whether it is still there: the first request that meets one that was cut
# meanwhile is told to come again. What cuts some leaves none behind for the next test.
NOT_ASKED = postgresql.SECONDS
TURNS = 6  # of each who asks; a third of them begins with a request that is cut off
QUIZ, BEFORE_QUIZ = "pfa-basics-quiz", ("pfa-what-it-is", "pfa-prepare-and-look", "pfa-listen")


@pytest.fixture(scope="module")
def site(ground, tmp_path_factory) -> Iterator[Site]:
    with ground.site(tmp_path_factory.mktemp("shaken")) as site:
        yield site.start()


@pytest.fixture(scope="module")
def people(site) -> list[tuple[str, str]]:
    """Learners who have done nothing yet, with their hosts; each test takes those it needs."""
    return [(email, host) for host in HOSTS for email in learners_of(site, host)]


def broker(site: Site) -> redis.Redis:
    return redis.Redis(port=site.broker_port, password=PASSWORD, socket_timeout=5)


@pytest.fixture(scope="module")
def student(site, people) -> Iterator[tuple[Learner, str, list[str]]]:
    """Somebody in the middle of a quiz: (who, attempt, values of the first question)."""
    learner = Learner(site, *people.pop())
    learner.enrol(COURSE)
    for page in BEFORE_QUIZ:
        learner.read(page)
    attempt = learner.start_quiz(QUIZ)
    yield learner, attempt, learner.values(attempt, 1)
    learner.browser.close()


def timed(act: Callable[[], object]) -> tuple[float, object]:
    start = time.monotonic()
    result = act()
    return time.monotonic() - start, result


def test_f07_redis_forgets_everything_in_the_middle_of_quizzes(site, student):
    """Nobody is signed out and the next answer is kept."""
    learner, attempt, values = student
    assert learner.save(attempt, 1, values[0]).status == 302
    with broker(site) as queue:
        queue.flushall()
    assert learner.save(attempt, 1, values[1]).status == 302
    assert learner.chosen(attempt, 1) == values[1]
    assert learner.get("/courses/").status == 200


def test_f08_redis_hangs_and_pages_still_come(site, people, student):
    """Stopped, not dead: connections are accepted and nothing is answered. What is told to the workers waits in its rows."""
    learner, attempt, values = student
    newcomer = Learner(site, *people.pop())
    newcomer.get(f"/catalogue/{COURSE}/")
    process = site.processes["broker"]
    os.kill(process.pid, signal.SIGSTOP)
    try:
        pages = [timed(lambda: learner.get("/courses/").status) for _page in range(8)]
        saves = [timed(lambda value=value: learner.save(attempt, 1, value).status) for value in values[:2] * 3]
        told = [timed(lambda: newcomer.browser.post(f"/catalogue/{COURSE}/enrol/", {}).status)]
        told += [
            timed(lambda page=page: newcomer.browser.post(f"/learn/{page}/done/", {}).status) for page in BEFORE_QUIZ
        ]
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert {status for _seconds, status in pages} == {200}
    assert {status for _seconds, status in [*saves, *told]} == {302}
    print("\n", *(f"{seconds:.1f}" for seconds, _status in [*pages, *saves, *told]))
    # Each waits for Redis a second or two, however busy the machine is; without the limits they would never come.
    assert max(seconds for seconds, _status in [*pages, *saves, *told]) < 10
    wait_for(lambda: learner.get("/courses/").status == 200, what="after the broker is back")
    newcomer.browser.close()


def test_f18_no_connection_is_left(site, student):
    """The database lets nobody in: a calm 503 at once, and all is well as soon as it does."""
    learner, *_rest = student
    site.sql(f'ALTER DATABASE "{site.database}" CONNECTION LIMIT 0')
    try:
        drop_connections(site)
        seconds, answer = timed(lambda: learner.get("/courses/"))
        assert answer.status == 503
        assert answer.headers["retry-after"]
        assert seconds < 20  # without the limits it would wait for ever
    finally:
        site.sql(f'ALTER DATABASE "{site.database}" CONNECTION LIMIT -1')
        time.sleep(NOT_ASKED)
    wait_for(lambda: learner.get("/courses/").status == 200, what="the page after connections are back")


def drop_connections(site: Site, limit: str = "") -> None:
    site.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'grove_app'"
        f" AND pid <> pg_backend_pid() {limit}"
    )


def test_f19_somebody_holds_a_lock(site, student):
    """Who needs the row hears so within the time limit of locks; everybody else notices nothing."""
    learner, attempt, values = student
    with databases.admin(site.database) as other:
        other.execute("BEGIN")
        other.execute("SELECT 1 FROM assessments_attempt WHERE uid = %s FOR UPDATE", [attempt.split("/")[2]])
        seconds, answer = timed(lambda: learner.save(attempt, 1, values[0]))
        assert answer.status == 503
        assert 2 < seconds < 20
        assert site.status("/", HOSTS[0]) == 200
        other.execute("ROLLBACK")
    assert learner.save(attempt, 1, values[0]).status == 302


def test_workers_keep_their_connections_from_one_task_to_the_next(site):
    children, port = psutil.Process(site.processes["worker"].pid).children(), urlsplit(site.database_url).port

    def lines() -> dict[int, int]:
        """The near ends of their connections to PostgreSQL, by process."""
        found = [(child.pid, one) for child in children for one in child.net_connections("tcp4")]
        return {pid: one.laddr.port for pid, one in found if one.raddr and one.raddr.port == port}

    wait_for(lambda: len(lines()) == len(children), what="each has met a task")
    kept, [(moment,)] = lines(), site.sql("SELECT now()")
    again = "SELECT count(*) FROM pg_stat_activity WHERE client_port = ANY(%s) AND state_change > %s"
    ports = list(kept.values())
    wait_for(lambda: site.sql(again, ports, moment) == [(len(ports),)], seconds=30, what="on the same: another task")
    assert lines() == kept


def test_f16_connections_are_cut_at_random(site, people):
    """Whatever is cut in two is undone: no finish without its records, no record without its certificate."""
    with Learner(site, *people.pop()) as learner:
        learner.enrol(COURSE)
        finish_course_of(site, learner.email)
        stop, cuts = threading.Event(), [0]

        def cut() -> None:
            while not stop.is_set():
                drop_connections(site, "ORDER BY random() LIMIT 1")
                cuts[0] += 1
                time.sleep(0.1)

        def goes_on() -> bool:
            for page in ("pfa-what-it-is", "pfa-listen", "pfa-prepare-and-look"):
                reads(learner, page)
            return cuts[0] > 3

        thread = threading.Thread(target=cut, daemon=True)
        thread.start()
        try:
            wait_for(lambda: reads(learner, "pfa-what-it-is"), seconds=30, what=f"{learner.email} to get through")
            wait_for(goes_on, seconds=60, what=f"{cuts[0]} cuts only")
        finally:
            stop.set()
            thread.join()
            time.sleep(NOT_ASKED)
        site.sql("UPDATE records_delivery SET due_at = now() - interval '1 minute' WHERE state = 'waiting'")
        wait_for(lambda: nothing_waits(site), seconds=60, what=f"deliveries left: {site.log('worker')}")
        effects_are_once(site)
        assert certificates_of(site, learner.email) == 1


def reads(learner: Learner, page: str) -> bool:
    try:
        return learner.browser.post(f"/learn/{page}/done/", {}).status == 302
    except OSError:
        return False


def test_f02_children_of_the_worker_are_killed(site, people):
    """As the kernel does when memory runs out; the worker makes new ones and what they did is done once."""
    learners = [Learner(site, *people.pop()) for _learner in range(2)]
    all_finish(site, learners)
    worker = psutil.Process(site.processes["worker"].pid)
    killed = 0
    for _round in range(3):
        wait_for(worker.children, what="the worker makes no new children")
        for child in worker.children():
            child.kill()
            killed += 1
        time.sleep(0.3)
    assert killed > 3
    wait_for(lambda: nothing_waits(site), seconds=60, what=f"deliveries left: {site.log('worker')}")
    assert worker.is_running()
    effects_are_once(site)
    assert {certificates_of(site, learner.email) for learner in learners} == {1}


# A message of a known task whose body is none.
NONSENSE = json.dumps(
    {
        "body": base64.b64encode(b"not json").decode(), "content-encoding": "utf-8", "content-type": "application/json",
        "headers": {"task": "records.deliver", "id": "nonsense", "lang": "py"},
        "properties": {
            "correlation_id": "nonsense", "delivery_mode": 2, "delivery_info": {"exchange": "", "routing_key": "default"},
            "priority": 0, "body_encoding": "base64", "delivery_tag": "nonsense",
        },
    }
)  # fmt: skip


def test_f30_messages_that_nobody_understands(site, people):
    """Nonsense in the queue, an unknown task, a reaction that is gone: each is left aside and the others go on."""
    with broker(site) as queue:
        queue.lpush("default", NONSENSE)
    site.run(
        "from config.celery import app\nfor name in ('nobody.knows', 'records.deliver'): app.send_task(name, kwargs={'x': 1}, queue='default')",
    )
    with Learner(site, *people.pop()) as learner:
        learner.enrol(COURSE)
        finish_course_of(site, learner.email)
        learner.read("pfa-what-it-is")
        wait_for(
            lambda: certificates_of(site, learner.email) == 1, seconds=60, what=f"the others: {site.log('worker')}"
        )
    ((delivery, reaction),) = site.sql("SELECT id, reaction FROM records_delivery WHERE state = 'done' LIMIT 1")
    site.sql(
        "UPDATE records_delivery SET reaction = 'gone.away', state = 'waiting', done_at = NULL, attempts = 7, due_at = now() - interval '1 minute' WHERE id = %s",
        delivery,
    )
    state = "SELECT state, attempts FROM records_delivery WHERE id = %s"
    wait_for(
        lambda: site.sql(state, delivery) == [("given_up", 8)],
        seconds=60,
        what=f"given up: {site.sql(state, delivery)}",
    )
    done = "UPDATE records_delivery SET reaction = %s, state = 'done', done_at = now(), attempts = 0 WHERE id = %s"
    site.sql(done, reaction, delivery)


def test_f09_every_message_comes_three_times(site, people):
    """As when a task takes longer than the broker waits: the same message again, beside the first."""
    site.kill("beat")
    site.kill("worker")
    learners = [Learner(site, *people.pop())]
    all_finish(site, learners)
    site.run(
        "from records.models import Delivery\nfrom ecosystem.scope import system_rows\nfrom config.celery import app\n"
        "with system_rows(): rows = list(Delivery.objects.filter(state='waiting').values_list('environment_id', 'pk'))\n"
        "for place, pk in rows * 3: app.send_task('records.deliver', kwargs={'environment_id': place, 'delivery_ids': [pk]}, queue='default')"
    )  # fmt: skip
    site.start("worker", "beat")
    wait_for(lambda: nothing_waits(site), seconds=60, what=f"deliveries left: {site.log('worker')}")
    effects_are_once(site)
    assert {certificates_of(site, learner.email) for learner in learners} == {1}


def letters_to(site: Site, word: str) -> int:
    return sum(f"To: {word}" in path.read_text(errors="replace") for path in Path(site.folder / "mail").glob("*"))


def test_f10_f11_beat_is_away_for_an_hour_and_then_there_are_two(site):
    """What was due meanwhile goes out once, soon after; two beats that restart again and again send nothing twice."""
    site.kill("beat")
    site.kill("worker")  # nobody is in the middle of a letter when the hour passes
    admin = Learner(site, "admin@quayside.example.org", HOSTS[0])
    names = [f"new{number}@example.org" for number in range(3)]
    for name in names:
        admin.get("/people/invite/")
        assert admin.browser.post("/people/invite/", {"email": name, "name": "New", "roles": "learner"}).status == 302
    with broker(site) as queue:
        queue.flushall()
    site.sql("UPDATE ecosystem_invitation SET mail_due_at = now() - interval '1 hour' WHERE mail_due_at IS NOT NULL")
    site.start_worker()
    for _restart in range(2):
        site.start_beat()
        first = site.processes.pop("beat")
        site.start_beat()
        time.sleep(1)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        site.kill("beat")
    site.start_beat()
    unsent = "SELECT count(*) FROM ecosystem_invitation WHERE mailed_at IS NULL AND state = 'open'"
    wait_for(lambda: site.sql(unsent) == [(0,)], seconds=60, what=f"letters: {site.log('worker')}")
    assert [letters_to(site, name) for name in names] == [1, 1, 1]
    admin.browser.close()


def test_f28_a_deployment_in_the_middle_of_a_quiz(site, student):
    """The web server and the worker are asked to stop and started anew: what was said to be kept is kept."""
    learner, attempt, values = student
    kept, answered, stop = [""], [], threading.Event()

    def answer_on() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            try:
                status = learner.save(attempt, 1, values[turn % 2]).status
            except OSError:
                time.sleep(0.1)
                continue
            answered.append(status)
            kept[0] = values[turn % 2] if status == 302 else ""

    thread = threading.Thread(target=answer_on, daemon=True)
    thread.start()
    try:
        time.sleep(0.5)
        for name in ("web", "worker"):
            process = site.processes.pop(name)
            process.terminate()
            process.wait(30)
        (site.folder / "worker.log").write_text("")
        site.start("web", "worker")
        before = len(answered)
        wait_for(lambda: len(answered) > before + 10, what="answers after the start")
    finally:
        stop.set()
        thread.join(30)
    assert set(answered) == {302}, "no request that was let in failed"
    assert kept[0]
    assert learner.chosen(attempt, 1) == kept[0]
    wait_for(lambda: nothing_waits(site), seconds=60, what="what the worker gave back")


def test_a09_a_third_of_the_requests_are_cut_off_and_nobody_gets_the_answer_of_another(site):
    """Two hosts at once, each person on connections of their own; every answer names whoever asked."""
    asked = [(Learner(site, email, host), email) for host in HOSTS for email in learners_of(site, host)[:3]]
    wrong, right = [], []

    def ask(learner: Learner, email: str) -> None:
        for turn in range(TURNS):
            if turn % 3 == 0:
                cut_off(learner)
            body = learner.get("/me/environments/" if turn % 2 else "/me/profile/").body.decode()
            names = {other for _learner, other in asked if other in body}
            (right if names <= {email} else wrong).append(names)

    threads = [threading.Thread(target=ask, args=one, daemon=True) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert len(right) == TURNS * len(asked)
    assert any(right), "pages do name their person"
    for learner, _email in asked:
        learner.browser.close()


def cut_off(learner: Learner) -> None:
    """Ask, and hang up before the answer."""
    cookies = "; ".join(f"{name}={value}" for name, value in learner.browser.cookies.items())
    with socket.create_connection(("127.0.0.1", learner.site.port), timeout=5) as line:
        line.sendall(f"GET /courses/ HTTP/1.1\r\nHost: {learner.host}\r\nCookie: {cookies}\r\n\r\n".encode())
