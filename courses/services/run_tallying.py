"""A run asks for more or less than it did: everybody who is on the way is counted again."""

from django.db import transaction

from courses.models import CourseRun, Enrolment, EnrolmentState
from courses.services.tally import enrolment_tally
from courses.tasks import tally_run
from ecosystem import clock
from ecosystem.hints import hint
from ecosystem.scope import open_scope

MOST_AT_ONCE = 50  # learners that are counted while somebody waits, and in one transaction


@transaction.atomic
def run_tally(*, run: CourseRun) -> None:
    """Count again the learners who are on the way; when they are many, the workers do so after the commit."""
    if len(_some(run.pk, after=0)) > MOST_AT_ONCE:
        hint(tally_run, queue="default", environment_id=run.environment_id, run_id=run.pk)
        return
    _count(run.pk, after=0)


def run_tally_all(*, environment_id: int, run_id: int) -> int:
    """The same for any number, some in each transaction; returns how many were looked at. Twice is once."""
    count, last = 0, 0
    while True:
        with open_scope(environment_id=environment_id):
            rows = _count(run_id, after=last)
        if not rows:
            return count
        count, last = count + len(rows), rows[-1]


def _some(run_id: int, *, after: int) -> list[int]:
    rows = Enrolment.objects.filter(run_id=run_id, state=EnrolmentState.ACTIVE, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])


def _count(run_id: int, *, after: int) -> list[int]:
    """Ids of those that were looked at."""
    ids = _some(run_id, after=after)[:MOST_AT_ONCE]
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    for enrolment in rows.filter(state=EnrolmentState.ACTIVE).order_by("pk"):
        enrolment_tally(enrolment=enrolment, at=clock.now())
    return ids
