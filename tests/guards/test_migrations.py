"""A fresh database is made in seconds: each operation on a model has Django draw anew all that is related to it."""

from collections import Counter

from django.apps import apps
from django.conf import settings
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader

from ecosystem.creating import CreateModels

OURS = {
    app.label
    for app in apps.get_app_configs()
    if app.path.startswith(str(settings.BASE_DIR)) and "site-packages" not in app.path
}
REDRAWING = (operations.models.ModelOperation, operations.fields.FieldOperation, operations.models.IndexOperation)
# When they are used up, the migrations are put together again, as those of November 2026 were (`replaces`).
AT_MOST = 120


def operations_of_ours() -> list[tuple[str, operations.base.Operation]]:
    loader = MigrationLoader(None)
    return [
        (f"{app}.{name}", operation)
        for (app, name), migration in loader.disk_migrations.items()
        if app in OURS
        for operation in migration.operations
    ]


def test_few_operations_have_everything_drawn_anew():
    found = Counter(name for name, operation in operations_of_ours() if isinstance(operation, REDRAWING))
    assert sum(found.values()) <= AT_MOST, found.most_common(5)


def test_new_models_come_together_with_their_constraints_and_indexes():
    """In `CreateModels`, and nothing is added to them in the same migration."""
    found = operations_of_ours()
    made = {
        (where, model.name_lower)
        for where, operation in found
        if isinstance(operation, CreateModels)
        for model in operation.models
    }
    assert len(made) > 100
    alone = [(where, op.name) for where, op in found if isinstance(op, operations.CreateModel)]
    late = [(where, op.describe()) for where, op in found if (where, getattr(op, "model_name_lower", None)) in made]
    assert (alone, late) == ([], [])
