"""A fact arrives: what waits for it is looked at in the same transaction, and nothing else is."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from courses.models import ActivityState, Dependency, Enrolment, EnrolmentState, Topic
from courses.services.dependencies import RECORDS
from courses.services.states import UNBEGUN, activities_bring, states_judge
from courses.tasks import open_due
from ecosystem import clock
from ecosystem.hints import hint
from ecosystem.predicates import Subject
from ecosystem.prepared import Among, Given, prepared
from ecosystem.scope import current_scope

# More people at once are left to the workers: nobody waits while the states of a thousand people are judged.
MOST_AT_ONCE = 50
LATER = """
    INSERT INTO courses_wake (environment_id, state_id, due_at)
    SELECT s.environment_id, s.id, %(at)s FROM courses_activitystate s
    JOIN courses_enrolment e ON e.environment_id = s.environment_id AND e.id = s.enrolment_id
    WHERE s.environment_id = %(environment)s AND s.state = ANY(%(unbegun)s) AND e.state = ANY(%(living)s)
      AND (%(people)s::bigint[] IS NULL OR s.person_id = ANY(%(people)s))
      AND (%(activities)s::bigint[] IS NULL OR s.activity_id = ANY(%(activities)s))
      AND (%(enrolments)s::bigint[] IS NULL OR s.enrolment_id = ANY(%(enrolments)s))
    ON CONFLICT (environment_id, state_id) DO UPDATE SET due_at = least(courses_wake.due_at, excluded.due_at)
"""


def facts_arrived(
    *, source: str, person_ids: Collection[int], subjects: Collection[Subject] | QuerySet[Any, str]
) -> None:
    """Judge the states of these people that depend on it; of many people, let the workers do so within seconds."""
    if len(person_ids) > MOST_AT_ONCE:
        if activities := list(_asking(source, subjects)):
            _later(people=list(person_ids), activities=activities)
        return
    with transaction.atomic(savepoint=False):
        if isinstance(subjects, QuerySet):
            states = list(_held().filter(person_id__in=person_ids, activity_id__in=_asking(source, subjects)))
        else:
            names = list(subjects)
            activities = (
                _dependents(subjects=names)
                if source == RECORDS
                else _listeners(source=source, subjects=[str(name) for name in names])
            )
            states = _waiting_for(people=list(person_ids), activities=activities) if activities else []
        activities_bring(states=states)
        states_judge(states=states, at=clock.now())


@transaction.atomic
def enrolment_reconsider(*, enrolment: Enrolment) -> list[ActivityState]:
    """Judge everything that is not begun in an enrolment from scratch, such as after it moved to another version."""
    states = list(_held().filter(enrolment=enrolment))
    activities_bring(states=states)
    return states_judge(states=states, at=clock.now())


def enrolments_reconsider(*, enrolment_ids: Collection[int]) -> None:
    """The same of many, such as after the dates of a run have changed: the workers do it within seconds."""
    if enrolment_ids:
        _later(enrolments=list(enrolment_ids))


def _held() -> QuerySet[ActivityState]:
    """What conditions may still change, locked in one order: enrolment by enrolment. Bring their activities afterwards."""
    return (
        ActivityState.objects.select_for_update(of=("self", "enrolment"), no_key=True)
        .select_related("enrolment__run")
        .filter(state__in=UNBEGUN, enrolment__state__in=EnrolmentState.living())
        .order_by("enrolment_id", "pk")
    )


# Two statements, asked for with every record that somebody makes: as one, PostgreSQL began with all who are in the course and
# looked through what all of them have of each dependent.
@prepared
def _dependents(*, subjects: Given) -> QuerySet[Dependency, int]:
    rows = Dependency.objects.filter(Among("subject_id", subjects)).order_by("activity_id").distinct()
    return rows.values_list("activity_id", flat=True)


@prepared
def _listeners(*, source: Given, subjects: Given) -> QuerySet[Topic, int]:
    rows = Topic.objects.filter(Among("subject", subjects), source=source).order_by("activity_id").distinct()
    return rows.values_list("activity_id", flat=True)


@prepared
def _waiting_for(*, people: Given, activities: Given) -> QuerySet[ActivityState]:
    # By the person of the enrolment, of which there are few, and by that of the state: either way in is a short one.
    return _held().filter(
        Among("enrolment__person_id", people), Among("person_id", people), Among("activity_id", activities)
    )


def _asking(
    source: str, subjects: Collection[Subject] | QuerySet[Any, str]
) -> QuerySet[Dependency, int] | QuerySet[Topic, int]:
    """Ids of the activities whose conditions ask for it."""
    if source == RECORDS:
        return Dependency.objects.filter(subject_id__in=subjects).values_list("activity_id", flat=True)
    names = subjects if isinstance(subjects, QuerySet) else [str(subject) for subject in subjects]
    return Topic.objects.filter(source=source, subject__in=names).values_list("activity_id", flat=True)


def _later(
    *, people: list[int] | None = None, activities: list[int] | None = None, enrolments: list[int] | None = None
) -> None:
    """Put the states of these into the queue, due now, and tell a worker after the commit."""
    environment_id = current_scope().environment_id
    with connection.cursor() as cursor:
        cursor.execute(
            LATER,
            {
                "at": clock.now(),
                "environment": environment_id,
                "people": people,
                "activities": activities,
                "enrolments": enrolments,
                "unbegun": list(UNBEGUN),
                "living": EnrolmentState.living(),
            },
        )
    hint(open_due, queue="default", environment_id=environment_id)
