"""A fresh database is made in seconds: each operation on a model has Django draw anew all that is related to it."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation
from django.db.migrations.recorder import MigrationRecorder

from ecosystem.creating import CreateModels

# When they are used up, put new models into `CreateModels`, with their constraints and indexes, or all of an app's
# migrations together again (`replaces`).
AT_MOST = 120


def test_few_operations_have_everything_drawn_anew():
    found, together = Counter(), 0
    for name, migration in MigrationLoader(None).disk_migrations.items():
        folder = Path(settings.BASE_DIR) / name[0] / "migrations"
        if not folder.is_dir():
            continue  # of a library
        for operation in migration.operations:
            found[name] += isinstance(operation, ModelOperation | FieldOperation | IndexOperation)
            together += len(operation.models) if isinstance(operation, CreateModels) else 0
    assert together > 100
    assert found.total() <= AT_MOST, found.most_common(5)


@pytest.mark.django_db
def test_a_database_that_stopped_halfway_is_refused_before_anything_is_touched():
    recorder = MigrationRecorder(connection)
    call_command("migrate", "--plan", verbosity=0)
    recorder.record_unapplied("ecosystem", "0023_audit_chains_in_order")
    with pytest.raises(CommandError, match=r"earlier version \(ecosystem\)"):
        call_command("migrate", verbosity=0)
