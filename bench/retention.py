"""How well the trainer foretells who will remember what, on real logs, with answers held out.

One person: days from their quietest hour; foretold is every answer a day or more after the one before of the same memory;
five later blocks, each foretold from what came before (TimeSeriesSplit). Many people: all answers of one person in five are
held out together (GroupKFold), so those are new people to the model. Plain log loss, nothing weighted.

The models are the site's own (`memotrainer.engine`); the bench adds the simple ones beside them.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bench.calibration_plot import calibration_svg
from bench.review_logs import COLUMNS, LogError, Read, read_log
from bench.simple_models import moving_average, places_and_lapses, sm2
from memotrainer.engine.lives import Floats, Integers
from memotrainer.engine.logs import ReviewLog
from memotrainer.engine.personal import corrected, fitted_before, later_block
from memotrainer.engine.population import population_of
from memotrainer.engine.scores import auc, group_folds, log_loss, losses, rmse_bins, time_folds
from memotrainer.engine.walking import states_of
from memotrainer.fsrs import DEFAULT_WEIGHTS

JOSH = Path(__file__).parent.parent / "tests/data/pyfsrs_josh_review_log.csv"
FOLDS, FEWEST_LEARNERS, DRAWS = 5, 5, 1000
CONSTANT, SM2, MOVING, DEFAULT = "constant (recall so far)", "SM-2", "moving average", "FSRS-6, default weights"
FITTED, BEST = "FSRS-6, fitted", "FSRS-6, fitted, corrected by the ecosystem"
SKILL, PEOPLE = "mean recall of the skill", "FSRS-6, fitted on other people"
NEW = "the same, with what the ecosystem knows"


@dataclass
class Row:
    model: str
    log_loss: float
    rmse_bins: float
    auc: float
    better_by: float  # log loss of the fitted FSRS-6 minus this one
    low: float  # of that, 95 % of draws of whole days (one person) or whole people
    high: float


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./grove bench retention", epilog=COLUMNS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--log", type=Path, action="append", help="a review log (again for more); without: the one in tests/data"
    )
    parser.add_argument("--split", choices=["auto", "time", "people"], default="auto", help="what is held out")
    parser.add_argument("--memory", choices=["auto", "item", "skill"], default="auto", help="what one memory is of")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench"))
    options = parser.parse_args(arguments)
    failed = 0
    for path in options.log or [JOSH]:
        try:
            _one(path, options)
        except LogError as refusal:
            print(f"{path}: {refusal}")
            failed = 2
    return failed


def _one(path: Path, options: argparse.Namespace) -> None:
    began = time.monotonic()
    read = read_log(path, memory=options.memory)
    print(f"\n{path.name}")
    for note in read.notes:
        print(f"  {note}")
    many = options.split == "people" or (options.split == "auto" and read.log.learners >= FEWEST_LEARNERS)
    told, held, blocks = new_people(read.log) if many else later_days(read)
    if not held.any():
        raise LogError("nothing can be held out.")
    rows = scored(read.log, told, held, blocks, beside=PEOPLE if many else FITTED)
    _show(rows, read.log, held, many=many, seconds=time.monotonic() - began)
    options.out.mkdir(parents=True, exist_ok=True)
    stem = options.out / f"retention-{path.name.split('.')[0]}"
    y = read.log.right[held]
    plot = stem.with_suffix(".svg")
    plot.write_text(
        calibration_svg(y, {name: p[held] for name, p in told.items() if name not in (CONSTANT, SM2, MOVING, SKILL)})
    )
    report = {
        "log": path.name,
        "answers": len(read.log),
        "people": read.log.learners,
        "scored": int(held.sum()),
        "split": "new people (GroupKFold 5)" if many else "later days (TimeSeriesSplit 5)",
        "recall": float(y.mean()),
        "rows": [asdict(row) for row in rows],
    }
    stem.with_suffix(".json").write_text(json.dumps(report, indent=2) + "\n")
    print(f"  Written to {stem}.json, calibration in {plot}")


Told = dict[str, Floats]


def later_days(read: Read) -> tuple[Told, np.ndarray, Integers]:
    """(what each model foretold, which rows count, the day of each row). Each person by themselves."""
    log = read.log
    if int(log.scored.sum()) < FOLDS + 1:
        raise LogError(
            f"only {int(log.scored.sum())} answers came a day or more after the one before of the same memory; "
            f"{FOLDS + 1} are needed to hold any out."
        )
    told: Told = {name: np.full(len(log), np.nan) for name in (CONSTANT, SM2, MOVING, DEFAULT, FITTED, BEST)}
    held = np.zeros(len(log), dtype=bool)
    for mine in log.by_learner():
        part = log.of(mine)
        if int(part.scored.sum()) < FOLDS + 1:
            continue
        own, out = _later_days_of(part)
        for name, values in own.items():
            told[name][mine] = values
        held[mine] = out
    return told, held, log.day + log.learner * 100_000


def _later_days_of(log: ReviewLog) -> tuple[Told, np.ndarray]:
    at = np.flatnonzero(log.scored)
    constant, held = np.full(len(log), np.nan), np.zeros(len(log), dtype=bool)
    fitted, best = np.full(len(log), np.nan), np.full(len(log), np.nan)
    folds = time_folds(len(at), FOLDS)
    begins = [int(at[later][0]) for _earlier, later in folds]
    for (earlier, later), begin, end in zip(folds, begins, [*begins[1:], len(log)], strict=True):
        constant[at[later]] = log.right[at[earlier]].mean()
        held[at[later]] = True
        fitted[begin:end], best[begin:end] = later_block(log, begin, end, fitted_before(log, begin))
    told = {
        CONSTANT: constant,
        SM2: sm2(log),
        MOVING: moving_average(log),
        DEFAULT: states_of(log, np.asarray(DEFAULT_WEIGHTS)).recall,
        FITTED: fitted,
        BEST: best,
    }
    return told, held


def new_people(log: ReviewLog) -> tuple[Told, np.ndarray, Integers]:
    """(what each model foretold of people it had not seen, which rows count, the person of each row)."""
    held = log.scored
    counted = np.unique(log.learner[held])
    if len(counted) < 2:
        raise LogError("fewer than two people have an answer that can be foretold; use --split time.")
    fold = np.full(len(log), -1)
    fold[held] = group_folds(log.learner[held], min(FOLDS, len(counted)))
    fold_of = np.full(log.learners, -1)
    fold_of[log.learner[held]] = fold[held]
    every = fold_of[log.learner]
    names = [CONSTANT, SKILL, PEOPLE, NEW] if log.has_skills else [CONSTANT, PEOPLE, NEW]
    told: Told = {name: np.full(len(log), np.nan) for name in names}
    told |= {SM2: sm2(log), MOVING: moving_average(log), DEFAULT: states_of(log, np.asarray(DEFAULT_WEIGHTS)).recall}
    for one in range(int(every.max()) + 1):
        out = every == one
        known, new = log.of(~out), log.of(out)
        known_held = known.scored
        usual = known.right[known_held].mean()
        told[CONSTANT][out] = usual
        if log.has_skills:
            count = np.bincount(known.skill[known_held], minlength=int(log.skill.max()) + 1)
            right = np.bincount(known.skill[known_held], known.right[known_held], minlength=len(count))
            told[SKILL][out] = ((right + 5 * usual) / (count + 5))[new.skill]
        told[PEOPLE][out], told[NEW][out] = _new(known, new, of=log)
    order = [CONSTANT, SM2, MOVING, SKILL, DEFAULT, PEOPLE, NEW]
    return {name: told[name] for name in order if name in told}, held, log.learner


def _new(known: ReviewLog, new: ReviewLog, *, of: ReviewLog) -> tuple[Floats, Floats]:
    """(recall by FSRS-6 fitted on ``known``, corrected) of people who are not among them."""
    population = population_of(known, skills=int(of.skill.max()) + 1, items=int(of.item.max()) + 1)
    states, best = states_of(new, population.weights), np.full(len(new), np.nan)
    for mine in new.by_learner():
        best[mine] = corrected(new.of(mine), states.of(mine), population=population)
    return states.recall, best


def scored(log: ReviewLog, told: Told, held: np.ndarray, blocks: Integers, *, beside: str) -> list[Row]:
    y, block = log.right[held], np.unique(blocks[held], return_inverse=True)[1]
    place, lapse = places_and_lapses(log)
    base = losses(y, told[beside][held])
    rng = np.random.default_rng(6)
    size = int(block.max()) + 1
    counts = np.bincount(block, minlength=size)
    drawn = rng.integers(0, size, (DRAWS, size))
    rows = []
    for name, values in told.items():
        p = values[held]
        gains = np.bincount(block, base - losses(y, p), minlength=size)
        draws = gains[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
        low, high = np.percentile(draws, (2.5, 97.5)).tolist()
        rows.append(
            Row(
                model=name,
                log_loss=log_loss(y, p),
                rmse_bins=rmse_bins(y, p, gap=log.gap[held], place=place[held], lapses=lapse[held]),
                auc=auc(y, p),
                better_by=float((base - losses(y, p)).mean()),
                low=low,
                high=high,
            )
        )
    return rows


def _show(rows: list[Row], log: ReviewLog, held: np.ndarray, *, many: bool, seconds: float) -> None:
    kind = "new people (GroupKFold 5)" if many else "later days (TimeSeriesSplit 5)"
    print(
        f"  {int(held.sum())} answers foretold, {log.right[held].mean():.1%} right; held out: {kind}; {seconds:.1f} s\n"
    )
    print(f"  {'model':<46}{'log loss':>9}{'RMSE(bins)':>12}{'AUC':>7}   better than fitted FSRS-6 by (95 %)")
    for row in rows:
        area = "    -" if np.isnan(row.auc) else f"{row.auc:.3f}"
        print(
            f"  {row.model:<46}{row.log_loss:>9.4f}{row.rmse_bins:>12.4f}{area:>7}"
            f"   {row.better_by:+.4f} [{row.low:+.4f}, {row.high:+.4f}]"
        )
