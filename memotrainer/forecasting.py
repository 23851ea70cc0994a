"""What the engine knows of one person, between the rows that keep it and the forecasts that use it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import Q

from assessments.models import Question
from memotrainer.engine.correction import Belief, Correction
from memotrainer.engine.evidence import (
    SIZE,
    Asked,
    CardEvidence,
    Offset,
    PersonEvidence,
    ease_of,
    features,
    logit,
    with_pairs,
)
from memotrainer.engine.lives import Floats
from memotrainer.engine.population import sigmoid
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
    wanted = Q(scope=FitScope.ENVIRONMENT) | Q(scope=FitScope.PERSON, person_id=person_id)
    if course_ids:
        wanted |= Q(scope=FitScope.COURSE, element_id__in=course_ids)
    rows = (
        Fit.objects.filter(wanted, accepted=True)
        .order_by("scope", "element_id", "-fitted_at")
        .distinct("scope", "element_id")
    )
    person, environment, courses, population = None, DEFAULT_WEIGHTS, {}, {}
    for row in rows:
        weights = tuple(row.weights)
        if row.scope == FitScope.PERSON:
            person = weights
        elif row.scope == FitScope.COURSE:
            courses[row.element_id] = weights
        else:
            environment, population = weights, row.population
    return InForce(person, environment, courses, population)


@dataclass
class Forecaster:
    """Foretells recall of one person's cards, and learns from each answer."""

    person: PersonEvidence
    correction: Correction
    population: Mapping[str, Any]

    @classmethod
    def of(cls, profile: Profile | None, *, population: Mapping[str, Any]) -> Forecaster:
        usual = float(population.get("usual", 0.0))
        person = person_in(profile.evidence) if profile and profile.evidence else PersonEvidence.unknown(usual=usual)
        correction = (
            correction_in(profile.correction)
            if profile and profile.correction
            else Correction.of(population=bool(population.get("coefficients")))
        )
        return cls(person, correction, population)

    def begin(self, day: int) -> None:
        self.person.begin(day)
        self.correction.begin(day)

    def inputs(
        self, *, recall: float, stability: float, difficulty: float, gap: int, card: CardEvidence, asked: Asked
    ) -> tuple[Floats, float]:
        """(features, recall as the population foretells it) before the person's own correction."""
        row = np.array(
            features(
                recall=recall,
                stability=stability,
                difficulty=difficulty,
                gap=gap,
                card=card,
                person=self.person,
                asked=asked,
            )
        )
        coefficients = self.population.get("coefficients")
        base = recall
        if coefficients:
            x = row if len(coefficients) == SIZE else with_pairs(row)
            base = float(sigmoid(x @ np.asarray(coefficients)))
        row[1] = logit(base)
        return row, base

    def foretell(self, row: Floats, base: float) -> float:
        return self.correction.foretell(row, recall=base)

    def kept(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(evidence, correction) as JSON keeps them."""
        person = self.person
        evidence = {
            name: [getattr(person, name).mean, getattr(person, name).variance] for name in ("ability", "plain", "late")
        }
        evidence |= {"recent": person.recent, "answers": person.answers, "day": person.day, "seen": list(person.seen)}
        correction = {
            "day": self.correction.day,
            "trust": self.correction.trust.tolist(),
            "beliefs": [[_text(one.mean), _text(one.covariance), one.drift] for one in self.correction.beliefs],
            "waiting": [[_text(row), right] for row, right in self.correction.waiting],
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
    )


def correction_in(kept: Mapping[str, Any]) -> Correction:
    """As it was kept; a new one when features have changed since."""
    beliefs = [Belief(_numbers(mean), _numbers(covariance), drift) for mean, covariance, drift in kept["beliefs"]]
    if any(len(one.mean) != SIZE for one in beliefs):
        return Correction()
    for one in beliefs:
        one.covariance = one.covariance.reshape(SIZE, SIZE)
    return Correction(
        beliefs=beliefs,
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
    rows = Ease.objects.filter(Q(question_id__in=ids) | Q(question__objective_id__in=objectives)).values_list(
        "question_id", "question__objective_id", "surprise", "weight", "late_surprise", "late_weight"
    )
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


def guess_of(type_key: str, choices: int) -> float:
    """The chance of being right without knowing anything."""
    if type_key == "single" and choices > 1:
        return 1 / choices
    return GUESSES.get(type_key, 0.0)
