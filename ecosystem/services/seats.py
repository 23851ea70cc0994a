"""Seats: who took and freed one, and the limit on how many members an environment may have at once."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Environment, Membership, SeatEntry
from ecosystem.scope import current_scope
from ecosystem.setting_kinds import COLUMNS, setting_of


def seats_take(*, memberships: Iterable[Membership]) -> None:
    """Called after memberships began, in the same transaction; refuses when that is one too many."""
    _write(memberships, taken=True)
    _refuse_if_full()


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


def _refuse_if_full() -> None:
    """The lock on the environment lets two who come at once pass one after the other; without a limit nobody waits."""
    here = Environment.objects.only("resolved", *COLUMNS).filter(pk=current_scope().environment_id)
    if not setting_of(here.get(), "people_limit"):
        return
    limit = setting_of(here.select_for_update(no_key=True).get(), "people_limit")
    if limit and Membership.objects.filter(ended_at=None).count() > limit:
        raise EcosystemError(
            _("All %(count)s places here are taken. End a membership first, or ask for more places.") % {"count": limit}
        )
