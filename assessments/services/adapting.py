"""An adaptive attempt: one question at a time, each chosen by the answers before it, until enough is known."""

import random
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.adaptive import OF_AUTHOR, Estimate, StopRules, difficulty_of, estimate, expected_share, next_place
from assessments.exceptions import AssessmentError
from assessments.models import Answer, Assessment, Attempt, ItemFigures, Question
from assessments.question_types.base import Marking
from assessments.question_types.registry import QUESTION_TYPES, question_type
from assessments.selectors.questions import newest_versions
from assessments.services.drawing import candidates_of, order_shuffled
from assessments.statistics import ENOUGH

_RANDOM = random.SystemRandom()
AUTOMATIC = frozenset(key for key, kind in QUESTION_TYPES.items() if kind.marking is Marking.AUTO)
RIGHT_FROM = 0.5  # share of the points from which an answer counts as right


@dataclass(frozen=True, slots=True)
class Pool:
    """What may be asked: questions by their ids, each with its difficulty in logits."""

    questions: list[int]
    difficulties: list[float]


def pool_of(*, assessment: Assessment) -> Pool:
    """The questions put into the assessment and all that its draws may take, as far as they are marked at once.

    A difficulty comes of the answers everywhere here, once there are enough; until then of what its author says.
    """
    fixed = assessment.questions.filter(question__retired_at=None).values_list("question_id", flat=True)
    ids = set(fixed)
    for draw in assessment.draws.all():
        ids |= set(candidates_of(draw=draw).values_list("pk", flat=True))
    rows = Question.objects.filter(pk__in=ids, type__in=AUTOMATIC).order_by("pk").values_list("pk", "difficulty")
    known = _facilities([pk for pk, _difficulty in rows])
    difficulties = [
        difficulty_of(facility=known[pk][0], answers=known[pk][1]) if pk in known else OF_AUTHOR.get(said or 3, 0.0)
        for pk, said in rows
    ]
    return Pool([pk for pk, _said in rows], difficulties)


def _facilities(ids: list[int]) -> dict[int, tuple[float, int]]:
    """(share of the points earned, answers) of each question with enough answers, over all assessments here."""
    earned: dict[int, float] = {}
    answers: dict[int, int] = {}
    figures = ItemFigures.objects.filter(question_id__in=ids, answers__gt=0, analysis__assessment__mode="quiz")
    for pk, count, figure in figures.values_list("question_id", "answers", "figures"):
        earned[pk] = earned.get(pk, 0.0) + count * min(max(figure.get("facility", 0.0), 0.0), 1.0)
        answers[pk] = answers.get(pk, 0) + count
    return {pk: (earned[pk] / count, count) for pk, count in answers.items() if count >= ENOUGH}


def rules_of(*, assessment: Assessment) -> StopRules:
    return StopRules(assessment.target_error, assessment.least_questions, assessment.most_questions)


@transaction.atomic
def question_next(*, attempt: Attempt) -> Answer | None:
    """Choose and ask the next question; None when enough is known. The attempt must be locked, its last answer given."""
    answers = list(Answer.objects.filter(attempt=attempt).select_related("version").order_by("position"))
    pool = pool_of(assessment=attempt.assessment)
    if not answers and not pool.questions:
        raise AssessmentError(_("This assessment has no questions at the moment."))
    asked = {answer.version.question_id for answer in answers}
    places = [place for place, pk in enumerate(pool.questions) if pk in asked]
    known = ability_of(answers=answers)
    left = len(pool.questions) - len(places)
    if rules_of(assessment=attempt.assessment).is_enough(asked=len(answers), error=known.error, left=left):
        return None
    place = next_place(
        difficulties=pool.difficulties,
        asked=places,
        ability=known.ability,
        spread=attempt.assessment.even_exposure,
        lot=_RANDOM.randrange(2**32),
    )
    version = newest_versions(question_ids=[pool.questions[place]])[pool.questions[place]]
    order = order_shuffled(places=question_type(version.type).shuffles(version.body))
    return Answer.objects.create(
        environment_id=attempt.environment_id,
        attempt=attempt,
        person_id=attempt.person_id,
        bank_id=version.element_id,
        version=version,
        position=len(answers) + 1,
        order=order if attempt.assessment.shuffle_choices else None,
        difficulty=pool.difficulties[place],
    )


def ability_of(*, answers: list[Answer]) -> Estimate:
    """From the marks that are kept, or else from what the keys of the questions say."""
    right = [_share(answer) >= RIGHT_FROM for answer in answers]
    return estimate(difficulties=[answer.difficulty or 0.0 for answer in answers], right=right)


def _share(answer: Answer) -> float:
    fraction = answer.fraction
    if fraction is None:
        fraction = question_type(answer.version.type).score(answer.version.body, answer.response).fraction
    return float(fraction or 0)


def ability_set(*, attempt: Attempt, answers: list[Answer]) -> float:
    """Write down what is known of the ability, and return the score: the share of the whole pool that it stands for.

    Who stops before the least number of questions gets that part of it.
    """
    known = ability_of(answers=answers)
    attempt.ability = known.ability if answers else None
    attempt.ability_error = known.error if answers else None
    attempt.save(update_fields=["ability", "ability_error"])
    pool = pool_of(assessment=attempt.assessment)
    if not answers or not pool.difficulties:
        return 0.0
    part = min(1.0, len(answers) / max(1, min(attempt.assessment.least_questions, len(pool.questions))))
    return round(expected_share(difficulties=pool.difficulties, ability=known.ability) * part, 4)
