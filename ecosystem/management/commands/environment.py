from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Environment
from ecosystem.services.subenvironments import (
    GRACE_DAYS,
    environment_archive,
    environment_removal_plan,
    environment_restore,
)


class Command(BaseCommand):
    help = "Archive, restore or remove an environment that has none above it. Those below one are on the pages of that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["archive", "restore", "remove"])
        parser.add_argument("slug")
        parser.add_argument("--name", default="", help="to remove: its name, as it is written")
        parser.add_argument(
            "--days", type=int, default=GRACE_DAYS[-1], choices=GRACE_DAYS, help="to remove: after how long"
        )

    def handle(self, *args: Any, act: str, slug: str, name: str, days: int, **options: Any) -> None:
        row = Environment.objects.filter(slug=slug, parent=None).first()
        if row is None:
            raise CommandError(f"There is no environment {slug!r} without one above it.")
        try:
            if act == "archive":
                done = environment_archive(environment=row, by=None)
            elif act == "restore":
                done = environment_restore(environment=row, by=None)
            else:
                done = environment_removal_plan(environment=row, name=name, days=days, by=None)
        except EcosystemError as refusal:
            raise CommandError(str(refusal)) from refusal
        if done.remove_at:
            self.stdout.write(
                f"{done.name}: everything in it goes on {done.remove_at:%Y-%m-%d %H:%M} UTC, unless it is restored."
            )
        else:
            self.stdout.write(f"{done.name} is {'archived' if done.archived_at else 'open'}.")
