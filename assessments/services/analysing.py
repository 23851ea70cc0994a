"""Item analysis: every answer of an assessment once through ``assessments.statistics``, kept for pages and gardeners."""

import io
import logging
from dataclasses import asdict

import numpy as np
from django.db import connection, transaction
from django.db.models import F, Max

from assessments.models import Analysis, Assessment, Attempt, ItemFigures, Mode, Question, QuestionVersion
from assessments.question_types.choices import choices_in, is_right
from assessments.question_types.registry import question_type
from assessments.selectors.questions import newest_versions
from assessments.statistics import Answers, flags_of, item_figures, test_figure
from ecosystem import clock
from ecosystem.models import Environment
from ecosystem.scope import current_scope, open_scope

logger = logging.getLogger(__name__)

# Row security holds for a COPY of a query as for the query. Numbers only, one row an answer.
READ = """
    COPY (
        SELECT a.attempt_id, v.question_id, a.version_id, a.fraction::float8 * v.points, v.points, a.seconds,
               CASE WHEN v.type = 'single' THEN coalesce((a.response ->> 'choice')::int, -1) ELSE -1 END
        FROM assessments_answer a
        JOIN assessments_attempt t ON t.id = a.attempt_id
        JOIN assessments_questionversion v ON v.id = a.version_id
        WHERE t.environment_id = {environment} AND t.element_id = {element} AND t.finished_at IS NOT NULL
              AND a.environment_id = {environment} AND a.fraction IS NOT NULL
    ) TO STDOUT
"""


@transaction.atomic
def analysis_run(*, assessment: Assessment) -> Analysis:
    """Compute the figures from all finished attempts here, and keep them in place of those before. Survey answers have none."""
    answers, question_ids, version_ids = answers_read(element_id=assessment.element_id)
    whole = test_figure(answers)
    analysis, _created = Analysis.objects.update_or_create(
        environment_id=current_scope().environment_id,
        element_id=assessment.element_id,
        assessment=assessment,
        defaults={
            "attempts": whole.attempts,
            "mean": whole.mean,
            "spread": whole.spread,
            "alpha": whole.alpha,
            "error": whole.error,
            "at": clock.now(),
        },
    )
    ItemFigures.objects.filter(analysis=analysis).delete()
    newest = newest_versions(question_ids=question_ids)
    only_newest = _options_of_newest(answers, question_ids, version_ids, newest)
    banks = dict(Question.objects.filter(pk__in=question_ids).values_list("pk", "element_id"))
    rows = []
    for question_id, figure in zip(question_ids, item_figures(only_newest), strict=True):
        version = newest[question_id]
        guess = question_type(version.type).guess_probability(version.body)
        rows.append(
            ItemFigures(
                environment_id=analysis.environment_id,
                analysis=analysis,
                bank_id=banks[question_id],
                question_id=question_id,
                answers=figure.answers,
                figures=asdict(figure),
                flags=flags_of(figure, guess=guess, right=_right(version)),
            )
        )
    ItemFigures.objects.bulk_create(rows, batch_size=2000)
    return analysis


def answers_read(*, element_id: int) -> tuple[Answers, list[int], np.ndarray]:
    """The answers as arrays, the id of the question of each item, and the version of each answer."""
    sql = READ.format(environment=int(current_scope().environment_id), element=int(element_id))
    text = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(sql, text)
    table = np.loadtxt(io.BytesIO(text.getvalue()), delimiter="\t", ndmin=2) if text.tell() else np.empty((0, 7))
    whole = table[:, [0, 1, 2, 6]].astype(np.int64)
    _attempts, attempt = np.unique(whole[:, 0], return_inverse=True)
    questions, item = np.unique(whole[:, 1], return_inverse=True)
    answers = Answers(
        attempt=attempt.astype(np.int64),
        item=item.astype(np.int64),
        earned=table[:, 3],
        points=table[:, 4],
        seconds=table[:, 5],
        option=whole[:, 3],
    )
    return answers, questions.tolist(), whole[:, 2]


def _options_of_newest(
    answers: Answers, question_ids: list[int], versions: np.ndarray, newest: dict[int, QuestionVersion]
) -> Answers:
    """Options mean something within one version: those of older ones are left out."""
    current = np.array([newest[pk].pk for pk in question_ids], dtype=np.int64)
    option = np.where(versions == current[answers.item], answers.option, -1) if question_ids else answers.option
    return Answers(answers.attempt, answers.item, answers.earned, answers.points, answers.seconds, option)


def _right(version: QuestionVersion) -> frozenset[int]:
    if version.type != "single":
        return frozenset()
    return frozenset(place for place, choice in enumerate(choices_in(version.body)) if is_right(choice))


def analyses_run_due() -> int:
    """In each environment, the assessments with attempts finished since they were last looked at; returns how many."""
    done = 0
    for environment_id in Environment.objects.filter(archived_at=None).values_list("pk", flat=True):
        with open_scope(environment_id=environment_id):
            due = _due()
        done += sum(_run_safely(environment_id, pk) for pk in due)
    return done


def _due() -> list[int]:
    at = dict(Analysis.objects.values_list("element_id", "at"))
    here = Attempt.objects.filter(environment_id=current_scope().environment_id, finished_at__isnull=False)
    rows = here.exclude(assessment__mode__in=[Mode.SURVEY, Mode.FEEDBACK]).values(
        assessment_pk=F("assessment_id"), what=F("element_id")
    )
    last = rows.annotate(last=Max("finished_at")).order_by().values_list("assessment_pk", "what", "last")
    return [pk for pk, element_id, finished in last if element_id not in at or at[element_id] < finished]


def _run_safely(environment_id: int, assessment_id: int) -> int:
    try:
        with open_scope(environment_id=environment_id):
            analysis_run(assessment=Assessment.objects.get(pk=assessment_id))
    except Exception:
        logger.exception("analysis of assessment %s", assessment_id)
        return 0
    return 1
