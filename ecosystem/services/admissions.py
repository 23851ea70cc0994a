"""Letting many people in at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Erasure, ErasureState, Membership, Person, Role
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.groups import groups_refresh
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
    """What came of one newcomer: added, restored, already (nothing changed) or refused, then with ``why``."""

    outcome: str
    email: str
    membership: Membership | None = None
    why: str = ""


@transaction.atomic
def members_add(*, newcomers: Sequence[Newcomer], by: Membership) -> list[Admitted]:
    """Make them members, in a number of statements that does not grow with theirs; the report is in their order.

    Who is a member already keeps everything as it is. Only an administrator may, at most 1 000 at once. Bad lines are
    refused by themselves: whoever wants all or nothing raises when one is.
    """
    if not by.has_role(Role.ADMIN):
        raise EcosystemError(_("Only an administrator can add people."))
    if len(newcomers) > MOST:
        raise EcosystemError(_("At most %(most)s people at once.") % {"most": MOST})
    wrong = _wrong(newcomers)
    good = [one for index, one in enumerate(newcomers) if index not in wrong]
    people = _people(good)
    known = {row.person_id: row for row in Membership.objects.select_for_update().filter(person__in=people.values())}
    fresh, back = _sorted(good, people, known)
    Membership.objects.bulk_create(fresh)
    Membership.objects.bulk_update(back, ["roles", "job_title", "ended_at"])
    if fresh or back:
        seats_take(memberships=[*fresh, *back])
        ids = sorted(row.pk for row in [*fresh, *back])
        audit(act="members.added", by=by.person, after={"count": len(ids), "members": ids})
        groups_refresh(person_ids=[row.person_id for row in [*fresh, *back]])
    outcomes = {row.person_id: ("already", row) for row in known.values()}
    outcomes |= {row.person_id: ("restored", row) for row in back} | {row.person_id: ("added", row) for row in fresh}
    report = []
    for index, one in enumerate(newcomers):
        if index in wrong:
            report.append(Admitted("refused", one.email, why=wrong[index]))
        else:
            outcome, membership = outcomes[people[_address(one)].pk]
            report.append(Admitted(outcome, _address(one), membership))
    return report


def _sorted(
    newcomers: Sequence[Newcomer], people: dict[str, Person], known: dict[int, Membership]
) -> tuple[list[Membership], list[Membership]]:
    """(those to be made, those to be taken back), with their facts, not saved."""
    fresh, back = [], []
    for one in newcomers:
        person = people[_address(one)]
        row = known.get(person.pk)
        if row is None:
            row = Membership(environment_id=current_scope().environment_id, person=person)
            fresh.append(row)
        elif row.ended_at is not None:
            row.ended_at = None
            back.append(row)
        else:
            continue
        row.roles, row.job_title = sorted(set(one.roles)), one.job_title
    return fresh, back


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
    closed = _closed(seen)
    return {i: closed[_address(one)] for i, one in enumerate(newcomers) if _address(one) in closed} | found


def _closed(addresses: set[str]) -> dict[str, str]:
    """Why somebody with one of these addresses cannot be added.

    Whoever has an account elsewhere decides themselves to come here: adding them would show their name to strangers.
    """
    elsewhere = set(Person.objects.filter(email__in=addresses).values_list("email", flat=True))
    elsewhere -= set(Membership.objects.filter(person__email__in=addresses).values_list("person__email", flat=True))
    erased = Erasure.objects.filter(state__in=[ErasureState.CONFIRMED, ErasureState.DONE])
    gone = erased.filter(person__email__in=addresses).values_list("person__email", flat=True)
    ask = _("Invite this person: somebody with this address decides themselves.")
    return dict.fromkeys(elsewhere, ask) | dict.fromkeys(gone, _("The data of this person has been erased."))


def _people(newcomers: Sequence[Newcomer]) -> dict[str, Person]:
    """A person for each address; those who are new have no password and set one by mail."""
    by_address = {_address(one): one for one in newcomers}
    known = set(Person.objects.filter(email__in=by_address).values_list("email", flat=True))
    nobody = make_password(None)
    Person.objects.bulk_create(
        [
            Person(email=address, name=one.name.strip()[:120], password=nobody)
            for address, one in by_address.items()
            if address not in known
        ],
        ignore_conflicts=True,
    )
    return {person.email: person for person in Person.objects.filter(email__in=by_address)}
