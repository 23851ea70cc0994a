"""The badge on every page: how many questions wait today, counted with as little as that takes."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from ecosystem.models import Membership
from ecosystem.prepared import Given, prepared
from memotrainer.daily import MOST_A_DAY, Wishes, due_cards, due_ids, is_preparing, wishes_of
from memotrainer.enums import Mode
from memotrainer.models import Card, Training
from memotrainer.places import places_beside

TEST_AHEAD = 0  # no topic has this number
COUNT_KEPT = 600  # seconds; what authors change meanwhile shows in the session at once, in the badge then
COUNT_EVERYWHERE_KEPT = 60  # seconds; what comes due in them is in the badge then


def due_count(membership: Membership) -> int:
    """The badge: how many questions today's session has, which asks each topic once. It stands on every page."""
    now = timezone.now()
    if places_beside(membership):
        return _count_everywhere(membership, now=now)
    today, person_id = timezone.localdate(now), membership.person_id
    topics = {topic for (topic,) in _topics(person=person_id, now=now, mode=Mode.TEST.value, on=today)}
    if not topics:
        return 0
    wishes = wishes_of(person_id=person_id, now=now)
    if wishes.is_off(today):
        return 0
    if TEST_AHEAD in topics and is_preparing(person_id=person_id, on=today):
        return _count_before_test(membership, wishes, now=now)
    return min(len(topics - {TEST_AHEAD}), max(0, wishes.size - wishes.done))


def _count_everywhere(membership: Membership, *, now: datetime) -> int:
    """Reading several environments takes longer than a page may: it is done again after a minute, and once the person has
    answered or wished for something, wherever that was (``due_changed``)."""
    here, key = membership.environment_id, _everywhere_key(membership.person_id)
    kept: dict[int, tuple[datetime, int]] = cache.get(key) or {}
    at, count = kept.get(here, (now, None))
    is_fresh = abs(now - at).total_seconds() < COUNT_EVERYWHERE_KEPT and timezone.localdate(at) == timezone.localdate(
        now
    )
    if count is None or not is_fresh:
        count = len(due_ids(person_id=membership.person_id, at=now, here=membership))
        cache.set(key, {**kept, here: (now, count)}, COUNT_EVERYWHERE_KEPT)
    return count


def due_changed(*, person_id: int) -> None:
    """What is due has changed by the person's own doing: it is counted again for pages that begin from now on."""
    key = _everywhere_key(person_id)
    cache.delete(key)
    transaction.on_commit(lambda: cache.delete(key))  # a page beside this one may have kept what was


def _everywhere_key(person_id: int) -> str:
    return f"memo:due:everywhere:{person_id}"


@prepared
def _topics(*, person: Given, now: Given, mode: Given, on: Given) -> QuerySet[Card, tuple[int]]:
    """What is due, and ``TEST_AHEAD`` where any course prepares for a test."""
    topic = Coalesce("question__objective_id", -F("question_id"))
    due = due_cards(person, now).order_by().values_list(topic).distinct()[:MOST_A_DAY]
    ahead = Training.objects.filter(mode=mode, test_on__gt=on).order_by().values_list(Value(TEST_AHEAD))[:1]
    return due.union(ahead, all=True)


def _count_before_test(membership: Membership, wishes: Wishes, *, now: datetime) -> int:
    """Choosing among everything the test is about takes longer than a page may: it is done again after each answer."""
    when = timezone.localdate(now).isoformat()
    state = f"{wishes.done}-{wishes.size}-{wishes.test_minutes}"
    key = f"memo:due:{membership.environment_id}:{membership.person_id}:{when}:{state}"
    count: int | None = cache.get(key)
    if count is None:
        count = len(due_ids(person_id=membership.person_id, at=now, here=membership))
        cache.set(key, count, COUNT_KEPT)
    return count
