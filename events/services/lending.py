"""Equipment lent to sessions: never more pieces at once than there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from events.dealing import most_at_once, pieces_placed
from events.exceptions import EventError
from events.models import MOST_PIECES, Equipment, EquipmentUse, Session
from events.services.rows import only_organisers


@transaction.atomic
def equipment_add(*, name: str, pieces: int = 1, by: Membership) -> Equipment:
    only_organisers(by=by)
    made = Equipment(environment_id=current_scope().environment_id, name=_name_of(name), pieces=_pieces_of(pieces))
    _saved(made)
    audit(act="event.equipment_added", by=by.person, target=made, after={"name": made.name, "pieces": made.pieces})
    return made


@transaction.atomic
def equipment_set(
    *, equipment: Equipment, name: str | None = None, pieces: int | None = None, by: Membership
) -> Equipment:
    """What is None stays. Refuses fewer pieces than are lent at once from now on."""
    only_organisers(by=by)
    held = _held(equipment.pk)
    before = {"name": held.name, "pieces": held.pieces}
    if name is not None:
        held.name = _name_of(name)
    if pieces is not None:
        held.pieces = _pieces_of(pieces)
    placed = pieces_placed(
        list(EquipmentUse.objects.filter(equipment=held, ends_at__gt=clock.now()).order_by("starts_at", "pk")),
        since=clock.now(),
        pieces=held.pieces,
    )
    if placed is None:
        raise EventError(_("More than that are lent at the same time."))
    EquipmentUse.objects.bulk_update(placed, ["piece"])
    _saved(held)
    audit(
        act="event.equipment_set", by=by.person, target=held, before=before,
        after={"name": held.name, "pieces": held.pieces},
    )  # fmt: skip
    return held


@transaction.atomic
def equipment_end(*, equipment: Equipment, by: Membership) -> None:
    """It is lent no more. Refuses while a session to come has it. Twice is once."""
    only_organisers(by=by)
    held = _held(equipment.pk)
    if held.ended_at is not None:
        return
    if EquipmentUse.objects.filter(equipment=held, ends_at__gt=clock.now()).exists():
        raise EventError(_("Sessions that are still to come have it."))
    held.ended_at = clock.now()
    held.save(update_fields=["ended_at"])
    audit(act="event.equipment_ended", by=by.person, target=held, before={"name": held.name})


def equipment_lend(*, session: Session, wanted: Mapping[int, int] | None = None) -> None:
    """``wanted``: pieces by id of the equipment; None: what the session has, at its times as they are now.

    Holds the rows of the equipment, in their order, so that two sessions do not count the same pieces. Refuses with what is
    free. Only with the event held.
    """
    rows = EquipmentUse.objects.filter(session=session)
    had = Counter(rows.values_list("equipment_id", flat=True))
    wanted = had if wanted is None else {pk: count for pk, count in wanted.items() if count}
    if not wanted and not had:
        return
    known = {one.pk: one for one in _all_held({*wanted, *had})}
    rows.delete()
    for pk, count in sorted(wanted.items()):
        one = known.get(pk)
        if one is None or (one.ended_at is not None and pk not in had):
            raise EventError(_("There is no such equipment."))
        _lend(one, session, count)


def _lend(one: Equipment, session: Session, count: int) -> None:
    uses = list(EquipmentUse.objects.filter(equipment=one, ends_at__gt=session.starts_at))
    new = [
        EquipmentUse(
            environment_id=session.environment_id, equipment=one, session=session, piece=0,
            starts_at=session.starts_at, ends_at=session.ends_at,
        )
        for _number in range(min(count, MOST_PIECES + 1))
    ]  # fmt: skip
    every = sorted([*uses, *new], key=lambda use: (use.starts_at, use.pk or 2**63))
    if pieces_placed(every, since=session.starts_at, pieces=one.pieces) is None:
        free = one.pieces - most_at_once(uses, begins=session.starts_at, ends=session.ends_at)
        said = {"name": one.name, "free": free, "pieces": one.pieces}
        raise EventError(_("“%(name)s”: %(free)s of %(pieces)s are free at that time.") % said)
    EquipmentUse.objects.bulk_update(uses, ["piece"])
    EquipmentUse.objects.bulk_create(new)


def _held(pk: int) -> Equipment:
    found = _all_held({pk})
    if not found:
        raise EventError(_("There is no such equipment."))
    return found[0]


def _all_held(ids: set[int]) -> list[Equipment]:
    rows = Equipment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    return [one for one in rows if one.environment_id == current_scope().environment_id]


def _saved(equipment: Equipment) -> None:
    try:
        with transaction.atomic():
            equipment.save()
    except IntegrityError as error:
        if "equipment_name_once" in str(error):
            raise EventError(_("There is equipment with this name already.")) from None
        raise


def _name_of(text: str) -> str:
    if not (name := text.replace("\x00", "").strip()[:100]):
        raise EventError(_("Give it a name."))
    return name


def _pieces_of(count: int) -> int:
    if not 1 <= count <= MOST_PIECES:
        raise EventError(_("From 1 to %(most)s pieces.") % {"most": MOST_PIECES})
    return count
