"""Who was given one course, one group, or a group that nobody is in, and the people they must not see, with a canary each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from assessments.services import attempt_start
from certificates.models import Certificate
from certificates.services.issuing import template_save
from courses.models import Enrolment
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.models import Element, Membership, Power, Reach
from ecosystem.models.delegations import COURSE_POWERS, GROUP_POWERS
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.elements import element_create
from ecosystem.services.groups import group_members_add, group_save
from ecosystem.services.people import member_add
from records.services import record
from tests.assessments.answering import make_assessment
from tests.conftest import session_of
from tests.guards.scene import Scene, rows_read
from tests.guards.twins import CANARY, Twin


@dataclass(frozen=True)
class Holder:
    """Somebody with powers over a part, what they should see, and their browser."""

    name: str
    membership: Membership
    people: frozenset[str]


def scene_of_holders(scene: Scene) -> tuple[Twin, dict[str, Holder]]:
    """In the environment that attacks others elsewhere."""
    twin, admin = scene.attacker, scene.attacker.people["admin"]
    with open_scope(environment_id=twin.environment.pk, person_id=twin.people["learner"].person_id):
        first = Element.objects.filter(kind="course").order_by("pk").first()
        second, hidden = _second_course(twin)
        team = group_save(name="Own team", by=admin)
        lee = member_add(email="lee@example.org", name="Lee of the team")
        group_members_add(group=team, person_ids=[lee.person_id], by=admin)
        others = group_save(name=f"{CANARY} team", by=admin)
        group_members_add(group=others, person_ids=[row.person_id for row in hidden], by=admin)
        enrolment_create(run=run_open(element=second, title="Later run"), person=hidden[0].person)
        # Who is in both groups is seen, but not as one of the other group.
        group_members_add(group=others, person_ids=[lee.person_id], by=admin)
        empty = group_save(name="Nobody", by=admin)
        until = timezone.now() + timedelta(days=30)
        holders = {}
        for name, part in (("course", {"element": first}), ("group", {"group": team}), ("nobody", {"group": empty})):
            who = member_add(email=f"{name}@example.org", name=f"Keeper of {name}")
            reach = Reach.COURSE if "element" in part else Reach.GROUP
            powers = COURSE_POWERS if reach == Reach.COURSE else GROUP_POWERS
            delegation_grant(person=who.person, powers=powers, until=until, by=admin, reach=reach, **part)
            # Something of the others that they must not see either.
            delegation_grant(
                person=hidden[0].person, powers=[Power.MARK], until=until, by=admin, reach=Reach.COURSE, element=second
            )
            holders[name] = who
        in_course = Enrolment.objects.filter(element=first).values_list("person__email", flat=True)
        seen = {"course": frozenset(in_course), "group": frozenset({"lee@example.org"}), "nobody": frozenset()}
        found = {name: Holder(name, who, seen[name]) for name, who in holders.items()}
    rows_read(twin)
    return twin, found


def _second_course(twin: Twin) -> tuple[Element, list[Membership]]:
    """A course with a quiz, and two people in it with everything that leaves rows."""
    quiz = make_assessment(slug="other-quiz")
    course = element_create(kind="course", title="Other course", slug="other-course", creators=["Ada"])
    course_publish(element=course, blocks=[PlannedBlock("Block", [PlannedActivity(target=quiz.element)])])
    run, template = run_open(element=course, title="Other run"), template_save(course=course, title="Title")
    people = []
    for number in range(2):
        member = member_add(email=f"{CANARY.lower()}{number}@example.org", name=f"{CANARY} person {number}")
        enrolment_create(run=run, person=member.person)
        attempt_start(assessment=Assessment.objects.get(element=quiz.element), person_id=member.person_id)
        record(verb="completed", element=quiz.element, person_id=member.person_id, context={"note": f"{CANARY} note"})
        Certificate.objects.create(
            environment=twin.environment, person=member.person, element=course,
            template=template, holder=member.person.name, title="Title",
            serial=f"CCCC-DDDD-EEE{number}", issued_at=timezone.now(),
        )  # fmt: skip
        people.append(member)
    return course, people


def browser(twin: Twin, membership: Membership) -> Client:
    client = Client(HTTP_HOST=twin.host)
    membership.environment = twin.environment
    with open_scope(environment_id=twin.environment.pk):
        client.force_login(membership.person)
    session = client.session
    session.update(session_of(membership, twin.environment))
    session.save()
    return client
