"""Erasing a person: asked for, confirmed, done environment by environment, and safe to be done again.

In each environment what ``ecosystem.personal_data`` declares is deleted or blanked. When no environment is left in
which the person is or was a member, the person itself gets a random pseudonym and can never sign in again.
"""

import logging
import secrets
import uuid
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.hints import hint
from ecosystem.models import Erasure, ErasureState, Membership, Person, Role
from ecosystem.people_access import may_erase
from ecosystem.personal_data import OnErase, Personal, declarations
from ecosystem.post import tellers
from ecosystem.registry import leavings
from ecosystem.scope import open_scope, own_rows, system_rows
from ecosystem.services.account_letters import account_letter_queue
from ecosystem.services.audit import audit
from ecosystem.services.delegations import delegations_end_for
from ecosystem.services.people import administrators_locked
from ecosystem.services.seats import seats_free
from ecosystem.services.storage import file_remove
from ecosystem.tasks import erase_due

logger = logging.getLogger(__name__)

BATCH = 100
AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def erasure_ask(*, membership: Membership) -> Erasure:
    """The person asks to be erased here; the administrators are told, one confirms. Asking twice is asking once."""
    row, created = Erasure.objects.exclude(state=ErasureState.WITHDRAWN).get_or_create(
        environment_id=membership.environment_id, person_id=membership.person_id
    )
    came_back = not created and row.state == ErasureState.DONE
    if came_back:
        row.state, row.done_at, row.asked_at = ErasureState.ASKED, None, timezone.now()
        row.save(update_fields=["state", "done_at", "asked_at"])
    if created or came_back:
        audit(act="erasure.asked", by=membership.person, target=row)
        tellers["erasure.asked"](membership=membership)
    return row


@transaction.atomic
def erasure_withdraw(*, membership: Membership) -> None:
    """The person wants to stay after all. What is confirmed already goes on."""
    mine = Erasure.objects.filter(person_id=membership.person_id, state=ErasureState.ASKED)
    if mine.update(state=ErasureState.WITHDRAWN):
        audit(act="erasure.withdrawn", by=membership.person)


@transaction.atomic
def erasure_confirm(*, membership: Membership, by: Membership) -> Erasure:
    """Let it happen: the membership ends now, the data goes soon after, the person gets a letter. There is no way back.

    Only an administrator may, and the last administrator cannot be erased. Twice is once.
    """
    if not may_erase(by) or by.environment_id != membership.environment_id:
        raise EcosystemError(_("Only an administrator can erase somebody."))
    admins = administrators_locked()
    member = Membership.objects.select_for_update(of=("self",)).select_related("person").get(pk=membership.pk)
    if member.ended_at is None and member.has_role(Role.ADMIN) and len(admins) == 1:
        raise EcosystemError(_("Somebody has to be administrator here. Make somebody else one first."))
    now = timezone.now()
    row, _created = Erasure.objects.exclude(state=ErasureState.WITHDRAWN).get_or_create(
        environment_id=member.environment_id, person_id=member.person_id
    )
    if row.state == ErasureState.CONFIRMED or (row.state == ErasureState.DONE and member.ended_at is not None):
        return row
    row.state, row.confirmed_by, row.due_at, row.done_at = ErasureState.CONFIRMED, by.person, now, None
    row.save(update_fields=["state", "confirmed_by", "due_at", "done_at"])
    if member.ended_at is None:
        member.ended_at = now
        member.save(update_fields=["ended_at"])
        seats_free(memberships=[member])
        delegations_end_for(memberships=[member], by=by.person)
        for told in leavings:
            told(person_ids=[member.person_id], by=by)
    account_letter_queue(to=member.person.email, kind="erased", facts={})
    audit(act="erasure.confirmed", by=by.person, target=row)
    hint(erase_due, queue="bulk")
    return row


def erasures_run_due() -> int:
    """Do what is confirmed in all environments; returns how many were done. One that fails stops no other."""
    with system_rows(with_archived=True):
        due = list(
            Erasure.objects.filter(due_at__lte=timezone.now())
            .order_by("due_at")
            .values_list("environment_id", "pk", "person_id")[:BATCH]
        )
    return sum(
        _run_safely(environment_id=environment_id, erasure_id=pk, person_id=person_id)
        for environment_id, pk, person_id in due
    )


def _run_safely(*, environment_id: int, erasure_id: int, person_id: int) -> bool:
    """One that fails is tried again after ten minutes, for as long as it takes: it was promised."""
    try:
        return erasure_run(environment_id=environment_id, erasure_id=erasure_id, person_id=person_id)
    except Exception:
        logger.exception("erasure %s", erasure_id)
        with open_scope(environment_id=environment_id):
            Erasure.objects.filter(pk=erasure_id).update(due_at=timezone.now() + AGAIN_AFTER)
        return False


def erasure_run(*, environment_id: int, erasure_id: int, person_id: int) -> bool:
    """Erase in one environment, in one transaction: all of it or nothing, so it can be done again."""
    with open_scope(environment_id=environment_id, person_id=person_id):
        row = Erasure.objects.select_for_update(skip_locked=True).filter(pk=erasure_id).first()
        if row is None or row.state != ErasureState.CONFIRMED:
            return False
        # Two environments that erase at once agree on which is the last one.
        person = Person.objects.select_for_update().get(pk=row.person_id)
        is_last = not is_known_elsewhere(environment_id=environment_id)
        for one in reversed(list(declarations())):
            if one.is_tenant:
                _apply(one, person)
        if is_last:
            person_make_nobody(person=person)
        row.state, row.done_at, row.due_at = ErasureState.DONE, timezone.now(), None
        row.save(update_fields=["state", "done_at", "due_at"])
        audit(act="erasure.done", by=None, target=row)
        return True


def is_known_elsewhere(*, environment_id: int) -> bool:
    """Is the person of the open scope known in another environment that has not erased them?"""
    with own_rows():
        done = set(Erasure.objects.filter(state=ErasureState.DONE).values_list("environment_id", flat=True))
        members = list(Membership.objects.exclude(environment_id=environment_id))
        return any(row.ended_at is None or row.environment_id not in done for row in members)


def _apply(one: Personal, person: Person) -> None:
    rows = one.model.objects.filter(one.rows(person))
    if one.first is not None:
        one.first(person=person)
    for name in one.files:
        for path in rows.exclude(**{name: ""}).values_list(name, flat=True):
            file_remove(path=path, at_once=True)
    if one.on_erase is OnErase.DELETE:
        rows.delete()
    elif one.on_erase is OnErase.ANONYMISE:
        rows.update(**one.blank)


def person_make_nobody(*, person: Person) -> None:
    """What is known of the person outside of all environments goes; what still points at them has a pseudonym."""
    for one in reversed(list(declarations())):
        if not one.is_tenant:
            _apply(one, person)
    word = secrets.token_hex(4)
    facts = {"name": f"– {word}", "email": f"{uuid.uuid4().hex}@erased.invalid", "password": make_password(None)}
    Person.objects.filter(pk=person.pk).update(**facts)
