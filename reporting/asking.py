"""Questions about a moment and a span. About everything, which most people ask, their SQL is written once."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models import Count, QuerySet, Value

from ecosystem.prepared import Given, prepared
from ecosystem.spans import WHOLE, Span


def of_span(build: Callable[[Any, Span], QuerySet[Any]]) -> Callable[[datetime, Span], list[Any]]:
    """The rows of ``build(at, span)``, which must not make the SQL depend on the moment but by comparing with it.

    Nor may it ask for days and months: those are of a time zone, which is in the SQL.
    """

    @prepared
    def of_everything(*, at: Given) -> QuerySet[Any]:
        return build(at, WHOLE)

    @wraps(build)
    def rows(at: datetime, span: Span) -> list[Any]:
        return of_everything(at=at) if span.everything else list(build(at, span))

    return rows


def in_all(rows: QuerySet[Any], **counts: Count) -> QuerySet[Any, tuple[int, ...]]:
    """One row with these counts. A manager's scope has several environments, so that none of its columns may group them."""
    return rows.order_by().annotate(every=Value(1)).values("every").annotate(**counts).values_list(*counts)
