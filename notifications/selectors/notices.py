"""What people see of their notices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ecosystem.languages import language_of, speaking
from ecosystem.models import Environment, Membership, Person
from ecosystem.prepared import Given, prepared
from ecosystem.scope import current_scope
from notifications.models import Notice
from notifications.registry import notice_kinds

PAGE = 30


@dataclass(frozen=True)
class NoticeLine:
    """A notice and the icon of its kind."""

    notice: Notice
    icon: str


@dataclass(frozen=True)
class NoticeDay:
    label: str
    lines: list[NoticeLine]


@dataclass(frozen=True)
class NoticePage:
    """Some notices, grouped by day: first those nobody has seen yet. ``after`` begins the next page, 0 is the end."""

    unread: list[NoticeDay]
    read: list[NoticeDay]
    after: int


def notice_page(*, person_id: int, kind: str = "", after: int = 0) -> NoticePage:
    """The newest notices on the site, unread ones before all others.

    ``after`` is the id of the last notice of the page before; one that is not the person's begins again at the top.
    """
    mine = Notice.objects.filter(person_id=person_id, in_app=True).order_by("-created_at", "-pk")
    if kind:
        mine = mine.filter(kind=kind)
    last = mine.filter(pk=after).first() if after else None
    unread, read = mine.filter(seen_at=None), mine.filter(seen_at__isnull=False)
    if last is not None and last.seen_at is not None:
        found = list(_older(read, last)[: PAGE + 1])
    else:
        found = list((_older(unread, last) if last else unread)[: PAGE + 1])
        if len(found) <= PAGE:
            found += read[: PAGE + 1 - len(found)]
    shown = found[:PAGE]
    return NoticePage(
        unread=_by_day([one for one in shown if one.seen_at is None]),
        read=_by_day([one for one in shown if one.seen_at is not None]),
        after=shown[-1].pk if len(found) > PAGE else 0,
    )


def _older(notices: QuerySet[Notice], last: Notice) -> QuerySet[Notice]:
    return notices.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))


def _by_day(notices: list[Notice]) -> list[NoticeDay]:
    days: dict[date, list[NoticeLine]] = {}
    for notice in notices:
        kind = notice_kinds.get(notice.kind)
        line = NoticeLine(notice, kind.icon if kind else "bell")
        days.setdefault(timezone.localtime(notice.created_at).date(), []).append(line)
    return [NoticeDay(_day_label(day), found) for day, found in days.items()]


def _day_label(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return capfirst(formats.date_format(day, "l j F" if day.year == today.year else "l j F Y"))


def kinds_of(*, membership: Membership) -> list[tuple[str, str]]:
    """(kind, name) of what the person has notices about, for the filter; in the order of registration."""
    mine = Notice.objects.filter(person_id=membership.person_id, in_app=True)
    words = membership.environment.words
    found = set(mine.values_list("kind", flat=True).distinct())
    return [(key, str(kind.called(words))) for key, kind in notice_kinds.items() if key in found]


def unread_count(membership: Membership) -> int:
    """How many notices the person has not seen; the badge on the bell."""
    return len(_unseen(person=membership.person_id))


@prepared
def _unseen(*, person: Given) -> QuerySet[Notice, int]:
    """A hundred at most are looked at: more need no number."""
    unseen = Notice.objects.filter(person_id=person, seen_at=None, in_app=True)
    return unseen.order_by().values_list("pk", flat=True)[:100]


@contextmanager
def words_for(*, person_id: int) -> Iterator[None]:
    """Write in the language of a person: for callers of ``notify`` whose texts hold numbers and names."""
    person = Person.objects.get(pk=person_id)
    environment = Environment.objects.get(pk=current_scope().environment_id)
    with (
        speaking(language_of(person=person, environment=environment), environment=environment),
        timezone.override(environment.time_zone),
    ):
        yield
