from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
from ecosystem.services.sign_ins import factors_take_away


class Command(BaseCommand):
    help = "Take the second factors of somebody who has lost them all, once you have made sure that it is they who ask."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name of an environment they belong to")
        parser.add_argument("email")
        parser.add_argument("--checked", required=True, help="how you made sure who asks; it goes into the audit log")

    def handle(self, *args: Any, slug: str, email: str, checked: str, **options: Any) -> None:
        environment = Environment.objects.filter(slug=slug).first()
        if environment is None:
            raise CommandError(f"There is no environment {slug!r}.")
        with open_scope(environment_id=environment.pk):
            found = (
                Membership.objects.select_related("person").filter(person__email=email.lower(), ended_at=None).first()
            )
            if found is None:
                raise CommandError(f"Nobody with that address belongs to {environment.name}.")
            kinds = factors_take_away(person=found.person, checked=checked)
        if not kinds:
            raise CommandError(f"{email} has no second factor, so nothing was changed.")
        self.stdout.write(
            f"Done: {kinds} kinds of factors are gone. They sign in as before they had any, and are told by mail."
        )
