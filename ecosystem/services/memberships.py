"""Looking after members: their facts, their end, their return."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Erasure, ErasureState, Membership, Person, Role
from ecosystem.people_access import may_look_after
from ecosystem.registry import leavings
from ecosystem.scope import open_scope
from ecosystem.selectors import environments_of_person
from ecosystem.services.audit import audit
from ecosystem.services.delegations import delegations_end_for, refuse_if_above
from ecosystem.services.groups import groups_refresh
from ecosystem.services.people import administrators_locked, roles_changed
from ecosystem.services.seats import seats_free, seats_take
from ecosystem.services.sign_ins import sign_ins_end


def _refuse(by: Membership, member: Membership) -> None:
    if not may_look_after(by, member):
        raise EcosystemError(_("Only an administrator can change this person."))
    refuse_if_above(membership=member, by=by)


@transaction.atomic
def member_update(*, membership: Membership, job_title: str, by: Membership, name: str | None = None) -> Membership:
    """Change the job title, and the name of somebody who has never signed in.

    Whoever has signed in writes their own name, because it is the same in every environment.
    """
    _refuse(by, membership)
    row = Membership.objects.select_for_update(of=("self",)).select_related("person").get(pk=membership.pk)
    before, after = {"job_title": row.job_title}, {"job_title": job_title.strip()}
    row.job_title = after["job_title"]
    row.save(update_fields=["job_title"])
    name = " ".join((name or "").split())
    if name and name != row.person.name:
        if row.person.last_login is not None:
            raise EcosystemError(_("%(name)s changes the name on the own profile.") % {"name": row.person.name})
        before["name"], after["name"] = row.person.name, name
        row.person.name = name
        row.person.save(update_fields=["name"])
    audit(act="member.updated", by=by.person, target=row, before=before, after=after)
    groups_refresh(person_ids=[row.person_id])
    return row


@transaction.atomic
def profile_update(*, person: Person, name: str, language: str, time_zone: str) -> Person:
    """The person's own name, language and time zone, which are the same in every environment.

    Empty language and time zone: as each environment says. Rules of groups decide anew wherever they are a member.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    row.name, row.language, row.time_zone = " ".join(name.split()), language, time_zone
    if not row.name:
        raise EcosystemError(_("Tell us your name."))
    row.save(update_fields=["name", "language", "time_zone"])
    for membership in environments_of_person():
        with open_scope(environment_id=membership.environment_id, person_id=row.pk):
            groups_refresh(person_ids=[row.pk])
    return row


@transaction.atomic
def members_end(*, memberships: Iterable[Membership], by: Membership) -> int:
    """End memberships; returns how many were running. What people have done here is kept.

    All or nothing: refused when one of them is not for ``by`` to end, or when no administrator would be left.
    """
    ids = {row.pk for row in memberships}
    admins = administrators_locked()
    rows = list(
        Membership.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk__in=ids, ended_at=None)
        .order_by("pk")
    )
    for row in rows:
        _refuse(by, row)
    if any(row.has_role(Role.ADMIN) for row in rows) and {row.pk for row in admins} <= ids:
        raise EcosystemError(_("Somebody has to be administrator here. Make somebody else one first."))
    now = clock.now()
    Membership.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=now)
    for row in rows:
        audit(act="member.ended", by=by.person, target=row, before={"ended_at": None}, after={"ended_at": now})
    seats_free(memberships=rows)
    delegations_end_for(memberships=rows, by=by.person)
    groups_refresh(person_ids=[row.person_id for row in rows])
    roles_changed(person_ids=[row.person_id for row in rows])
    for told in leavings if rows else ():
        told(person_ids=[row.person_id for row in rows], by=by)
    return len(rows)


@transaction.atomic
def member_sign_out(*, membership: Membership, by: Membership) -> int:
    """End every sign-in of somebody here at once; returns how many were running. They may come in again."""
    _refuse(by, membership)
    count = sign_ins_end(person=membership.person)
    audit(act="member.signed_out", by=by.person, target=membership, after={"count": count})
    return count


@transaction.atomic
def member_take_back(*, membership: Membership, by: Membership) -> Membership:
    """Let somebody in again who had left, with the roles they had. Twice is once; an erased person stays away."""
    row = Membership.objects.select_for_update(of=("self",)).select_related("person").get(pk=membership.pk)
    _refuse(by, row)
    if row.ended_at is None:
        return row
    gone = Erasure.objects.filter(person_id=row.person_id, state__in=[ErasureState.CONFIRMED, ErasureState.DONE])
    if gone.exists():
        raise EcosystemError(_("The data of this person has been erased."))
    before, row.ended_at = row.ended_at, None
    row.save(update_fields=["ended_at"])
    seats_take(memberships=[row])
    audit(act="member.taken_back", by=by.person, target=row, before={"ended_at": before}, after={"ended_at": None})
    groups_refresh(person_ids=[row.person_id])
    roles_changed(person_ids=[row.person_id])
    return row
