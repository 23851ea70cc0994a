"""Getting people into runs."""

from datetime import date, datetime, timedelta

from django.db import transaction

from courses.learning.facts import zone_here
from courses.models import Activity, CourseRun, Enrolment, EnrolmentState, Pace, State
from courses.services.catching_up import enrolment_catch_up
from courses.services.states import states_begin
from courses.services.tally import enrolment_tally
from ecosystem import clock
from ecosystem.models import Element, Person
from records.services import record


def run_held(*, run: CourseRun) -> CourseRun:
    """The run as it is now, held until the commit: those who enrol people take turns with each other and with a move."""
    return CourseRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)


def dates_in(*, run: CourseRun, at: datetime) -> dict[str, date]:
    """Dates of one's own for somebody who enrols at a moment; none when the run's dates are everybody's."""
    if run.pace != Pace.OWN:
        return {}
    first = at.astimezone(zone_here()).date()
    if not run.lasts_days:
        return {"starts_on": first}
    return {"starts_on": first, "ends_on": first + timedelta(days=run.lasts_days - 1)}


@transaction.atomic
def enrolment_create(*, run: CourseRun, person: Person) -> Enrolment:
    """Enrol a person; twice is once, and who had withdrawn is taken back where they were.

    What the person already did elsewhere (the same page, the same quiz) counts; who did all of it has completed.
    """
    now, run = clock.now(), run_held(run=run)
    enrolment, created = Enrolment.objects.get_or_create(
        environment_id=run.environment_id,
        run=run,
        person=person,
        defaults={
            "element_id": run.element_id, "version_id": run.version_id, "enrolled_at": now, **dates_in(run=run, at=now),
        },
    )  # fmt: skip
    if not created:
        return _taken_back(enrolment)
    activities = list(Activity.objects.filter(version_id=run.version_id))
    states = states_begin(enrolments=[enrolment], activities=activities, at=now)
    course = Element.objects.get(pk=run.element_id)
    record(verb="enrolled", element=course, person_id=person.pk, context={"run": str(run.uid)})
    if any(state.state == State.COMPLETED for state in states):
        enrolment_tally(enrolment=enrolment, at=now)
    return enrolment


def _taken_back(enrolment: Enrolment) -> Enrolment:
    """What was done while somebody was out of the run counts too, also for what had been begun."""
    fresh = Enrolment.objects.select_for_update(of=("self",)).select_related("run", "version").get(pk=enrolment.pk)
    if fresh.state == EnrolmentState.WITHDRAWN:
        fresh.state = EnrolmentState.ACTIVE
        fresh.save(update_fields=["state"])
        enrolment_catch_up(enrolment=fresh)
    return fresh
