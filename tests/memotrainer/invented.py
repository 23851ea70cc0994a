"""Logs of many people that were never lived: answers drawn from a true memory, and never fitted to what a model does well."""

from pathlib import Path

import numpy as np

from bench.true_memories import MEMORIES

BEGIN = 1_700_000_000
NEW_A_DAY = 4
FIRST_TIME = 0.55  # the chance of a right answer to what nobody has been taught


class Coins:
    """Who answers knows nothing and learns nothing."""

    def recall(self, rows: np.ndarray, _columns: np.ndarray, _day: int) -> np.ndarray:
        return np.full(len(rows), 0.7)

    def answered(self, *_answer: object) -> None:
        """Nothing stays."""


def invented_log(
    path: Path, *, memory: str | None, people: int, items: int, skills: int, days: int, cap: int = 8, seed: int = 1
) -> Path:
    """Write a CSV of people who answer, on two days of three, a few new items and what a doubling interval
    says is due. ``memory``: a name of ``bench.true_memories``; None for coins."""
    rng = np.random.default_rng(seed)
    true = MEMORIES[memory](rng, people, items) if memory else Coins()
    due = np.full((people, items), np.inf)
    interval = np.ones((people, items))
    rows: list[str] = ["user_id,problem_id,skill_id,timestamp,correct"]
    for day in range(days):
        wanted = np.where(due <= day, due, np.inf)
        wanted[:, day * NEW_A_DAY : (day + 1) * NEW_A_DAY] = -1.0
        wanted[rng.random(people) > 2 / 3] = np.inf
        columns = np.argsort(wanted, axis=1)[:, :cap]
        asked = np.take_along_axis(wanted, columns, axis=1) < np.inf
        who, place = np.nonzero(asked)
        what = columns[who, place]
        if not len(who):
            continue
        known = np.where(np.isinf(due[who, what]), FIRST_TIME, true.recall(who, what, day))
        right = rng.random(len(who)) < known
        true.answered(who, what, day, right)
        interval[who, what] = np.where(right, np.minimum(interval[who, what] * 2.0, 180.0), 1.0)
        due[who, what] = day + np.ceil(interval[who, what] * rng.uniform(0.7, 1.5, len(who)))
        moments = BEGIN + day * 86_400 + rng.integers(0, 6 * 3600, len(who))
        rows += [
            f"u{w},p{c},s{c % skills},{t},{int(r)}"
            for w, c, t, r in zip(who.tolist(), what.tolist(), moments.tolist(), right.tolist(), strict=True)
        ]
    path.write_text("\n".join(rows) + "\n")
    return path
