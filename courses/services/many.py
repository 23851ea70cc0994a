"""Many people into a run at once, and somebody out of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from courses.exceptions import CourseError
from courses.models import Activity, CourseRun, Enrolment, EnrolmentState
from courses.services.enrolments import dates_in, enrolment_create, run_held
from courses.services.states import FINISHED, states_begin
from ecosystem import clock
from ecosystem.models import Element, Membership, Person, Power
from ecosystem.services.audit import audit
from ecosystem.spans import span_of
from records.models import Fact
from records.services import record_many

MOST = 1000


@dataclass(frozen=True)
class Enrolled:
    """What came of one address: enrolled, already (nothing changed) or refused, then with ``why``."""

    outcome: str
    email: str
    enrolment: Enrolment | None = None
    why: str = ""


@transaction.atomic
def enrolments_create(*, run: CourseRun, emails: Sequence[str], by: Membership) -> list[Enrolled]:
    """Enrol members by their addresses; the report is in their order. At most 1 000 at once.

    Who may enrol for the course may; who may enrol people of a group finds nobody else.

    Who never did anything that counts here is enrolled together with all others like that, in a number of statements
    that does not grow with theirs. The rest, and those who had withdrawn, one by one as ``enrolment_create`` does.
    """
    span = span_of(by, Power.ENROL)
    if not (span.covers_course(run.element_id) or span.groups):
        raise CourseError(_("Only a manager can enrol somebody else."))
    if len(emails) > MOST:
        raise CourseError(_("At most %(most)s people at once.") % {"most": MOST})
    addresses = [email.strip().lower() for email in emails]
    known = [address for address in addresses if address.isprintable()]  # PostgreSQL has no NUL to compare with
    here = Membership.objects.select_related("person").filter(ended_at=None, person__email__in=known)
    if not span.covers_course(run.element_id):
        here = here.filter(span.only_groups().of_people())
    people = {row.person.email: row.person for row in here}
    before, made = people_enrol(run=run, people=list(people.values()))
    if made:
        audit(act="enrolments.created", by=by.person, target=run, after={"count": len(made)})
    report = []
    for address in addresses:
        person = people.get(address)
        if person is None:
            report.append(Enrolled("refused", address, why=_("Nobody here has this address.")))
        elif person.pk in made:
            report.append(Enrolled("enrolled", address, made[person.pk]))
        else:
            report.append(Enrolled("already", address, before[person.pk]))
    return report


def people_enrol(*, run: CourseRun, people: list[Person]) -> tuple[dict[int, Enrolment], dict[int, Enrolment]]:
    """Enrol members, without asking whether somebody may; (enrolments that were there, those made now) by person."""
    run = run_held(run=run)  # so that nobody enrols the same people meanwhile
    before = {row.person_id: row for row in Enrolment.objects.filter(run=run, person__in=people)}
    activities = list(Activity.objects.filter(version_id=run.version_id))
    strangers, familiar = _by_past(people, before, activities)
    made = {row.person_id: row for row in _together(run, strangers, activities)}
    made |= {person.pk: enrolment_create(run=run, person=person) for person in familiar}
    return before, made


def _by_past(
    people: list[Person], before: dict[int, Enrolment], activities: list[Activity]
) -> tuple[list[Person], list[Person]]:
    """(people without anything that counts, people with), both without those who are in already."""
    targets = {activity.target_id for activity in activities}
    ids = [person.pk for person in people]
    rows = Fact.objects.filter(person_id__in=ids, element_id__in=targets, verb__in=FINISHED)
    known = set(rows.values_list("person_id", flat=True).distinct())
    strangers, familiar = [], []
    for person in people:
        enrolment = before.get(person.pk)
        if enrolment is None:
            (familiar if person.pk in known else strangers).append(person)
        elif enrolment.state == EnrolmentState.WITHDRAWN:
            familiar.append(person)
    return strangers, familiar


def _together(run: CourseRun, people: list[Person], activities: list[Activity]) -> list[Enrolment]:
    now = clock.now()
    rows = [
        Enrolment(
            environment_id=run.environment_id,
            run=run,
            person=person,
            element_id=run.element_id,
            version_id=run.version_id,
            enrolled_at=now,
            **dates_in(run=run, at=now),
        )
        for person in people
    ]
    Enrolment.objects.bulk_create(rows)
    states_begin(enrolments=rows, activities=activities, at=now)
    if rows:
        record_many(
            verb="enrolled",
            element=Element.objects.get(pk=run.element_id),
            person_ids=[person.pk for person in people],
            context={"run": str(run.uid)},
        )
    return rows


@transaction.atomic
def enrolment_withdraw(*, enrolment: Enrolment, by: Membership) -> Enrolment:
    """Out of the run, with everything kept for a way back. One's own, or for managers anybody's; again changes nothing.

    Refuses one that is completed: that has happened; and oneself in a pause, which would be a way round it.
    """
    may = Enrolment.objects.filter(span_of(by, Power.ENROL).of_courses(), pk=enrolment.pk).exists()
    if enrolment.person_id != by.person_id and not may:
        raise CourseError(_("Only a manager can withdraw somebody else."))
    fresh = Enrolment.objects.select_for_update(of=("self",)).select_related("element").get(pk=enrolment.pk)
    if fresh.state == EnrolmentState.COMPLETED:
        raise CourseError(_("This course is completed; it stays so."))
    if fresh.state == EnrolmentState.PAUSED and not may:
        raise CourseError(_("Your course is paused. What you have done is kept."))
    if fresh.state in {EnrolmentState.ACTIVE, EnrolmentState.PAUSED}:
        fresh.state = EnrolmentState.WITHDRAWN
        fresh.save(update_fields=["state"])
        record_many(
            verb="withdrawn", element=fresh.element, person_ids=[fresh.person_id], context={"enrolment": fresh.pk}
        )
        audit(act="enrolment.withdrawn", by=by.person, target=fresh, after={"state": fresh.state})
    return fresh
