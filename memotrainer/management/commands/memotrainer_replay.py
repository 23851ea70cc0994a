"""``./grove manage memotrainer_replay``: cards and profiles anew from the log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecosystem.models import Environment
from ecosystem.scope import open_scope
from memotrainer.models import Trainer
from memotrainer.services import person_replay


class Command(BaseCommand):
    help = "Make the memory states of cards anew from the answers, with the weights in force. Safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--environment", help="slug of one environment; without it all of them")

    def handle(self, *_args: Any, environment: str | None = None, **_options: Any) -> None:
        places = Environment.objects.filter(archived_at=None)
        if environment:
            places = places.filter(slug=environment)
            if not places.exists():
                raise CommandError(f"There is no environment {environment!r}.")
        for place in places.order_by("pk"):
            with open_scope(environment_id=place.pk):
                people = list(Trainer.objects.order_by("person_id").values_list("person_id", flat=True))
            answers = 0
            for person_id in people:  # each in a transaction of its own, so that nobody waits for all
                with open_scope(environment_id=place.pk):
                    answers += person_replay(person_id=person_id)
            self.stdout.write(f"{place.slug}: {len(people)} people, {answers} answers replayed")
