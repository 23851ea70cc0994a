"""Limits on people and storage: each binds an environment together with everything below it.

A limit that an environment has of its own counts what is there and below, and the limits of all environments above go
on counting it too, so whoever gives a subenvironment a limit divides what there is and makes it no larger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from ecosystem.models import Environment, EnvironmentAncestor, EnvironmentSetting, Membership, StoredFile
from ecosystem.prepared import Given, prepared
from ecosystem.scope import current_scope, open_scope

PEOPLE, STORAGE = "people_limit", "storage_limit"


@dataclass(frozen=True)
class Limit:
    """``most`` people or MB in the environment ``environment_id`` with what is below it."""

    environment_id: int
    name: str
    most: int


def limits_on(*, environment_id: int, key: str) -> list[Limit]:
    """Every limit that something new in this environment counts for, from the root down; one query."""
    return [limit for name, limit in _limits(environment_id) if name == key]


def limits_locked(*, environment_id: int, key: str) -> list[Limit]:
    """The same, held until the transaction ends: two who come at once pass one after the other. No limit, no lock.

    Locks go from the root down (what is below was made later), and for both kinds at once, so nobody waits in a circle.
    """
    if not limits_on(environment_id=environment_id, key=key):
        return []
    binding = {limit.environment_id for _name, limit in _limits(environment_id)}
    rows = Environment.objects.select_for_update(no_key=True).filter(pk__in=binding)
    list(rows.order_by("pk").values_list("pk", flat=True))
    return limits_on(environment_id=environment_id, key=key)


def _limits(environment_id: int) -> Iterator[tuple[str, Limit]]:
    locked: set[str] = set()
    for key, value, is_locked, source_id, name in _limits_set(environment_id=environment_id):
        if value and key not in locked:
            yield key, Limit(source_id, name, value)
        if is_locked:
            locked.add(key)


@prepared
def _limits_set(*, environment_id: Given) -> QuerySet[EnvironmentSetting, tuple[str, int, bool, int, str]]:
    """From the root down."""
    rows = EnvironmentSetting.objects.filter(
        environment__descendant_links__environment_id=environment_id, key__in=[PEOPLE, STORAGE]
    )
    return rows.order_by("-environment__descendant_links__depth").values_list(
        "key", "value", "locked", "environment_id", "environment__name"
    )


def people_in(environment_id: int) -> int:
    """Members there and below, each person once. Who is in an archived environment only takes no place."""
    with _reading_below(environment_id) as places:
        rows = Membership.objects.filter(environment_id__in=places, ended_at=None, environment__archived_at=None)
        return rows.values("person_id").distinct().count()


def bytes_in(environment_id: int) -> int:
    """What is stored there and below, archived or not."""
    with _reading_below(environment_id) as places:
        return StoredFile.objects.filter(environment_id__in=places).aggregate(sum=Sum("size"))["sum"] or 0


@contextmanager
def _reading_below(environment_id: int) -> Iterator[tuple[int, ...]]:
    """For counting alone: nothing of the rows themselves is told to anybody."""
    links = EnvironmentAncestor.objects.filter(ancestor_id=environment_id)
    places = tuple(links.values_list("environment_id", flat=True))
    scope = current_scope()
    with open_scope(environment_id=scope.environment_id, person_id=scope.person_id, readable=places):
        yield places
