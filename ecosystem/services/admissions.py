"""Asking many people in at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Erasure, ErasureState, Invitation, InvitationState, Membership, Role
from ecosystem.people_access import may_give_roles
from ecosystem.services.audit import audit
from ecosystem.services.groups import groups_refresh
from ecosystem.services.invitations import Invited, invitations_create
from ecosystem.services.seats import seats_take

MOST = 1000


@dataclass(frozen=True)
class Newcomer:
    email: str
    name: str
    roles: tuple[str, ...] = (Role.LEARNER,)
    job_title: str = ""


@dataclass(frozen=True)
class Admitted:
    """What came of one newcomer: invited, restored, already (nothing changed) or refused, then with ``why``."""

    outcome: str
    email: str
    membership: Membership | None = None
    why: str = ""


@transaction.atomic
def members_add(*, newcomers: Sequence[Newcomer], by: Membership) -> list[Admitted]:
    """Invite them, in a number of statements that does not grow with theirs; the report is in their order.

    Whoever was a member is one again, whoever is one or is invited already keeps everything as it is. All others are
    invited alike: adding those who have no account yet would tell who has one elsewhere. Only an administrator, of here or above, may, at
    most 1 000 at once. Bad lines are refused by themselves: whoever wants all or nothing raises when one is.
    """
    if not may_give_roles(by):
        raise EcosystemError(_("Only an administrator can add people."))
    if len(newcomers) > MOST:
        raise EcosystemError(_("At most %(most)s people at once.") % {"most": MOST})
    wrong = _wrong(newcomers)
    good = {_address(one): one for index, one in enumerate(newcomers) if index not in wrong}
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person").filter(person__email__in=good)
    known = {row.person.email: row for row in rows}
    outcomes = dict.fromkeys(known, "already") | dict.fromkeys(_take_back(good, known, by=by), "restored")
    outcomes |= _invite([one for address, one in good.items() if address not in known], by=by)
    return [
        Admitted("refused", one.email, why=wrong[index])
        if index in wrong
        else Admitted(outcomes[_address(one)], _address(one), known.get(_address(one)))
        for index, one in enumerate(newcomers)
    ]


def _take_back(good: dict[str, Newcomer], known: dict[str, Membership], *, by: Membership) -> list[str]:
    """Members again, with the facts of now; returns their addresses."""
    back = {address: row for address, row in known.items() if row.ended_at is not None}
    for address, row in back.items():
        one = good[address]
        row.ended_at, row.roles, row.job_title = None, sorted(set(one.roles)), one.job_title
    if back:
        rows = list(back.values())
        Membership.objects.bulk_update(rows, ["roles", "job_title", "ended_at"])
        seats_take(memberships=rows)
        ids = sorted(row.pk for row in rows)
        audit(act="members.added", by=by.person, after={"count": len(ids), "members": ids})
        groups_refresh(person_ids=[row.person_id for row in rows])
    return list(back)


def _invite(newcomers: Sequence[Newcomer], *, by: Membership) -> dict[str, str]:
    """The outcome by address: invited, or already for whom an invitation is open."""
    addresses = [_address(one) for one in newcomers]
    waiting = Invitation.objects.filter(email__in=addresses, state=InvitationState.OPEN).values_list("email", flat=True)
    outcomes = dict.fromkeys(addresses, "invited") | dict.fromkeys(waiting, "already")
    fresh = [
        Invited(email=_address(one), roles=tuple(one.roles), name=one.name.strip()[:120], job_title=one.job_title)
        for one in newcomers
        if outcomes[_address(one)] == "invited"
    ]
    if fresh:
        invitations_create(invited=fresh, by=by)
    return outcomes


def _address(one: Newcomer) -> str:
    return one.email.strip().lower()


def _wrong(newcomers: Sequence[Newcomer]) -> dict[int, str]:
    """What is wrong with a line, by its place."""
    found: dict[int, str] = {}
    seen: set[str] = set()
    for index, one in enumerate(newcomers):
        address = _address(one)
        try:
            validate_email(address)
        except ValidationError:
            found[index] = _("This is not an e-mail address.")
            continue
        if not one.name.strip():
            found[index] = _("The name is missing.")
        elif not one.roles or not set(one.roles) <= set(Role.values):
            found[index] = _("Choose at least one role.")
        elif address in seen:
            found[index] = _("This address stands above already.")
        seen.add(address)
    erased = Erasure.objects.filter(state__in=[ErasureState.CONFIRMED, ErasureState.DONE])
    gone = set(erased.filter(person__email__in=seen).values_list("person__email", flat=True))
    why = _("The data of this person has been erased.")
    return {index: why for index, one in enumerate(newcomers) if _address(one) in gone} | found
