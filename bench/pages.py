"""Pages of the demo over HTTP with eight people at once, beside Moodle 4.5 measured on the same kind of machine."""

import argparse
import json
import os
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.browser import Answer, Browser
from bench.servers import Servers, postgres_cpu_seconds

CLIENTS = 8
# shared figures of the project: Moodle 4.5, 8 php-fpm workers, opcache, PostgreSQL, Redis, two cores, 8 sessions
MOODLE = {"home": 19.0, "catalogue": 20.5, "course": 18.0, "quiz answer": 115.0}


@dataclass
class Row:
    page: str
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    web_cpu_ms: float
    database_cpu_ms: float
    queries: int
    bytes: int
    moodle_per_second: float | None
    times_moodle: float | None


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench pages")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each page is asked for")
    parser.add_argument(
        "--size",
        choices=["small", "medium", "large"],
        default="small",
        help="in the small demo, or in one of its crowds",
    )
    parser.add_argument("--port", type=int, default=8791)
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/pages.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from bench.scene import Scene  # noqa: PLC0415 -- needs Django

    scene = Scene(CLIENTS, size=options.size)
    with Servers(port=options.port) as servers:
        browsers = [Browser(scene.host, options.port) for _client in range(CLIENTS)]
        rows = [
            measure("sign-in", browsers, scene.send_sign_in, options.seconds, servers, scene, before=scene.open_sign_in)
        ]
        for browser, person in zip(browsers, scene.people, strict=True):
            scene.sign_in(browser, person)
        rows += [
            measure(page, browsers, scene.act(page), options.seconds, servers, scene)
            for page in ("home", "catalogue", "course", "quiz answer")
        ]
        memory = {name: round(servers.memory_mib(name), 1) for name in servers.processes}
    report = {
        "size": options.size,
        "clients": CLIENTS,
        "seconds": options.seconds,
        "rows": [asdict(row) for row in rows],
        "pss_mib": memory,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")
    show(rows, memory)
    print(f"\nWritten to {options.out}")
    return 0


def measure(
    page: str,
    browsers: list[Browser],
    act: Callable[[Browser, str], Answer],
    seconds: float,
    servers: Servers,
    scene: "Scene",  # type: ignore[name-defined]  # noqa: F821 -- imported after Django is set up
    before: Callable[[Browser, str], None] = lambda _browser, _person: None,
) -> Row:
    """Everybody repeats the act for some seconds, after a short warm-up. What comes ``before`` each act is not timed.

    Its CPU time and its share of the seconds cannot be told apart: for sign-in, requests per second are those of each
    client's own waiting time, and CPU is that of the form and the answer together.
    """
    for browser, person in zip(browsers, scene.people, strict=True):
        before(browser, person)
        act(browser, person)
    web, database = servers.cpu_seconds("web"), postgres_cpu_seconds()
    times: list[float] = []
    sizes: list[int] = []
    wrong: list[int] = []
    began = time.perf_counter()

    def repeat(browser: Browser, person: str) -> None:
        while time.perf_counter() - began < seconds:
            before(browser, person)
            start = time.perf_counter()
            answer = act(browser, person)
            times.append(time.perf_counter() - start)
            sizes.append(len(answer.body))
            if answer.status != (302 if page == "sign-in" else 200):
                wrong.append(answer.status)

    threads = [threading.Thread(target=repeat, args=pair) for pair in zip(browsers, scene.people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(
            f"{page}: {len(wrong)} of {len(times)} answers were not what was asked for, such as {wrong[0]}."
        )
    count = len(times)
    moodle = MOODLE.get(page)
    return Row(
        page=page,
        requests=count,
        per_second=round(len(browsers) * count / sum(times), 1),
        p50_ms=round(statistics.median(times) * 1000, 1),
        p95_ms=round(statistics.quantiles(times, n=20)[18] * 1000, 1),
        web_cpu_ms=round((servers.cpu_seconds("web") - web) / count * 1000, 2),
        database_cpu_ms=round((postgres_cpu_seconds() - database) / count * 1000, 2),
        queries=scene.queries(page),
        bytes=int(statistics.median(sizes)),
        moodle_per_second=moodle,
        times_moodle=round(len(browsers) * count / sum(times) / moodle, 1) if moodle else None,
    )


def show(rows: list[Row], memory: dict[str, float]) -> None:
    heads = ("page", "req/s", "p50 ms", "p95 ms", "web CPU ms", "db CPU ms", "SQL", "bytes", "Moodle req/s", "times")
    lines = [heads] + [
        (
            row.page,
            row.per_second,
            row.p50_ms,
            row.p95_ms,
            row.web_cpu_ms,
            row.database_cpu_ms,
            row.queries,
            row.bytes,
            row.moodle_per_second or "-",
            row.times_moodle or "-",
        )
        for row in rows
    ]
    for line in lines:
        print("".join(str(cell).ljust(14 if at == 0 else 12) for at, cell in enumerate(line)))
    print("\nMemory (PSS, MiB): " + ", ".join(f"{name} {value}" for name, value in memory.items()))
