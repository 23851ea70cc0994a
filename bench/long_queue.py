"""An environment of its own with tens of thousands of hand-ins, and those who mark them."""

import os
import time

import psycopg2
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.growth import MEMBERS, MINE, PEOPLE
from bench.scene import Scene
from demo.loading.forest import PASSWORD
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from handins.models import Round
from handins.services import assignment_make

ASSIGNMENTS, EACH = 25, 10  # each person hands in so many of them
TABLES = (
    "ecosystem_person", "ecosystem_membership", "handins_submission", "handins_round", "handins_mark",
    "handins_moderation", "handins_verdict",
)  # fmt: skip
# One in eleven has its mark already, one in two is allocated.
SUBMISSIONS = f"""
    INSERT INTO handins_submission (environment_id, uid, person_id, element_id, assignment_id, more_rounds, is_open, pseudonym)
    SELECT %(environment)s, gen_random_uuid(), p.id, a.element_id, a.id, 0, false, upper(substr(md5(p.id || '-' || a.id), 1, 12))
    FROM {MINE} p JOIN (SELECT id, element_id, row_number() OVER (ORDER BY id) n FROM handins_assignment) a
    ON (p.n + a.n) %% %(assignments)s < %(each)s WHERE p.id <> ALL (%(markers)s)
"""
ROUNDS = """
    INSERT INTO handins_round
        (environment_id, uid, submission_id, person_id, element_id, number, state, text, link, declared, saved_at, submitted_at,
         turn_at, is_late, marker_id, reviewer_id, awaits)
    SELECT environment_id, gen_random_uuid(), id, person_id, element_id, 1,
           CASE WHEN id %% 11 = 0 THEN 'marked' WHEN id %% 7 = 0 THEN 'reviewing' ELSE 'submitted' END, 'Work', '', '',
           now(), now() - interval '1 minute' * (id %% 90000),
           CASE WHEN element_id IN (SELECT element_id FROM handins_assignment WHERE is_anonymous)
                THEN date_trunc('day', now() - interval '1 minute' * (id %% 90000))
                ELSE now() - interval '1 minute' * (id %% 90000) END, false,
           CASE WHEN id %% 2 = 0 THEN (%(markers)s::bigint[])[1 + id %% 8] END,
           CASE WHEN id %% 11 = 0 THEN (%(markers)s::bigint[])[1 + id %% 8] END, ''
    FROM handins_submission WHERE environment_id = %(environment)s
"""
MARKS = """
    INSERT INTO handins_mark (environment_id, round_id, person_id, element_id, levels, comments, comment, score, late_points, passed, because,
        by_id, at)
    SELECT environment_id, id, person_id, element_id, '{}', '{}', '', 0.4 + 0.05 * (id %% 10), 0, id %% 10 > 3, '', reviewer_id, now()
    FROM handins_round WHERE environment_id = %(environment)s AND state = 'marked'
"""
MODERATIONS = """
    INSERT INTO handins_moderation (environment_id, round_id, mark_id, person_id, reason, draw, at)
    SELECT environment_id, round_id, id, person_id, 'failing', '', now() FROM handins_mark
    WHERE environment_id = %(environment)s AND id %% 2 = 0
"""
VERDICTS = """
    INSERT INTO handins_verdict (environment_id, moderation_id, round_id, person_id, is_upheld, words, by_id, at)
    SELECT environment_id, id, round_id, person_id, true, '', (%(markers)s::bigint[])[1], now() FROM handins_moderation
    WHERE environment_id = %(environment)s AND id %% 4 > 0
"""
AWAITED = """
    UPDATE handins_round SET awaits = 'failing' WHERE environment_id = %(environment)s AND id IN (
        SELECT m.round_id FROM handins_moderation m LEFT JOIN handins_verdict v ON v.moderation_id = m.id
        WHERE m.environment_id = %(environment)s AND v.id IS NULL
    )
"""


class LongQueue(Scene):
    PATHS = {"queue": "/reviewing/"}

    def __init__(self, count: int, *, size: int) -> None:
        slug = f"queue-{int(time.time())}"
        self.environment = environment_create(slug=slug, name="Queue", hosts=[f"{slug}.localhost"])
        self.host = f"{slug}.localhost"
        password = make_password(PASSWORD)
        with transaction.atomic(), open_scope(environment_id=self.environment.pk), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            author = member_add(email=f"author@{slug}.example.org", name="Ada", roles=["author"])
            members = [
                member_add(
                    email=f"bench{index}@{slug}.example.org", name=f"Bench {index}", roles=["instructor"],
                    password_hash=password,
                )
                for index in range(count)
            ]  # fmt: skip
            made = [
                assignment_make(
                    title=f"Assignment {n}",
                    slug=f"assignment-{n}",
                    markdown="Write",
                    is_anonymous=n % 3 == 0,
                    by=author,
                )
                for n in range(ASSIGNMENTS)
            ]
            given = {
                "slug": slug, "rows": size * 11 // 10 // EACH, "environment": self.environment.pk,
                "assignments": ASSIGNMENTS, "each": EACH, "markers": [member.person_id for member in members],
            }  # fmt: skip
            for statement in (PEOPLE, MEMBERS, SUBMISSIONS, ROUNDS, MARKS, MODERATIONS, VERDICTS, AWAITED):
                began = time.monotonic()
                cursor.execute(statement, given)
                print(f"{cursor.rowcount} rows in {time.monotonic() - began:.1f} s", flush=True)
            deep = Round.objects.filter(state="submitted").order_by("turn_at", "uid")[size // 2]
        self.PATHS = {
            "queue": "/reviewing/",
            "from the middle": f"/reviewing/?after={deep.uid}",
            "one assignment": f"/reviewing/?of={made[3].element.slug}",
            "mine": "/reviewing/?whose=mine",
            "not allocated": "/reviewing/?whose=nobody",
            "to release": "/reviewing/?state=marked",
            "to moderate": "/reviewing/?state=moderate",
            "home": "/",
        }
        self.people = [member.person.email for member in members]
        self.persons = {member.person.email: member.person for member in members}
        self._analyse()

    def _analyse(self) -> None:
        """As autovacuum would in a minute; the owner may."""
        owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        owner.autocommit = True
        owner.cursor().execute("VACUUM ANALYZE " + ", ".join(TABLES))
        owner.close()

    def explain(self) -> None:
        """The plan of each statement that takes more than two milliseconds, as the database really goes about it."""
        settings.PREPARE_ON_SERVER = False  # else it is the name of a statement that is seen
        client = self._client(self.people[0])
        for page, path in self.PATHS.items():
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            print(f"\n{page}: {len(asked)} statements")
            for query in asked.captured_queries:
                if float(query["time"]) < 0.002 or not query["sql"].startswith("SELECT"):
                    continue
                print(f"  {float(query['time']) * 1000:.0f} ms: {query['sql'][:300]} ...")
                with open_scope(environment_id=self.environment.pk), connection.cursor() as cursor:
                    cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + query["sql"])
                    print("\n".join(f"      {line}" for (line,) in cursor.fetchall()))
