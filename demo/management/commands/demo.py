"""``manage.py demo``: load the demo ecosystem, or say how to get in."""

import subprocess
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections, transaction

from courses.models import Enrolment
from demo.loading import (
    courses,
    crowd,
    forest,
    guided,
    handing_in,
    history,
    meetings,
    outside_tools,
    quizzes,
    rounds,
    steering,
    talking,
)
from demo.loading.exercises import exercises_load
from demo.loading.files import read
from demo.loading.remembering import cards_live
from ecosystem.models import Environment, Person
from ecosystem.scope import open_scope


class Command(BaseCommand):
    help = "Load the demo ecosystem (nothing happens when it is there), or print its addresses and sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--banner", action="store_true", help="only print addresses and sign-ins")
        parser.add_argument("--history", metavar="SLUG", help="only play the past of this environment")
        parser.add_argument("--without-history", action="store_true", help="nobody has done anything yet (tests)")
        parser.add_argument(
            "--size", choices=["small", *crowd.SIZES], default="small", help="small is the demo; the others add a crowd"
        )
        parser.add_argument("--port", type=int, default=settings.GROVE_PORT)

    def handle(
        self, *, banner: bool, history: str | None, without_history: bool, port: int, size: str, **_: Any
    ) -> None:
        self.began = time.monotonic()
        if banner:
            self.follow()
            self.banner(port)
        elif history:
            self.play(Environment.objects.get(slug=history))
        else:
            self.load(play=not without_history)
            if size != "small":
                self.add_crowd(crowd.SIZES[size])

    def load(self, *, play: bool) -> None:
        """Each step is all or nothing and is left out when it has been done: an interrupted load goes on."""
        if not Environment.objects.exists():
            with transaction.atomic():
                self.plant()
                connection.run_on_commit = []  # nothing here waits for a worker
        if not play:
            return
        waiting = [environment.slug for environment in Environment.objects.order_by("pk") if not _has_past(environment)]
        if not waiting:
            self.stdout.write("The demo is there already.")
            return
        self.say(f"Playing the autumn of {len(waiting)} environments, which takes a moment")
        with ThreadPoolExecutor(max_workers=2) as pool:
            for words in pool.map(_play_elsewhere, waiting):
                self.say(words)
        self.say("The demo is ready.")

    def follow(self) -> None:
        """The banner is shown at each start, which may be on another port."""
        for environment in Environment.objects.filter(slug=guided.HERE):
            with transaction.atomic():
                outside_tools.tool_follow(environment, guided.ADMIN)

    def plant(self) -> None:
        environments = forest.environments_load()
        people = forest.people_load(environments)
        self.say(f"{len(environments)} environments, {len(people)} people")
        elements: courses.Elements = {}
        for environment in environments.values():
            with open_scope(environment_id=environment.pk):
                courses.elements_load(environment, people, elements)
                runs = courses.offers_load(environment, environments, elements)
            for slug, course in runs:
                with open_scope(environment_id=environments[slug].pk):
                    courses.run_in_catalogue(elements[course])
        self.say(f"{len(elements)} elements: courses, pages, quizzes, job aids, outside tools")
        connections = imported = 0
        for environment in environments.values():
            with open_scope(environment_id=environment.pk):
                connections += courses.connections_load(environment, elements, people)
                steering.charter_load(environment, people)
                if environment.parent_id is None:
                    quizzes.quizzes_load(people)
                    rounds.rounds_load(people)
                    imported = steering.real_bank_load(people) + exercises_load(people)
        self.say(f"{connections} connections, {imported} questions imported from a real bank")

    def add_crowd(self, size: crowd.Size) -> None:
        """More organisations; those that are there already are left as they are."""
        began = time.monotonic()
        written = crowd.crowd_load(size, self.say)
        if written and "owner" in connections:
            with connections["owner"].cursor() as cursor:
                cursor.execute("ANALYZE")  # so that the planner knows at once
        seconds = time.monotonic() - began
        self.say(
            f"{written} rows in {seconds:.1f} s, {written / seconds:.0f} rows/s" if written else "All there already."
        )

    def play(self, environment: Environment) -> None:
        with transaction.atomic():
            people = {person.email: person for person in Person.objects.all()}
            quizzes.quizzes_live(environment)
            rounds.rounds_live(environment, people)
            enrolments = history.history_load(environment, people)
            guided.guided_load(environment, people)
            meetings.meetings_load(environment, people)
            handing_in.handins_load(environment, people)
            talking.talking_load(environment, people)
            history.react(environment)
            cards_live(environment)
            quizzes.figures_load(environment)
            with open_scope(environment_id=environment.pk):
                steering.past_is_silent()
            connection.run_on_commit = []  # the reactions have run already
        self.stdout.write(f"{environment.name}: {enrolments} enrolments and what came of them")

    def say(self, words: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {words}")
        self.stdout.flush()

    def banner(self, port: int) -> None:
        hosts = {row["slug"]: row["host"] for row in read("environments.yaml")["environments"]}
        lines = ["", "  Grove is running. Open one of these (every *.localhost name is this machine):", ""]
        rows = read("environments.yaml")["environments"]
        lines += [f"    http://{row['host']}:{port}/".ljust(44) + row["name"] for row in rows]
        lines += ["", f"  Sign in with the password  {forest.PASSWORD}  as", ""]
        for row in read("people.yaml")["people"]:
            if row.get("banner"):
                for slug, roles in row["memberships"].items():
                    role = ", ".join(roles)
                    lines.append(f"    {row['email']:<36}{role:<20}http://{hosts[slug]}:{port}/")
        self.stdout.write("\n".join([*lines, ""]))


def _has_past(environment: Environment) -> bool:
    with open_scope(environment_id=environment.pk):
        return Enrolment.objects.exists()


def _play_elsewhere(slug: str) -> str:
    """In a process of its own, since this is CPU work."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--history", slug]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own command
    if done.returncode:
        raise CommandError(f"The past of {slug} could not be played:\n{done.stderr[-2000:]}")
    return done.stdout.strip()
