"""How lists of people and of results grow: the same pages with 100, 5 000 and 50 000 rows of their environment.

Asked in this process with Django's test client, so that times are those of the page, without a network. The rows are
synthetic: as many members, each with an enrolment, a step, an attempt and a record.
"""

import argparse
import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

SIZES = (100, 5_000, 50_000)
PEOPLE = """
    INSERT INTO ecosystem_person (email, name, language, time_zone, is_active, created_at, password, picture)
    SELECT 'p' || n || '@' || %(slug)s || '.example.org',
           (ARRAY['Anna','Bilal','Chen','Dora','Emre','Fleur','Gijs'])[1 + n %% 7] || ' ' || md5(n::text), '', '', true,
           now(), '!', '' FROM generate_series(1, %(rows)s) n
"""
MINE = "(SELECT id, row_number() OVER (ORDER BY id) n FROM ecosystem_person WHERE email LIKE '%%@' || %(slug)s || '.example.org')"
MEMBERS = f"""
    INSERT INTO ecosystem_membership (environment_id, person_id, roles, job_title, joined_at)
    SELECT %(environment)s, p.id, ARRAY['learner'], 'Nurse', now() FROM {MINE} p
    ON CONFLICT DO NOTHING
"""
GROUPED = f"""
    INSERT INTO ecosystem_groupmember (environment_id, group_id, person_id, by_rule)
    SELECT %(environment)s, %(group)s, p.id, false FROM {MINE} p WHERE p.n %% 10 = 0
"""
ENROLMENTS = f"""
    INSERT INTO courses_enrolment
        (environment_id, run_id, person_id, element_id, version_id, state, progress, enrolled_at, last_active_at, completed_at)
    SELECT %(environment)s, %(run)s, p.id, %(course)s, %(version)s,
           CASE WHEN p.n %% 2 = 0 THEN 'completed' ELSE 'active' END, CASE WHEN p.n %% 2 = 0 THEN 100 ELSE 50 END,
           now() - interval '1 minute' * p.n, now(), CASE WHEN p.n %% 2 = 0 THEN now() END FROM {MINE} p
"""
STEPS = """
    INSERT INTO courses_activitystate
        (environment_id, enrolment_id, person_id, element_id, activity_id, target_id, state, passed, score, opened_at, completed_at)
    SELECT environment_id, id, person_id, element_id, %(activity)s, %(quiz)s, 'completed', id %% 3 > 0, 0.8, now(), now()
    FROM courses_enrolment WHERE environment_id = %(environment)s
"""
ATTEMPTS = """
    INSERT INTO assessments_attempt
        (environment_id, uid, person_id, element_id, assessment_id, number, onward, started_at, finished_at, score, passed)
    SELECT environment_id, gen_random_uuid(), person_id, %(quiz)s, %(assessment)s, 1, '', enrolled_at, now(), 0.8, id %% 3 > 0
    FROM courses_enrolment WHERE environment_id = %(environment)s
"""
RECORDS = """
    INSERT INTO records_statement (id, environment_id, stored_at, occurred_at, person_id, verb, element_id, result, context)
    SELECT gen_random_uuid(), environment_id, now(), now(), person_id, 'passed', %(quiz)s, '{}', '{}'
    FROM courses_enrolment WHERE environment_id = %(environment)s
"""
SECRET = "a password of a bench"
BODY = {"choices": [{"text": "2", "correct": True}, {"text": "3", "correct": False}]}
TABLES = (
    "ecosystem_person", "ecosystem_membership", "ecosystem_groupmember", "courses_enrolment", "courses_activitystate",
    "assessments_attempt", "records_statement",
)  # fmt: skip


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench growth")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--times", type=int, default=9, help="how often each page is asked for; the median counts")
    parser.add_argument("--explain", action="store_true", help="show the plan of the slowest statement of each page")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/growth.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["GROVE_LOG"] = "WARNING"
    django.setup()
    rows: list[dict[str, Any]] = []
    for size in options.sizes:
        rows += measured(size, options)
    show(rows, options.sizes)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"sizes": options.sizes, "times": options.times, "rows": rows}, indent=2) + "\n")
    print(f"\nWritten to {options.out}")
    return 0


def measured(size: int, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Milliseconds (median), statements and bytes of each page, in an environment of ``size`` people."""
    from django.db import connection, reset_queries  # noqa: PLC0415 -- needs Django
    from django.test import override_settings  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    began = time.monotonic()
    client, paths = environment_of(size)
    print(f"{size} people are there after {time.monotonic() - began:.1f} s")
    found = []
    with override_settings(API_PER_CALLER=10**9, API_PER_ENVIRONMENT=10**9):
        for page, path in paths.items():
            client.get(path)
            times = []
            for _time in range(options.times):
                start = time.perf_counter()
                answer = client.get(path)
                times.append((time.perf_counter() - start) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}.")
            reset_queries()
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            row = {"page": page, "rows": size, "ms": round(statistics.median(times), 1), "queries": len(asked)}
            found.append({**row, "bytes": len(answer.content)})
            if options.explain:
                explain(page, asked.captured_queries, slug=f"growth-{size}")
    return found


def environment_of(size: int) -> tuple[Any, dict[str, str]]:
    """An environment with that many rows of everything, an administrator's client, and the pages to ask for."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415 -- needs Django
    from django.core.cache import cache  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from ecosystem.models import Environment, Group, Membership  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415
    from ecosystem.services.environments import environment_create  # noqa: PLC0415
    from ecosystem.services.people import member_add  # noqa: PLC0415

    slug = f"growth-{size}"
    environment = Environment.objects.filter(slug=slug).first()  # of an earlier run of this bench
    if environment is None:
        with transaction.atomic():
            environment = environment_create(slug=slug, name=slug, hosts=[f"{slug}.localhost"])
            with open_scope(environment_id=environment.pk), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
                member_add(
                    email=f"admin@{slug}.example.org", name="Ada", roles=["admin"], password_hash=make_password(SECRET)
                )
                given = {"slug": slug, "rows": size, "environment": environment.pk, **course_and_quiz()}
                for statement in (PEOPLE, MEMBERS, GROUPED, ENROLMENTS, STEPS, ATTEMPTS, RECORDS):
                    cursor.execute(statement, given)
            connection.run_on_commit = []  # nothing here waits for a worker
        _analyse()
    with open_scope(environment_id=environment.pk):
        group = Group.objects.get()
        middle = Membership.objects.order_by("person__name", "person_id")[size // 2].pk
    cache.clear()  # the limits of sign-in count per address
    client = Client(HTTP_HOST=f"{slug}.localhost")
    answer = client.post("/accounts/login/", {"login": f"admin@{slug}.example.org", "password": SECRET})
    if answer.status_code != 302:
        raise SystemExit(f"Sign-in answered {answer.status_code}.")
    paths = {
        "people": "/people/",
        "people, from the middle": f"/people/?after={middle}",
        "people, searched": "/people/?q=fleur+a1",
        "people of a group": f"/people/?group={group.pk}",
        "people (admin)": "/admin/ecosystem/membership/",
        "people (API)": "/api/v1/members/",
        "results (admin)": "/admin/assessments/attempt/",
        "results, searched (admin)": "/admin/assessments/attempt/?q=fleur",
        "results (API)": "/api/v1/attempts/",
        "enrolments (API)": "/api/v1/enrolments/",
        "report": "/reports/ecosystem/",
    }
    return client, paths


def course_and_quiz() -> dict[str, int]:
    """The ids that the rows point at: a course with one quiz, its run, and a group."""
    from assessments.services import assessment_create, bank_create, question_save  # noqa: PLC0415 -- needs Django
    from courses.models import Activity  # noqa: PLC0415
    from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open  # noqa: PLC0415
    from ecosystem.models import Membership  # noqa: PLC0415
    from ecosystem.services.elements import element_create  # noqa: PLC0415
    from ecosystem.services.groups import group_save  # noqa: PLC0415

    bank = bank_create(title="Bank", creators=["Ada"], slug="bank")
    question = question_save(bank=bank, identifier="q1", type="single", stem="<p>1 + 1?</p>", body=BODY).question
    quiz = assessment_create(title="Quiz", creators=["Ada"], slug="quiz", questions=[question], pass_mark=0.7)
    course = element_create(kind="course", title="Course", creators=["Ada"], slug="course")
    version = course_publish(element=course, blocks=[PlannedBlock("Block", [PlannedActivity(target=quiz.element)])])
    group = group_save(name="Group", by=Membership.objects.select_related("person").get())
    return {
        "course": course.pk, "version": version.pk, "run": run_open(element=course, title="Run").pk, "group": group.pk,
        "quiz": quiz.element.pk, "assessment": quiz.pk, "activity": Activity.objects.get(version=version).pk,
    }  # fmt: skip


def _analyse() -> None:
    """As autovacuum would in a minute; the owner may."""
    import psycopg2  # noqa: PLC0415 -- only here

    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    connection.cursor().execute("ANALYZE " + ", ".join(TABLES))
    connection.close()


def explain(page: str, queries: list[dict[str, str]], *, slug: str) -> None:
    """The plan of the slowest statement of a page, as the database really goes about it."""
    from django.db import connection  # noqa: PLC0415 -- needs Django

    from ecosystem.models import Environment  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415

    reads = [query for query in queries if query["sql"].startswith("SELECT") and "set_config" not in query["sql"]]
    slowest = max(reads, key=lambda query: float(query["time"]))
    print(f"\n{page}: {float(slowest['time']) * 1000:.0f} ms: {slowest['sql'][:160]} ...")
    with open_scope(environment_id=Environment.objects.get(slug=slug).pk), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + slowest["sql"])
        print("\n".join(f"    {line}" for (line,) in cursor.fetchall()))


def show(rows: list[dict[str, Any]], sizes: list[int]) -> None:
    """One line a page: milliseconds per size and how many times the first, then statements and bytes of the largest."""
    heads = "".join(f"{f'{size} rows':>14}" for size in sizes)
    print(f"\n{'page':<28}{heads}{'times':>8}{'SQL':>10}{'bytes':>10}")
    for page in dict.fromkeys(row["page"] for row in rows):
        mine = [row for row in rows if row["page"] == page]
        times = "".join(f"{row['ms']:>11.1f} ms" for row in mine)
        counts = "/".join(dict.fromkeys(str(row["queries"]) for row in mine))
        print(f"{page:<28}{times}{mine[-1]['ms'] / mine[0]['ms']:>8.1f}{counts:>10}{mine[-1]['bytes']:>10}")
