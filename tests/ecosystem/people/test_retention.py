"""What has been kept long enough goes: the day before it is there, the day after it is not."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from ecosystem.models import (
    AccountLetter,
    AuditEntry,
    DataExport,
    Erasure,
    Invitation,
    Membership,
    PeopleImport,
    SignIn,
)
from ecosystem.scope import open_scope
from ecosystem.services.retention import forget_old
from ecosystem.tasks import forget_old as task

pytestmark = pytest.mark.django_db
KINDS = {
    "invitation accepted": (Invitation, 90, lambda then: {"state": "accepted", "ended_at": then, "expires_at": then}),
    "invitation withdrawn": (Invitation, 90, lambda then: {"state": "withdrawn", "ended_at": then, "expires_at": then}),
    "invitation expired": (Invitation, 90, lambda then: {"expires_at": then}),
    "import not confirmed": (PeopleImport, 1, lambda then: {"created_at": then, "count": 0}),
    "import confirmed": (PeopleImport, 90, lambda then: {"created_at": then, "done_at": then, "count": 0}),
    "copy of data": (DataExport, 90, lambda then: {"state": "expired", "asked_at": then, "due_at": None}),
    "erasure withdrawn": (Erasure, 730, lambda then: {"state": "withdrawn", "asked_at": then}),
    "sign-in": (SignIn, 180, lambda then: {"seen_at": then, "method": "code", "device": "", "device_hash": ""}),
    "letter": (AccountLetter, 1, lambda then: {"expires_at": then, "kind": "x", "sealed": ""}),
    "audit entry": (AuditEntry, 730, lambda then: {"at": then, "act": "x"}),
}


def made(kind: str, environment, person, *, age: timedelta) -> int:
    model, _days, facts = KINDS[kind]
    values = facts(timezone.now() - age)
    if model is Invitation:
        values |= {"email": f"{age.total_seconds()}@example.org", "token_hash": str(age)}
    if model in {DataExport, Erasure, SignIn}:
        values["person"] = person
    if model is PeopleImport:
        values["by"] = person
    with open_scope(environment_id=environment.pk):
        return model.objects.create(environment=environment, **values).pk


@pytest.mark.parametrize("kind", KINDS)
def test_a_day_before_it_is_kept_and_a_day_after_it_is_gone(env, other, member, kind):
    model, days, _facts = KINDS[kind]
    hour = timedelta(hours=1)
    kept, gone = {}, {}
    for place in (env, other):
        person = member(environment=place).person
        kept[place] = made(kind, place, person, age=timedelta(days=days) - 2 * hour)
        gone[place] = made(kind, place, person, age=timedelta(days=days) + 25 * hour)
    assert forget_old(batch=1) == 2
    assert task() == 0
    for place in (env, other):
        with open_scope(environment_id=place.pk):
            assert list(model.objects.values_list("pk", flat=True)) == [kept[place]]


def test_what_is_still_needed_stays_however_old(env, member):
    """An erasure that was done keeps the person away; what waits is nobody's past."""
    person, then = member().person, timezone.now() - timedelta(days=5000)
    with open_scope(environment_id=env.pk):
        Erasure.objects.create(environment=env, person=person, state="done", asked_at=then, done_at=then)
        DataExport.objects.create(environment=env, person=person, state="ready", asked_at=then, expires_at=then)
        Membership.objects.update(joined_at=then)
    assert forget_old() == 0


def test_sessions_that_ended_go():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    forget_old()
    assert [row.session_key for row in Session.objects.all()] == ["new"]
