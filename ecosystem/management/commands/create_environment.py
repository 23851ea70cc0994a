"""``manage.py create_environment``: the first environment of an installation, or a subenvironment."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ecosystem.models import Environment, Host, Role
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
        if Environment.objects.filter(slug=given["slug"]).exists() or Host.objects.filter(name=given["host"]).exists():
            raise CommandError("There is an environment with this short name or host name already.")
        parent = Environment.objects.filter(slug=given["parent"]).first() if given["parent"] else None
        if given["parent"] and parent is None:
            raise CommandError(f"There is no environment {given['parent']!r} to put it under.")
        try:
            with transaction.atomic():
                environment = environment_create(
                    slug=given["slug"],
                    name=given["name"],
                    hosts=[given["host"].lower()],
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
            f"{environment.name} is there. {given['admin_email']} sets a password at {given['host']}/accounts/password/reset/"
        )
