"""People and what they are in an environment."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership, Person, Role
from ecosystem.people_access import may_give_roles
from ecosystem.predicates import facts_changed
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.delegations import refuse_if_above
from ecosystem.services.groups import groups_refresh
from ecosystem.services.seats import seats_take


@transaction.atomic
def member_add(
    *,
    email: str,
    name: str,
    roles: Iterable[str] = (Role.LEARNER,),
    job_title: str = "",
    language: str = "",
    password_hash: str = "",
) -> Membership:
    """Make a person (by e-mail) a member of the open scope's environment; run twice is run once.

    An existing person keeps name, language and password. A member who had left is taken back. Refuses when all
    places are taken.
    """
    person, created = Person.objects.get_or_create(
        email=email.strip().lower(),
        defaults={"name": name, "language": language, "password": password_hash or make_password(None)},
    )
    facts = {"roles": sorted(set(roles)), "job_title": job_title, "ended_at": None}
    if created:  # nobody knows of them yet: there is no membership, and nothing waits for what they are
        membership = Membership.objects.create(environment_id=current_scope().environment_id, person=person, **facts)
        seats_take(memberships=[membership])
        groups_refresh(person_ids=[person.pk])
        return membership
    was_here = Membership.objects.filter(person=person, ended_at=None).exists()
    membership, _created = Membership.objects.update_or_create(
        environment_id=current_scope().environment_id, person=person, defaults=facts
    )
    if not was_here:
        seats_take(memberships=[membership])
    groups_refresh(person_ids=[person.pk])
    roles_changed(person_ids=[person.pk])
    return membership


@transaction.atomic
def member_roles_set(*, membership: Membership, roles: Iterable[str], by: Membership) -> Membership:
    """Give a member exactly these roles.

    Only an administrator of this environment, or of one above it, may, and the last one cannot stop being one: somebody
    must be able to let others in.
    """
    wanted = sorted(set(roles))
    if not may_give_roles(by) or by.environment_id != membership.environment_id:
        raise EcosystemError(_("Only an administrator can change roles."))
    if not wanted or not set(wanted) <= set(Role.values):
        raise EcosystemError(_("Choose at least one role."))
    refuse_if_above(membership=membership, by=by)
    admins = administrators_locked()
    others = [row for row in admins if row.pk != membership.pk]
    if Role.ADMIN not in wanted and len(others) < len(admins) and not others:
        raise EcosystemError(
            _("%(name)s is the last administrator here. Make somebody else one first.") % {"name": membership}
        )
    before = list(membership.roles)
    membership.roles = wanted
    membership.save(update_fields=["roles"])
    audit(act="member.roles_set", by=by.person, target=membership, before={"roles": before}, after={"roles": wanted})
    groups_refresh(person_ids=[membership.person_id])
    roles_changed(person_ids=[membership.person_id])
    return membership


def roles_changed(*, person_ids: list[int]) -> None:
    """Conditions may ask for any role that they have or had."""
    facts_changed(source="roles", person_ids=person_ids, subjects=list(Role.values))


def administrators_locked() -> list[Membership]:
    """All administrators, locked in one order, so that two of them cannot remove each other at once."""
    admins = Membership.objects.select_for_update().filter(roles__contains=[Role.ADMIN], ended_at=None)
    return list(admins.order_by("pk"))
