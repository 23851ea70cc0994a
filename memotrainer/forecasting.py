"""What the engine knows of one person, between the rows that keep it and the forecasts that use it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from assessments.models import Question
from ecosystem.prepared import Among, Given, prepared
from memotrainer.engine.correction import LEARNERS, Correction
from memotrainer.engine.evidence import PAIRS, SIZE, Asked, Offset, PersonEvidence, ease_of
from memotrainer.engine.forecaster import Forecaster
from memotrainer.engine.lives import Floats
from memotrainer.enums import FitScope
from memotrainer.fsrs import DEFAULT_WEIGHTS
from memotrainer.models import Ease, Fit, Profile

GUESSES = {"true_false": 0.5}  # by question type; of single choice it is one in the number of choices


@dataclass(frozen=True)
class InForce:
    """The weights that count for one person, by course, and what the population tells of somebody new."""

    person: tuple[float, ...] | None = None
    environment: tuple[float, ...] = DEFAULT_WEIGHTS
    courses: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    population: Mapping[str, Any] = field(default_factory=dict)

    def weights(self, course_id: int | None = None) -> tuple[float, ...]:
        if self.person is not None:
            return self.person
        return self.courses.get(course_id or 0, self.environment)


def in_force(*, person_id: int, course_ids: Collection[int] = ()) -> InForce:
    """The newest accepted fit of the person, of each course and of the environment: one query."""
    person, environment, courses, population = None, DEFAULT_WEIGHTS, {}, {}
    for row in _newest_fits(person=person_id, courses=list(course_ids)):
        weights = tuple(row.weights)
        if row.scope == FitScope.PERSON:
            person = weights
        elif row.scope == FitScope.COURSE:
            courses[row.element_id] = weights
        else:
            environment, population = weights, row.population
    return InForce(person, environment, courses, population)


@prepared
def _newest_fits(*, person: Given, courses: Given) -> QuerySet[Fit]:
    theirs = Q(scope=FitScope.PERSON, person_id=person) | (Q(scope=FitScope.COURSE) & Q(Among("element_id", courses)))
    rows = Fit.objects.filter(Q(scope=FitScope.ENVIRONMENT) | theirs, accepted=True)
    return rows.order_by("scope", "element_id", "-fitted_at").distinct("scope", "element_id")


def forecaster_of(profile: Profile | None, *, population: Mapping[str, Any]) -> Forecaster:
    """As it was kept, or as of somebody nobody has seen. Coefficients that belong to other features are left out."""
    kept = population.get("coefficients") or []
    coefficients = np.asarray(kept) if len(kept) in (SIZE, PAIRS) else None
    usual = float(population.get("usual", 0.0))
    person = person_in(profile.evidence) if profile and profile.evidence else PersonEvidence.unknown(usual=usual)
    correction = (
        correction_in(profile.correction)
        if profile and profile.correction
        else Correction.of(population=coefficients is not None, helps=population.get("correcting_helps", True))
    )
    return Forecaster(person, correction, coefficients)


def forecaster_kept(forecaster: Forecaster) -> tuple[dict[str, Any], dict[str, Any]]:
    """(evidence, correction) as JSON keeps them."""
    person, learned = forecaster.person, forecaster.correction
    evidence = {
        name: [getattr(person, name).mean, getattr(person, name).variance] for name in ("ability", "plain", "late")
    }
    evidence |= {"recent": person.recent, "answers": person.answers, "day": person.day, "seen": list(person.seen)}
    evidence |= {"topics": list(person.topics.items()), "today": list(person.today.items())}
    correction = {
        "day": learned.day,
        "trust": learned.trust.tolist(),
        "mean": _text(learned.mean),
        "covariance": _text(learned.covariance),
        "waiting": [[_text(row), right] for row, right in learned.waiting],
    }
    return evidence, correction


def person_in(kept: Mapping[str, Any]) -> PersonEvidence:
    ability, late_recall, recent, answers = kept["seen"]
    return PersonEvidence(
        ability=Offset(*kept["ability"]),
        plain=Offset(*kept["plain"]),
        late=Offset(*kept["late"]),
        recent=kept["recent"],
        answers=kept["answers"],
        day=kept["day"],
        seen=(ability, late_recall, recent, int(answers)),
        topics={topic: (surprise, count) for topic, (surprise, count) in kept.get("topics", [])},
        today={topic: (surprise, count) for topic, (surprise, count) in kept.get("today", [])},
    )


def correction_in(kept: Mapping[str, Any]) -> Correction:
    """As it was kept; a new one when features or learners have changed since."""
    mean = _numbers(kept.get("mean", ""))
    if len(mean) != len(LEARNERS) * SIZE:
        return Correction()
    return Correction(
        mean=mean.reshape(len(LEARNERS), SIZE),
        covariance=_numbers(kept["covariance"]).reshape(len(LEARNERS), SIZE, SIZE),
        trust=np.array(kept["trust"]),
        day=kept["day"],
        waiting=[(_numbers(row), right) for row, right in kept["waiting"]],
    )


def _text(values: Floats) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


def _numbers(text: str) -> Floats:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float64)


def asked_of(*, questions: Sequence[Question], types: Mapping[int, tuple[str, int]]) -> dict[int, Asked]:
    """What is known of each question before it is asked. ``types``: its type and number of choices. One query."""
    ids = [question.pk for question in questions]
    objectives = {question.objective_id for question in questions if question.objective_id}
    rows = _eases(questions=ids, objectives=sorted(objectives))
    own: dict[int, Floats] = {}
    together: dict[int, Floats] = {}
    for question_id, objective_id, *sums in rows:
        own[question_id] = np.array(sums)
        if objective_id:
            together[objective_id] = together.get(objective_id, np.zeros(4)) + own[question_id]
    found = {}
    for question in questions:
        mine = own.get(question.pk, np.zeros(4))
        topic = together.get(question.objective_id or 0, mine)
        found[question.pk] = Asked(
            ease=ease_of(topic[0], topic[1]),
            late_ease=ease_of(topic[2], topic[3]),
            item_ease=ease_of(mine[0], mine[1]),
            guess=guess_of(*types.get(question.pk, ("", 0))),
        )
    return found


@prepared
def _eases(*, questions: Given, objectives: Given) -> QuerySet[Ease, tuple[Any, ...]]:
    rows = Ease.objects.filter(Q(Among("question_id", questions)) | Q(Among("question__objective_id", objectives)))
    return rows.values_list(
        "question_id", "question__objective_id", "surprise", "weight", "late_surprise", "late_weight"
    )


def guess_of(type_key: str, choices: int) -> float:
    """The chance of being right without knowing anything."""
    if type_key == "single" and choices > 1:
        return 1 / choices
    return GUESSES.get(type_key, 0.0)
