"""Where people are signed in: begin, seen, ended, and what they are told about it."""

import hashlib
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from ecosystem import clock
from ecosystem.devices import device_name
from ecosystem.models import Person, SignIn
from ecosystem.scope import current_scope, open_scope
from ecosystem.selectors import where_signed_in
from ecosystem.services.account_letters import account_letter_queue
from ecosystem.services.audit import audit

KEPT_FOR = timedelta(days=180)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def sign_in_begin(*, person: Person, method: str, user_agent: str, device_token: str) -> SignIn:
    """Write down that ``person`` signed in here. A device not seen before brings a letter, a new method an audit entry.

    Nobody can switch that letter off. Accepting an invitation is no news to the one who does it.
    """
    environment_id = current_scope().environment_id
    now, device, known_by = clock.now(), device_name(user_agent), _hashed(device_token)
    mine = SignIn.objects.filter(person_id=person.pk)
    mine.filter(seen_at__lt=now - KEPT_FOR).delete()
    is_known = mine.filter(device_hash=known_by).exists()
    is_new_method = not mine.filter(method=method).exists()
    row = SignIn.objects.create(
        environment_id=environment_id,
        person=person,
        method=method,
        device=device,
        device_hash=known_by,
        began_at=now,
        seen_at=now,
    )
    if is_new_method:
        audit(act="sign_in.method_used_first", by=person, target=row, after={"method": method})
    if not is_known and method != "invitation":
        account_letter_queue(to=person.email, kind="new_sign_in", facts={"device": device})
    return row


def sign_in_seen(*, sign_in_id: int) -> None:
    SignIn.objects.filter(pk=sign_in_id).update(seen_at=clock.now())


def sign_ins_end(*, person: Person, only: int | None = None, but: int | None = None) -> int:
    """End sign-ins of ``person`` here: one (``only``), or all ``but`` one. Their next request is a visitor's."""
    rows = SignIn.objects.filter(person_id=person.pk, ended_at=None)
    rows = rows.filter(pk=only) if only is not None else rows.exclude(pk=but)
    return rows.update(ended_at=clock.now())


@transaction.atomic
def password_was_changed(*, person: Person, but: int | None = None) -> None:
    """Everybody else who is signed in as ``person`` is out, in every environment; the person is told."""
    audit(act="password.changed", by=person, target=person)
    account_letter_queue(to=person.email, kind="password_changed", facts={})
    _out_everywhere(person=person, but=but)


def _out_everywhere(*, person: Person, but: int | None = None) -> None:
    here = current_scope().environment_id
    with open_scope(environment_id=here, person_id=person.pk):
        places = where_signed_in()
    for environment_id in places:
        with open_scope(environment_id=environment_id, person_id=person.pk):
            sign_ins_end(person=person, but=but if environment_id == here else None)


def factor_was_changed(*, person: Person, factor: str, added: bool, by_self: bool) -> None:
    """Audit it and tell the person; called in the transaction of the change."""
    act = "second_factor.added" if added else "second_factor.removed"
    audit(act=act, by=person if by_self else None, target=person, after={"factor": factor})
    if by_self:
        kind = "factor_added" if added else "factor_removed"
        account_letter_queue(to=person.email, kind=kind, facts={"factor": factor})


@transaction.atomic
def factors_take_away(*, person: Person, checked: str) -> int:
    """Take every second factor of somebody who has lost them all; returns how many kinds there were.

    For whoever runs the installation only (`manage.py take_factors_away`), who has made sure who asks: ``checked`` says
    how, and is in the audit log. Whoever is signed in as them is out, and they are told by letter. Nothing happens where
    there were none.
    """
    rows = Authenticator.objects.filter(user_id=person.pk)
    kinds = sorted(set(rows.values_list("type", flat=True)))
    if not kinds:
        return 0
    audit(act="second_factor.taken_away", by=None, target=person, after={"checked": checked})
    rows.delete()
    for kind in kinds:
        account_letter_queue(to=person.email, kind="factor_removed", facts={"factor": kind})
    _out_everywhere(person=person)
    return len(kinds)
