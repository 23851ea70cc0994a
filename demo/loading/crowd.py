"""Many people at the speed of the database: more organisations below the cooperative, whose members live the pasts of others.

The small demo's histories were played through the services, so each is a believable past that keeps every rule. Here whole
histories are copied by `INSERT ... SELECT`, moved some weeks back, to invented people (`COPY` is refused where row-level
security holds). Nothing is sent: no deliveries, no letters, no reminders are made.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction

from assessments.models import Answer, Attempt
from certificates.models import Certificate
from courses.models import ActivityState, Enrolment
from demo.loading import naming
from demo.loading.courses import run_in_catalogue
from demo.loading.forest import PASSWORD
from ecosystem.models import Element, Environment
from ecosystem.models.changes import TransactionNumber
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_offer
from ecosystem.services.environments import environment_create
from memotrainer.models import Card, Review, Trainer
from notifications.models import Notice
from records.models import Fact, Statement


@dataclass(frozen=True)
class Size:
    """``past``: how many of ten people have done something. A past is some 300 rows."""

    environments: int
    people: int
    past: int


SIZES = {"medium": Size(environments=5, people=2_000, past=6), "large": Size(environments=50, people=100_000, past=7)}
BATCH = 500  # people per statement: seconds, and a line of progress

PEOPLE = """
    INSERT INTO ecosystem_person (email, name, language, time_zone, is_active, created_at, password, picture)
    SELECT lower(first[1 + n %% cardinality(first)]) || '.' || lower(replace(last[1 + n / 7 %% cardinality(last)], ' ', ''))
           || n || '@' || %(slug)s || '.example.org',
           first[1 + n %% cardinality(first)] || ' ' || last[1 + n / 7 %% cardinality(last)],
           '', '', true, now() - interval '1 day' * (90 + n %% 60), %(password)s, ''
    FROM generate_series(%(start)s::int, %(end)s::int - 1) n, (SELECT %(first)s::text[] AS first, %(last)s::text[] AS last) names
    RETURNING id
"""
MEMBERS = """
    INSERT INTO ecosystem_membership (environment_id, person_id, roles, job_title, joined_at)
    SELECT %(environment)s, id,
           CASE WHEN id %% 200 = 0 THEN ARRAY['gardener', 'learner'] WHEN id %% 50 = 0 THEN ARRAY['instructor']
                ELSE ARRAY['learner'] END, titles[1 + id %% cardinality(titles)], now() - interval '1 day' * (30 + id %% 60)
    FROM unnest(%(ids)s::bigint[]) id, (SELECT %(titles)s::text[] AS titles) t
"""
SEATS = """
    INSERT INTO ecosystem_seatentry (environment_id, person_id, taken, at)
    SELECT environment_id, person_id, true, joined_at FROM ecosystem_membership
    WHERE environment_id = %(environment)s AND person_id = ANY(%(ids)s)
"""
# Who lives whose past. Whole weeks, so that a Tuesday stays one.
LIVES = """
    CREATE TEMPORARY TABLE life ON COMMIT DROP AS
    SELECT id AS person_id, persons[1 + id %% cardinality(persons)] AS from_person,
           environments[1 + id %% cardinality(persons)] AS from_environment, interval '-7 days' * (id / 3 %% 8) AS shift
    FROM unnest(%(ids)s::bigint[]) id, (SELECT %(persons)s::bigint[] AS persons, %(environments)s::bigint[] AS environments) p
    WHERE id %% 10 < %(past)s
"""
ENROLLED = """
    JOIN courses_enrolment oe ON oe.environment_id = o.environment_id AND oe.id = o.enrolment_id
    JOIN courses_enrolment ne ON ne.environment_id = %(environment)s AND ne.person_id = c.person_id AND ne.element_id = oe.element_id
"""
ATTEMPTED = """
    JOIN assessments_attempt oa ON oa.environment_id = o.environment_id AND oa.id = {old}
    JOIN assessments_attempt na ON na.environment_id = %(environment)s AND na.person_id = c.person_id
     AND na.element_id = oa.element_id AND na.number = oa.number
"""
CERTIFIED = """
    JOIN certificates_certificate od ON od.environment_id = o.environment_id AND od.id = {old}
    JOIN certificates_certificate nd ON nd.environment_id = %(environment)s AND nd.person_id = c.person_id
     AND nd.element_id = od.element_id AND nd.cycle = od.cycle
"""
RUN = "JOIN courses_courserun nr ON nr.environment_id = %(environment)s AND nr.element_id = o.element_id"
SERIAL = "substr(translate(upper(md5(random()::text)), '0189', 'GHJK'), {}, 4)"
NEW_SERIAL = " || '-' || ".join(SERIAL.format(at) for at in (1, 9, 17))


def optional(joins: str) -> str:
    """The same rows whether or not there is a partner."""
    return joins.replace("JOIN", "LEFT JOIN")


# In the order of their keys: the rows of a past, with what is not simply copied, moved in time or given to the new person.
COPIES: list[tuple[type[models.Model], str, dict[str, str]]] = [
    (Enrolment, RUN, {"run_id": "nr.id", "mentor_id": "NULL", "instructor_id": "NULL"}),
    (ActivityState, ENROLLED, {"enrolment_id": "ne.id"}),
    (Attempt, "", {"uid": "gen_random_uuid()", "onward": "''"}),
    (Answer, ATTEMPTED.format(old="o.attempt_id"), {"attempt_id": "na.id"}),
    (Card, "", {}),
    (Review, "", {"uid": "gen_random_uuid()"}),
    (Trainer, "", {"next_reminder_at": "NULL"}),
    (
        Certificate,
        "JOIN ecosystem_person np ON np.id = c.person_id",
        {"uid": "gen_random_uuid()", "serial": NEW_SERIAL, "holder": "np.name", "file": "''"},
    ),
    (
        Notice,
        CERTIFIED.format(old="split_part(o.key, ':', 2)::bigint"),
        {"key": "'certificate:' || nd.id"},
    ),
    (Fact, "", {}),
    (
        Statement,
        optional(RUN)
        + optional(ENROLLED.replace("o.enrolment_id", "(o.context->>'enrolment')::bigint"))
        + optional(ATTEMPTED.format(old="(o.context->>'attempt')::bigint"))
        + optional(CERTIFIED.format(old="(o.context->>'certificate')::bigint")),
        {
            "id": "gen_random_uuid()",
            "context": "o.context"
            " || CASE WHEN o.context ? 'run' THEN jsonb_build_object('run', nr.uid) ELSE '{}' END"
            " || CASE WHEN o.context ? 'enrolment' THEN jsonb_build_object('enrolment', ne.id) ELSE '{}' END"
            " || CASE WHEN o.context ? 'attempt' THEN jsonb_build_object('attempt', na.id) ELSE '{}' END"
            " || CASE WHEN o.context ? 'certificate' THEN jsonb_build_object('certificate', nd.id) ELSE '{}' END",
        },
    ),
]
# What somebody said of another stays with its round of feedback.
ONLY = {Notice: "AND o.kind = 'certificate'", Attempt: "AND o.seat_id IS NULL"}


def crowd_load(size: Size, say: Callable[[str], None]) -> int:
    """Add what is missing of the size; returns how many rows were written. An interrupted load goes on where it was."""
    root = Environment.objects.get(slug="demo")
    pasts, elements = pasts_of(root)
    password, written = make_password(PASSWORD), 0
    each = size.people // size.environments
    began = time.monotonic()
    for number in range(size.environments):
        name = naming.organisation(number)
        slug = naming.slug_of(name)
        if Environment.objects.filter(slug=slug).exists():
            continue
        with transaction.atomic():
            environment = environment_create(slug=slug, name=name, hosts=[f"{slug}.localhost"], parent=root)
            offer(root, environment, elements)
            for start in range(0, each, BATCH):
                people = {"slug": slug, "password": password, "start": start, "end": min(start + BATCH, each)}
                written += settle(environment, pasts, people, past=size.past)
                rate = written / (time.monotonic() - began)
                say(f"{name}: {people['end']} of {each} people; {written} rows, {rate:.0f} rows/s")
            connection.run_on_commit = []  # nothing here waits for a worker
    return written


def pasts_of(root: Environment) -> tuple[list[tuple[int, int]], list[Element]]:
    """(environment, person) of the small demo whose past uses only what the root can offer, and those elements."""
    ids = tuple(Environment.objects.filter(ancestor_links__ancestor=root, children=None).values_list("pk", flat=True))
    with open_scope(environment_id=root.pk, readable=ids):
        done = Statement.objects.exclude(person=None)
        elsewhere = done.exclude(element__environment=root).values("environment_id", "person_id")
        outside = {(row["environment_id"], row["person_id"]) for row in elsewhere}
        pairs = set(done.values_list("environment_id", "person_id").distinct()) - outside
        # One past a person: somebody who is in two organisations would have two.
        chosen = {person: (environment, person) for environment, person in sorted(pairs)}
        elements = list(Element.objects.filter(environment=root))
    return sorted(chosen.values()), elements


def offer(root: Environment, environment: Environment, elements: list[Element]) -> None:
    with open_scope(environment_id=root.pk):
        for element in elements:
            element_offer(element=element, to=environment)
    with open_scope(environment_id=environment.pk):
        for element in elements:
            if element.kind == "course":
                run_in_catalogue(element)


def settle(environment: Environment, pasts: list[tuple[int, int]], people: dict[str, Any], *, past: int) -> int:
    """One batch of people with their memberships and pasts; returns the number of rows."""
    readable = tuple({environment_id for environment_id, _person in pasts})
    with open_scope(environment_id=environment.pk, readable=readable), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(PEOPLE, {**people, "first": list(naming.FIRST), "last": list(naming.LAST)})
        given = {
            "environment": environment.pk,
            "ids": [row[0] for row in cursor.fetchall()],
            "titles": list(naming.TITLES),
            "persons": [person for _environment, person in pasts],
            "environments": [environment for environment, _person in pasts],
            "past": past,
        }
        cursor.execute(MEMBERS, given)
        cursor.execute(SEATS, given)
        cursor.execute(LIVES, given)
        cursor.execute("ANALYZE life")
        written = 3 * len(given["ids"])
        for statement in copies(environment.pk):
            cursor.execute(statement, given)
            written += cursor.rowcount
        cursor.execute("DROP TABLE life")
    return written


def copies(environment_id: int) -> Iterator[str]:
    """One `INSERT ... SELECT` a table."""
    for model, joins, changed in COPIES:
        values = {
            field.column: changed.get(field.column) or _moved(field)
            for field in model._meta.concrete_fields
            if field.column in changed or not (field.primary_key or isinstance(field, TransactionNumber))
        }
        values["environment_id"] = "%(environment)s"
        values["person_id"] = "c.person_id"
        columns = ", ".join(f'"{name}"' for name in values)
        yield (
            f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {', '.join(values.values())}"  # noqa: S608 -- names of ours
            f" FROM life c JOIN {model._meta.db_table} o ON o.person_id = c.from_person AND o.environment_id = c.from_environment"
            f" {joins} WHERE true {ONLY.get(model, '')}"
        )


def _moved(field: models.Field) -> str:
    column = f'o."{field.column}"'
    return f"{column} + c.shift" if isinstance(field, models.DateTimeField) else column
