"""An archived environment goes for good: every row in every table, every file, and who was nowhere else.

The rows go first, in one transaction, but for the list of files and of members; with these the files go, and whoever was
nowhere else, each in a small transaction of its own. What is not finished is found by those lists, so it is safe to run again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from allauth.socialaccount.models import SocialAccount
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from ecosystem.hosts import forget_hosts
from ecosystem.models import (
    Environment,
    EnvironmentAncestor,
    EnvironmentExport,
    EnvironmentSetting,
    Host,
    IdentityProvider,
    Membership,
    Person,
    SearchEntry,
    StoredFile,
    TenantModel,
)
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.services.erasure import is_known_elsewhere, person_make_nobody
from ecosystem.services.storage import paths_of_rows
from ecosystem.tenant_tables import rows_by_table, tenant_tables

logger = logging.getLogger(__name__)

BATCH = 500
LISTS = (StoredFile, Membership)  # what is still to do


def environments_remove_due() -> int:
    """Remove those whose day has come; returns how many. One that fails stops no other and is tried again."""
    due = Environment.objects.filter(archived_at__isnull=False, remove_at__lte=timezone.now())
    count = 0
    for environment_id in due.order_by("remove_at").values_list("pk", flat=True):
        try:
            count += environment_remove(environment_id=environment_id)
        except Exception:
            logger.exception("removal of environment %s", environment_id)
    return count


def environment_remove(*, environment_id: int) -> bool:
    """True when this call did it. What there was, by number, stands in the audit log above it, or in the lines if none is."""
    row = _due(environment_id).first()
    if row is None or not _begin(row):
        return False
    _remove_files(environment_id)
    for person_id in _members(environment_id):
        _forget(person_id, environment_id=environment_id, above_id=_above(row))
    return _finish(row)


def _due(environment_id: int) -> QuerySet[Environment]:
    return Environment.objects.filter(pk=environment_id, archived_at__isnull=False, remove_at__lte=timezone.now())


def _above(row: Environment) -> int:
    """From where it is done: the environment above, or itself."""
    return row.parent_id or row.pk


def _begin(row: Environment) -> bool:
    """The rows go. False while another worker is at it. Its place in the tree goes with them, which says that it is done."""
    with open_scope(environment_id=_above(row)):
        if _due(row.pk).select_for_update(skip_locked=True).first() is None:
            return False
        if not EnvironmentAncestor.objects.filter(environment=row).exists():
            return True
        with open_scope(environment_id=row.pk):
            counts = rows_by_table(row.pk)
            members = Membership.objects.count()
            _list_files(paths_of_rows(), environment_id=row.pk)
        _remove_copies(row)
        with open_scope(environment_id=row.pk):
            _remove_rows(row, but=LISTS)
        _remove_outside(row)
        facts = {"rows": sum(counts.values()), "members": members, "slug": row.slug}
        if row.parent_id is None:
            logger.warning("environment %s is being removed: %s", row.pk, facts)
        else:
            audit(act="environment.removed", by=None, target=row, before=facts)
        transaction.on_commit(forget_hosts)
    return True


def _list_files(paths: Iterable[str], *, environment_id: int) -> None:
    StoredFile.objects.bulk_create(
        [StoredFile(environment_id=environment_id, path=path, size=0) for path in sorted(paths)], ignore_conflicts=True
    )


def _remove_copies(row: Environment) -> None:
    """Copies of it that were made above; their files go with its own."""
    chain = EnvironmentAncestor.objects.filter(environment=row, depth__gt=0).values_list("ancestor_id", flat=True)
    for ancestor_id in chain:
        with open_scope(environment_id=ancestor_id):
            copies = EnvironmentExport.objects.filter(subject=row)
            paths = list(copies.exclude(file="").values_list("file", flat=True))
            StoredFile.objects.filter(path__in=paths).delete()
            copies.delete()
        with open_scope(environment_id=row.pk):
            _list_files(paths, environment_id=row.pk)


def _remove_rows(row: Environment, *, but: tuple[type[TenantModel], ...] = ()) -> None:
    providers = [f"{row.protocol}-{row.uid}" for row in IdentityProvider.objects.all()]
    SocialAccount.objects.filter(provider__in=providers).delete()
    kept = {model._meta.db_table for model in but}
    with connection.cursor() as cursor:
        for table in tenant_tables():
            if not table.is_kept and table.name not in kept:
                cursor.execute(f'DELETE FROM "{table.name}" WHERE environment_id = %s', [row.pk])  # noqa: S608 -- a name of PostgreSQL's catalogue
        cursor.execute("SELECT ecosystem_remove_kept(%s)", [row.pk])


def _remove_outside(row: Environment) -> None:
    """What stands outside row-level security."""
    for model in (SearchEntry, Host, EnvironmentSetting, EnvironmentAncestor):
        model.objects.filter(environment=row).delete()


def _remove_files(environment_id: int) -> None:
    """A file first and then its row, so that none is forgotten."""
    while True:
        with open_scope(environment_id=environment_id):
            paths = dict(StoredFile.objects.order_by("pk").values_list("pk", "path")[:BATCH])
        for path in paths.values():
            default_storage.delete(path)
        with open_scope(environment_id=environment_id):
            StoredFile.objects.filter(pk__in=paths).delete()
        if len(paths) < BATCH:
            return


def _members(environment_id: int) -> list[int]:
    with open_scope(environment_id=environment_id):
        return list(Membership.objects.order_by("pk").values_list("person_id", flat=True))


def _forget(person_id: int, *, environment_id: int, above_id: int) -> None:
    """Whoever was nowhere else is nobody any more. The lock lets two environments that go at once agree on which is last."""
    with open_scope(environment_id=above_id, person_id=person_id):
        person = Person.objects.select_for_update().get(pk=person_id)
        if not is_known_elsewhere(environment_id=environment_id):
            person_make_nobody(person=person)
        with open_scope(environment_id=environment_id):
            Membership.objects.filter(person_id=person_id).delete()


def _finish(row: Environment) -> bool:
    """Whatever came in meanwhile goes too. PostgreSQL checks that nothing points at it."""
    with open_scope(environment_id=row.pk):
        if _due(row.pk).select_for_update(skip_locked=True).first() is None:
            return False
        _remove_rows(row)
        _remove_outside(row)
        Environment.objects.filter(pk=row.pk)._raw_delete("default")  # noqa: SLF001 -- what pointed at it is gone
    return True
