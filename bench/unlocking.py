"""What conditions cost: one fact in a big course, whatever the number of learners; and a minute in which very many open.

Rows of others are synthetic. The learner who is measured goes through the services, in one transaction per fact, as a
request does; without HTTP. Beside the time of the clock stands what a fact costs in CPU, here and in PostgreSQL, which
other work on the machine changes little. The queue is drained by processes that each run the task of a Celery worker.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ACTIVITIES, CONDITIONS = 500, 4  # and so many predicates each: 2 000
LEARNERS = (1, 100, 2_000)  # a million states
DUE, WORKERS = 100_000, 2
WARM = 5  # facts before those that count: what a process does for the first time only
PEOPLE = """
    INSERT INTO ecosystem_person (email, name, language, time_zone, is_active, created_at, password, picture)
    SELECT %(slug)s || n || '@bench.example.org', 'Person ' || n, '', '', true, now(), '!', ''
    FROM generate_series(%(first)s, %(last)s) n
"""
MINE = """
    (SELECT id FROM ecosystem_person WHERE email LIKE %(slug)s || '%%@bench.example.org'
     AND id NOT IN (SELECT person_id FROM ecosystem_membership WHERE environment_id = %(environment)s))
"""
MEMBERS = f"""
    INSERT INTO ecosystem_membership (environment_id, person_id, roles, job_title, joined_at)
    SELECT %(environment)s, id, ARRAY['learner'], '', now() FROM {MINE} p
"""
ENROLMENTS = """
    INSERT INTO courses_enrolment
        (environment_id, run_id, person_id, element_id, version_id, state, progress, enrolled_at)
    SELECT environment_id, %(run)s, person_id, %(course)s, %(version)s, 'active', 0, now() - interval '1 day'
    FROM ecosystem_membership m WHERE environment_id = %(environment)s AND roles = ARRAY['learner']::varchar[]
      AND NOT EXISTS (SELECT 1 FROM courses_enrolment e WHERE e.run_id = %(run)s AND e.person_id = m.person_id)
"""
STATES = """
    INSERT INTO courses_activitystate (environment_id, enrolment_id, person_id, element_id, activity_id, target_id, state)
    SELECT e.environment_id, e.id, e.person_id, e.element_id, a.id, a.target_id, 'locked'
    FROM courses_enrolment e JOIN courses_activity a ON a.version_id = e.version_id
    WHERE e.environment_id = %(environment)s AND e.run_id = %(run)s
      AND NOT EXISTS (SELECT 1 FROM courses_activitystate s WHERE s.enrolment_id = e.id)
"""
# All of them within the minute that has just passed.
WAKES = """
    INSERT INTO courses_wake (environment_id, state_id, due_at)
    SELECT environment_id, id, now() - random() * interval '1 minute' FROM courses_activitystate
    WHERE environment_id = %(environment)s
"""


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench unlocking")
    parser.add_argument("--learners", type=int, nargs="+", default=list(LEARNERS))
    parser.add_argument("--due", type=int, default=DUE)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--facts", type=int, default=60, help="facts that are measured for each number of learners")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/unlocking.json"))
    options = parser.parse_args(arguments)
    _set_up()
    facts = one_fact(options.learners, options.facts)
    print("\n  learners   median ms   p95 ms   CPU ms here   CPU ms PostgreSQL   SQL   opened")
    for row in facts:
        print(
            f"  {row['learners']:>8}   {row['ms']:>9}   {row['p95']:>6}   {row['cpu']:>11}   {row['cpu_postgresql']:>17}"
            f"   {row['queries']:>3}   {row['opened']:>6}"
        )
    due = queue(options.due, options.workers)
    print(f"\n  {due['due']} due at once, {due['workers']} workers: {due['seconds']} s, {due['left']} left")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"facts": facts, "queue": due}, indent=2) + "\n")
    print(f"\nWritten to {options.out}")
    return 0 if due["left"] == 0 else 1


def _set_up() -> None:
    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["GROVE_LOG"] = "WARNING"
    django.setup()


def one_fact(sizes: list[int], count: int) -> list[dict[str, Any]]:
    """Milliseconds of ``count`` facts of a learner each, in a course that so many others are in too."""
    from django.db import connection  # noqa: PLC0415 -- needs Django
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from courses.models import ActivityState, State  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415
    from records.services import record  # noqa: PLC0415

    environment, given, elements = big_course()
    there, rows = 0, []
    for size in sorted(sizes):
        fill(environment, given, "many", first=there + 1, last=size)
        there = size
        learner = newcomer(environment, given)
        times, queries = [], 0
        with open_scope(environment_id=environment.pk, person_id=learner):
            before = ActivityState.objects.filter(person_id=learner, state=State.OPEN).count()
        backend = _backend()
        for element in elements[:WARM]:
            with open_scope(environment_id=environment.pk, person_id=learner):
                record(verb="completed", element=element)
        cpu, cpu_there = time.process_time(), _cpu_of(backend)
        for element in elements[WARM : WARM + count]:
            begun = time.perf_counter()
            with open_scope(environment_id=environment.pk, person_id=learner):
                record(verb="completed", element=element)
            times.append((time.perf_counter() - begun) * 1000)
        cpu, cpu_there = time.process_time() - cpu, _cpu_of(backend) - cpu_there
        with open_scope(environment_id=environment.pk, person_id=learner), CaptureQueriesContext(connection) as asked:
            record(verb="completed", element=elements[WARM + count])
            queries = len(asked)
            opened = ActivityState.objects.filter(person_id=learner).exclude(state=State.LOCKED).count() - before
        rows.append(
            {
                "learners": size, "ms": round(statistics.median(times), 1),
                "p95": round(statistics.quantiles(times, n=20)[-1], 1), "queries": queries, "opened": opened,
                "cpu": round(cpu / count * 1000, 1), "cpu_postgresql": round(cpu_there / count * 1000, 1),
            }
        )  # fmt: skip
    return rows


def _backend() -> int:
    """The process of PostgreSQL that answers here."""
    from django.db import connection  # noqa: PLC0415 -- needs Django

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cpu_of(process: int) -> float:
    """Seconds that a process has been on a CPU; Linux only."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def big_course() -> tuple[Any, dict[str, Any], list[Any]]:
    """A course of 500 activities, each with a tree of four predicates about those before it."""
    from content.services import page_create  # noqa: PLC0415 -- needs Django
    from ecosystem.scope import open_scope  # noqa: PLC0415

    chance = random.Random(7)
    environment = _environment("unlocking")
    with open_scope(environment_id=environment.pk):
        pages = [page_create(title=f"Page {n}", markdown="x", creators=["Ada"]).element for n in range(ACTIVITIES)]
        plan: list[tuple[Any, Any]] = [(pages[0], None)]
        for n in range(1, ACTIVITIES):
            named = [{"completed": pages[chance.randrange(n)].pk} for _part in range(CONDITIONS)]
            plan.append((pages[n], {"all": [named[0], {"any": named[1:]}]}))
        given = _published(environment, plan)
    return environment, given, pages


def queue(due: int, workers: int) -> dict[str, Any]:
    """Seconds until nothing is due any more."""
    from content.services import page_create  # noqa: PLC0415 -- needs Django
    from courses.models import ActivityState, State, Wake  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415

    environment = _environment("due")
    with open_scope(environment_id=environment.pk):
        page = page_create(title="Page", markdown="x", creators=["Ada"]).element
        given = _published(environment, [(page, {"after_enrolment": {"hours": 1}})])
    fill(environment, given, "due", first=1, last=due, wakes=True)
    command = [sys.executable, "-m", "bench.unlocking", str(environment.pk)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _worker in range(workers)
    ]
    for process in running:  # workers are there before anything is due
        process.stdout.readline()
    begun = time.perf_counter()
    for process in running:
        process.stdin.close()
    for process in running:
        process.wait()
    seconds = time.perf_counter() - begun
    with open_scope(environment_id=environment.pk):
        left = Wake.objects.count() + ActivityState.objects.exclude(state=State.OPEN).count()
    return {"due": due, "workers": workers, "seconds": round(seconds, 1), "left": left}


def drain(environment_id: int) -> int:
    """What one worker does when the tick has sent it here: again as long as something is due."""
    _set_up()
    from courses.tasks import open_due  # noqa: PLC0415 -- needs Django

    print("ready", flush=True)
    sys.stdin.read()
    while open_due(environment_id=environment_id):
        pass
    return 0


def fill(environment: Any, given: dict[str, Any], slug: str, *, first: int, last: int, wakes: bool = False) -> None:
    """Members, enrolments and states, in a few statements."""
    from django.db import connection  # noqa: PLC0415 -- needs Django

    from ecosystem.scope import open_scope  # noqa: PLC0415

    values = {**given, "slug": f"{environment.slug}-{slug}", "first": first, "last": last}
    with open_scope(environment_id=environment.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in (PEOPLE, MEMBERS, ENROLMENTS, STATES, *([WAKES] if wakes else [])):
            cursor.execute(statement, values)
    _analyse()


def newcomer(environment: Any, given: dict[str, Any]) -> int:
    from courses.models import CourseRun  # noqa: PLC0415 -- needs Django
    from courses.services import enrolment_create  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415
    from ecosystem.services.people import member_add  # noqa: PLC0415

    with open_scope(environment_id=environment.pk):
        count = CourseRun.objects.get(pk=given["run"]).enrolments.count()
        learner = member_add(email=f"learner{count}@{environment.slug}.example.org", name="Lee")
        enrolment_create(run=CourseRun.objects.get(pk=given["run"]), person=learner.person)
        return int(learner.person_id)


def _environment(name: str) -> Any:
    """A new one in each run: what a run has done to its rows is not measured by the next."""
    from ecosystem.services.environments import environment_create  # noqa: PLC0415 -- needs Django

    slug = f"{name}-{int(time.time())}"
    return environment_create(slug=slug, name=slug, hosts=[f"{slug}.localhost"])


def _published(environment: Any, plan: list[tuple[Any, Any]]) -> dict[str, Any]:
    from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open  # noqa: PLC0415 -- needs Django
    from ecosystem.services.elements import element_create  # noqa: PLC0415

    course = element_create(kind="course", title="Course", creators=["Ada"])
    activities = [PlannedActivity(target=element, condition=condition) for element, condition in plan]
    version = course_publish(element=course, blocks=[PlannedBlock("One", activities)])
    run_row = run_open(element=course)
    return {"environment": environment.pk, "course": course.pk, "version": version.pk, "run": run_row.pk}


def _analyse() -> None:
    """As autovacuum would in a minute; the owner may."""
    import psycopg2  # noqa: PLC0415 -- only here

    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    connection.cursor().execute(
        "ANALYZE ecosystem_membership, courses_enrolment, courses_activitystate, courses_activity, courses_dependency,"
        " courses_wake, records_fact"
    )
    connection.close()


if __name__ == "__main__":
    sys.exit(drain(int(sys.argv[1])))
