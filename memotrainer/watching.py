"""What needs care in a course: who falls behind, and which questions mislead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, F, FloatField, Q, Sum
from django.utils import timezone

from assessments.models import Question
from assessments.question_types.registry import question_type
from assessments.registry import Remembered
from assessments.selectors import newest_versions
from ecosystem.markup import plain_text
from ecosystem.scope import current_scope
from memotrainer.models import Card, QuestionReport, Review
from memotrainer.recall import recall_at

SURE = 1.645  # standard deviations: fewer than one of twenty by chance


@dataclass(frozen=True)
class Behind:
    person_id: int
    name: str
    waiting: int
    since: date


@dataclass(frozen=True)
class Leech:
    """A question that is forgotten far more than its recall allows."""

    question_id: int
    name: str
    people: int
    answers: int
    right: int  # percent
    expected: int  # percent
    reports: int
    distractor: str = ""


FEWEST_ANSWERS = 8
KEPT = 600  # seconds
FEWEST_PEOPLE = 5  # of whom a figure may be shown
LOOKED_AT = timedelta(days=180)  # answers that count; older ones say how it was
MOST_WORDS = 5  # of learners about one question


def behind(rows: Any, *, most: int = 20) -> list[Behind]:
    """Whose cards have waited longest: people with something due for three days or more."""
    late = timezone.now() - timedelta(days=3)
    found = (
        rows.filter(due_at__lte=late, suspended_at=None)
        .values("person_id", "person__name")
        .annotate(waiting=Count("pk"))
        .order_by("-waiting", "person__name")[:most]
    )
    waiting = rows.filter(person_id__in=[row["person_id"] for row in found], due_at__lte=late, suspended_at=None)
    firsts = dict(waiting.order_by("person_id", "-due_at").values_list("person_id", "due_at"))
    return [
        Behind(
            row["person_id"], row["person__name"], row["waiting"], timezone.localtime(firsts[row["person_id"]]).date()
        )
        for row in found
    ]


def _misleading(question_ids: Any) -> list[dict[str, Any]]:
    """Sums over the answers to the newest words of each question that is right so much less than foretold, after a day or
    more, that chance would bring it about in fewer than one of twenty: a normal approximation of many unequal coins.

    Only the newest words count, so that a question which was mended begins anew. ``question_ids`` of None: all.
    """
    asked = Review.objects.filter(foretold__isnull=False, answered_at__gte=timezone.now() - LOOKED_AT)
    rows = (
        (asked if question_ids is None else asked.filter(question_id__in=question_ids))
        .values("question_id", "version_id", "question__identifier", "question__name")
        .annotate(
            answers=Count("pk"),
            right=Count("pk", filter=Q(rating__gt=1)),
            people=Count("person_id", distinct=True),
            expected=_sum("foretold"),
            spread=_sum(F("foretold") * (1 - F("foretold"))),
        )
        .filter(answers__gte=FEWEST_ANSWERS)
    )
    found = []
    for row in rows:
        deviation = max(float(row["spread"]), 1e-9) ** 0.5
        if (row["right"] + 0.5 - row["expected"]) / deviation < -SURE:
            found.append(row)
    newest = newest_versions(question_ids=[row["question_id"] for row in found]) if found else {}
    return [row for row in found if getattr(newest.get(row["question_id"]), "pk", None) == row["version_id"]]


def leeches(*, question_ids: Any, most: int = 20) -> list[Leech]:
    """Questions that are forgotten far more than foretold, the worst first, with the wrong answer that was given most."""
    found = _misleading(question_ids)
    reported = _reports([row["question_id"] for row in found])
    wrong = distractors([row["version_id"] for row in found])
    return sorted(
        (
            Leech(
                row["question_id"],
                row["question__name"] or row["question__identifier"],
                row["people"],
                row["answers"],
                round(100 * row["right"] / row["answers"]),
                round(100 * row["expected"] / row["answers"]),
                reported.get(row["question_id"], 0),
                wrong.get(row["question_id"], ""),
            )
            for row in found
        ),
        key=lambda one: (one.right - one.expected, one.name),
    )[:most]


def misleading_ids() -> list[int]:
    """All questions here that are forgotten far more than foretold; two queries over the answers of half a year, so what they
    said stays for ten minutes."""
    key = f"memo:misleading:{current_scope().environment_id}"
    kept: list[int] | None = cache.get(key)
    if kept is None:
        kept = [row["question_id"] for row in _misleading(None)]
        cache.set(key, kept, KEPT)
    return kept


def remembered_of(question_ids: Collection[int]) -> dict[int, Remembered]:
    """For the analysis of a quiz: recall now of questions that five people or more have met, and which of them mislead."""
    recall = recall_at(timezone.now(), answered="last_reviewed_at", shifted=True)
    rows = (
        Card.objects.filter(question_id__in=question_ids, reviews__gt=0)
        .annotate(recall_now=recall)
        .order_by()
        .values("question_id")
        .annotate(mean=Avg("recall_now"), people=Count("person_id", distinct=True))
        .filter(people__gte=FEWEST_PEOPLE)
        .values_list("question_id", "mean", "people")
    )
    found = {question_id: Remembered(round(100 * mean), people) for question_id, mean, people in rows}
    for one in leeches(question_ids=question_ids, most=len(question_ids)):
        known = found.get(one.question_id, Remembered())
        found[one.question_id] = replace(
            known, misleading=True, right=one.right, expected=one.expected, distractor=one.distractor
        )
    return found


@dataclass(frozen=True)
class ToMend:
    """A question that learners reported, or that misleads, for who may change it."""

    question_id: int
    bank_id: int
    bank_slug: str
    name: str
    words: list[str]  # of learners
    reports: int
    leech: Leech | None = None


def reported_count() -> int:
    """How many questions have an open report."""
    return QuestionReport.objects.filter(settled_at=None).values("question_id").distinct().count()


def questions_to_mend(*, most: int = 50) -> list[ToMend]:
    """Reported questions, most reports first, then those that mislead. Constant queries, however many there are."""
    reports: dict[int, list[str]] = {}
    rows = QuestionReport.objects.filter(settled_at=None).order_by("-reported_at")
    for question_id, text in rows.values_list("question_id", "text"):
        reports.setdefault(question_id, []).append(text)
    misleading = {one.question_id: one for one in leeches(question_ids=None, most=most)}
    ids = sorted(reports, key=lambda pk: (-len(reports[pk]), pk)) + [pk for pk in misleading if pk not in reports]
    shown = ids[:most]
    known = {row.pk: row for row in Question.objects.filter(pk__in=shown).select_related("element")}
    return [
        ToMend(
            pk,
            known[pk].element_id,
            known[pk].element.slug,
            known[pk].name or known[pk].identifier,
            [text for text in reports.get(pk, []) if text][:MOST_WORDS],
            len(reports.get(pk, [])),
            misleading.get(pk),
        )
        for pk in shown
        if pk in known
    ]


def _sum(of: Any) -> Any:
    return Sum(of, output_field=FloatField())


def _reports(question_ids: list[int]) -> dict[int, int]:
    return dict(
        QuestionReport.objects.filter(question_id__in=question_ids, settled_at=None)
        .values("question_id")
        .annotate(count=Count("pk"))
        .values_list("question_id", "count")
    )


def distractors(version_ids: list[int]) -> dict[int, str]:
    """By question: the wrong answer that was given most to these versions, in words."""
    counts: dict[int, Counter[str]] = {}
    since = timezone.now() - LOOKED_AT
    rows = Review.objects.filter(version_id__in=version_ids, fraction__lt=1, answered_at__gte=since)
    for review in rows.select_related("version").order_by("-answered_at")[:2000]:
        given = question_type(review.version.type).reveal(review.version.body, review.response)["given"]
        text = plain_text(" / ".join(map(str, given)))
        if text:
            counts.setdefault(review.question_id, Counter())[text] += 1
    return {question_id: counter.most_common(1)[0][0] for question_id, counter in counts.items()}
