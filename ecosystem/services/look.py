"""Changing the look of the open environment, and putting an earlier one back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import forget_hosts
from ecosystem.models import AuditEntry, Environment, Membership
from ecosystem.rules import may_brand
from ecosystem.services.audit import audit
from ecosystem.services.environments import LOOK, environment_restyle

LOOK_CHANGED = "environment.look_changed"


@transaction.atomic
def look_save(*, by: Membership, **look: Any) -> bool:
    """Give the environment of ``by`` this look (names in ``LOOK``); False when that changes nothing.

    The audit entry holds the earlier values, from which ``look_restore`` puts them back. Refuses (ValidationError)
    what is no colour, font or drawing.
    """
    if not may_brand(by):
        raise EcosystemError(_("You cannot change the look here."))
    environment = Environment.objects.select_for_update().get(pk=by.environment_id)
    before = {name: getattr(environment, name) for name in look if name in LOOK}
    environment_restyle(environment=environment, **look)
    after = {name: getattr(environment, name) for name in before}
    if before == after:
        return False
    audit(act=LOOK_CHANGED, by=by.person, target=environment, before=before, after=after)
    transaction.on_commit(forget_hosts)
    return True


@transaction.atomic
def look_restore(*, entry: AuditEntry, by: Membership) -> bool:
    """Put back what the change in ``entry`` replaced; later changes of other things stay. Twice is once."""
    if entry.act != LOOK_CHANGED or entry.environment_id != by.environment_id:
        raise EcosystemError(_("There is no such look."))
    return look_save(by=by, **{name: value for name, value in entry.before.items() if name in LOOK})
