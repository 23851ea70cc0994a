"""Seats: so many people want so few places of one event at once, and some of them give theirs back, again and again.

``race``: real connections, real commits; afterwards the rows are read and every promise is checked. The naive control does the
same without the lock (count, then insert) and must oversell, or the race was none. ``booking``: what somebody waits who books
over HTTP while fifty others do.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import statistics
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecosystem.models import Membership
    from events.models import Event

PEOPLE, PLACES, CONNECTIONS = 200, 20, 16
LEAVING = 0.15  # of those who asked: they give the seat, or the place in the queue, back at once
# Targets of the project: (what, at least or at most, how much).
TARGETS = {
    "oversold": ("<", 1.0), "skipped": ("<", 1.0), "double booked": ("<", 1.0), "miscounted": ("<", 1.0),
    "errors": ("<", 1.0), "control oversold": (">", 0.0), "booking p95 ms": ("<", 100.0), "booking lost": ("<", 1.0),
}  # fmt: skip


@dataclass
class Found:
    """How often each promise was broken."""

    oversold: int = 0
    skipped: int = 0
    doubled: int = 0
    miscounted: int = 0
    errors: list[str] = field(default_factory=list)
    again: int = 0
    booked: int = 0
    cancelled: int = 0

    def __iadd__(self, other: Found) -> Found:
        for name in ("oversold", "skipped", "doubled", "miscounted", "again", "booked", "cancelled"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.errors += other.errors
        return self

    @property
    def is_good(self) -> bool:
        return not (self.oversold or self.skipped or self.doubled or self.miscounted or self.errors)


def event_for(organiser: Membership, *, places: int) -> Event:
    """Another event with one session, ten days from now."""
    from django.utils import timezone  # noqa: PLC0415 -- needs Django

    from ecosystem.scope import open_scope  # noqa: PLC0415
    from events.services import event_make, session_add  # noqa: PLC0415

    with open_scope(environment_id=organiser.environment_id, person_id=organiser.person_id):
        name, begins = secrets.token_hex(6), timezone.now() + timedelta(days=10)
        event = event_make(title=f"Race {name}", slug=f"race-{name}", zone="UTC", capacity=places, by=organiser)
        session_add(event=event, starts_at=begins, ends_at=begins + timedelta(hours=1), by=organiser)
    return event


class Crew:
    """Threads that keep their connections from race to race: to open one takes as long as a dozen bookings."""

    def __init__(self, connections: int) -> None:
        self.size, self.pool = connections, ThreadPoolExecutor(connections)

    def at_once(self, act: Callable[[int], None]) -> None:
        """``act(0)``, ``act(1)``, ... each in a thread; they begin when all are there."""
        together = threading.Barrier(self.size)

        def run(n: int) -> None:
            together.wait(60)
            act(n)

        list(self.pool.map(run, range(self.size)))

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_error: object) -> None:
        from django.db import connections  # noqa: PLC0415 -- needs Django

        self.at_once(lambda _n: connections.close_all())
        self.pool.shutdown()


def race(*, event: Event, people: list[Membership], seed: int, crew: Crew, naive: bool = False) -> Found:
    """Everybody books, twice for some, in an order that ``seed`` draws; some give their seat back in between."""
    chance = random.Random(seed)
    acts: list[tuple[Membership, bool]] = [(person, chance.random() < LEAVING) for person in people]
    acts += [(person, False) for person in chance.sample(people, len(people) // 10)]  # a double click
    chance.shuffle(acts)
    act = _naive if naive else _book
    errors: list[str] = []
    again: list[Membership] = []
    parts = [acts[start :: crew.size] for start in range(crew.size)]

    def client(n: int) -> None:
        try:
            for person, leaves in parts[n]:
                while not _done(act, event, person, leaves=leaves):
                    again.append(person)
        except Exception as error:  # noqa: BLE001 -- whatever happens in a thread is reported, not lost
            errors.append(repr(error))

    crew.at_once(client)
    found = looked_at(event)
    found.errors, found.again = errors, len(again)
    return found


def _done(act: Callable[..., None], event: Event, person: Membership, *, leaves: bool) -> bool:
    """False when the event was held for too long (``lock_timeout``): nothing has happened, and the person asks again."""
    from django.db import OperationalError  # noqa: PLC0415 -- needs Django

    try:
        act(event, person, leaves=leaves)
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
        return False
    return True


def _book(event: Event, person: Membership, *, leaves: bool) -> None:
    from ecosystem.scope import open_scope  # noqa: PLC0415 -- needs Django
    from events.services import seat_cancel, seat_take  # noqa: PLC0415

    with open_scope(environment_id=person.environment_id, person_id=person.person_id):
        seat = seat_take(event=event, by=person)
    if leaves:
        with open_scope(environment_id=person.environment_id, person_id=person.person_id):
            seat_cancel(seat=seat, by=person)


def _naive(event: Event, person: Membership, *, leaves: bool) -> None:
    """Count, then insert: the control."""
    from ecosystem import clock  # noqa: PLC0415 -- needs Django
    from ecosystem.scope import open_scope  # noqa: PLC0415
    from events.models import Seat, SeatState  # noqa: PLC0415

    with open_scope(environment_id=person.environment_id, person_id=person.person_id):
        seats = Seat.objects.filter(event=event)
        if seats.filter(person_id=person.person_id).exists():
            return
        state = SeatState.BOOKED if seats.filter(state=SeatState.BOOKED).count() < event.capacity else SeatState.WAITING
        Seat.objects.create(
            environment_id=person.environment_id, event=event, person_id=person.person_id, state=state,
            asked_at=clock.now(),
        )  # fmt: skip


def looked_at(event: Event) -> Found:
    """What the rows say: places, the queue, and one living seat a person."""
    from ecosystem.scope import open_scope  # noqa: PLC0415 -- needs Django
    from events.models import Event as Row  # noqa: PLC0415
    from events.models import Seat, SeatState  # noqa: PLC0415

    with open_scope(environment_id=event.environment_id):
        row = Row.objects.get(pk=event.pk)
        seats = list(Seat.objects.filter(event=event).order_by("pk").values_list("person_id", "state"))
    living = [(person, state) for person, state in seats if state in SeatState.living()]
    holding = [state in SeatState.holding() for _person, state in living]
    places = (row.capacity or 0) + row.overbooked
    waits_before = holding.index(False) if False in holding else len(holding)
    return Found(
        oversold=max(0, sum(holding) - places),
        skipped=sum(holding[waits_before:]) + (places - sum(holding) if not all(holding) else 0),
        doubled=len(living) - len({person for person, _state in living}),
        miscounted=int(row.taken != sum(holding)),
        booked=sum(holding),
        cancelled=len(seats) - len(living),
    )


def at_once(act: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=act, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def booking(clients: int, turns: int, port: int) -> dict[str, float]:
    """Each client books once every three seconds, at a moment of its own, an event that nobody else's turn has; then all of them
    at the same moment, to know that as well."""
    from bench.scene import Scene  # noqa: PLC0415 -- needs Django
    from bench.servers import Servers, postgres_cpu_seconds  # noqa: PLC0415
    from ecosystem.models import Membership  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415
    from events.models import Seat  # noqa: PLC0415

    scene = Scene(clients)
    organiser = _organiser(scene.environment)
    events = [event_for(organiser, places=clients // 2) for _turn in range(turns + 2)]
    times: list[float] = []
    burst: list[float] = []
    refused: list[int] = []
    with Servers(port=port) as servers:
        browsers = [scene.signed_in(person, servers.port) for person in scene.people]
        at_once(lambda n: browsers[n].remember_token(browsers[n].get(_path(events[0]))), clients)
        at_once(lambda n: _timed(browsers[n], events[0], refused), clients)  # warm
        web, database = servers.cpu_seconds("web"), postgres_cpu_seconds()
        began = time.perf_counter() + 1

        def client(n: int) -> None:
            for turn, event in enumerate(events[1:-1]):
                time.sleep(max(0.0, began + turn * 3 + 3 * n / clients - time.perf_counter()))
                times.append(_timed(browsers[n], event, refused))

        at_once(client, clients)
        spent = servers.cpu_seconds("web") - web, postgres_cpu_seconds() - database
        at_once(lambda n: burst.append(_timed(browsers[n], events[-1], refused)), clients)
    with open_scope(environment_id=scene.environment.pk):
        kept = Membership.objects.filter(person__email__in=scene.people).values("person_id")
        there = Seat.objects.filter(event__in=[event.pk for event in events], person__in=kept).count()
    found = Found()
    for event in events:
        found += looked_at(event)
    if not found.is_good:
        raise SystemExit(f"A promise was broken: {found}")
    return {
        "bookings": len(times),
        "booking p50 ms": statistics.median(times) * 1000,
        "booking p95 ms": statistics.quantiles(times, n=20)[18] * 1000,
        "booking web CPU ms": spent[0] / len(times) * 1000,
        "booking db CPU ms": spent[1] / len(times) * 1000,
        "booking lost": clients * len(events) - there + len(refused),
        "all at once p95 ms": statistics.quantiles(burst, n=20)[18] * 1000,
    }


def _path(event: Event) -> str:
    return f"/events/{event.element.slug}/"


def _timed(browser: Any, event: Event, refused: list[int]) -> float:
    start = time.perf_counter()
    status = browser.post(_path(event), {"do": "take"}).status
    passed = time.perf_counter() - start
    if status != 302:
        refused.append(status)
    return passed


def _organiser(environment: Any) -> Membership:
    from ecosystem.scope import open_scope  # noqa: PLC0415 -- needs Django
    from ecosystem.services.people import member_add  # noqa: PLC0415

    with open_scope(environment_id=environment.pk):
        address = f"bench-organiser@{environment.slug}.example.org"
        made: Membership = member_add(email=address, name="Bench organiser", roles=["manager"])
    return made


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench seats")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--port", type=int, default=8793)
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/seats.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["GROVE_LOG"] = "WARNING"
    django.setup()

    figures: dict[str, float] = booking(options.clients, options.turns, options.port)
    figures |= races(options.runs, options.connections, options.seed)
    missed = 0
    for name, value in figures.items():
        sign, target = TARGETS.get(name, ("", 0.0))
        good = not sign or (value < target if sign == "<" else value > target)
        missed += not good
        words = f"   target {sign} {target:.0f}" + ("" if good else "   MISSED") if sign else ""
        print(f"{name:<28}{value:>12.1f}{words}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"\nWritten to {options.out}")
    return 1 if missed else 0


def races(runs: int, connections: int, seed: int | None) -> dict[str, float]:
    """So many races, and the control once in ten."""
    from ecosystem.models import Environment  # noqa: PLC0415 -- needs Django
    from ecosystem.scope import open_scope  # noqa: PLC0415
    from ecosystem.services.people import member_add  # noqa: PLC0415

    first = secrets.randbelow(2**31) if seed is None else seed
    environment = Environment.objects.get(slug="demo")
    organiser = _organiser(environment)
    with open_scope(environment_id=environment.pk):
        people = [member_add(email=f"race{n}@demo.example.org", name=f"Race {n}") for n in range(PEOPLE)]
    with Crew(connections) as crew:
        began, found = time.perf_counter(), Found()
        for turn in range(runs):
            event = event_for(organiser, places=PLACES)
            found += race(event=event, people=people, seed=first + turn, crew=crew)
            if (turn + 1) % 50 == 0:
                print(f"{turn + 1} of {runs} races after {time.perf_counter() - began:.0f} s: {found}", flush=True)
        passed = time.perf_counter() - began
        control = Found()
        for turn in range(max(1, min(10, runs))):
            event = event_for(organiser, places=PLACES)
            control += race(event=event, people=people, seed=first + turn, crew=crew, naive=True)
    if not found.is_good:
        print(f"Broken with seed {first}: {_first(found.errors)}")
    return {
        "races": runs, "bookings asked": runs * PEOPLE, "cancelled": found.cancelled, "oversold": found.oversold,
        "skipped": found.skipped, "double booked": found.doubled, "miscounted": found.miscounted,
        "errors": len(found.errors), "asked again": found.again, "control oversold": control.oversold, "first seed": first,
        "bookings per second": runs * PEOPLE / passed,
    }  # fmt: skip


def _first(lines: Iterable[str]) -> str:
    return next(iter(lines), "")
