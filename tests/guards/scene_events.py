"""What a twin has of events: one with a seat, somebody who waits and an offer; one that is over, one that goes on, one that was cancelled."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from ecosystem import clock
from ecosystem.models import Element
from events.models import (
    CalendarFeed,
    Charge,
    Draw,
    Evaluation,
    Event,
    EventAnswer,
    EventCode,
    Seat,
    Session,
    digest_of,
)
from events.services import (
    attendance_mark,
    code_add,
    equipment_add,
    event_cancel,
    event_make,
    event_set,
    question_add,
    seat_take,
    series_make,
    session_add,
    session_change,
)
from tests.guards.twins import Twin


def feed_secret(twin: Twin) -> str:
    """Of the learner's calendar. Not the secret that nobody else may see: it stands in the address itself."""
    return f"calendar-of-{twin.environment.slug}"


def bring_events(twin: Twin, secret: str, prefix: str) -> None:
    admin, learner, now = twin.people["admin"], twin.people["learner"], timezone.now()
    event = event_make(
        title=f"{secret} event", slug=f"{prefix}-event", summary=secret, zone="UTC", capacity=1, by=admin
    )
    coming = now + timedelta(days=9)
    session_add(
        event=event, starts_at=coming, ends_at=coming + timedelta(hours=1), place=f"{secret} hall",
        link=f"https://example.org/{secret}", by=admin,
    )  # fmt: skip
    for person in (learner, twin.people["gardener"]):
        seat_take(event=event, by=person)
    car = equipment_add(name=f"{secret} car", pieces=2, by=admin)
    session_change(session=Session.objects.get(event=event), equipment={car.pk: 1}, by=admin)
    equipment_add(name=f"{secret} stand", by=admin)  # that nobody has, so that it can be taken away
    Seat.objects.create(
        environment=twin.environment, event=event, person=admin.person, state="offered", asked_at=now,
        offer_until=now + timedelta(days=1), reason=f"{secret} reason",
    )  # fmt: skip
    _bring_rules(twin, secret, prefix)
    with clock.at(now - timedelta(days=5)):
        past = event_make(title=f"{secret} past", slug=f"{prefix}-past", zone="UTC", by=admin)
        over = session_add(
            event=past, starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1), place=f"{secret} yard",
            room=f"{secret} room", trainer=twin.people["instructor"].person, by=admin,
        )  # fmt: skip
        for person in (learner, admin):
            seat_take(event=past, by=person)
    CalendarFeed.objects.create(
        environment=twin.environment, person=learner.person, digest=digest_of(feed_secret(twin)), made_at=now,
        password_mark=learner.person.get_session_auth_hash(),
    )  # fmt: skip
    off = event_make(title=f"{secret} off", slug=f"{prefix}-off", zone="UTC", by=admin)
    event_cancel(event=off, reason=f"{secret} storm", by=admin)
    with clock.at(now - timedelta(hours=1)):
        running = event_make(title=f"{secret} running", slug=f"{prefix}-running", zone="UTC", by=admin)
        session_add(event=running, starts_at=now, ends_at=now + timedelta(hours=2), place=f"{secret} barn", by=admin)
        for person in (learner, admin):
            seat_take(event=running, by=person)
    attendance_mark(session=over, marks={learner.person_id: "partly", admin.person_id: "present"}, by=admin)
    Evaluation.objects.create(
        environment=twin.environment, event=past, person=learner.person, score=4, words=f"{secret} verdict", said_at=now
    )


def _bring_rules(twin: Twin, secret: str, prefix: str) -> None:
    """One that repeats and asks something, one by lot, and one that somebody asks to come to."""
    admin, learner, now = twin.people["admin"], twin.people["learner"], timezone.now()
    coming = now + timedelta(days=20)
    again = event_make(title=f"{secret} again", slug=f"{prefix}-again", zone="UTC", by=admin)
    session_add(event=again, starts_at=coming, ends_at=coming + timedelta(hours=1), place=f"{secret} shed", by=admin)
    series_make(event=again, frequency="daily", count=2, by=admin)
    made = Event.objects.filter(series__isnull=False).exclude(pk=again.pk).get()
    Element.objects.filter(pk=made.element_id).update(slug=f"{prefix}-more")  # not of the title, which is secret
    seat_take(event=again, by=admin)
    asked = question_add(event=again, kind="text", text=f"{secret} question", by=admin)
    EventAnswer.objects.create(
        environment=twin.environment, question=asked, person=learner.person, text=f"{secret} answer", said_at=now
    )
    lots = event_make(
        title=f"{secret} lots", slug=f"{prefix}-lots", zone="UTC", fairness="lottery", settle_at=coming, by=admin
    )
    Draw.objects.filter(event=lots).update(seed=f"{secret} seed", promise=f"{secret} promise")
    ask = event_make(title=f"{secret} ask", slug=f"{prefix}-ask", zone="UTC", approval="organiser", by=admin)
    seat_take(event=ask, by=learner)
    code_add(event=ask, code=f"{prefix}-code", by=admin)
    EventCode.objects.update(code=f"{secret} code")
    Seat.objects.filter(event=ask).update(town=f"{secret} town")
    code = EventCode.objects.get()
    Charge.objects.create(
        environment=twin.environment, seat=Seat.objects.get(event=ask), person=learner.person, price=9, currency="EUR",
        cost_centre=f"{secret} centre", code=code, said_at=now,
    )  # fmt: skip
    in_group = {"group": f"{secret} crew"}
    closed = event_make(title=f"{secret} closed", slug=f"{prefix}-closed", zone="UTC", by=admin)
    event_set(event=closed, register_if=in_group, attend_if=in_group, by=admin)
