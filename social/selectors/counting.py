"""How many posts of somebody count: those that were neither withdrawn nor hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import ngettext

from social.models import Discussion, Participation, Post


def standing(*, person_ids: Collection[int], element_ids: Collection[int]) -> QuerySet[Post]:
    return Post.objects.filter(
        person_id__in=person_ids, element_id__in=element_ids, withdrawn_at=None, hidden_at=None, is_erased=False
    )


def counted(*, person_id: int, element_id: int) -> tuple[int, int]:
    """Threads and replies of a person in a discussion, in whichever circle."""
    rows = standing(person_ids=[person_id], element_ids=[element_id])
    found = rows.aggregate(
        threads=Count("pk", filter=Q(is_opening=True)), replies=Count("pk", filter=Q(is_opening=False))
    )
    return found["threads"], found["replies"]


def posts_known(person_ids: Collection[int], subjects: Collection[int]) -> Mapping[int, Mapping[int, int]]:
    """By person and discussion: how many posts count. One query."""
    found: dict[int, dict[int, int]] = {}
    rows = standing(person_ids=person_ids, element_ids=subjects).order_by().values_list("person_id", "element_id")
    for person_id, element_id, count in rows.annotate(count=Count("pk")):
        found.setdefault(person_id, {})[element_id] = count
    return found


@dataclass(frozen=True)
class Asked:
    """One thing that a discussion asks for, in words, and whether the person has it."""

    words: str
    is_done: bool


def asked_of(discussion: Discussion, *, person_id: int) -> list[Asked]:
    """What is asked of a person, and how far they are; one query."""
    threads, replies = counted(person_id=person_id, element_id=discussion.element_id)
    found = []
    if most := discussion.threads_asked:
        said = ngettext("Begin %(n)s thread (%(now)s so far)", "Begin %(n)s threads (%(now)s so far)", most)
        found.append(Asked(said % {"n": most, "now": threads}, threads >= most))
    if most := discussion.replies_asked:
        said = ngettext("Write %(n)s reply (%(now)s so far)", "Write %(n)s replies (%(now)s so far)", most)
        found.append(Asked(said % {"n": most, "now": replies}, replies >= most))
    return found


def done_when(*, person_id: int, element_id: int) -> datetime | None:
    rows = Participation.objects.filter(person_id=person_id, element_id=element_id)
    found: datetime | None = rows.values_list("completed_at", flat=True).first()
    return found
