"""What people see of their notices, and how they want to be addressed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ecosystem.languages import language_of
from ecosystem.models import Environment, Membership, Person
from ecosystem.prepared import Given, prepared
from ecosystem.scope import current_scope
from notifications.models import MailStop, Notice

NEWEST = 100
STOP_SALT = "notifications.stop"


@dataclass(frozen=True)
class NoticeDay:
    label: str
    notices: list[Notice]


def notices_by_day(*, person_id: int) -> list[NoticeDay]:
    """The newest notices, grouped by the day they came."""
    notices = Notice.objects.filter(person_id=person_id).order_by("-created_at", "-pk")[:NEWEST]
    days: dict[date, list[Notice]] = {}
    for notice in notices:
        days.setdefault(timezone.localtime(notice.created_at).date(), []).append(notice)
    return [NoticeDay(_day_label(day), found) for day, found in days.items()]


def _day_label(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return capfirst(formats.date_format(day, "l j F"))


def unread_count(membership: Membership) -> int:
    """How many notices the person has not seen; the badge on the bell."""
    return len(_unseen(person=membership.person_id))


@prepared
def _unseen(*, person: Given) -> QuerySet[Notice, int]:
    """The badge says "99+" above that, so no more are looked at."""
    return Notice.objects.filter(person_id=person, seen_at=None).order_by().values_list("pk", flat=True)[:100]


@contextmanager
def words_for(*, person_id: int) -> Iterator[None]:
    """Write in the language of a person: for callers of ``notify`` whose texts hold numbers and names."""
    person = Person.objects.get(pk=person_id)
    environment = Environment.objects.get(pk=current_scope().environment_id)
    with (
        translation.override(language_of(person=person, environment=environment)),
        timezone.override(environment.time_zone),
    ):
        yield


def mail_is_stopped(*, person_id: int, kind: str) -> bool:
    return MailStop.objects.filter(person_id=person_id, kind=kind).exists()


def stop_path(*, person_id: int, kind: str) -> str:
    """The address in a letter that stops this kind for this person. It needs no sign-in and never grows old."""
    claim = {"e": current_scope().environment_id, "p": person_id, "k": kind}
    token = signing.Signer(salt=STOP_SALT).sign_object(claim)
    return reverse("notifications:unsubscribe", args=[token])


@dataclass(frozen=True)
class Stop:
    person_id: int
    kind: str


def stop_of_token(token: str) -> Stop | None:
    """Who and what a token of ``stop_path`` is about; None when it is not ours or of another environment."""
    try:
        claim = signing.Signer(salt=STOP_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    if not isinstance(claim, dict) or claim.get("e") != current_scope().environment_id:
        return None
    return Stop(person_id=claim["p"], kind=claim["k"])
