"""``manage.py count_files``: write down the files that were stored before files were counted."""

from typing import Any

from django.core.management.base import BaseCommand

from ecosystem.services.storage import files_count


class Command(BaseCommand):
    help = "Count stored files that are not counted yet, in every environment. Twice is once."

    def handle(self, **_: Any) -> None:
        self.stdout.write(f"{files_count()} files are counted that were not.")
