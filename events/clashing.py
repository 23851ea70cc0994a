"""What is in the way of a session: others with the same trainer, room or equipment at that time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ecosystem import clock
from events.models import Equipment, EquipmentUse, Session

MOST = 20


@dataclass(frozen=True)
class Clash:
    """A session, and in which respects it is in the way."""

    session: Session
    about: list[str]


def equipment_here() -> QuerySet[Equipment]:
    """What can be lent now."""
    return Equipment.objects.filter(ended_at=None)


def lent_to(equipment: Equipment) -> list[tuple[Session, int]]:
    """Sessions that are not over and have it, with how many pieces."""
    count = Counter(
        EquipmentUse.objects.filter(equipment=equipment, ends_at__gt=clock.now()).values_list("session_id", flat=True)
    )
    rows = Session.objects.filter(pk__in=count).select_related("event__element", "trainer")[:MOST]
    return [(row, count[row.pk]) for row in rows]


def lent_by(sessions: Iterable[Session]) -> dict[int, list[tuple[str, int]]]:
    """(name, pieces) of the equipment of each session; one query."""
    rows = EquipmentUse.objects.filter(session__in=[one.pk for one in sessions])
    found: dict[int, Counter[str]] = {}
    for pk, name in rows.order_by("equipment__name").values_list("session_id", "equipment__name"):
        found.setdefault(pk, Counter())[name] += 1
    return {pk: list(names.items()) for pk, names in found.items()}


def in_the_way(facts: Mapping[str, Any], *, but: Session | None = None) -> list[Clash]:
    """All of them, by time: of the trainer, the room and the equipment that ``facts`` of a session name."""
    begins, ends = facts["starts_at"], facts["ends_at"]
    trainer, room, place = facts.get("trainer"), facts.get("room", ""), facts.get("place", "")
    wanted = {pk for pk, count in (facts.get("equipment") or {}).items() if count}
    rows = _at(begins, ends).exclude(pk=but.pk if but else None)
    who = Q(pk=None)
    if trainer is not None:
        who |= Q(trainer=trainer)
    if room:
        who |= Q(place=place, room=room)
    if wanted:
        who |= Q(Exists(EquipmentUse.objects.filter(session=OuterRef("pk"), equipment__in=wanted)))
    found = list(rows.filter(who).select_related("event__element", "trainer")[:MOST])
    names = dict(Equipment.objects.filter(pk__in=wanted).values_list("pk", "name"))
    lent = lent_by(found)
    return [
        Clash(
            one,
            [
                *([_("trainer")] if trainer is not None and one.trainer_id == trainer.pk else []),
                *([_("room")] if room and (one.place, one.room) == (place, room) else []),
                *(f"{count} × {name}" for name, count in lent.get(one.pk, []) if name in names.values()),
            ],
        )
        for one in found
    ]


def _at(begins: datetime, ends: datetime) -> QuerySet[Session]:
    return Session.objects.filter(starts_at__lt=ends, ends_at__gt=begins, takes_place=True)
