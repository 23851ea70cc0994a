"""cmi5: launching a unit, giving it its token once, and what it says and keeps.

A unit speaks for one person in one launch, for a day at most. Tokens are kept as hashes only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from content.cmi import Reported, learner_id
from content.exceptions import ContentError, StatementKnownError
from content.models import Launch, LaunchStatement, Package, PackageUnit, UnitDocument, UnitState
from content.services.units import unit_open, unit_take
from content.xapi import COMPLETED, FAILED, INITIALIZED, PASSED, SESSION, TERMINATED, Said, is_satisfied, said_by
from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.scope import current_scope

LASTS = timedelta(days=1)
LARGEST_STATEMENT = 64 * 1024  # characters of JSON
MOST_STATEMENTS = 5000  # of one launch
MOST_DOCUMENTS = 100  # of one person in one package
LARGEST_DOCUMENT = 256 * 1024
LAUNCH_DATA = "LMS.LaunchData"


def actor_of(*, launch: Launch, origin: str) -> dict[str, Any]:
    """Who acts, in a way that tells the unit nothing else about them."""
    name = learner_id(environment_id=launch.environment_id, person_id=launch.person_id)
    return {"objectType": "Agent", "account": {"homePage": origin, "name": name}}


def activity_of(*, launch: Launch, origin: str) -> str:
    digest = hashlib.sha256(launch.identifier.encode()).hexdigest()[:32]
    return f"{origin}/activities/{launch.element_id}/{digest}"


@transaction.atomic
def launch_create(*, package: Package, unit: PackageUnit, membership: Membership, origin: str, token: str) -> str:
    """Launch the unit for the person of the scope; returns the address to open, which holds the secret to fetch once.

    A launch that was never fetched is used again: its older address opens nothing any more.
    """
    row = unit_open(package=package, unit=unit)
    secret = secrets.token_urlsafe(32)
    launch = _launch(row)
    launch.fetch_hash, launch.launched_at = _hash(secret), clock.now()
    launch.save()
    _launch_data(launch, unit, origin=origin, token=token)
    if unit.move_on == "NotApplicable":
        unit_take(package=package, unit=unit, row=row, reported=Reported(completed=True))
    words = {
        "endpoint": f"{origin}/xapi/",
        "fetch": f"{origin}/xapi/fetch/{secret}/",
        "actor": json.dumps(actor_of(launch=launch, origin=origin)),
        "registration": str(launch.registration),
        "activityId": activity_of(launch=launch, origin=origin),
    }
    query, _sharp, fragment = unit.query.partition("#")
    join = "&" if query else "?"
    address = f"{origin}/packages/{token}/files/{unit.path}{query}{join}{urlencode(words)}"
    return f"{address}#{fragment}" if fragment else address


def _launch(row: UnitState) -> Launch:
    """The one that nobody has fetched the token of, else a new one of the same registration. The row is locked."""
    known = Launch.objects.filter(person_id=row.person_id, element_id=row.element_id).order_by("-pk")
    if unused := known.select_for_update().filter(identifier=row.identifier, auth_hash="").first():
        return unused
    before = known.first()
    return Launch(
        environment_id=row.environment_id,
        person_id=row.person_id,
        element_id=row.element_id,
        identifier=row.identifier,
        registration=before.registration if before else uuid4(),
    )


def _launch_data(launch: Launch, unit: PackageUnit, *, origin: str, token: str) -> None:
    """cmi5 10.2: what the unit reads first."""
    data: dict[str, Any] = {
        "contextTemplate": {
            "registration": str(launch.registration),
            "contextActivities": {"grouping": [{"objectType": "Activity", "id": unit.identifier}]},
            "extensions": {SESSION: str(launch.uid)},
        },
        "launchMode": "Normal",
        "launchMethod": "AnyWindow",
        "moveOn": unit.move_on or "NotApplicable",
        "returnURL": f"{origin}/packages/{token}/ended/",
    }
    if unit.mastery is not None:
        data["masteryScore"] = unit.mastery
    if unit.launch_data:
        data["launchParameters"] = unit.launch_data
    UnitDocument.objects.update_or_create(
        environment_id=launch.environment_id,
        person_id=launch.person_id,
        element_id=launch.element_id,
        resource="state",
        activity=activity_of(launch=launch, origin=origin),
        key=LAUNCH_DATA,
        defaults={"media_type": "application/json", "body": json.dumps(data), "updated_at": clock.now()},
    )


@transaction.atomic
def launch_fetch(*, secret: str) -> str | None:
    """The token of a launch, the first time only; None when the secret is unknown, was used or is too old."""
    rows = Launch.objects.select_for_update().filter(fetch_hash=_hash(secret), auth_hash="")
    launch = rows.filter(launched_at__gt=clock.now() - LASTS).first()
    if launch is None:
        return None
    token = base64.b64encode(f"{launch.uid}:{secrets.token_urlsafe(32)}".encode()).decode()
    launch.auth_hash = _hash(token)
    launch.save(update_fields=["auth_hash"])
    return token


def launch_of_token(*, token: str) -> Launch | None:
    """The launch that may still speak with this token, when its person is still a member here."""
    if not token:
        return None
    rows = Launch.objects.filter(auth_hash=_hash(token), ended_at=None, launched_at__gt=clock.now() - LASTS)
    launch = rows.first()
    if launch is None or not Membership.objects.filter(person_id=launch.person_id, ended_at=None).exists():
        return None
    return launch


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def statements_store(*, launch: Launch, statements: list[Any], origin: str) -> list[UUID]:
    """Keep what the unit said, all or nothing, and let it count; the same id with the same words again is once.

    Refuses (StatementError) what ``said_by`` refuses, and (ContentError) another statement with an id that is known.
    """
    fresh = Launch.objects.select_for_update().get(pk=launch.pk)
    package = Package.objects.select_related("element").get(element_id=fresh.element_id)
    unit = package.units.filter(identifier=fresh.identifier).first()
    if unit is None or fresh.ended_at is not None:
        raise ContentError(_("This launch is over."))
    found = []
    for statement in statements:
        said = said_by(
            statement,
            actor=actor_of(launch=fresh, origin=origin),
            activity=activity_of(launch=fresh, origin=origin),
            registration=fresh.registration,
            mastery=unit.mastery,
        )
        if _store(fresh, said, statement) and said.defined:
            _count(fresh, package, unit, said)
        found.append(said.uid)
    fresh.save(update_fields=["initialized_at", "ended_at"])
    return found


def _store(launch: Launch, said: Said, statement: dict[str, Any]) -> bool:
    """False when it is there already."""
    if len(json.dumps(statement)) > LARGEST_STATEMENT or launch.statements.count() >= MOST_STATEMENTS:
        raise ContentError(_("The package wants to keep more than can be kept."))
    body = {**statement, "id": str(said.uid)}
    known = LaunchStatement.objects.filter(uid=said.uid).first()
    if known is not None:
        if known.launch_id != launch.pk or known.body != body:
            raise StatementKnownError(_("There is another statement with this id."))
        return False
    LaunchStatement.objects.create(
        environment_id=launch.environment_id, uid=said.uid, person_id=launch.person_id, launch=launch,
        verb=said.verb, body=body, stored_at=clock.now(),
    )  # fmt: skip
    return True


def _count(launch: Launch, package: Package, unit: PackageUnit, said: Said) -> None:
    """cmi5 9.3: one initialized first, one terminated last, nothing after it."""
    now = clock.now()
    if said.verb == INITIALIZED:
        launch.initialized_at = launch.initialized_at or now
        return
    if launch.initialized_at is None or launch.ended_at is not None:
        raise ContentError(_("A launch begins with “initialized” and ends with “terminated”."))
    if said.verb == TERMINATED:
        launch.ended_at = now
        return
    row = UnitState.objects.select_for_update().get(
        person_id=launch.person_id, element_id=launch.element_id, identifier=launch.identifier
    )
    known = dict(row.cmi)
    if said.verb == COMPLETED:
        known["completed"] = True
    elif said.verb == PASSED:
        known["passed"] = True
    row.cmi = known
    is_done = is_satisfied(unit.move_on, completed=bool(known.get("completed")), passed=bool(known.get("passed")))
    passed = True if is_done and known.get("passed") else (False if said.verb == FAILED else None)
    unit_take(
        package=package, unit=unit, row=row, reported=Reported(completed=is_done, passed=passed, score=said.score)
    )


@transaction.atomic
def unit_document_keep(
    *, launch: Launch, resource: str, activity: str, key: str, media_type: str, body: str
) -> UnitDocument:
    """Keep what the unit wants to know again. Refuses what the platform keeps there, what is large, and too many."""
    if (resource, key) == ("state", LAUNCH_DATA):
        raise ContentError(_("This is for the platform to say."))
    if not key or len(key) > 250 or len(activity) > 250 or len(body) > LARGEST_DOCUMENT:
        raise ContentError(_("The package wants to keep more than can be kept."))
    mine = UnitDocument.objects.filter(person_id=launch.person_id, element_id=launch.element_id)
    if mine.count() >= MOST_DOCUMENTS and not mine.filter(resource=resource, activity=activity, key=key).exists():
        raise ContentError(_("The package wants to keep more than can be kept."))
    row, _created = UnitDocument.objects.update_or_create(
        environment_id=current_scope().environment_id,
        person_id=launch.person_id,
        element_id=launch.element_id,
        resource=resource,
        activity=activity,
        key=key,
        defaults={"media_type": media_type[:100], "body": body, "updated_at": clock.now()},
    )
    return row


@transaction.atomic
def unit_documents_forget(*, launch: Launch, resource: str, activity: str, key: str = "") -> None:
    """Drop one document, or all of the activity. Twice is once; what the platform keeps there stays."""
    rows = UnitDocument.objects.filter(
        person_id=launch.person_id, element_id=launch.element_id, resource=resource, activity=activity
    ).exclude(resource="state", key=LAUNCH_DATA)
    (rows.filter(key=key) if key else rows).delete()
