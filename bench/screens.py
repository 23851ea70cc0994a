"""Each page that links lead to, over HTTP with eight people at once: learners, and people who may do everything.

The slowest come first. Of each route one address is asked for, the first that a link names.
"""

import argparse
import json
import os
import re
import statistics
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bench.browser import Browser
from bench.pages import CLIENTS
from bench.servers import Servers

WARM = 3
GOAL = 150  # milliseconds, of which 19 in 20 are faster
LINK = re.compile(rb'<a [^>]*href="([^"#?]+)')


@dataclass
class Row:
    who: str
    route: str
    path: str
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    bytes: int


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench screens")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each page is asked for")
    parser.add_argument("--size", choices=["small", "medium", "large"], default="medium")
    parser.add_argument("--only", default="", help="routes that begin so")
    parser.add_argument("--port", type=int, default=8793)
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/screens.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from bench.scene import Scene, staff_add  # noqa: PLC0415 -- needs Django
    from ecosystem.models import Environment  # noqa: PLC0415 -- needs Django

    scene = Scene(CLIENTS, size=options.size)
    root = Environment.objects.get(slug="demo")
    groups = {
        "learners": (scene.environment, scene.people_with_a_past(CLIENTS)),
        "staff": (scene.environment, staff_add(scene.environment, CLIENTS)),
        "staff above": (root, staff_add(root, CLIENTS)),
    }
    rows: list[Row] = []
    with Servers(port=options.port):
        for who, (environment, people) in groups.items():
            browsers = [Browser(f"{environment.slug}.localhost", options.port) for _person in people]
            for browser, person in zip(browsers, people, strict=True):
                scene.sign_in(browser, person)
            pages = {route: path for route, path in pages_of(browsers[0]).items() if route.startswith(options.only)}
            rows += [measure(who, route, path, browsers, options.seconds) for route, path in pages.items()]
    rows.sort(key=lambda row: -row.p95_ms)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    show(rows)
    slow = [row for row in rows if row.p95_ms >= GOAL]
    print(f"\n{len(rows)} pages, {len(slow)} of them not below the goal of {GOAL} ms. Written to {options.out}")
    return 1 if slow else 0


def pages_of(browser: Browser) -> dict[str, str]:
    """(route, address) of all pages that links lead to from the first one."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415 -- needs Django

    found: dict[str, str] = {}
    seen, waiting = set[str](), deque(["/"])
    while waiting:
        path = waiting.popleft()
        try:
            route = resolve(path).route
        except Resolver404:
            continue
        if route in seen:
            continue
        answer = browser.get(path)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        seen.add(route)
        found[route] = path
        links = (urlsplit(urljoin(path, unescape(link.decode()))) for link in LINK.findall(answer.body))
        waiting.extend(link.path for link in links if not link.netloc)
    return found


def measure(who: str, route: str, path: str, browsers: list[Browser], seconds: float) -> Row:
    """Everybody asks again and again, after some times that are not measured: each thread of the server has a connection of
    its own, where the first to ask has statements prepared."""
    times: list[float] = []
    sizes: list[int] = []
    wrong: list[int] = []
    together = threading.Barrier(len(browsers), timeout=60)  # or who has failed keeps the others waiting

    def repeat(browser: Browser) -> None:
        for _warm in range(WARM):
            browser.get(path)
        together.wait()
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            start = time.perf_counter()
            answer = browser.get(path)
            times.append(time.perf_counter() - start)
            sizes.append(len(answer.body))
            if answer.status != 200:
                wrong.append(answer.status)

    threads = [threading.Thread(target=repeat, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong or not times:
        raise SystemExit(
            f"{path}: {len(wrong)} of {len(times)} answers of {who} were not the page: {sorted(set(wrong))}"
        )
    return Row(
        who=who,
        route=route,
        path=path,
        requests=len(times),
        per_second=round(len(browsers) * len(times) / sum(times), 1),
        p50_ms=round(statistics.median(times) * 1000, 1),
        p95_ms=round(statistics.quantiles(times, n=20)[18] * 1000, 1),
        bytes=int(statistics.median(sizes)),
    )


def show(rows: list[Row]) -> None:
    print(f"{'who':<13}{'req/s':>8}{'p50 ms':>9}{'p95 ms':>9}{'bytes':>9}  route")
    for row in rows:
        print(f"{row.who:<13}{row.per_second:>8}{row.p50_ms:>9}{row.p95_ms:>9}{row.bytes:>9}  {row.route}")
