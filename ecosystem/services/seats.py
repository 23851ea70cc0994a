"""Seats: who took and freed one, and the limits on how many people an environment and those above may have at once."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.limits import PEOPLE, limits_locked, people_in
from ecosystem.models import Membership, SeatEntry
from ecosystem.scope import current_scope


def seats_take(*, memberships: Iterable[Membership]) -> None:
    """Called after memberships began, in the same transaction; refuses when that is one too many."""
    _write(memberships, taken=True)
    refuse_if_full()


def seats_free(*, memberships: Iterable[Membership]) -> None:
    """Called after memberships ended, in the same transaction."""
    _write(memberships, taken=False)


def _write(memberships: Iterable[Membership], *, taken: bool) -> None:
    now = clock.now()
    SeatEntry.objects.bulk_create(
        [
            SeatEntry(environment_id=row.environment_id, person_id=row.person_id, taken=taken, at=now)
            for row in memberships
        ]
    )


def refuse_if_full() -> None:
    """Refuse when there are more people than a limit here or above lets in, those below it counted."""
    here = current_scope().environment_id
    for limit in limits_locked(environment_id=here, key=PEOPLE):
        if people_in(limit.environment_id) <= limit.most:
            continue
        if limit.environment_id == here:
            text = _("All %(count)s places here are taken. End a membership first, or ask for more places.")
        else:
            text = _("All %(count)s places of %(name)s and what is below it are taken. Ask there for more places.")
        raise EcosystemError(text % {"count": limit.most, "name": limit.name})
