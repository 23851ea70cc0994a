"""``manage.py add_host``: serve an environment on one more host name."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from ecosystem.models import Environment, Host
from ecosystem.services.environments import host_add


class Command(BaseCommand):
    help = "Serve an environment on one more host name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("host")

    def handle(self, *, slug: str, host: str, **_: Any) -> None:
        environment = Environment.objects.filter(slug=slug).first()
        if environment is None:
            raise CommandError(f"There is no environment {slug!r}.")
        if taken := Host.objects.filter(name=host.strip().lower()).select_related("environment").first():
            raise CommandError(f"{taken.name} is served already: it is a host of {taken.environment.slug!r}.")
        try:
            host_add(environment=environment, name=host)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{environment.name} is served on {host} too.")
