"""The review queue of an environment with 50 000 hand-ins over HTTP, with eight markers at once."""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path

from bench.browser import Browser
from bench.pages import CLIENTS, measure, show
from bench.servers import Servers

GOAL = 150  # milliseconds, of which 19 in 20 are faster


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench reviewing")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each page is asked for")
    parser.add_argument("--size", type=int, default=50_000, help="hand-ins that wait; a tenth as many again are judged")
    parser.add_argument("--port", type=int, default=8793)
    parser.add_argument("--explain", action="store_true", help="show the plan of the slowest statement of each page")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/reviewing.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["GROVE_LOG"] = "WARNING"
    django.setup()
    from bench.long_queue import LongQueue  # noqa: PLC0415 -- needs Django

    scene = LongQueue(CLIENTS, size=options.size)
    if options.explain:
        scene.explain()
        return 0
    with Servers(port=options.port) as servers:
        browsers = [Browser(scene.host, options.port) for _client in range(CLIENTS)]
        for browser, person in zip(browsers, scene.people, strict=True):
            scene.sign_in(browser, person)
        rows = [measure(page, browsers, scene.act(page), options.seconds, servers, scene) for page in scene.PATHS]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"size": options.size, "rows": [asdict(row) for row in rows]}, indent=2) + "\n")
    show(rows, {})
    slow = [row.page for row in rows if row.p95_ms >= GOAL]
    print(f"Goal: p95 below {GOAL} ms{', missed by ' + ', '.join(slow) if slow else ''}. Written to {options.out}")
    return 1 if slow else 0
