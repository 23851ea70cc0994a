"""The trainer's parts one by one, beside the `fsrs` package and plain SQL, with the load of the machine.

* a step of many memories in NumPy, one by one with the package, and as an expression in PostgreSQL;
* that all three give the same, over 160 000 answers;
* a fit of 20 000 answers;
* replays of people through the service: states read, lived through and written, in answers a second;
* answers of eight people at once over HTTP;
* plans: one person's set and the reminders that are due, at a million cards and what `--cards` says, side by side.
"""

import argparse
import json
import os
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg2

from memotrainer.fsrs import DEFAULT_WEIGHTS, interval_days, step

ANSWERS = 160_000
# FSRS-6 as plain SQL, for a state that is known and a later day: what a set-based update would say.
SQL_STEP = """
    SELECT sum(CASE WHEN g = 1 THEN least(
            {w11} * power(d, -{w12}) * (power(s + 1, {w13}) - 1) * exp({w14} * (1 - r)), s / exp({w17} * {w18}))
        ELSE s * (1 + exp({w8}) * (11 - d) * power(s, -{w9}) * (exp({w10} * (1 - r)) - 1)) END)
    FROM (SELECT s, d, g, power(1 + {factor} * t / s, -{w20}) AS r FROM bench_states) x
"""


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench memotrainer")
    parser.add_argument("--cards", type=int, nargs="+", default=[1_000_000], help="also 10000000, which takes long")
    parser.add_argument("--seconds", type=float, default=8.0, help="of answers over HTTP")
    parser.add_argument("--port", type=int, default=8792)
    parser.add_argument("--only", choices=["step", "fit", "database", "http", "plans"], nargs="+")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/memotrainer.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["GROVE_LOG"] = "WARNING"
    django.setup()
    parts = {
        "step": steps,
        "fit": fits,
        "plans": lambda: plans(options.cards),
        "database": replays,
        "http": lambda: over_http(options),
    }
    report: dict[str, Any] = {"load_before": os.getloadavg()}
    for name, part in parts.items():
        if not options.only or name in options.only:
            report[name] = part()
    report["load_after"] = os.getloadavg()
    _table(report)
    print(f"\nload of the machine: {report['load_before'][0]:.1f} before, {report['load_after'][0]:.1f} after")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")
    print(f"Written to {options.out}")
    return 0


def _table(report: dict[str, Any]) -> None:
    """All of it once more, beside what else could be used, for what was measured."""
    step_, fit_, database, http = (report.get(name, {}) for name in ("step", "fit", "database", "http"))
    rows = [
        ("step and interval, a second of CPU", _best(step_), step_.get("fsrs package, one by one"), _sql_of(step_)),
        ("fit of 20 000 answers, s of CPU", fit_.get("cpu"), None, None),
        ("replay through the database, answers a second", database.get("a_second"), None, None),
        ("the same, a second of our CPU", database and database["answers"] / database["cpu"], None, None),
        ("answers over HTTP, a second", http.get("a_second"), None, None),
        ("the same, ms of CPU each", http.get("web_cpu_ms"), None, None),
    ]
    print(f"\n{'':<48}{'the trainer':>14}{'fsrs package':>14}{'plain SQL':>14}")
    for name, *values in rows:
        if values[0]:
            print(f"{name:<48}" + "".join(f"{_short(value):>14}" for value in values))


def _best(found: dict[str, Any]) -> float | None:
    return max((value for name, value in found.items() if name.startswith("numpy")), default=None)


def _sql_of(found: dict[str, Any]) -> float | None:
    return next((value for name, value in found.items() if name.startswith("plain SQL")), None)


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _states(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(6)
    return rng.uniform(1, 200, count), rng.uniform(1, 10, count), rng.integers(1, 200, count), rng.choice([1, 3], count)


def steps() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for count in (1_000, 10_000, 100_000, 1_000_000):
        s, d, days, rating = _states(count)
        best = float("inf")
        for _turn in range(5):
            began = time.process_time()
            after, _difficulty = step(stability=s, difficulty=d, elapsed_days=days, rating=rating)
            interval_days(stability=after, desired_retention=0.9)
            best = min(best, max(time.process_time() - began, 1e-9))
        found[f"numpy, {count}"] = round(count / best)
    found["fsrs package, one by one"], found["same"] = _package()
    found["plain SQL, 1000000"] = _sql(1_000_000)
    print("\nmemory step and interval, a second of CPU")
    for name, value in found.items():
        if name != "same":
            print(f"  {name:<30}{value:>12,}")
    same = found["same"]
    print(
        f"  of {same['answers']} answers {same['intervals']} intervals differ from the package, stability by {same['error']:.1e}"
    )
    return found


def _package() -> tuple[int, dict[str, Any]]:
    from fsrs import Card, Rating, Scheduler  # noqa: PLC0415 -- a test dependency

    scheduler = Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=())
    rng, cards, each = np.random.default_rng(6), ANSWERS // 10, 10
    gaps = np.floor(rng.exponential(20.0, (cards, each)) * rng.choice([0.0, 0.1, 1.0, 15.0], (cards, each)))
    ratings = rng.choice([1, 2, 3, 4], p=[0.2, 0.15, 0.5, 0.15], size=(cards, each))
    theirs, began = np.empty((cards, each, 2)), time.process_time()
    for row in range(cards):
        card, now = Card(card_id=row + 1), datetime(2026, 1, 1, tzinfo=UTC)
        for column in range(each):
            now += timedelta(days=float(gaps[row, column]))
            card, _log = scheduler.review_card(card, Rating(int(ratings[row, column])), now)
            theirs[row, column] = card.stability, (card.due - now).days
    seconds = time.process_time() - began
    s, d, wrong, error = np.full(cards, np.nan), np.full(cards, np.nan), 0, 0.0
    for column in range(each):
        s, d = step(stability=s, difficulty=d, elapsed_days=gaps[:, column], rating=ratings[:, column])
        wrong += int((interval_days(stability=s, desired_retention=0.9) != theirs[:, column, 1]).sum())
        error = max(error, float(np.abs(s / theirs[:, column, 0] - 1).max()))
    return round(ANSWERS / seconds), {"answers": ANSWERS, "intervals": wrong, "error": error}


def _sql(count: int) -> int:
    names = {f"w{n}": weight for n, weight in enumerate(DEFAULT_WEIGHTS)}
    sql = SQL_STEP.format(**names, factor=0.9 ** (-1 / DEFAULT_WEIGHTS[20]) - 1)
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_states AS SELECT 1 + random() * 199 AS s, 1 + random() * 9 AS d,"
            " 1 + floor(random() * 199) AS t, 1 + 2 * (n %% 2) AS g FROM generate_series(1, %s) n",
            [count],
        )
        cursor.execute(sql)
        began = time.perf_counter()
        cursor.execute(sql)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_states")
    connection.close()
    return round(count / seconds)


def fits() -> dict[str, Any]:
    from memotrainer.engine.fitting import fit  # noqa: PLC0415 -- measured here
    from memotrainer.engine.lives import lives_of  # noqa: PLC0415 -- measured here

    rng, memories, each = np.random.default_rng(2), 2_000, 10
    memory = np.tile(np.arange(memories), each)
    days = np.floor(rng.exponential(9.0, len(memory))) + 1
    rating = np.where(rng.random(len(memory)) < 0.85, 3, 1)
    lives = lives_of(memory=memory, rating=rating, days=days)
    worth = np.ones(len(lives))
    worth[:memories] = 0.0
    began, cpu = time.perf_counter(), time.process_time()
    fit(lives, right=(lives.rating > 1).astype(float), worth=worth)
    found = {"answers": len(lives), "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(f"\nfit of {found['answers']} answers: {found['seconds']:.2f} s, {found['cpu']:.2f} s of CPU")
    return found


# As many cards as there are in real tables, in tables of the same shape and indexes.
MAKE = """
    CREATE TABLE bench_card (LIKE memotrainer_card INCLUDING DEFAULTS) PARTITION BY HASH (person_id);
    {partitions}
    INSERT INTO bench_card (id, environment_id, person_id, bank_id, question_id, stability, difficulty, shift, due_at,
        last_reviewed_at, reviews, lapses, run, evidence, model_version)
    SELECT n, {environment}, 1 + n / 50, 1, n %% 50 + 1, 1 + n %% 90, 5, 0,
        now() + interval '1 day' * ((n * 7919) %% 60 - 12), now() - interval '70 days', 3, 0, 2, '{{}}', 'fsrs-6'
    FROM generate_series(1::bigint, %s) n;
    CREATE INDEX bench_card_due ON bench_card (environment_id, person_id, due_at)
        INCLUDE (id, question_id, stability, difficulty, last_reviewed_at) WHERE suspended_at IS NULL;
    CREATE TABLE bench_trainer (environment_id bigint, id bigint, person_id bigint, next_reminder_at timestamptz);
    INSERT INTO bench_trainer
        SELECT {environment}, n, n, now() + interval '1 minute' * (n - 1000) FROM generate_series(1, 1000000) n;
    CREATE INDEX bench_trainer_due ON bench_trainer (next_reminder_at) WHERE next_reminder_at IS NOT NULL;
"""
CLAIM = """
    SELECT id FROM bench_trainer WHERE next_reminder_at <= now() ORDER BY next_reminder_at LIMIT 1000
    FOR UPDATE SKIP LOCKED
"""


def plans(counts: list[int]) -> dict[str, Any]:
    """The plans at each size, side by side; the statements are those of the product."""
    found = {}
    for count in counts:
        found[count] = _plans(count)
    for name, words in (
        ("pick", "one person's set"),
        ("due", "1 000 reminders of 1 000 000 people"),
        ("claim", "claims"),
    ):
        print(f"\n{words}")
        for count, one in found.items():
            print(f"  {count:>11,} cards: {one[name]['buffers']:>5} buffers, {one[name]['ms']:.3f} ms")
            print("    " + one[name]["plan"].replace("\n", "\n    "))
    return {str(count): one for count, one in found.items()}


def _plans(count: int) -> dict[str, Any]:
    from ecosystem.models import Environment  # noqa: PLC0415 -- needs Django
    from ecosystem.scope import open_scope, system_rows  # noqa: PLC0415 -- needs Django
    from memotrainer.daily import considered  # noqa: PLC0415 -- needs Django
    from memotrainer.services.reminders import due_trainers  # noqa: PLC0415 -- needs Django

    environment_id, person, now = Environment.objects.get(slug="demo").pk, count // 100, datetime.now(UTC)
    with open_scope(environment_id=environment_id):
        pick = considered(person=person, now=now).query.sql_with_params()
    with system_rows():
        due = due_trainers(now=now, most=1000).query.sql_with_params()
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    cursor = connection.cursor()
    partitions = "".join(
        f"CREATE TABLE bench_card_{n} PARTITION OF bench_card FOR VALUES WITH (MODULUS 16, REMAINDER {n});"
        for n in range(16)
    )
    drop = "DROP TABLE IF EXISTS bench_card; DROP TABLE IF EXISTS bench_trainer"
    cursor.execute(drop)
    try:
        cursor.execute(MAKE.format(partitions=partitions, environment=environment_id), [count])
        cursor.execute("VACUUM ANALYZE bench_card")
        cursor.execute("VACUUM ANALYZE bench_trainer")
        return {
            "pick": _explained(cursor, *_of_bench(pick)),
            "due": _explained(cursor, *_of_bench(due)),
            "claim": _explained(cursor, CLAIM, ()),
        }
    finally:
        cursor.execute(drop)
        connection.close()


def _of_bench(statement: tuple[str, tuple[Any, ...]]) -> tuple[str, tuple[Any, ...]]:
    sql, params = statement
    return sql.replace('"memotrainer_', '"bench_'), params


def _explained(cursor: Any, sql: str, params: Any) -> dict[str, Any]:
    best: dict[str, Any] = {"ms": float("inf")}
    for _turn in range(7):  # the first warm the cache
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        (top,) = cursor.fetchone()[0]
        plan = top["Plan"]
        if top["Execution Time"] < best["ms"]:
            best = {"ms": top["Execution Time"], "buffers": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]}
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) {sql}", params)
    return best | {"plan": "\n".join(line for (line,) in cursor.fetchall() if "Planning" not in line)}


def replays() -> dict[str, Any]:
    """One person with 2 000 cards of ten answers each, replayed by the service."""
    from bench.memo_scene import person_with_cards  # noqa: PLC0415 -- needs Django
    from ecosystem.scope import open_scope  # noqa: PLC0415 -- needs Django
    from memotrainer.services import person_replay  # noqa: PLC0415 -- needs Django

    environment_id, person_id = person_with_cards(cards=2_000, each=10)
    with open_scope(environment_id=environment_id, person_id=person_id):
        began, cpu = time.perf_counter(), time.process_time()
        answers = person_replay(person_id=person_id)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    found = {"answers": answers, "seconds": seconds, "cpu": cpu, "a_second": round(answers / seconds)}
    print(
        f"\nreplay through the database: {found['a_second']:,} answers a second ({answers} in {seconds:.2f} s,"
        f" of which {cpu:.2f} s CPU of ours)"
    )
    return found


def over_http(options: argparse.Namespace) -> dict[str, Any]:
    """Eight people answer the same cards again and again, each answer with an id of its own."""
    from bench.browser import Browser  # noqa: PLC0415 -- needs Django
    from bench.memo_scene import MemoScene  # noqa: PLC0415 -- needs Django
    from bench.servers import Servers  # noqa: PLC0415 -- needs Django

    scene, times, wrong = MemoScene(8), [], []
    with Servers(port=options.port) as servers:
        browsers = [Browser(scene.host, options.port) for _person in scene.people]
        for browser, person in zip(browsers, scene.people, strict=True):
            scene.sign_in(browser, person)
        began, cpu = time.perf_counter(), servers.cpu_seconds("web")

        def answer(browser: Browser, person: str) -> None:
            while time.perf_counter() - began < options.seconds:
                start = time.perf_counter()
                reply = browser.post_json("/memo/answers/", scene.answer(person, uuid.uuid4()))
                times.append(time.perf_counter() - start)
                if reply.status != 200:
                    wrong.append(reply.status)

        threads = [threading.Thread(target=answer, args=pair) for pair in zip(browsers, scene.people, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cpu = servers.cpu_seconds("web") - cpu
    if wrong:
        raise SystemExit(f"{len(wrong)} answers were refused: {set(wrong)}")
    found = {
        "a_second": len(times) / (time.perf_counter() - began),
        "p50_ms": 1000 * float(np.percentile(times, 50)),
        "p95_ms": 1000 * float(np.percentile(times, 95)),
        "web_cpu_ms": 1000 * cpu / len(times),
    }
    print(
        f"\nanswers over HTTP: {found['a_second']:.0f} a second, p50 {found['p50_ms']:.0f} ms, p95 {found['p95_ms']:.0f} ms, {found['web_cpu_ms']:.1f} ms of CPU each"
    )
    return found
