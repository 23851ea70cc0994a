"""The one way to store and remove a file: counted with its environment, and refused when it is full."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.limits import STORAGE, bytes_in, limits_locked
from ecosystem.models import Environment, StoredFile, TenantModel
from ecosystem.scope import current_scope, open_scope

MB = 1024 * 1024


@transaction.atomic
def file_store(*, path: str, content: bytes | File, keep: bool = False, always: bool = False) -> str:
    """Store ``content`` and count it; returns its path: ``path``, or one like it if something is there already.

    What was there is removed once that is committed, so a roll-back loses nothing. ``keep``: the path names the content,
    so what is there is the same. ``always``: the platform makes the file for somebody (a certificate, a copy of their
    data), so it counts but is not refused.
    """
    here = current_scope().environment_id
    size = len(content) if isinstance(content, bytes) else content.size
    known = StoredFile.objects.filter(environment_id=here, path=path).first()
    if not always:
        _refuse_if_full(here, size - (known.size if known else 0))
    _lock(path)
    there = default_storage.exists(path)
    if there and not keep:
        if known is not None:
            file_remove(path=path)
        else:  # left behind by what was rolled back
            default_storage.delete(path)
    if not (there and keep):
        path = default_storage.save(path, ContentFile(content) if isinstance(content, bytes) else content)
    StoredFile.objects.update_or_create(environment_id=here, path=path, defaults={"size": size})
    return path


@transaction.atomic
def file_remove(*, path: str, at_once: bool = False) -> None:
    """Count it no more, and delete it once that is committed unless somebody names it by then. Twice is once.

    ``at_once``: the file is gone now, whatever comes of the transaction (an erasure, a file of a few minutes).
    """
    here = current_scope().environment_id
    _lock(path)
    StoredFile.objects.filter(environment_id=here, path=path).delete()
    if at_once:
        default_storage.delete(path)
    else:
        transaction.on_commit(lambda: _delete_unless_named(here, path))


def _delete_unless_named(here: int, path: str) -> None:
    """Paths that name their content are shared: who stored the same one meanwhile has it, and it is counted again."""
    with open_scope(environment_id=here):
        _lock(path)
        if StoredFile.objects.filter(environment_id=here, path=path).exists():
            return
        if not default_storage.exists(path):
            return
        if _is_named(here, path):
            StoredFile.objects.create(environment_id=here, path=path, size=default_storage.size(path))
        else:
            default_storage.delete(path)


def _lock(path: str) -> None:
    """Whoever stores or removes this path waits until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('grove file'), hashtext(%s))", [path])


def _refuse_if_full(here: int, more: int) -> None:
    """Refuse when a limit here or above, with all that is stored below it, has no room for ``more`` bytes."""
    if more <= 0:
        return
    for limit in limits_locked(environment_id=here, key=STORAGE):
        used = bytes_in(limit.environment_id)
        if used + more <= limit.most * MB:
            continue
        if limit.environment_id == here:
            text = _(
                "There is no room for this file: %(used)s of %(limit)s are used, and it has %(more)s. Ask for more storage."
            )
        else:
            text = _(
                "There is no room for this file: %(name)s and what is below it use %(used)s of %(limit)s, and it has %(more)s."
                " Ask there for more storage."
            )
        facts = {"used": used, "limit": limit.most * MB, "more": more}
        raise EcosystemError(text % {**{key: filesizeformat(size) for key, size in facts.items()}, "name": limit.name})


def paths_of_rows() -> set[str]:
    """Every path that a row of the open scope's environment names."""
    here = current_scope().environment_id
    found: set[str] = set()
    for model, name in _columns():
        rows = model.objects.filter(environment_id=here).exclude(**{name: ""})
        found |= set(rows.values_list(name, flat=True))
    return found


def _is_named(here: int, path: str) -> bool:
    return any(model.objects.filter(environment_id=here, **{name: path}).exists() for model, name in _columns())


def _columns() -> Iterator[tuple[type[TenantModel], str]]:
    """(model, name of a field) for all that name files."""
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            for field in model._meta.local_concrete_fields:
                if isinstance(field, models.FileField):
                    yield model, field.name


def files_count() -> int:
    """Write down files that rows name and nobody has counted, in every environment; returns how many. Twice is once."""
    count = 0
    for environment_id in Environment.objects.order_by("pk").values_list("pk", flat=True):
        with open_scope(environment_id=environment_id):
            known = set(StoredFile.objects.values_list("path", flat=True))
            missing = [path for path in sorted(paths_of_rows() - known) if default_storage.exists(path)]
            StoredFile.objects.bulk_create(
                [
                    StoredFile(environment_id=environment_id, path=path, size=default_storage.size(path))
                    for path in missing
                ]
            )
            count += len(missing)
    return count
