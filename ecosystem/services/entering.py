"""The one door for who looks after an environment without being a member of it.

Their powers come from above (``ecosystem.powers``) and are asked again with each request. So that what they do can name
them, they get a membership that has ended as it began: no roles, counted nowhere, a learner never.
"""

from django.db import transaction

from ecosystem import clock
from ecosystem.models import Membership, Person
from ecosystem.powers import reasons_of
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit


def may_enter(*, person: Person) -> bool:
    """Is the person a member here, or do they hold powers here from above? Writes nothing."""
    if not person.is_active:
        return False
    if Membership.objects.filter(person_id=person.pk, ended_at=None).exists():
        return True
    environment_id = current_scope().environment_id
    return bool(reasons_of(Membership(environment_id=environment_id, person=person, ended_at=clock.now())))


@transaction.atomic
def environment_enter(*, person: Person) -> Membership | None:
    """Let a person in who holds powers here from above; None for everybody else. Said in the audit log at sign-in."""
    environment_id = current_scope().environment_id
    membership = Membership.objects.filter(person=person).first()
    if membership is not None and membership.is_current:
        return membership
    if not reasons_of(Membership(environment_id=environment_id, person=person, ended_at=clock.now())):
        return None
    if membership is None:
        membership, _created = Membership.objects.get_or_create(
            environment_id=environment_id, person=person, defaults={"roles": [], "ended_at": clock.now()}
        )
    audit(act="environment.entered_from_above", by=person, target=membership)
    return membership


def guest_of(*, person_id: int) -> Membership | None:
    """The membership as which somebody from above acts here now, or None when nothing lets them in any more."""
    membership = Membership.objects.select_related("person").filter(person_id=person_id).first()
    if membership is None or not membership.person.is_active or membership.is_current:
        return None
    membership.roles = []  # those of a membership that has ended count for nothing
    return membership if reasons_of(membership) else None
