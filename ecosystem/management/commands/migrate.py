"""``manage.py migrate``: Django's, which says what to do about a database that is too old for it."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Key = tuple[str, str]


class Command(migrate.Command):
    """Refuses before it touches anything when the migrations that one replaces were applied in part."""

    def handle(self, *args: Any, **options: Any) -> None:
        applied = set(MigrationRecorder(connections[options["database"]]).applied_migrations())
        replaced = {
            key: [tuple(old) for old in migration.replaces]
            for key, migration in MigrationLoader(None).disk_migrations.items()
            if migration.replaces
        }
        if halfway := apps_halfway(applied, replaced):
            raise CommandError(
                f"This database is of an earlier version ({', '.join(halfway)}), from which no step leads here. Migrate it with "
                "the last version that has its migrations first, or, for the data of ./grove run and ./grove bench: ./grove reset --yes."
            )
        super().handle(*args, **options)


def apps_halfway(applied: set[Key], replaced: dict[Key, list[Key]]) -> list[str]:
    """The apps whose first migration was applied before it stood for others, and not all of those since.

    ``replaced``: what each migration on disk stands for.
    """
    return sorted({key[0] for key, olds in replaced.items() if key in applied and not applied.issuperset(olds)})
