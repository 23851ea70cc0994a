"""Taking away what has been kept long enough: every period that ``ecosystem.privacy`` states is applied here.

Audit entries are removed by a function of the database's owner, because nobody else may: it takes no period, so neither
this code nor whoever gets hold of the runtime role can shorten it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ecosystem.models import (
    AccountLetter,
    DataExport,
    Erasure,
    ErasureState,
    ExportState,
    Invitation,
    PeopleImport,
    SignIn,
)
from ecosystem.services.emptying import empty_everywhere
from ecosystem.services.imports import KEPT_FOR as IMPORT_KEPT_FOR
from ecosystem.services.sign_ins import KEPT_FOR as SIGN_IN_KEPT_FOR

BATCH = 1000
DAY = timedelta(days=1)
ENDED_KEPT_FOR = timedelta(days=90)
WITHDRAWN_KEPT_FOR = timedelta(days=730)


def forget_old(*, batch: int = BATCH) -> int:
    """Remove in every environment what is too old to be kept; returns how many rows. Twice is once.

    In small transactions, so that nobody waits.
    """
    gone = empty_everywhere(finds=OLD, batch=batch)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return gone + audit_forget(batch=batch)


def audit_forget(*, batch: int = BATCH) -> int:
    """Remove audit entries older than two years, in all environments; their links in the chain stay."""
    gone = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT ecosystem_audit_forget(%s)", [batch])
            count = cursor.fetchone()[0]
        gone += count
        if count < batch:
            return gone


def _invitations() -> QuerySet:
    """Accepted, withdrawn or expired long ago."""
    long_ago = timezone.now() - ENDED_KEPT_FOR
    return Invitation.objects.filter(Q(ended_at__lt=long_ago) | Q(ended_at=None, expires_at__lt=long_ago))


def _imports() -> QuerySet:
    """Files that nobody confirmed, and that one was confirmed long ago."""
    now = timezone.now()
    return PeopleImport.objects.filter(
        Q(done_at=None, created_at__lt=now - IMPORT_KEPT_FOR) | Q(done_at__lt=now - ENDED_KEPT_FOR)
    )


def _exports() -> QuerySet:
    """That there was a copy; its file went after a week."""
    over = [ExportState.EXPIRED, ExportState.FAILED]
    return DataExport.objects.filter(state__in=over, asked_at__lt=timezone.now() - ENDED_KEPT_FOR)


def _erasures() -> QuerySet:
    """Those that did not happen. One that did stays, because it keeps the person away."""
    old = timezone.now() - WITHDRAWN_KEPT_FOR
    return Erasure.objects.filter(state=ErasureState.WITHDRAWN, asked_at__lt=old)


def _sign_ins() -> QuerySet:
    return SignIn.objects.filter(seen_at__lt=timezone.now() - SIGN_IN_KEPT_FOR)


def _letters() -> QuerySet:
    return AccountLetter.objects.filter(expires_at__lt=timezone.now() - DAY)


OLD: tuple[Callable[[], QuerySet], ...] = (_invitations, _imports, _exports, _erasures, _sign_ins, _letters)
