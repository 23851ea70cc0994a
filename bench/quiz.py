"""Quizzes: 200 learners answering at once, autosaves a second, the CPU of a whole attempt, a draw from 20 000 questions, and
item analysis of a million answers.

Over HTTP where a browser would ask, else through the services in this process. Everything is made anew in the demo ecosystem.
"""

import argparse
import json
import os
import re
import secrets
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from bench.browser import Browser
from bench.servers import Servers, postgres_cpu_seconds

# Targets of the project: (what, at least or at most, how much).
TARGETS = {
    "crowd p95 ms": ("<", 250.0), "crowd lost": ("<", 1.0), "crowd doubled": ("<", 1.0), "autosaves per second": (">", 600.0),
    "whole attempt CPU ms": ("<", 45.0), "draw p95 ms": ("<", 200.0), "analysis s": ("<", 10.0),
}  # fmt: skip
BODY = {"choices": [{"text": "2", "correct": True}, {"text": "3", "correct": False}]}
ANSWERS = """
    INSERT INTO assessments_answer (environment_id, attempt_id, person_id, bank_id, version_id, position, response, flagged,
        saved_at, revision, client, seen, seconds, section, fraction)
    SELECT t.environment_id, t.id, t.person_id, v.element_id, v.id, v.n, jsonb_build_object('choice', right_or_not), false,
        now(), 1, '', '[]', 5 + v.n %% 60, '', 1 - right_or_not
    FROM (SELECT *, row_number() OVER (ORDER BY id) k FROM assessments_attempt
          WHERE environment_id = %(environment)s AND element_id = %(quiz)s) t
    CROSS JOIN (SELECT *, row_number() OVER (ORDER BY id) n FROM (SELECT * FROM assessments_questionversion
          WHERE environment_id = %(environment)s AND element_id = %(bank)s ORDER BY id LIMIT %(each)s) w) v
    CROSS JOIN LATERAL (SELECT CASE WHEN random() * 100 < 30 + t.k %% 60 - v.n %% 20 THEN 0 ELSE 1 END AS right_or_not) r
"""
ATTEMPTS = """
    INSERT INTO assessments_attempt
        (environment_id, uid, person_id, element_id, assessment_id, number, onward, started_at, finished_at, score, passed)
    SELECT %(environment)s, gen_random_uuid(), %(person)s, %(quiz)s, %(assessment)s, n, '', now(), now(), 0.5, false
    FROM generate_series(1000, 999 + %(attempts)s) n
"""


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench quiz")
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--port", type=int, default=8792)
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/quiz.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["GROVE_LOG"] = "WARNING"
    django.setup()
    from bench.scene import Scene  # noqa: PLC0415 -- needs Django

    figures: dict[str, float] = {}
    scene = Scene(options.learners)
    with Servers(port=options.port) as servers:
        browsers = [scene.signed_in(person, options.port) for person in scene.people]
        paths = [f"/attempts/{scene.attempts[person]}/" for person in scene.people]
        values = [values_of(browser, path) for browser, path in zip(browsers, paths, strict=True)]
        figures |= crowd(browsers, paths, values, options.seconds, scene)
        figures |= autosaves(browsers[:8], paths[:8], values[:8], options.seconds / 2, servers, scene)
        figures |= whole_attempt(browsers[8], scene, servers)
    figures |= large_draw(scene, options.questions)
    figures |= million(scene, options.answers)
    for name, value in figures.items():
        sign, target = TARGETS.get(name, ("", 0.0))
        good = not sign or (value < target if sign == "<" else value > target)
        print(
            f"{name:<28}{value:>12.1f}"
            + (f"   target {sign} {target:.0f}" + ("" if good else "   MISSED") if sign else "")
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"\nWritten to {options.out}")
    return 0


def values_of(browser: Browser, path: str) -> list[str]:
    """The choices of the first question; also takes the token along."""
    answer = browser.get(f"{path}1/")
    browser.remember_token(answer)
    browser.remember_ticket(answer)
    return re.findall(r'name="answer"[^>]*value="([^"]+)"', answer.body.decode())


def save(browser: Browser, path: str, value: str, seq: int, client: str, base: int) -> int:
    from bench.scene import item  # noqa: PLC0415 -- needs Django

    return browser.post_json(f"{path}answers/", item(value, seq, client, base=base)).status


def revisions(scene: Any) -> list[int]:
    """How often the first answer of each learner has been saved so far."""
    from assessments.models import Answer  # noqa: PLC0415 -- needs Django
    from ecosystem.scope import open_scope  # noqa: PLC0415

    with open_scope(environment_id=scene.environment.pk):
        rows = Answer.objects.filter(position=1, attempt__uid__in=list(scene.attempts.values()))
        found = {str(uid): revision for uid, revision in rows.values_list("attempt__uid", "revision")}
    return [found[scene.attempts[person]] for person in scene.people]


def crowd(
    browsers: list[Browser], paths: list[str], values: list[list[str]], seconds: float, scene: Any
) -> dict[str, float]:
    """Everybody gives one answer each three seconds, each at a moment of their own."""
    times: list[float] = []
    saved, before, run = [0] * len(browsers), revisions(scene), secrets.token_hex(4)
    began = time.perf_counter() + 1

    def learner(n: int) -> None:
        for turn in range(int(seconds // 3)):
            pause = began + turn * 3 + 3 * n / len(browsers) - time.perf_counter()
            time.sleep(max(0.0, pause))
            start = time.perf_counter()
            value = values[n][turn % len(values[n])]
            status = save(browsers[n], paths[n], value, turn + 1, f"{run}-{n}", before[n] + turn)
            times.append(time.perf_counter() - start)
            saved[n] += status == 200

    at_once(learner, len(browsers))
    found = [there - first for there, first in zip(revisions(scene), before, strict=True)]
    return {
        "crowd answers": len(times),
        "crowd p50 ms": statistics.median(times) * 1000,
        "crowd p95 ms": statistics.quantiles(times, n=20)[18] * 1000,
        "crowd lost": sum(max(0, one - there) for one, there in zip(saved, found, strict=True)),
        "crowd doubled": sum(max(0, there - one) for one, there in zip(saved, found, strict=True)),
    }


def autosaves(
    browsers: list[Browser], paths: list[str], values: list[list[str]], seconds: float, servers: Servers, scene: Any
) -> dict[str, float]:
    """As many as eight clients get saved, each waiting for the one before."""
    counts, before, run = [0] * len(browsers), revisions(scene), secrets.token_hex(4)
    web, database = servers.cpu_seconds("web"), postgres_cpu_seconds()
    began = time.perf_counter()

    def client(n: int) -> None:
        while time.perf_counter() - began < seconds:
            counts[n] += 1
            status = save(
                browsers[n],
                paths[n],
                values[n][counts[n] % len(values[n])],
                counts[n],
                f"{run}-{n}",
                before[n] + counts[n] - 1,
            )
            if status != 200:
                raise SystemExit(f"An autosave answered {status}.")

    at_once(client, len(browsers))
    passed, total = time.perf_counter() - began, sum(counts)
    return {
        "autosaves per second": total / passed,
        "autosave web CPU ms": (servers.cpu_seconds("web") - web) / total * 1000,
        "autosave db CPU ms": (postgres_cpu_seconds() - database) / total * 1000,
    }


def at_once(act: Any, count: int) -> None:
    threads = [threading.Thread(target=act, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def whole_attempt(browser: Browser, scene: Any, servers: Servers) -> dict[str, float]:
    """Ten questions from the start to the result: CPU of web server and PostgreSQL together, and what each part takes.

    ``whole attempt``: what must be done for every attempt, in whatever program it is taken: begin, save ten answers, finish
    with the result. ``with all pages``: a person who looks at the page of the quiz, each question and the review as well.
    """
    quiz = quiz_of(scene, "bench-ten", 10)
    parts: dict[str, float] = dict.fromkeys(("start page", "start", "questions", "answers", "finish", "review"), 0.0)
    rounds, warm = 30, 4
    for turn in range(rounds + warm):
        for part, seconds in _one_attempt(browser, f"/quiz/{quiz.element.slug}/", turn, servers):
            parts[part] += seconds if turn >= warm else 0
    each = {name: seconds / rounds * 1000 for name, seconds in parts.items()}
    must = each["start"] + each["answers"] + each["finish"]
    return {
        "whole attempt CPU ms": must,
        "with all pages CPU ms": sum(each.values()),
        **{f"  {name} CPU ms": value for name, value in each.items()},
    }


def _one_attempt(browser: Browser, at_quiz: str, turn: int, servers: Servers) -> list[tuple[str, float]]:
    """(part, CPU seconds) of one attempt."""
    from bench.scene import item  # noqa: PLC0415 -- needs Django

    before, used = servers.cpu_seconds("web") + postgres_cpu_seconds(), []

    def done(part: str) -> None:
        nonlocal before
        now = servers.cpu_seconds("web") + postgres_cpu_seconds()
        used.append((part, now - before))
        before = now

    browser.remember_token(browser.get(at_quiz))
    done("start page")
    at = browser.post(at_quiz, {}).headers["location"].rsplit("/", 2)[0] + "/"
    done("start")
    values = []
    for position in range(1, 11):
        page = browser.get(f"{at}{position}/")
        browser.remember_token(page)
        browser.remember_ticket(page)
        values.append(re.findall(rb'name="answer"[^>]*value="([^"]+)"', page.body)[0].decode())
    done("questions")
    for position, value in enumerate(values, start=1):
        body = item(value, 1, f"whole-{turn}", base=0).replace(b'"position": 1', b'"position": %d' % position)
        if browser.post_json(f"{at}answers/", body).status != 200:
            raise SystemExit("An answer was not saved.")
    done("answers")
    browser.post(f"{at}finish/", {})
    done("finish")
    if browser.get(f"{at}review/").status != 200:
        raise SystemExit("There is no review.")
    done("review")
    return used


def quiz_of(scene: Any, slug: str, count: int) -> Any:
    """A quiz with as many single-choice questions, of a bank of its own; made once."""
    from assessments.models import Assessment  # noqa: PLC0415 -- needs Django
    from assessments.services import assessment_create, bank_create, question_save  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415

    with open_scope(environment_id=scene.environment.pk):
        quiz = Assessment.objects.filter(element__slug=slug).select_related("element").first()
        if quiz is None:
            bank = bank_create(title=f"Bench {slug}", creators=["Bench"], slug=f"{slug}-bank")
            facts = {"bank": bank, "type": "single", "body": BODY}
            made = [question_save(identifier=f"q{n}", stem=f"<p>{n}?</p>", **facts).question for n in range(count)]
            quiz = assessment_create(
                title=f"Bench {slug}", creators=["Bench"], slug=slug, questions=made, pass_mark=0.5
            )
    return quiz


def large_draw(scene: Any, questions: int) -> dict[str, float]:
    """Starting an attempt that draws 60 of so many questions, as the service does it in one transaction."""
    from assessments.models import Draw, Question, QuestionVersion  # noqa: PLC0415 -- needs Django
    from assessments.services import attempt_finish, attempt_start, draw_add  # noqa: PLC0415
    from ecosystem.models import Element  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415

    quiz, times = quiz_of(scene, "bench-draw", 1), []
    here = scene.environment.pk
    with open_scope(environment_id=here):
        bank = Element.objects.get(slug="bench-draw-bank")
        there = Question.objects.filter(element=bank).count()
        rows = [
            Question(environment_id=here, element=bank, identifier=f"d{n}", name=f"{n}")
            for n in range(there, questions)
        ]
        made = Question.objects.bulk_create(rows, batch_size=2000)
        QuestionVersion.objects.bulk_create(
            [
                QuestionVersion(
                    environment_id=here, element=bank, question=one, number=1, type="single", stem="<p>?</p>", body=BODY
                )
                for one in made
            ],
            batch_size=2000,
        )
        if not Draw.objects.filter(assessment=quiz).exists():
            draw_add(assessment=quiz, bank=bank, count=60, by=scene.persons[scene.people[0]])
    for turn in range(60):
        person_id = scene.persons[scene.people[turn % len(scene.people)]].pk
        start = time.perf_counter()
        with open_scope(environment_id=here, person_id=person_id):
            attempt = attempt_start(assessment=quiz, person_id=person_id)
        times.append(time.perf_counter() - start)
        with open_scope(environment_id=here, person_id=person_id):
            attempt_finish(attempt_uid=attempt.uid, person_id=person_id)
    return {"draw p50 ms": statistics.median(times) * 1000, "draw p95 ms": statistics.quantiles(times, n=20)[18] * 1000}


def million(scene: Any, answers: int) -> dict[str, float]:
    """Item analysis of a quiz of 50 questions that has been taken often enough."""
    from django.db import connection  # noqa: PLC0415 -- needs Django

    from assessments.models import Answer  # noqa: PLC0415
    from assessments.services.analysing import analysis_run  # noqa: PLC0415
    from ecosystem.models import Element  # noqa: PLC0415
    from ecosystem.scope import open_scope  # noqa: PLC0415

    quiz, each, here = quiz_of(scene, "bench-million", 50), 50, scene.environment.pk
    facts = {"environment": here, "person": scene.persons[scene.people[0]].pk, "quiz": quiz.element_id, "each": each}
    with open_scope(environment_id=here):
        bank = Element.objects.get(slug="bench-million-bank")
        if Answer.objects.filter(attempt__element_id=quiz.element_id).count() < answers:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")  # making them is not what is measured
                cursor.execute(ATTEMPTS, {**facts, "assessment": quiz.pk, "attempts": answers // each})
                cursor.execute(ANSWERS, {**facts, "bank": bank.pk})
    start = time.perf_counter()
    with open_scope(environment_id=here):
        analysis = analysis_run(assessment=quiz)
    return {"analysis attempts": analysis.attempts, "analysis s": time.perf_counter() - start}
