"""Odd things that happen to one running site: wrong clocks, conflicts, other code, a renderer that hangs. Ids of the faults."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from tests.live.learning import Learner
from tests.live.promises import COURSE, certificates_of, effects_are_once, finish_course_of, learners_of, nothing_waits
from tests.live.site import Site, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("odd")]
HOST = "quayside.localhost"
QUIZ, BEFORE_QUIZ = "pfa-basics-quiz", ("pfa-what-it-is", "pfa-prepare-and-look", "pfa-listen")
# The clock of every call of Python's in the process is wrong by so many hours.
SKEWED = """
from datetime import UTC, datetime, timedelta
import time_machine
time_machine.travel(datetime.now(UTC) + timedelta(hours={}), tick=True).start()
"""
TOKEN = """
from datetime import timedelta
from api.services import token_create
from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
with open_scope(environment_id=Environment.objects.get(slug="quayside").pk):
    person = Membership.objects.select_related("person").get(person__email={email!r}).person
    print(token_create(person=person, name="odd", scopes=["read", "write"], valid_for=timedelta(hours=1))[1])
"""


@pytest.fixture(scope="module")
def site(ground, tmp_path_factory) -> Iterator[Site]:
    """Broker and web server; workers are started by those who need one."""
    with ground.site(tmp_path_factory.mktemp("odd")) as site:
        yield site.start("broker", "web")


@pytest.fixture(scope="module")
def people(site) -> list[str]:
    """Learners who have done nothing yet; each test takes those it needs."""
    return learners_of(site, HOST)


@pytest.fixture(scope="module")
def student(site, people) -> Iterator[tuple[Learner, str, list[str]]]:
    """Somebody in the middle of a quiz: (who, attempt, values of the first question)."""
    learner = Learner(site, people.pop(), HOST)
    learner.enrol(COURSE)
    for page in BEFORE_QUIZ:
        learner.read(page)
    attempt = learner.start_quiz(QUIZ)
    yield learner, attempt, learner.values(attempt, 1)
    learner.browser.close()


def ask(site: Site, path: str, token: str, body: object = None) -> int:
    """The status of a request with a token."""
    headers = {"Host": HOST, "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}{path}", headers=headers, data=data)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture(scope="module")
def token(site, student) -> str:
    return site.run(TOKEN.format(email=student[0].email)).strip()


CONFLICT = """
CREATE SEQUENCE IF NOT EXISTS faults;
GRANT USAGE ON SEQUENCE faults TO grove_app;
CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE number bigint := nextval('faults');
BEGIN
    IF number % {every} <> 0 THEN
        IF number % 2 = 0 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40P01'; END IF;
        RAISE EXCEPTION 'injected' USING ERRCODE = '40001';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER fault BEFORE UPDATE ON assessments_answer FOR EACH ROW EXECUTE FUNCTION fault();
"""


def test_f17_what_two_transactions_spoil_for_each_other_is_done_again(site, student, token):
    """PostgreSQL ends the first two tries of each save; nobody notices. When it ends all of them, nothing is half done."""
    learner, attempt, values = student
    uid = attempt.split("/")[2]
    item = {"id": "00000000-0000-4000-8000-000000000001", "position": 1, "flagged": False}
    site.sql(CONFLICT.format(every=3))
    try:
        for value in values[:2] * 2:
            assert learner.save(attempt, 1, value).status == 302
            assert learner.chosen(attempt, 1) == value
        given = {"items": [{**item, "fields": {"answer": [values[0]]}}]}
        assert ask(site, f"/api/v1/attempts/{uid}/answers/", token, given) == 200
        assert site.sql("SELECT last_value FROM faults") == [(15,)]
        site.sql(CONFLICT.format(every=1000))
        answer = learner.save(attempt, 1, values[1])
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert ask(site, f"/api/v1/attempts/{uid}/answers/", token, given) == 503
        assert site.sql("SELECT last_value FROM faults") == [(21,)]
    finally:
        site.sql("DROP FUNCTION fault() CASCADE")
    assert learner.chosen(attempt, 1) == values[0]
    assert learner.save(attempt, 1, values[1]).status == 302


@pytest.mark.parametrize("hours", [-1, 24])
def test_f13_a_machine_whose_clock_jumps_does_nothing(site, student, token, hours):
    """What has ended stays ended and what goes on goes on: it answers nobody until its clock is right again."""
    learner, attempt, values = student
    # Each its own, given by no other test: the same form sent again within seconds is led where it led, and not done anew.
    value = values[2 + (hours > 0)]
    assert ask(site, "/api/v1/me/", token) == 200
    ended = "UPDATE api_token SET expires_at = now() + %s::interval WHERE name = 'odd'"
    site.sql(ended, "-30 minutes" if hours < 0 else "1 hour")
    site.kill("web")
    site.first = SKEWED.format(hours)
    site.spawn_grove("web", site.web_command)
    site.first = ""
    try:
        site.wait_for_web("/healthz")
        assert site.status("/readyz") == 503
        assert ask(site, "/api/v1/me/", token) == 503
        assert learner.save(attempt, 1, value).status == 503
        assert learner.get("/courses/").status == 503
    finally:
        site.kill("web")
        site.start("web")
    assert ask(site, "/api/v1/me/", token) == (401 if hours < 0 else 200)
    site.sql(ended, "1 hour")
    assert learner.save(attempt, 1, value).status == 302


@pytest.fixture
def no_workers(site) -> Iterator[None]:
    """Those that the test starts are gone afterwards."""
    yield
    for name in {"beat", "worker"} & set(site.processes):
        site.kill(name)


def finishes(site: Site, email: str) -> None:
    with Learner(site, email, HOST) as learner:
        learner.enrol(COURSE)
        finish_course_of(site, email)
        learner.read("pfa-what-it-is")


def at_once(site: Site) -> None:
    site.sql("UPDATE records_delivery SET due_at = now() - interval '1 minute' WHERE state = 'waiting'")


# What a worker knows whose code was written before there was that reaction.
BEFORE = "from records import dispatch; del dispatch._reactions['certificates.issue']"


def test_f29_a_worker_of_the_version_before(site, people, no_workers):
    """It does not know the reaction that new code asks for, nor what new messages say beside: it leaves both to others."""
    email = people.pop()
    finishes(site, email)
    site.run(
        "from config.celery import app\n"
        "app.send_task('records.deliver', kwargs={'environment_id': 1, 'delivery_ids': [1], 'since': 2}, queue='default')"
    )
    site.first = BEFORE
    site.start("worker")
    site.first = ""
    waits = "SELECT DISTINCT state, error FROM records_delivery WHERE reaction = 'certificates.issue' AND attempts > 0"
    wait_for(lambda: site.sql(waits), seconds=30, what=f"the old worker to meet it: {site.log('worker')}")
    assert site.sql(waits) == [("waiting", "KeyError: 'certificates.issue'")]
    assert certificates_of(site, email) == 0
    site.kill("worker")
    at_once(site)
    site.start("worker", "beat")
    wait_for(lambda: nothing_waits(site), seconds=60, what=f"deliveries left: {site.log('worker')}")
    assert certificates_of(site, email) == 1
    effects_are_once(site)


def renderers(site: Site) -> list[psutil.Process]:
    found = psutil.Process(site.processes["worker"].pid).children(recursive=True)
    return [one for one in found if "ecosystem.pdf_renderer" in one.cmdline()]


def test_f35_the_process_that_makes_pdfs_hangs_and_is_killed(site, people, no_workers):
    """The certificate waits without a file; a later try makes it, once."""
    site.first = "from django.conf import settings; settings.PDF_SECONDS = 8"
    site.start("worker")
    site.first = ""
    site.start("beat")
    email = people.pop()
    finishes(site, email)
    wait_for(lambda: renderers(site), what=f"a renderer: {site.log('worker')}")
    for one in renderers(site):
        os.kill(one.pid, signal.SIGSTOP)
    failed = "SELECT error FROM records_delivery WHERE state = 'waiting' AND reaction = 'certificates.render_and_tell' AND attempts = 1"
    wait_for(lambda: site.sql(failed), what=f"the limit of time: {site.log('worker')}")
    assert site.sql(failed) == [("PdfError: It took longer than 8 s.",)]
    assert site.sql("SELECT count(*) FROM certificates_certificate WHERE file = ''") == [(1,)]
    assert renderers(site) == [], "what hung is gone"
    at_once(site)
    deadline = time.monotonic() + 20
    while not (alive := renderers(site)):
        assert time.monotonic() < deadline, site.log("worker")
        time.sleep(0.01)
    alive[0].kill()
    wait_for(lambda: nothing_waits(site), seconds=90, what=f"deliveries left: {site.log('worker')}")
    assert certificates_of(site, email) == 1
    effects_are_once(site)
