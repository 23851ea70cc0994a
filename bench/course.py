"""The page of a long course over HTTP: 200 activities with conditions, eight people at once, each in the middle of it."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from bench.browser import Browser
from bench.pages import CLIENTS, measure, show
from bench.servers import Servers

PAGE = "long course"
ACTIVITIES, BLOCK = 200, 20
GOAL = 150  # milliseconds, of which 19 in 20 are faster


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench course")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--activities", type=int, default=ACTIVITIES)
    parser.add_argument("--port", type=int, default=8792)
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/course.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from bench.long_course import LongCourse  # noqa: PLC0415 -- needs Django

    scene = LongCourse(CLIENTS, activities=options.activities)
    with Servers(port=options.port) as servers:
        browsers = [Browser(scene.host, options.port) for _client in range(CLIENTS)]
        for browser, person in zip(browsers, scene.people, strict=True):
            scene.sign_in(browser, person)
        row = measure(PAGE, browsers, scene.act(PAGE), options.seconds, servers, scene)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"activities": options.activities, **asdict(row)}, indent=2) + "\n")
    show([row], {})
    print(f"Goal: p95 below {GOAL} ms. Written to {options.out}")
    return 0 if row.p95_ms < GOAL else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
