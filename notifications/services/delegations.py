"""Telling in time that powers end, and asking twice a year whether they are still needed. Each at most once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.delegation_words import last_day, over_of, power_list
from ecosystem.models import Delegation, Membership, Role
from ecosystem.scope import open_scope, system_rows
from notifications.models import MailMode
from notifications.selectors import words_for
from notifications.services.telling import notify

logger = logging.getLogger(__name__)

BATCH = 500
AFTER_FAILURE = timedelta(hours=1)
KIND = "delegation"


def delegation_remind() -> int:
    """Tell whoever should know of delegations whose moment has come, in all environments; returns how many.

    Each in a transaction of its own, with its next moment: told once or, when the worker dies in between, again later.
    """
    with system_rows():
        due = list(
            Delegation.objects.filter(remind_at__lte=clock.now(), revoked_at=None)
            .order_by("remind_at")
            .values_list("environment_id", "pk")[:BATCH]
        )
    return sum(_remind_safely(environment_id=environment_id, pk=pk) for environment_id, pk in due)


def _remind_safely(*, environment_id: int, pk: int) -> bool:
    try:
        with open_scope(environment_id=environment_id):
            return _remind(pk)
    except Exception:
        logger.exception("reminder of delegation %s", pk)
        with open_scope(environment_id=environment_id):
            Delegation.objects.filter(pk=pk, revoked_at=None).update(remind_at=clock.now() + AFTER_FAILURE)
        return False


def _remind(pk: int) -> bool:
    now = clock.now()
    rows = Delegation.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "environment", "person", "element", "group"
    )
    row = rows.filter(pk=pk, remind_at__lte=now, revoked_at=None).first()
    if row is None:  # another worker has it, or has done it
        return False
    due, row.remind_at = row.remind_at, row.reminder_after(now)
    row.save(update_fields=["remind_at"])
    if not row.is_live(now):
        return False
    if due == row.attest_at:
        _ask(row, due)
    else:
        _warn(row, due)
    return True


def _warn(row: Delegation, due: datetime) -> None:
    """The person, and who can prolong it."""
    for person_id, environment_id in {(row.person_id, row.home_id), *_carers(row)}:
        with open_scope(environment_id=environment_id), words_for(person_id=person_id):
            own = person_id == row.person_id
            facts = {"name": row.person.name, "over": over_of(row), "day": last_day(row.ends_at)}
            notify(
                person_id=person_id,
                key=f"{KIND}:{row.pk}:ends:{due:%Y-%m-%d}:{row.ends_at:%Y-%m-%d}:{person_id}",
                kind=KIND,
                title=(_("Your powers in %(over)s end on %(day)s") if own else _("Powers of %(name)s end on %(day)s"))
                % facts,
                body=_("It is about: %(powers)s, in %(over)s. After that day they stop by themselves.")
                % {**facts, "powers": power_list(row.powers)},
                href=_href(row, person_id=person_id, told_in=environment_id),
                mail=True,
                mode=MailMode.AT_MOST_ONCE,
            )


def _ask(row: Delegation, due: datetime) -> None:
    """Whoever looks after it, whether it is still needed."""
    for person_id, environment_id in _carers(row):
        with open_scope(environment_id=environment_id), words_for(person_id=person_id):
            facts = {"name": row.person.name, "over": over_of(row), "powers": power_list(row.powers)}
            notify(
                person_id=person_id,
                key=f"{KIND}:{row.pk}:attest:{due:%Y-%m-%d}:{person_id}",
                kind=KIND,
                title=_("Does %(name)s still need these powers?") % facts,
                body=_("%(name)s may %(powers)s in %(over)s. Say that it is still needed, or take it back.") % facts,
                href=_href(row, person_id=person_id, told_in=environment_id),
                mail=True,
                mode=MailMode.AT_MOST_ONCE,
            )


def _href(row: Delegation, *, person_id: int, told_in: int) -> str:
    """A path of the host on which it is told; the carers look at it where it was given."""
    if person_id == row.person_id or told_in != row.environment_id:
        return reverse("delegation-mine")
    return reverse("delegation", args=[row.pk])


def _carers(row: Delegation) -> list[tuple[int, int]]:
    """(person, environment where they are a member): the giver while they are here, else the administrators here."""
    if row.grantor_id and row.grantor_id != row.person_id:
        for environment_id in dict.fromkeys((row.environment_id, row.basis_environment_id)):
            with open_scope(environment_id=environment_id):
                if Membership.objects.filter(person_id=row.grantor_id, ended_at=None).exists():
                    return [(row.grantor_id, environment_id)]
    admins = Membership.objects.filter(roles__contains=[Role.ADMIN], ended_at=None).exclude(person_id=row.person_id)
    return [(person_id, row.environment_id) for person_id in admins.values_list("person_id", flat=True)]
