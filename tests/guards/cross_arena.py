"""The database an attack runs in: a clone of the migrated one, from which row-level security can be taken."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import TypeVar

from django.conf import settings
from django.db import connection, connections
from django.template import Template
from django.test.utils import _TestState, override_settings
from psycopg2 import sql

from ecosystem.hosts import forget_hosts
from ecosystem.models import Environment, StoredFile
from ecosystem.scope import open_scope
from tests import databases
from tests.guards.twins import tenant_models
from tests.scenes import made_once, what_was_made

Made = TypeVar("Made")

# Thousands of sign-ins a minute: no slow hashes, no limits (they have tests of their own), no proof that runs out between
# two requests that are compared. No session outside the database, where it would outlive the undoing.
QUICK = override_settings(
    SESSION_ENGINE="tests.guards.cross_sessions",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ACCOUNT_RATE_LIMITS=False,
    ACCOUNT_REAUTHENTICATION_TIMEOUT=10**9,
    API_PER_CALLER=10**9,
    API_PER_ENVIRONMENT=10**9,
)


@contextmanager
def arena(make: Callable[..., Made], *, on: Callable[[], object] | None = None) -> Iterator[Made]:
    """What ``make`` makes (of what ``on`` made), committed in a clone that goes in the end. Whoever asks undoes each request (``undone``).

    Not one transaction around them all: every look would pass by what thousands of undone requests left behind.
    """
    before = connection.settings_dict["NAME"]
    name = f"grove_cross_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
    with quiet(), QUICK:
        databases.clone(made_once(make, on=on), name)
        try:
            databases.use(name)
            forget_hosts()
            yield pickle.loads(what_was_made(name))
        finally:
            connections["default"].close()
            databases.use(before)
            databases.drop(name)
            forget_hosts()


@contextmanager
def arena_with_files(make: Callable[[], Made], folder: Path) -> Iterator[Made]:
    """For what takes files away: those of the scene are of all who copy it, so ``folder`` gets copies of them."""
    with arena(make) as made:
        for environment in Environment.objects.all():
            with open_scope(environment_id=environment.pk):
                for path in StoredFile.objects.values_list("path", flat=True):
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    copyfile(Path(settings.MEDIA_ROOT, path), folder / path)
        local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
        with override_settings(MEDIA_ROOT=folder, STORAGES={**settings.STORAGES, "default": local}):
            yield made


@contextmanager
def quiet() -> Iterator[None]:
    """No log lines and no copies of template contexts for thousands of refused requests."""
    logging.disable(logging.CRITICAL)
    slow = Template._render
    Template._render = (
        Template._render if not hasattr(_TestState, "saved_data") else _TestState.saved_data.template_render
    )
    try:
        yield
    finally:
        Template._render = slow
        logging.disable(logging.NOTSET)


def drop_row_security() -> None:
    """In the database of this arena."""
    with databases.admin(connection.settings_dict["NAME"]) as cursor:
        for model in tenant_models():
            table = sql.Identifier(model._meta.db_table)
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(table))
