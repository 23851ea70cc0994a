"""Seeing the site as somebody who holds less sees it: read-only, for half an hour, and written down."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership, Power
from ecosystem.powers import covers, is_above, reasons_for
from ecosystem.services.audit import audit

VIEWING_LASTS = timedelta(minutes=30)


def may_view_as(*, membership: Membership, by: Membership) -> bool:
    """Only downwards: ``by`` holds ``delegate`` and ``see_results`` here, all that the other holds, and more."""
    if membership.person_id == by.person_id or not membership.is_current or not membership.person.is_active:
        return False
    mine, theirs = reasons_for(person_id=by.person_id), reasons_for(person_id=membership.person_id)
    powers = {reason.power for reason in mine if reason.is_whole}
    return {Power.DELEGATE, Power.SEE_RESULTS} <= powers and covers(mine, theirs) and is_above(mine, theirs)


@transaction.atomic
def viewing_start(*, membership: Membership, by: Membership) -> datetime:
    """Begin to see the site as a member; returns when it ends by itself. Refuses oneself, equals and who is above."""
    if not may_view_as(membership=membership, by=by):
        raise EcosystemError(_("You can only see the site as somebody who may do less than you."))
    until = clock.now() + VIEWING_LASTS
    audit(act="view_as.started", by=by.person, target=membership, after={"until": until})
    return until


@transaction.atomic
def viewing_end(*, membership: Membership | None, by: Membership) -> None:
    """Back to oneself; written down too when the half hour is over."""
    audit(act="view_as.ended", by=by.person, target=membership)
