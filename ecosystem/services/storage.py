"""The one way to store and remove a file: counted with its environment, looked at, and refused when there is no room."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.limits import STORAGE, bytes_in, limits_locked, limits_on
from ecosystem.models import Environment, StoredFile, TenantModel
from ecosystem.scanning import refuse_harmful
from ecosystem.scope import current_scope, open_scope

MB = 1024 * 1024
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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
    more = 0 if always else size - (known.size if known else 0)
    # Whoever is refused anyway does not wait; who shares a path (``keep``: small files) takes the limit before the path.
    _refuse_if_full(here, more, hold=keep)
    if not always:
        refuse_harmful(content)
    _lock(path)
    path = _written(path, content, keep=keep, known=known)
    if not keep:  # only now, so that nobody else waits while a large file is on its way
        try:
            _refuse_if_full(here, more, hold=True)
        except EcosystemError:
            _forget(path)
            raise
    StoredFile.objects.update_or_create(environment_id=here, path=path, defaults={"size": size})
    return path


def _written(path: str, content: bytes | File, *, keep: bool, known: StoredFile | None) -> str:
    if _trial.get():
        return path
    there = default_storage.exists(path)
    if there and keep:
        return path
    if there and known is not None:
        file_remove(path=path)
    elif there:  # left behind by what was rolled back
        default_storage.delete(path)
    try:
        path = default_storage.save(path, ContentFile(content) if isinstance(content, bytes) else content)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        default_storage.delete(path)  # what had been written of it
        raise EcosystemError(
            _("There is no room for this file on the server just now. Nothing was kept of it.")
        ) from error
    if (noted := _noted.get()) is not None:
        noted.append(path)
    return path


def _forget(path: str) -> None:
    if not _trial.get():
        default_storage.delete(path)


@transaction.atomic
def files_store(*, files: Iterable[tuple[str, bytes]], size: int) -> list[tuple[str, int]]:
    """Store many, ``size`` bytes in all, in a folder that nobody else knows; the path and size of each, in their order.

    All or none of them. ``files`` may refuse on the way.
    """
    here = current_scope().environment_id
    _refuse_if_full(here, size, hold=False)
    with files_gone_on_failure():
        stored = [(_looked_at(path, content), len(content)) for path, content in files]
        _refuse_if_full(here, sum(size for _path, size in stored), hold=True)
    rows = [StoredFile(environment_id=here, path=path, size=size) for path, size in stored]
    StoredFile.objects.bulk_create(rows, batch_size=500)
    return stored


def _looked_at(path: str, content: bytes) -> str:
    refuse_harmful(content)
    return _written(path, content, keep=False, known=None)


_noted: ContextVar[list[str] | None] = ContextVar("files noted", default=None)
_trial: ContextVar[bool] = ContextVar("nothing is stored", default=False)


@contextmanager
def files_gone_on_failure() -> Iterator[None]:
    """What the body has stored is deleted when it fails; its rows go with its transaction."""
    outer, mine = _noted.get(), list[str]()
    token = _noted.set(mine)
    try:
        yield
    except BaseException:
        for path in mine:
            default_storage.delete(path)
        raise
    finally:
        _noted.reset(token)
    if outer is not None:
        outer.extend(mine)


@contextmanager
def files_on_trial() -> Iterator[None]:
    """Files are judged and counted as ever, and none is written: for a body that is rolled back."""
    token = _trial.set(True)
    try:
        yield
    finally:
        _trial.reset(token)


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


@transaction.atomic
def files_remove(*, paths: Iterable[str]) -> None:
    """Many at once, under names that nobody else has: counted no more, and deleted once that is committed."""
    here, gone = current_scope().environment_id, list(paths)
    StoredFile.objects.filter(environment_id=here, path__in=gone).delete()
    transaction.on_commit(lambda: [default_storage.delete(path) for path in gone])


def refuse_without_room(*, size: int) -> None:
    """Refuse what will not fit, before it is sent."""
    _refuse_if_full(current_scope().environment_id, size, hold=False)


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


def _refuse_if_full(here: int, more: int, *, hold: bool) -> None:
    """Refuse when a limit here or above, with all that is stored below it, has no room for ``more`` bytes.

    With ``hold`` it stays so until the transaction ends: whoever stores something meanwhile waits.
    """
    if more <= 0:
        return
    for limit in (limits_locked if hold else limits_on)(environment_id=here, key=STORAGE):
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
