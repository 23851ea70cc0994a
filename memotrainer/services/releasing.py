"""Questions that come into the pool before anybody asked them: from the first day of a course, or as extras of a quiz."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assessments.models import AssessmentQuestion, Question
from courses.models import Activity, VersionState
from memotrainer.fsrs import DEFAULT_WEIGHTS
from memotrainer.models import Card, Training
from memotrainer.services.trainers import reminder_plan, trainer_lock, zone_here

# What stands in a card that was never answered; its first answer begins the log, so nothing of this remains.
UNMET = {"stability": DEFAULT_WEIGHTS[2], "difficulty": 5.0, "reviews": 0, "lapses": 0}


@transaction.atomic
def course_cards_release(*, person_id: int, course_id: int) -> int:
    """All questions of a course from day one, where its training says so; returns how many are new. Twice is once."""
    if not Training.objects.filter(element_id=course_id, from_day_one=True).exists():
        return 0
    quizzes = Activity.objects.filter(element_id=course_id, version__state=VersionState.PUBLISHED).values("target_id")
    asked = AssessmentQuestion.objects.filter(element_id__in=quizzes, question__retired_at=None)
    sources = dict(asked.order_by("-position", "-pk").values_list("question_id", "element_id"))
    return _release(person_id=person_id, sources=sources)


@transaction.atomic
def extras_release(*, person_id: int, quiz_id: int) -> int:
    """What the banks of a quiz hold beside what it asked, where its course says so. Twice is once."""
    courses = Activity.objects.filter(target_id=quiz_id, version__state=VersionState.PUBLISHED).values("element_id")
    if not Training.objects.filter(element_id__in=courses, with_extras=True).exists():
        return 0
    banks = AssessmentQuestion.objects.filter(element_id=quiz_id).values("question__element_id")
    extras = Question.objects.filter(element_id__in=banks, retired_at=None)
    return _release(person_id=person_id, sources=dict.fromkeys(extras.values_list("pk", flat=True), quiz_id))


def _release(*, person_id: int, sources: dict[int, int]) -> int:
    """``sources``: question -> where it belongs."""
    if not sources:
        return 0
    trainer, now = trainer_lock(person_id=person_id), timezone.now()
    known = set(Card.objects.filter(person_id=person_id, question_id__in=sources).values_list("question_id", flat=True))
    banks = dict(Question.objects.filter(pk__in=sources.keys() - known).values_list("pk", "element_id"))
    Card.objects.bulk_create(
        Card(
            environment_id=trainer.environment_id,
            person_id=person_id,
            bank_id=bank_id,
            question_id=question_id,
            source_id=sources[question_id],
            last_reviewed_at=now - timedelta(days=1),
            due_at=now,
            **UNMET,
        )
        for question_id, bank_id in banks.items()
    )
    if banks:
        reminder_plan(trainer=trainer, zone=zone_here(), after=now)
        trainer.save(update_fields=["next_reminder_at"])
    return len(banks)
