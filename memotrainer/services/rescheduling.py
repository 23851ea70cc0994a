"""New days for all cards of a course at once, after how it is trained has changed: one statement, however many cards."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from courses.models import Activity, VersionState
from ecosystem.scope import current_scope
from memotrainer.enums import Mode
from memotrainer.fsrs import DEFAULT_WEIGHTS
from memotrainer.models import Card, Trainer, Training
from memotrainer.scheduling import NEVER, STREAK_DAYS
from memotrainer.services.trainers import reminder_plan, zone_here

# What `scheduling.days_until_next` says of one card, for all of them. A day that is as good as the new one stays; the others
# are spread over such days by the question, since what is answered together would come back together.
RESCHEDULE = """
    WITH fits AS (
        SELECT DISTINCT ON (scope, person_id) scope, person_id, weights FROM memotrainer_fit
        WHERE environment_id = %(environment)s AND accepted
          AND (scope IN ('environment', 'person') OR element_id = %(course)s)
        ORDER BY scope, person_id, fitted_at DESC
    ), cards AS (
        SELECT c.id, c.person_id, c.question_id, c.stability, c.shift, c.run, c.due_at, coalesce(t.streak_level, %(level)s) AS level,
            coalesce(own.weights, course.weights, env.weights, %(weights)s) AS w,
            (c.last_reviewed_at AT TIME ZONE %(zone)s)::date AS answered_on, (c.due_at AT TIME ZONE %(zone)s)::date AS due_on
        FROM memotrainer_card c
        JOIN memotrainer_trainer t ON t.environment_id = c.environment_id AND t.person_id = c.person_id
        LEFT JOIN fits own ON own.scope = 'person' AND own.person_id = c.person_id
        LEFT JOIN fits course ON course.scope = 'course'
        LEFT JOIN fits env ON env.scope = 'environment'
        WHERE c.environment_id = %(environment)s AND c.source_id = ANY(%(sources)s) AND c.reviews > 0
          AND c.suspended_at IS NULL
    ), waits AS (
        SELECT *, memotrainer_interval(stability, %(wanted)s, w) AS plain, memotrainer_interval(stability, CASE WHEN shift = 0
            THEN %(wanted)s ELSE least(0.99, greatest(0.3, 1 / (1 + exp(shift - ln(%(wanted)s / (1 - %(wanted)s)))))) END, w) AS moved
        FROM cards
    ), days AS (
        SELECT *, CASE WHEN %(mode)s = 'streak'
            THEN CASE WHEN run >= level THEN %(never)s ELSE (%(steps)s::int[])[least(greatest(run, 1), %(most)s)] END
            ELSE greatest((plain + 1) / 2, least(moved, 2 * plain)) END AS days FROM waits
    ), windows AS (
        SELECT *, CASE WHEN %(mode)s = 'streak' OR days < 3 OR days >= %(never)s THEN 0
            ELSE 1 + 0.15 * (least(days, 7) - 2.5) + 0.10 * greatest(0, least(days, 20) - 7) + 0.05 * greatest(0, days - 20)
            END AS delta FROM days
    ), chosen AS (
        SELECT *, CASE WHEN due_on - answered_on BETWEEN greatest(1, round(days - delta)) AND round(days + delta)
            THEN due_on - answered_on
            ELSE greatest(1, days - CASE WHEN delta < 1 THEN 0 ELSE question_id %% (1 + floor(delta)::bigint) END) END AS wait
        FROM windows
    )
    UPDATE memotrainer_card c
    SET due_at = (n.answered_on + n.wait::int)::timestamp AT TIME ZONE %(zone)s
    FROM chosen n
    WHERE c.environment_id = %(environment)s AND c.person_id = n.person_id AND c.id = n.id AND n.wait <> n.due_on - n.answered_on
"""


@transaction.atomic
def course_cards_reschedule(*, course_id: int) -> int:
    """Give every card of a course the day that its training asks for now; returns how many moved. Twice is once."""
    quizzes = Activity.objects.filter(element_id=course_id, version__state=VersionState.PUBLISHED)
    sources = list(quizzes.order_by("target_id").values_list("target_id", flat=True).distinct())
    training = Training.objects.filter(element_id=course_id).first()
    if training is None or not sources:
        return 0
    zone, now = zone_here(), timezone.now()
    cards = Card.objects.filter(source_id__in=sources, suspended_at=None)
    learners = Trainer.objects.filter(person_id__in=cards.values("person_id")).order_by("person_id")
    trainers = list(learners.select_for_update())  # whoever answers meanwhile waits, or comes first
    params = {
        "environment": current_scope().environment_id,
        "course": course_id,
        "sources": sources,
        "weights": list(DEFAULT_WEIGHTS),
        "mode": training.mode,
        "wanted": training.desired_retention,
        "level": training.streak_level,
        "zone": str(zone),
        "never": NEVER,
        "steps": list(STREAK_DAYS),
        "most": len(STREAK_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(RESCHEDULE, params)
        moved = int(cursor.rowcount)
    # Before a test something may be asked on any day, whether it moved or not.
    for trainer in trainers if moved or training.mode == Mode.TEST else ():
        reminder_plan(trainer=trainer, zone=zone, after=now)
        trainer.save(update_fields=["next_reminder_at"])
    return moved
