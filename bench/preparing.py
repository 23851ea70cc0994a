"""Before a test: recall on its day with so many minutes a day, asked in three ways, with true memories of three shapes.

Kept up: what is due, as without a test. Weakest: whatever is known worst, until the minutes are full, which is what somebody
with a stack of cards does. Prepared: as the trainer picks (`memotrainer.preparing`). All three know only what FSRS-6 with the
published weights makes of the answers.

How much waiting counts (`WAITS`) is chosen on half of the settings and on some people; what is then shown are other people,
on those settings and on the half that the choice has not seen.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import product
from pathlib import Path

import numpy as np

from bench.true_memories import MEMORIES
from memotrainer.choosing import Due, chosen
from memotrainer.engine.lives import Floats
from memotrainer.fsrs import AGAIN, GOOD, interval_days, retrievability, step
from memotrainer.preparing import SECONDS, WAITS, chosen_for_test

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
BEFORE = 15  # days in which the cards were learned
DESIRED = 0.9
SETTINGS = tuple(product((20, 40, 80), (3, 7, 14, 30), (60, 120, 240)))  # cards, days, seconds a day
TRIED = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
CHOOSING, SHOWING = 1, 2
Way = Callable[[Sequence[Due], float], list[int]]


def kept_up(cards: Sequence[Due], seconds: float) -> list[int]:
    due = [card for card in cards if _days(card) >= interval_days(stability=card.stability, desired_retention=DESIRED)]
    return _while_they_fit(chosen(due, now=NOW, size=len(due)), due, seconds)


def weakest(cards: Sequence[Due], seconds: float) -> list[int]:
    known = retrievability(stability=[c.stability for c in cards], elapsed_days=[_days(card) for card in cards])
    return _while_they_fit([cards[place].id for place in np.argsort(known).tolist()], cards, seconds)


def prepared(cards: Sequence[Due], seconds: float, *, waits: float) -> list[int]:
    return chosen_for_test(cards, now=NOW, seconds=seconds, waits=waits)


def _days(card: Due) -> float:
    return (NOW - card.last_reviewed_at).total_seconds() / 86_400


def _while_they_fit(ids: list[int], cards: Sequence[Due], seconds: float) -> list[int]:
    takes, picked = {card.id: card.seconds for card in cards}, []
    for pk in ids:
        if takes[pk] <= seconds:
            picked.append(pk)
            seconds -= takes[pk]
    return picked


@dataclass
class Told:
    """What the trainer makes of the answers of some people."""

    stability: Floats
    difficulty: Floats
    last: Floats

    def answered(self, at: tuple, day: int, right: np.ndarray) -> None:
        new = np.isnan(self.stability[at])
        days = np.where(new, 0, np.maximum(day - self.last[at], 1))
        self.stability[at], self.difficulty[at] = step(
            stability=self.stability[at],
            difficulty=self.difficulty[at],
            elapsed_days=days,
            rating=np.where(right, GOOD, AGAIN),
        )
        self.last[at] = day


def lived(way: Way, kind: str, setting: tuple[int, int, int], *, people: int, seed: int) -> Floats:
    """True recall on the day of the test of each person. The same seed gives the same people."""
    cards, days, seconds = setting
    rng = np.random.default_rng([seed, *setting])
    memory, shape = MEMORIES[kind](rng, people, cards), (people, cards)
    told = Told(np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape))
    takes = rng.choice(sorted(set(SECONDS.values())), cards)
    learned, luck = rng.integers(0, BEFORE, shape), rng.random((days + 1, *shape))
    for day in range(BEFORE):
        at = np.nonzero(learned == day)
        right = luck[-1][at] < 0.6
        memory.answered(*at, day, right)
        told.answered(at, day, right)
    for number in range(days):
        day, picked = BEFORE + number, []
        for person in range(people):
            lines = zip(told.stability[person], told.difficulty[person], told.last[person], takes, strict=True)
            known = [
                Due(n, s, d, NOW - timedelta(days=day - last), None, 0.0, int(sec), float(days - number))
                for n, (s, d, last, sec) in enumerate(lines)
            ]
            picked += [(person, n) for n in way(known, seconds)]
        if picked:
            at = tuple(np.array(picked).T)
            right = luck[number][at] < memory.recall(*at, day)
            memory.answered(*at, day, right)
            told.answered(at, day, right)
    everything = np.indices(shape).reshape(2, -1)
    return memory.recall(*everything, BEFORE + days).reshape(shape).mean(axis=1)


@cache
def _known(way: Way, kind: str, setting: tuple[int, int, int], people: int, seed: int) -> Floats:
    return lived(way, kind, setting, people=people, seed=seed)


def gains(
    settings: Sequence[tuple], *, waits: float, people: int, seed: int, than: Way = kept_up
) -> dict[tuple, Floats]:
    """By setting and memory: how much more each person knows than by the other way."""
    found = {}
    for kind, setting in product(MEMORIES, settings):
        ours = lived(partial(prepared, waits=waits), kind, setting, people=people, seed=seed)
        found[kind, setting] = ours - _known(than, kind, setting, people, seed)
    return found


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench preparing")
    parser.add_argument("--people", type=int, default=16, help="of each setting and memory")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/preparing.json"))
    options = parser.parse_args(arguments)
    half = SETTINGS[::2]
    print(f"{len(SETTINGS)} settings x {len(MEMORIES)} memories x {options.people} people")
    chosen_on = {}
    for waits in TRIED:
        of = np.concatenate([*gains(half, waits=waits, people=options.people, seed=CHOOSING).values()])
        chosen_on[waits] = float(of.mean())
        print(f"  choosing, on {len(half)} settings: waiting counts {waits:.1f}: {of.mean():+.4f} than keeping up")
    best = max(chosen_on, key=lambda waits: chosen_on[waits])
    print(f"  chosen: {best}; the trainer has {WAITS}")
    report: dict = {"chosen on": chosen_on, "chosen": best, "shown": []}
    print(f"\nOther people, waiting counts {WAITS}: true recall on the day of the test, more than by the other way")
    for name, than in (("keeping up", kept_up), ("weakest first", weakest)):
        for words, settings in (("the same settings", half), ("settings not seen", SETTINGS[1::2])):
            found = gains(settings, waits=WAITS, people=options.people, seed=SHOWING, than=than)
            report["shown"].append(shown(f"{name}, {words}", found))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\nWritten to {options.out}")
    return 0


def shown(name: str, found: dict[tuple, Floats]) -> dict:
    """Printed: the mean of each memory, and where it was worse by more than chance."""
    lines: dict = {"than": name}
    for kind in MEMORIES:
        of = {setting: one for (memory, setting), one in found.items() if memory == kind}
        means = np.array([one.mean() for one in of.values()])
        errors = np.array([one.std(ddof=1) / np.sqrt(len(one)) for one in of.values()])
        mean, error = means.mean(), np.sqrt((errors**2).sum()) / len(errors)
        worse = [setting for setting, m, e in zip(of, means, errors, strict=True) if m < -2 * e]
        lines[kind] = {"mean": mean, "standard error": error, "least": means.min(), "worse": worse}
        print(
            f"  {name:<34}{kind:<26}{mean:+.4f} +- {error:.4f}; least {means.min():+.4f}; worse in {len(worse)} of {len(of)}"
        )
        for setting in worse:
            print(f"      {setting}: {of[setting].mean():+.4f}")
    return lines
