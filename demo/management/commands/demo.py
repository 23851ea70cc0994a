"""``manage.py demo``: load the demo ecosystem, or say how to get in."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from demo.loading import courses, forest, history, steering
from demo.loading.files import read
from ecosystem.models import Environment
from ecosystem.scope import open_scope


class Command(BaseCommand):
    help = "Load the demo ecosystem (nothing happens when it is there), or print its addresses and sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--banner", action="store_true", help="only print addresses and sign-ins")
        parser.add_argument("--port", type=int, default=settings.GROVE_PORT)

    def handle(self, *, banner: bool, port: int, **_: Any) -> None:
        if banner:
            self.banner(port)
        elif Environment.objects.exists():
            self.stdout.write("The demo is there already.")
        else:
            self.load()

    def load(self) -> None:
        self.began = time.monotonic()
        with transaction.atomic():  # all or nothing: an interrupted load leaves an empty database to start again
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
            for environment in environments.values():
                with open_scope(environment_id=environment.pk):
                    count = courses.connections_load(environment, elements, people)
                    # steering.charter_load(environment, people)
                if not environment.parent_id:
                    with open_scope(environment_id=environment.pk):
                        imported = steering.real_bank_load(people)
                    self.say(f"{count} connections, {imported} questions imported from a real bank")
                enrolments = history.history_load(environment, people)
                self.say(f"{environment.name}: {enrolments} enrolments and what came of them")
                with open_scope(environment_id=environment.pk):
                    steering.past_is_silent()
            connection.run_on_commit = []  # all reactions have run; nothing is left to announce
        self.say("The demo is ready.")

    def say(self, words: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {words}")
        self.stdout.flush()

    def banner(self, port: int) -> None:
        hosts = {row["slug"]: row["host"] for row in read("environments.yaml")["environments"]}
        lines = ["", "  Grove is running. Open one of these (every *.localhost name is this machine):", ""]
        for row in read("environments.yaml")["environments"]:
            lines.append(f"    http://{row['host']}:{port}/".ljust(44) + row["name"])
        lines += ["", f"  Sign in with the password  {forest.PASSWORD}  as", ""]
        for row in read("people.yaml")["people"]:
            if row.get("banner"):
                ((slug, roles),) = row["memberships"].items()
                role = ", ".join(roles)
                lines.append(f"    {row['email']:<36}{role:<20}http://{hosts[slug]}:{port}/")
        self.stdout.write("\n".join([*lines, ""]))
