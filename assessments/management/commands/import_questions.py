"""Bring files of questions into a bank, with the same service as the page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.exceptions import AssessmentError
from assessments.services import bank_import
from ecosystem.models import Element, Environment
from ecosystem.scope import open_scope


class Command(BaseCommand):
    help = "Import files of questions into a question bank. All files come in, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("environment", help="slug of the environment")
        parser.add_argument("bank", help="slug of the question bank")
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        environment = Environment.objects.filter(slug=options["environment"]).first()
        if environment is None:
            raise CommandError(f"There is no environment {options['environment']!r}.")
        with open_scope(environment_id=environment.pk):
            bank = Element.objects.filter(slug=options["bank"], kind="question_bank").first()
            if bank is None:
                raise CommandError(f"There is no question bank {options['bank']!r} in {environment.slug}.")
            for path in options["files"]:
                self._import(bank, path)

    def _import(self, bank: Element, path: Path) -> None:
        try:
            report = bank_import(bank=bank, filename=path.name, data=path.read_bytes())
        except (OSError, AssessmentError) as error:
            raise CommandError(f"{path}: {error}") from error
        for problem in report.problems:
            self.stdout.write(f"{problem.file}:{problem.line}: {problem.level}: {problem.name}: {problem.reason}")
        self.stdout.write(
            f"{path.name}: {len(report.created)} new, {len(report.updated)} changed, "
            f"{len(report.unchanged)} the same, {len(report.left_out)} left out"
        )
