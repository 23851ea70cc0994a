"""Fitting the weights of the memory model: global -> environment -> course -> person, each near the one above.

A fit is used only when it foretells later days better than what was in force; the history stays. The fits of an
environment are one transaction, so they may be run twice or killed; cards follow in small steps (``people_catch_up``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from assessments.models import AssessmentQuestion
from courses.models import Activity, VersionState
from ecosystem.models import Environment
from ecosystem.scope import current_scope, open_scope, system_rows
from memotrainer.engine.fitting import NEWS, fit, log_loss
from memotrainer.engine.lives import Floats
from memotrainer.engine.logs import ReviewLog, exact_gaps_of, gaps_of
from memotrainer.engine.population import population_of
from memotrainer.enums import FitScope
from memotrainer.fsrs import DEFAULT_WEIGHTS
from memotrainer.models import Fit, Review
from memotrainer.services.trainers import zone_here

MOST = 200_000  # newest answers that are read
FEWEST = {FitScope.ENVIRONMENT: 200, FitScope.COURSE: 400, FitScope.PERSON: 400}
LATER = 0.2  # share of answers, the last ones, on which a fit is judged
PEOPLE = 5  # with fewer, nothing is said about people nobody has seen
PRIOR_WEIGHT = 3.0  # of the published weights beside those of other environments


def environments_with_cards() -> list[int]:
    """Where there may be something to fit: all that are not archived."""
    return list(Environment.objects.filter(archived_at=None).values_list("pk", flat=True))


def environment_fit(*, environment_id: int) -> int:
    """Fit what has enough news in one environment; returns how many fits were accepted."""
    with open_scope(environment_id=environment_id):
        if not _has_news(FitScope.ENVIRONMENT, Review.objects.all()):
            return 0
        parent = global_weights()
        accepted = _fit(FitScope.ENVIRONMENT, Review.objects.all(), parent=parent, population=True)
        newest = Fit.objects.filter(scope=FitScope.ENVIRONMENT, accepted=True).order_by("-fitted_at").first()
        here = tuple(newest.weights) if newest else parent
        count = int(accepted) + sum(
            course_fit(course_id=course_id, question_ids=asked, parent=here)
            for course_id, asked in questions_of_courses().items()
        )
        by_person = Review.objects.values("person_id").annotate(count=Count("pk"))
        for row in by_person.filter(count__gte=FEWEST[FitScope.PERSON]).order_by("person_id"):
            own = Review.objects.filter(person_id=row["person_id"])
            if _has_news(FitScope.PERSON, own, person_id=row["person_id"]):
                count += _fit(FitScope.PERSON, own, parent=here, person_id=row["person_id"])
    return count


def questions_of_courses() -> dict[int, list[int]]:
    """What the quizzes of each published course ask."""
    quizzes = Activity.objects.filter(version__state=VersionState.PUBLISHED).values_list("element_id", "target_id")
    course_of: dict[int, set[int]] = {}
    for course_id, quiz_id in quizzes:
        course_of.setdefault(quiz_id, set()).add(course_id)
    found: dict[int, list[int]] = {}
    asked = AssessmentQuestion.objects.filter(element_id__in=course_of).order_by("question_id").distinct()
    for quiz_id, question_id in asked.values_list("element_id", "question_id"):
        for course_id in course_of[quiz_id]:
            found.setdefault(course_id, []).append(question_id)
    return found


def course_fit(*, course_id: int, question_ids: Sequence[int], parent: Sequence[float] = DEFAULT_WEIGHTS) -> bool:
    """Fit the questions that a course asks; True when it was accepted."""
    rows = Review.objects.filter(question_id__in=question_ids)
    if not _has_news(FitScope.COURSE, rows, element_id=course_id):
        return False
    return _fit(FitScope.COURSE, rows, parent=parent, element_id=course_id)


def global_weights() -> tuple[float, ...]:
    """What environments have in common: the mean of their newest accepted weights and the published ones. No answers of
    theirs are read, only weights."""
    here = current_scope().environment_id
    with system_rows():
        rows = (
            Fit.objects.filter(scope=FitScope.ENVIRONMENT, accepted=True)
            .exclude(environment_id=here)
            .order_by("environment_id", "-fitted_at")
            .distinct("environment_id")
            .values_list("weights", flat=True)
        )
        others = [np.asarray(weights) for weights in rows]
    total = PRIOR_WEIGHT * np.asarray(DEFAULT_WEIGHTS) + sum(others, np.zeros(len(DEFAULT_WEIGHTS)))
    return tuple((total / (PRIOR_WEIGHT + len(others))).tolist())


def _has_news(scope: FitScope, rows: QuerySet[Review], **of: Any) -> bool:
    last = Fit.objects.filter(scope=scope, **of).aggregate(at=Max("fitted_at"), reviews=Max("reviews"))
    fresh = rows if last["at"] is None else rows.filter(received_at__gt=last["at"])
    enough = max(FEWEST[scope], int(NEWS * (last["reviews"] or 0)))
    return fresh[:enough].count() >= enough


@dataclass(frozen=True)
class Judged:
    weights: Floats
    before: float
    after: float


def judged(log: ReviewLog, *, parent: Sequence[float]) -> Judged | None:
    """Fit on the earlier answers and look at the later ones; None when there are too few of either. The weights that are
    returned are fitted on all of them."""
    lives, at = log.lives(), np.flatnonzero(log.scored)
    cut = int(len(at) * (1 - LATER))
    if cut < 1 or cut >= len(at):
        return None
    early, late = np.zeros(len(log)), np.zeros(len(log))
    early[at[:cut]], late[at[cut:]] = 1.0, 1.0
    right = log.right[lives.order]
    tried = fit(lives, right=right, worth=early[lives.order], parent=parent)
    before = log_loss(lives, parent, right=right, worth=late[lives.order])
    after = log_loss(lives, tried.tolist(), right=right, worth=late[lives.order])
    if after < before:
        tried = fit(lives, right=right, worth=(early + late)[lives.order], parent=parent)
    return Judged(tried, before, after)


def _fit(
    scope: FitScope, rows: QuerySet[Review], *, parent: Sequence[float], population: bool = False, **of: Any
) -> bool:
    log = log_of(rows)
    found = judged(log, parent=parent)
    if found is None:
        return False
    accepted = found.after < found.before
    Fit.objects.create(
        environment_id=current_scope().environment_id,
        scope=scope,
        weights=found.weights.tolist(),
        population=_population(log) if population and accepted else {},
        reviews=len(log),
        loss_before=found.before,
        loss_after=found.after,
        accepted=accepted,
        fitted_at=timezone.now(),
        **of,
    )
    return accepted


def _population(log: ReviewLog) -> dict[str, Any]:
    if len(np.unique(log.learner[log.scored])) < PEOPLE:
        return {}
    known = population_of(log, skills=int(log.skill.max()) + 1, items=int(log.item.max()) + 1)
    coefficients = None if known.coefficients is None else known.coefficients.tolist()
    return {
        "usual": known.usual,
        "late_usual": known.late_usual,
        "coefficients": coefficients,
        "correcting_helps": known.correcting_helps,
    }


def log_of(rows: QuerySet[Review]) -> ReviewLog:
    """The newest answers as arrays, oldest first. Objectives are the skills; a question without one is its own."""
    zone = zone_here()
    newest = rows.order_by("-answered_at", "-uid").values_list(
        "person_id", "question_id", "question__objective_id", "rating", "answered_at"
    )[:MOST]
    table = [
        (
            person,
            question,
            -question if objective is None else objective,
            rating,
            at.astimezone(zone).date().toordinal(),
            int(at.timestamp()),
        )
        for person, question, objective, rating, at in newest
    ][::-1]
    columns = np.array(table, dtype=np.int64).reshape(-1, 6).T
    learner, item, skill = (np.unique(column, return_inverse=True)[1] for column in columns[:3])
    memory = np.unique(learner * (int(item.max(initial=0)) + 1) + item, return_inverse=True)[1]
    return ReviewLog(
        learner=learner,
        memory=memory,
        skill=skill,
        item=item,
        day=columns[4],
        rating=columns[3],
        gap=gaps_of(memory=memory, day=columns[4]),
        has_skills=True,
        has_items=True,
        exact=exact_gaps_of(memory=memory, seconds=columns[5]),
    )
