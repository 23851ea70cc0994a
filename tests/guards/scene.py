"""Two environments with one of everything, made by the services: the attacker's and the victim's.

Every text of the victim's rows holds ``CANARY`` and every address of it (slugs) holds ``ADDRESS``. An attacker
never sends the first; the second only where an address is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, models
from django.test import Client
from django.utils import timezone

from api.models import Token
from ecosystem.models import Environment, Membership, Role, SignIn
from ecosystem.scope import open_scope
from ecosystem.services.environment_exports import environment_exports_run_due
from ecosystem.services.environments import environment_create
from ecosystem.services.exports import data_exports_run_due
from ecosystem.services.people import member_add
from tests.conftest import session_of
from tests.guards.scene_life import bring_people, come_after, grow
from tests.guards.twins import ADDRESS, CANARY, OWN, Twin, tenant_models
from tests.settle import settle

# Text columns that hold no words of people: codes, keys and paths that a service makes or a closed list names.
CODES = frozenset(
    {
        "auth", "channel", "cover", "digest", "endpoint", "error", "file", "href", "identifier", "key", "kind", "language", "media_type",
        "message_id", "mode", "model_version", "onward", "p256dh", "queue", "reaction", "serial", "sha256", "slug", "stop_href",
        "time_zone", "type", "url", "verb", "condition", "response", "order", "role", "result", "email", "token_hash",
        "act", "model", "object_id", "caller", "request_hash", "sealed", "disabled_because", "client_id", "client_secret",
        "redirect_uris", "post_logout_redirect_uris", "allowed_origins", "code", "redirect_uri", "scope", "code_challenge",
        "code_challenge_method", "nonce", "claims", "resource", "token", "token_checksum", "issuer", "sealed_secret", "sso_url", "certificate", "device",
        "device_hash", "to", "hash", "path", "source", "spans", "move_on", "fetch_hash", "auth_hash", "activity", "item",
        "password_hash", "password_mark", "review", "rubric", "client", "seen", "flags", "figures",
        "evidence", "correction", "angle", "population", "zone", "levels", "currency", "draw", "moderation_seed", "pseudonym",
        "hint_hash", "kid", "public", "keys", "keys_url", "progress", "grading", "scopes",
    }
)  # fmt: skip


@dataclass
class Scene:
    attacker: Twin
    victim: Twin
    both: str  # the session, on the attacker's host, of a person who is a member of both


def scene_make() -> Scene:
    """Build both twins in the open transaction."""
    attacker = twin_make("alpha", secret=OWN)
    victim = twin_make("beta", secret=CANARY)
    both = {}
    for twin, role in ((attacker, Role.GARDENER), (victim, Role.ADMIN)):
        with open_scope(environment_id=twin.environment.pk):
            both[twin.host] = member_add(email="both@example.org", name="Both Sides", roles=[role])
    # What was queued for the commit happens now, so that requests pay for theirs only, and the audit log has its chain.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for twin in (attacker, victim):
        rows_read(twin)
    return Scene(attacker, victim, _session(both[attacker.host], attacker.environment))


def _session(membership: Membership, environment: Environment) -> str:
    client = Client(HTTP_HOST=f"{environment.slug}.localhost")
    with open_scope(environment_id=environment.pk):
        client.force_login(membership.person)
    session = client.session
    session.update(session_of(membership, environment))
    with open_scope(environment_id=environment.pk):
        # Else each request of an attack that is ten minutes old notes the visit, and all rows are looked through for that.
        SignIn.objects.filter(person=membership.person).update(seen_at=timezone.now() + timedelta(days=1))
    session.save()
    return str(session.session_key)


def twin_make(slug: str, *, secret: str, parent: Environment | None = None) -> Twin:
    """One environment with one of everything."""
    prefix = ADDRESS if secret == CANARY else "ours"
    environment = environment_create(
        slug=slug,
        name=f"{secret} environment name",
        tagline=f"{secret} environment tagline",
        hosts=[f"{slug}.localhost"],
        brand="#7A1FA2" if secret == CANARY else "#0B6E69",
        logo_svg=f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>{secret} logo</title></svg>',
        parent=parent,
    )
    below = environment_create(
        slug=f"{slug}-below", name=f"{secret} below", hosts=[f"{slug}-below.localhost"], parent=environment
    )
    twin = Twin(environment, below=below.slug)
    with open_scope(environment_id=environment.pk):
        for role in Role.values:
            twin.people[role] = member_add(
                email=f"{role}.{prefix}@example.org",
                name=f"{secret} {role} name",
                roles=[role],
                job_title=f"{secret} job title",
            )
    learner = twin.people["learner"]
    with open_scope(environment_id=environment.pk, person_id=learner.person_id):
        grow(twin, secret, prefix)
        bring_people(twin, secret, prefix)
    settle(environment)
    data_exports_run_due()
    environment_exports_run_due()
    with open_scope(environment_id=environment.pk):
        come_after(twin, secret)
        # So that the attack does not look through all rows after each request only because it was noted on the token.
        Token.objects.update(last_used_at=timezone.now() + timedelta(days=1))
    for role in Role.values:
        twin.sessions[role] = _session(twin.people[role], environment)
    return twin


def rows_read(twin: Twin) -> None:
    """Remember the rows: a test names them by model and column."""
    with open_scope(environment_id=twin.environment.pk):
        for model in tenant_models():
            rows = model.objects.filter(environment_id=twin.environment.pk).order_by("pk")
            twin.rows[model._meta.label] = [{**row, "id": row[model._meta.pk.attname]} for row in rows.values()]


def words_without_canary(twin: Twin) -> list[str]:
    """``model.column`` of texts in which no row of the twin holds the canary."""
    missing = []
    for model in tenant_models():
        for column in model._meta.concrete_fields:
            is_text = isinstance(column, models.CharField | models.TextField | models.JSONField)
            if not is_text or column.choices or column.name in CODES:
                continue
            found = any(CANARY.lower() in str(row[column.attname]).lower() for row in twin.rows[model._meta.label])
            if not found:
                missing.append(f"{model._meta.label}.{column.name}")
    return missing
