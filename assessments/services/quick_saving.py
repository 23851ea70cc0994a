"""The plain case of saving an answer in one statement and one round trip; whatever is not plain goes the ordinary way.

A page of a running attempt carries a *ticket*: who has it open, by which sign-in, signed and bound to the session. With it,
a saving needs no look into the session and no work around the request. The one statement below asks again, each time,
what the ordinary way asks: that the session is there, the sign-in has not ended and was seen lately, the password is the
same, the membership lasts, the attempt is the person's own, runs and has time left, and the answer is not settled. It
locks the attempt as ``answer_save`` does, so an acknowledged answer is always marked. When it finds no row, nothing has
been changed and ``answer_save`` says why.
"""

import hashlib
import json
import uuid
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.core import signing
from django.db import Error, connection

from assessments.question_types.base import FormData
from assessments.question_types.registry import question_type

SALT = "assessments.ticket:"
MAX_AGE = 12 * 3600  # seconds; an older page goes the ordinary way
LONGEST = 10_000  # characters of an answer
SCOPE = (
    "SELECT set_config('app.environment', %(environment)s::text, true), set_config('app.readable', %(environment)s::text,"
    " true), set_config('app.person', %(person)s::text, true);"
)
NAMES = (
    "environment", "person", "uid", "sign_in", "session", "password", "position", "response", "flagged", "client", "seq",
    "base", "seconds",
)  # fmt: skip
TYPES = "bigint, bigint, uuid, bigint, text, text, smallint, jsonb, boolean, text, bigint, integer, integer"
# Times are those of the database, whose clock counts.
SAVE = """
    WITH t AS (
        SELECT t.id FROM assessments_attempt t JOIN assessments_assessment s ON s.id = t.assessment_id
        WHERE t.environment_id = {environment} AND t.uid = {uid} AND t.person_id = {person} AND t.finished_at IS NULL
          AND NOT s.forward_only
          AND (t.deadline_at IS NULL OR now() <= t.deadline_at + s.grace_seconds * interval '1 second')
          AND EXISTS (
              SELECT FROM ecosystem_membership m JOIN ecosystem_person p ON p.id = m.person_id
              JOIN ecosystem_signin i ON i.person_id = m.person_id
              WHERE m.environment_id = {environment} AND m.person_id = {person} AND m.ended_at IS NULL AND p.is_active
                AND encode(sha256(convert_to(p.password, 'UTF8')), 'hex') = {password}
                AND i.environment_id = {environment} AND i.id = {sign_in} AND i.ended_at IS NULL
                AND i.seen_at > now() - interval '10 minutes' AND i.method <> 'organisation')
          AND EXISTS (SELECT FROM django_session d WHERE d.session_key = {session} AND d.expire_date > now())
        FOR NO KEY UPDATE OF t
    )
    UPDATE assessments_answer a
    SET response = {response}, flagged = {flagged}, saved_at = now(), revision = a.revision + 1, client = {client},
        seen = CASE WHEN a.seen -> -1 ->> 0 = {client} THEN jsonb_set(a.seen, '{{-1,1}}', to_jsonb({seq}))
               ELSE a.seen || jsonb_build_array(jsonb_build_array({client}, {seq})) END,
        seconds = a.seconds + {seconds}
    FROM t
    WHERE a.environment_id = {environment} AND a.attempt_id = t.id AND a.position = {position} AND a.settled_at IS NULL
      AND CASE WHEN a.client = {client} AND a.seen -> -1 ->> 0 = {client} THEN (a.seen -> -1 ->> 1)::bigint < {seq}
          ELSE a.revision = {base} AND jsonb_array_length(a.seen) < 19 AND strpos(a.seen::text, {client}) = 0 END
    RETURNING a.saved_at
"""
# What is asked there, for a process that has not served this question yet.
WHAT = """
    SELECT v.type, v.body FROM assessments_attempt t
    JOIN assessments_answer a ON a.environment_id = t.environment_id AND a.attempt_id = t.id
    JOIN assessments_questionversion v ON v.id = a.version_id
    WHERE t.environment_id = %(environment)s AND t.uid = %(uid)s AND t.person_id = %(person)s AND a.position = %(position)s
"""
ASKED = SCOPE + WHAT
PREPARE = f"PREPARE grove_answer_save ({TYPES}) AS " + SAVE.format(
    **{name: f"${place}" for place, name in enumerate(NAMES, start=1)}
)
EXECUTE = SCOPE + f"EXECUTE grove_answer_save ({', '.join(f'%({name})s' for name in NAMES)})"
PLAIN = SCOPE + SAVE.format(
    **{name: f"%({name})s::{kind}" for name, kind in zip(NAMES, TYPES.split(", "), strict=True)}
)


class Ticket(NamedTuple):
    environment: int
    person: int
    sign_in: int
    password: str
    uid: str


# What is asked where: attempts keep their versions, and versions never change.
_asked: dict[tuple[uuid.UUID, int], tuple[str, Any]] = {}
MOST_ASKED = 20_000
_known_to: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()


def asked_remember(*, uid: uuid.UUID, position: int, type: str, body: Any) -> None:
    """So that the next saving of this question needs not ask for it."""
    if len(_asked) >= MOST_ASKED:
        _asked.clear()
    _asked[uid, position] = (type, body)


def ticket_make(
    *, environment_id: int, person_id: int, sign_in_id: int, password_hash: str, uid: uuid.UUID, session_key: str
) -> str:
    """For the page of an attempt; of no use with another session."""
    digest = hashlib.sha256(password_hash.encode()).hexdigest()
    return signing.dumps([environment_id, person_id, sign_in_id, digest, uid.hex], salt=SALT + session_key)


def ticket_read(*, ticket: str, session_key: str) -> Ticket | None:
    """None for one that is forged, too old, or of another session."""
    try:
        return Ticket(*signing.loads(ticket, salt=SALT + session_key, max_age=MAX_AGE))
    except signing.BadSignature:
        return None


def answer_save_plainly(
    *,
    ticket: Ticket,
    session_key: str,
    position: int,
    fields: FormData,
    flagged: bool,
    client: str,
    seq: int,
    base: int,
    seconds: int,
) -> Any:
    """The moment at which the answer was saved; None when the ordinary way must be gone, and nothing has been changed."""
    if connection.in_atomic_block or sum(len(value) for values in fields.values() for value in values) > LONGEST:
        return None
    asked = _asked.get((uuid.UUID(ticket.uid), position)) or _what_is_asked(ticket, position)
    if asked is None:
        return None
    response = question_type(asked[0]).parse(asked[1], fields)
    values = {
        "environment": ticket.environment,
        "person": ticket.person,
        "uid": ticket.uid,
        "sign_in": ticket.sign_in,
        "session": session_key,
        "password": ticket.password,
        "position": position,
        "response": None if response is None else json.dumps(response),
        "flagged": flagged,
        "client": client,
        "seq": seq,
        "base": base,
        "seconds": seconds,
    }
    try:
        return _ask(values)
    except Error:
        return None  # the ordinary way knows what to say; what was saved after all is found by its count


def _what_is_asked(ticket: Ticket, position: int) -> tuple[str, Any] | None:
    uid = uuid.UUID(ticket.uid)
    values = {"environment": ticket.environment, "person": ticket.person, "uid": uid, "position": position}
    try:
        with connection.cursor() as cursor:
            cursor.execute(ASKED, values)
            row = cursor.fetchone()
    except Error:
        return None
    if row is None:
        return None
    asked_remember(uid=uid, position=position, type=row[0], body=json.loads(row[1]))
    return _asked[uid, position]


def _ask(values: dict[str, Any]) -> Any:
    """Several statements in one message are one transaction, which ends with the message."""
    with connection.cursor() as cursor:
        if settings.PREPARE_ON_SERVER:
            _name_it()
        cursor.execute(EXECUTE if settings.PREPARE_ON_SERVER else PLAIN, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _name_it() -> None:
    """Once per connection; the name lives as long as that."""
    raw = connection.connection
    if raw in _known_to:
        return
    with connection.wrap_database_errors, raw.cursor() as cursor:
        cursor.execute(PREPARE)
    _known_to[raw] = True
