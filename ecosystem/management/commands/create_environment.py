"""``manage.py create_environment``: the first environment of an installation, or a subenvironment."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from ecosystem.models import Environment, Host, Role
from ecosystem.models.environments import HOST_NAME
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add


class Command(BaseCommand):
    help = "Make an environment with its host name and its first administrator, who then sets a password by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name, such as linden")
        parser.add_argument("name", help='full name, such as "Linden Cooperative"')
        parser.add_argument("host", help="host name on which it is served, such as learn.example.org")
        parser.add_argument("admin_email", help="e-mail of the first administrator")
        parser.add_argument("--admin-name", default="", help="name of the administrator (default: the e-mail)")
        parser.add_argument("--parent", help="slug of the environment above, for a subenvironment")
        parser.add_argument("--language", default="en", choices=["en", "nl"])

    def handle(self, **given: Any) -> None:
        host = given["host"].strip().lower()
        if Environment.objects.filter(slug=given["slug"]).exists():
            raise CommandError(f"There is an environment {given['slug']!r} already.")
        if taken := Host.objects.filter(name=host).select_related("environment").first():
            raise CommandError(f"{host} is served already: it is a host of {taken.environment.slug!r}.")
        parent = Environment.objects.filter(slug=given["parent"]).first() if given["parent"] else None
        if given["parent"] and parent is None:
            raise CommandError(f"There is no environment {given['parent']!r} to put it under.")
        try:
            validate_email(given["admin_email"])  # nobody else could ever let them in
            HOST_NAME(host)
            with transaction.atomic():
                environment = environment_create(
                    slug=given["slug"],
                    name=given["name"],
                    hosts=[host],
                    parent=parent,
                    language=given["language"],
                )
                with open_scope(environment_id=environment.pk):
                    member_add(
                        email=given["admin_email"],
                        name=given["admin_name"] or given["admin_email"],
                        roles=[Role.ADMIN],
                        language=given["language"],
                    )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{environment.name} is there. {given['admin_email']} sets a password at {host}/accounts/password/reset/"
        )
