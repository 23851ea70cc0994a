"""For who trains and who plans: sessions to lead, what people thought of them, and where people wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from ecosystem import clock
from ecosystem.prepared import prepared
from events.models import Attendance, Evaluation, Event, Seat, SeatState, Session

KEPT = timedelta(days=90)
MOST = 100
IN_LINE = (SeatState.WAITING, SeatState.ENTERED)
FEWEST = 3  # verdicts before anybody reads them: of fewer it would be known whose they are


@dataclass(frozen=True)
class Led:
    """A session of a trainer: how many come, and of how many it is known whether they were there."""

    session: Session
    seats: int
    marked: int

    @property
    def is_to_mark(self) -> bool:
        return self.session.starts_at <= clock.now() and self.marked < self.seats


def led_sessions(*, person_id: int) -> list[Led]:
    """Of the last three months and to come, by time; one query."""
    seats = Seat.objects.filter(event=OuterRef("event"), state=SeatState.BOOKED).order_by().values("event")
    marks = Attendance.objects.filter(session=OuterRef("pk")).order_by().values("session")
    rows = (
        Session.objects.filter(trainer_id=person_id, event__cancelled_at=None, ends_at__gte=clock.now() - KEPT)
        .select_related("event__element")
        .annotate(
            seated=Coalesce(Subquery(seats.annotate(n=Count("pk")).values("n")), 0),
            marked=Coalesce(Subquery(marks.annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by("starts_at", "pk")[:MOST]
    )
    return [Led(row, row.seated, row.marked) for row in rows]


@dataclass(frozen=True)
class Verdict:
    """What people thought of an event, without names."""

    count: int
    mean: float
    words: list[str]


def verdicts_on(events: Iterable[int]) -> dict[int, Verdict]:
    """By event, where there are enough of them; two queries."""
    rows = Evaluation.objects.filter(event__in=list(events))
    means = rows.order_by().values("event_id").annotate(n=Count("pk"), mean=Avg("score")).filter(n__gte=FEWEST)
    found = {row["event_id"]: Verdict(row["n"], float(row["mean"]), []) for row in means}
    for event_id, words in rows.exclude(words="").order_by("event_id", "words").values_list("event_id", "words"):
        if event_id in found:
            found[event_id].words.append(words)
    return found


def wanted(events: QuerySet[Event], *, fewest: int = 1) -> list[Event]:
    """Where people wait and there is no place or no date for them: the most wanted first, with ``waiting`` and ``towns``, of
    those with ``fewest`` people at least."""
    queued = _queued()  # mostly nobody: the rest of the question takes long to write
    if not queued:
        return []
    rows = events.filter(pk__in=queued, cancelled_at=None).annotate(
        waiting=Coalesce(
            Subquery(
                Seat.objects.filter(event=OuterRef("pk"), state__in=IN_LINE)
                .order_by()
                .values("event")
                .annotate(n=Count("pk"))
                .values("n")
            ),
            0,
        )
    )
    # Where one group goes first, or lots are still to be drawn, people also wait for places that are there.
    no_place = Q(begins_at=None) | Q(waiting__gt=F("capacity") + F("overbooked") - F("taken"))
    rows = rows.filter(Q(ends_at=None) | Q(ends_at__gte=clock.now()), no_place, waiting__gt=0)
    found = list(rows.order_by("-waiting", "pk")[:5])
    towns = towns_of([event.pk for event in found], fewest=fewest)
    for event in found:
        event.towns = towns.get(event.pk, [])
    return found


@prepared
def _queued() -> QuerySet[Seat, int]:
    """Ids of the events for which somebody waits."""
    return Seat.objects.filter(state__in=IN_LINE).order_by().values_list("event_id", flat=True).distinct()


def towns_of(events: Iterable[int], *, fewest: int = 1) -> dict[int, list[tuple[str, int]]]:
    """How many wait in each town, by event, the most first; towns in which fewer do are left out. One query."""
    rows = Seat.objects.filter(event__in=list(events), state__in=IN_LINE).exclude(town="")
    counted = rows.order_by().values("event_id", key=Lower("town")).annotate(n=Count("pk"), name=Max("town"))
    found: dict[int, list[tuple[str, int]]] = {}
    for row in sorted(counted.filter(n__gte=fewest), key=lambda row: (-row["n"], row["key"])):
        found.setdefault(row["event_id"], []).append((row["name"], row["n"]))
    return found
