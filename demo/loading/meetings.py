"""Events of the demo: one that is full with a queue, one without a date yet, one by lot, one to be
approved, a series, and one that is over."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from demo.loading.guided import ADMIN, HERE, INSTRUCTOR, LEARNERS
from ecosystem import clock
from ecosystem.models import Environment, Membership, Person
from ecosystem.scope import open_scope
from events.models import Event
from events.services import (
    attendance_mark,
    code_add,
    equipment_add,
    event_make,
    question_add,
    seat_take,
    series_make,
    session_add,
    session_change,
)

ZONE = "Europe/Amsterdam"
LEARNER = "learner@demo.example.org"


def meetings_load(environment: Environment, people: dict[str, Person]) -> None:
    """In the root of the demo only."""
    if environment.slug != HERE:
        return
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    with open_scope(environment_id=environment.pk, person_id=people[ADMIN].pk):
        boss = Membership.objects.get(person=people[ADMIN])
        learners = [Membership.objects.get(person=people[email]) for email in (*LEARNERS, LEARNER)]
        trainer = people[INSTRUCTOR]
        with clock.at(now - timedelta(weeks=4)):
            past = event_make(
                title="Listening circle", zone=ZONE, by=boss,
                summary="Two hours in a small circle: one speaks, the others only listen. We talk about what that does.",
            )  # fmt: skip
            begins = now - timedelta(weeks=1)
            session = session_add(
                event=past, starts_at=begins, ends_at=begins + timedelta(hours=2), place="Alder House", room="Garden room",
                trainer=trainer, by=boss,
            )  # fmt: skip
            for learner in learners[:3]:
                seat_take(event=past, by=learner)
        with clock.at(begins + timedelta(hours=3)):
            marks = dict(
                zip([learner.person_id for learner in learners], ["present", "present", "excused"], strict=False)
            )
            attendance_mark(session=session, marks=marks, by=boss)
        _coming(boss, learners, trainer)


def _coming(boss: Membership, learners: list[Membership], trainer: Person) -> None:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    practice: Event = event_make(
        title="Practice day: the first ten minutes", zone=ZONE, capacity=3, minimum=2, by=boss,
        summary="With actors: you meet somebody in distress, and try out what you have read. Wear what you wear at work.",
    )  # fmt: skip
    for days, place in ((12, "Alder House"), (19, "Town library")):
        begins = (now + timedelta(days=days)).replace(hour=9)
        session_add(
            event=practice, starts_at=begins, ends_at=begins + timedelta(hours=6), place=place, room="Hall",
            trainer=trainer, by=boss,
        )  # fmt: skip
    for learner in learners[:4]:
        seat_take(event=practice, by=learner)
    question_add(
        event=practice, kind="choice", text="What would you like for lunch?", choices=["Soup", "Bread", "Nothing, thank you"],
        by=boss,
    )  # fmt: skip
    laptops = equipment_add(name="Trolley of laptops", pieces=2, by=boss)
    equipment_add(name="Adapted van", by=boss)
    session_change(session=practice.sessions.all()[0], equipment={laptops.pk: 1}, by=boss)
    _by_rules(boss, learners)
    _abroad(boss, learners)
    wish = event_make(
        title="Night shift exchange", zone=ZONE, by=boss,
        summary="Walk a night with colleagues of another house. As soon as enough people want it, we set a date.",
    )  # fmt: skip
    for learner, town in zip(learners[1:5], ("Utrecht", "Utrecht", "Utrecht", "Breda"), strict=False):
        seat_take(event=wish, town=town, by=learner)


def _abroad(boss: Membership, learners: list[Membership]) -> None:
    """One that is given from New York and is invoiced, with a code for the first five."""
    there = ZoneInfo("America/New_York")
    begins = (timezone.now().astimezone(there) + timedelta(days=16)).replace(hour=9, minute=0, second=0, microsecond=0)
    lecture = event_make(
        title="Grief without words: a lecture from New York", zone=ZONE, capacity=30, by=boss, price=Decimal("85.00"),
        summary="Dr. Amara Lindqvist about mourning with people who cannot speak. Online, with time for questions.",
    )  # fmt: skip
    session_add(
        event=lecture, starts_at=begins, ends_at=begins + timedelta(hours=2), zone="America/New_York",
        link="https://meet.example.org/grief", by=boss,
    )  # fmt: skip
    code_add(event=lecture, code="FIRST-FIVE", price=Decimal(0), most=5, by=boss)
    seat_take(event=lecture, cost_centre="4711 Night care", by=learners[0])
    seat_take(event=lecture, code="FIRST-FIVE", by=learners[1])


def _by_rules(boss: Membership, learners: list[Membership]) -> None:
    """One by lot, one that somebody has to say yes to, and one that repeats."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    begins = (now + timedelta(days=25)).replace(hour=12)
    lots = event_make(
        title="A day with the crisis team", zone=ZONE, capacity=2, by=boss, fairness="lottery",
        settle_at=now + timedelta(days=7), needs_reason=True,
        summary="Two of us may walk along for a day. Many would like to, so lots decide.",
    )  # fmt: skip
    session_add(event=lots, starts_at=begins, ends_at=begins + timedelta(hours=7), place="Quayside", by=boss)
    for learner in learners[:3]:
        seat_take(event=lots, by=learner)
    abroad = event_make(
        title="Summer school: caring for carers", zone=ZONE, capacity=10, by=boss, approval="manager", copies_managers=True,
        summary="Three days away. Your manager says whether you can be spared.",
    )  # fmt: skip
    session_add(
        event=abroad, starts_at=begins + timedelta(days=3), ends_at=begins + timedelta(days=3, hours=5),
        place="Utrecht", room="Aula", by=boss,
    )  # fmt: skip
    seat_take(event=abroad, by=learners[1])
    circle = event_make(
        title="Coffee hour",
        zone=ZONE,
        price=Decimal(4),
        by=boss,
        summary="An hour every week to talk about what was hard, as equals. The cake is invoiced; not in your first year.",
    )
    first = (now + timedelta(days=5)).replace(hour=14)
    session_add(
        event=circle, starts_at=first, ends_at=first + timedelta(hours=1), place="Alder House", room="Kitchen", by=boss
    )
    series_make(event=circle, frequency="weekly", count=4, by=boss)
    code_add(event=circle, code="FIRST-YEAR", price=Decimal(0), for_series=True, by=boss)
    seat_take(event=circle, code="FIRST-YEAR", by=learners[-1])
