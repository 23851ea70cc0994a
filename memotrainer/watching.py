"""Which questions mislead, and which learners say are wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, F, FloatField, Max, Q, QuerySet, Sum
from django.utils import timezone

from assessments.models import Question, QuestionVersion
from assessments.question_types.registry import question_type
from assessments.registry import Remembered
from assessments.selectors import newest_versions
from ecosystem.markup import plain_text
from ecosystem.prepared import Among, Given, prepared
from ecosystem.scope import current_scope
from memotrainer.models import Card, QuestionReport, Review
from memotrainer.recall import recall_at

SURE = 1.645  # standard deviations: fewer than one of twenty by chance


@dataclass(frozen=True)
class Leech:
    """A question that is forgotten far more than its recall allows."""

    question_id: int
    name: str
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


def _misleading(question_ids: Collection[int] | None) -> list[tuple[dict[str, Any], QuestionVersion]]:
    """(sums over the answers, the words) of the newest words of each question that is right so much less than foretold,
    after a day or more, that chance would bring it about in fewer than one of twenty: a normal approximation of many unequal
    coins.

    Only the newest words count, so that a question which was mended begins anew. ``question_ids`` of None: all.
    """
    since = timezone.now() - LOOKED_AT
    rows = _sums(since=since) if question_ids is None else _sums_of(questions=list(question_ids), since=since)
    found = []
    for row in rows:
        deviation = max(float(row["spread"]), 1e-9) ** 0.5
        if (row["right"] + 0.5 - row["expected"]) / deviation < -SURE:
            found.append(row)
    newest = newest_versions(question_ids=[row["question_id"] for row in found]) if found else {}
    both = [(row, newest.get(row["question_id"])) for row in found]
    return [(row, version) for row, version in both if version and version.pk == row["version_id"]]


@prepared
def _sums(*, since: Given) -> QuerySet[Any]:
    return _summed(Review.objects.filter(answered_at__gte=since))


@prepared
def _sums_of(*, questions: Given, since: Given) -> QuerySet[Any]:
    return _summed(Review.objects.filter(Among("question_id", questions), answered_at__gte=since))


def _summed(answers: QuerySet[Review]) -> QuerySet[Any]:
    return (
        answers.filter(foretold__isnull=False)
        .values("question_id", "version_id")
        .annotate(
            answers=Count("pk"),
            right=Count("pk", filter=Q(rating__gt=1)),
            expected=_sum("foretold"),
            spread=_sum(F("foretold") * (1 - F("foretold"))),
        )
        .filter(answers__gte=FEWEST_ANSWERS)
    )


def leeches(*, question_ids: Collection[int] | None, most: int = 20) -> list[Leech]:
    """Questions that are forgotten far more than foretold, the worst first, with the wrong answer that was given most."""
    found = _misleading(question_ids)
    versions = {version.question_id: version for _row, version in found}
    named = _named(questions=list(versions)) if versions else []
    names = {pk: name or identifier for pk, name, identifier in named}
    reported = _reports(list(versions))
    rows = sorted(
        (
            Leech(
                row["question_id"],
                names[row["question_id"]],
                row["answers"],
                round(100 * row["right"] / row["answers"]),
                round(100 * row["expected"] / row["answers"]),
                reported.get(row["question_id"], 0),
            )
            for row, _version in found
            if row["question_id"] in names
        ),
        key=lambda one: (one.right - one.expected, one.name, one.question_id),
    )[:most]
    wrong = _distractors([versions[one.question_id] for one in rows])
    return [replace(one, distractor=wrong.get(one.question_id, "")) for one in rows]


def misleading_ids() -> list[int]:
    """All questions here that are forgotten far more than foretold; two queries over the answers of half a year, so what they
    said stays for ten minutes."""
    key = f"memo:misleading:{current_scope().environment_id}"
    kept: list[int] | None = cache.get(key)
    if kept is None:
        kept = [version.question_id for _row, version in _misleading(None)]
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


@prepared
def _named(*, questions: Given) -> QuerySet[Any]:
    return Question.objects.filter(Among("pk", questions)).values_list("pk", "name", "identifier")


def _reports(question_ids: list[int]) -> dict[int, int]:
    return dict(
        QuestionReport.objects.filter(question_id__in=question_ids, settled_at=None)
        .values("question_id")
        .annotate(count=Count("pk"))
        .values_list("question_id", "count")
    )


def _distractors(versions: Collection[QuestionVersion]) -> dict[int, str]:
    """By question: the wrong answer that was given most to these versions, in words; of as many the one given last.

    Equal answers are counted in the database, so each is put into words once however many gave it.
    """
    counts: dict[int, Counter[str]] = {}
    of = {version.pk: version for version in versions}
    since = timezone.now() - LOOKED_AT
    ids = sorted(version.question_id for version in versions)
    for version_id, response, count, _last in _wrong(questions=ids, versions=sorted(of), since=since) if of else ():
        version = of[version_id]
        given = question_type(version.type).reveal(version.body, response)["given"]
        text = plain_text(" / ".join(map(str, given)))
        if text:
            counts.setdefault(version.question_id, Counter())[text] += count
    return {question_id: counter.most_common(1)[0][0] for question_id, counter in counts.items()}


@prepared
def _wrong(*, questions: Given, versions: Given, since: Given) -> QuerySet[Any]:
    given = Among("question_id", questions), Among("version_id", versions)  # questions: they are in an index
    rows = Review.objects.filter(*given, fraction__lt=1, answered_at__gte=since).values_list("version_id", "response")
    return rows.annotate(count=Count("pk"), last=Max("answered_at")).order_by("-last")
