"""An archived environment goes for good: every row in every table, every file, and who was nowhere else.

Files go first, since the way back ended on the day that was planned; the rows go in one transaction. Safe to run again.
"""

from __future__ import annotations

import logging

from allauth.socialaccount.models import SocialAccount
from django.core.files.storage import default_storage
from django.db import connection, transaction
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
)
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.services.erasure import is_known_elsewhere, person_make_nobody
from ecosystem.services.storage import file_remove, paths_of_rows
from ecosystem.tenant_tables import rows_by_table, tenant_tables

logger = logging.getLogger(__name__)


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
    """True when this call did it. Leaves one entry in the audit log of the environment above: what there was, by number."""
    found = Environment.objects.filter(pk=environment_id, archived_at__isnull=False, remove_at__lte=timezone.now())
    row = found.first()
    if row is None or row.parent_id is None:
        return False
    _remove_files(environment_id)
    with open_scope(environment_id=row.parent_id):
        row = found.select_for_update(skip_locked=True).first()
        if row is None:
            return False
        _remove_copies(row)
        with open_scope(environment_id=row.pk):
            counts = rows_by_table(row.pk)
            people = list(Membership.objects.values_list("person_id", flat=True))
            _remove_rows(row)
        _remove_outside(row)
        gone = sum(_forget(person_id, environment_id=row.pk, above_id=row.parent_id) for person_id in people)
        facts = {"rows": sum(counts.values()), "members": len(people), "people_gone": gone, "slug": row.slug}
        audit(act="environment.removed", by=None, target=row, before=facts)
        Environment.objects.filter(pk=row.pk)._raw_delete("default")  # noqa: SLF001 -- what points at it is gone: PostgreSQL checks
        transaction.on_commit(forget_hosts)
    return True


def _remove_files(environment_id: int) -> None:
    with open_scope(environment_id=environment_id):
        paths = set(StoredFile.objects.values_list("path", flat=True)) | paths_of_rows()
    for path in paths:
        default_storage.delete(path)


def _remove_copies(row: Environment) -> None:
    """Copies of it that were made above."""
    chain = EnvironmentAncestor.objects.filter(environment=row, depth__gt=0).values_list("ancestor_id", flat=True)
    for ancestor_id in chain:
        with open_scope(environment_id=ancestor_id):
            copies = EnvironmentExport.objects.filter(subject=row)
            for path in copies.exclude(file="").values_list("file", flat=True):
                file_remove(path=path)
            copies.delete()


def _remove_rows(row: Environment) -> None:
    providers = [f"{row.protocol}-{row.uid}" for row in IdentityProvider.objects.all()]
    SocialAccount.objects.filter(provider__in=providers).delete()
    with connection.cursor() as cursor:
        for table in tenant_tables():
            if not table.is_kept:
                cursor.execute(f'DELETE FROM "{table.name}" WHERE environment_id = %s', [row.pk])  # noqa: S608 -- a name of PostgreSQL's catalogue
        cursor.execute("SELECT ecosystem_remove_kept(%s)", [row.pk])


def _remove_outside(row: Environment) -> None:
    """What stands outside row-level security."""
    for model in (SearchEntry, Host, EnvironmentSetting, EnvironmentAncestor):
        model.objects.filter(environment=row).delete()


def _forget(person_id: int, *, environment_id: int, above_id: int) -> bool:
    """Whoever was nowhere else is nobody any more."""
    with open_scope(environment_id=above_id, person_id=person_id):
        person = Person.objects.select_for_update().get(pk=person_id)
        if is_known_elsewhere(environment_id=environment_id):
            return False
        person_make_nobody(person=person)
    return True
