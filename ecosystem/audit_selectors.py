"""The audit log of one environment: found by words, people, acts and days, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from ecosystem.models import AuditEntry, AuditLink, Environment, EnvironmentAncestor

PER_PAGE = 50


@dataclass(frozen=True)
class AuditWish:
    """What to look for. ``text``: in names and values; ``who``: in the name of the actor; ``actor``: one person.

    ``model`` and ``object_id``: one row. ``since`` and ``until`` are days of the active time zone, both included.
    ``after``: older than this entry.
    """

    text: str = ""
    who: str = ""
    act: str = ""
    actor: int | None = None
    model: str = ""
    object_id: str = ""
    since: date | None = None
    until: date | None = None
    after: int | None = None


@dataclass(frozen=True)
class AuditPage:
    """Newest first; ``next`` is the ``after`` of the following page, None on the last one."""

    entries: list[AuditEntry]
    next: int | None = None


def audit_found(*, wish: AuditWish, most: int = PER_PAGE) -> AuditPage:
    """At most ``most`` entries of the open scope's environment; two queries at most, however long the log is."""
    rows = _filtered(wish)
    if wish.after is not None:
        place = AuditEntry.objects.filter(pk=wish.after).values_list("at", "pk").first()
        if place is None:
            return AuditPage([])
        at, pk = place
        # The first condition is what the index can use.
        rows = rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    found = list(rows.order_by("-at", "-pk")[: most + 1])
    shown, more = found[:most], len(found) > most
    return AuditPage(shown, shown[-1].pk if more else None)


def _filtered(wish: AuditWish) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    exact = {"act": wish.act, "actor_id": wish.actor, "model": wish.model, "object_id": wish.object_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value not in ("", None)})
    if wish.who:
        rows = rows.filter(actor_name__icontains=wish.who)
    if wish.since:
        rows = rows.filter(at__gte=_start(wish.since))
    if wish.until:
        rows = rows.filter(at__lt=_start(wish.until + timedelta(days=1)))
    if wish.text:
        rows = rows.annotate(old=Cast("before", TextField()), new=Cast("after", TextField()))
    for word in wish.text.split()[:5]:
        rows = rows.filter(
            Q(object_name__icontains=word)
            | Q(actor_name__icontains=word)
            | Q(act__icontains=word)
            | Q(old__icontains=word)
            | Q(new__icontains=word)
        )
    return rows


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def places_below(*, environment_id: int) -> list[Environment]:
    """The environment itself, then everything below it by name; one query."""
    links = EnvironmentAncestor.objects.filter(ancestor_id=environment_id).select_related("environment")
    return [link.environment for link in sorted(links, key=lambda link: (link.depth > 0, link.environment.name))]


def links_of(*, entries: list[AuditEntry]) -> dict[int, AuditLink]:
    """The link of each entry in the chain, by id of the entry; one query."""
    return {link.entry_id: link for link in AuditLink.objects.filter(entry_id__in=[entry.pk for entry in entries])}
