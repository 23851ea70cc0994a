"""An event in a browser, from asking for a seat to what one thought of it: on a phone and a desk, in two languages, free of
accessibility errors."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from ecosystem.scope import open_scope
from events.models import Attendance, Event, Seat, Session
from events.services import event_make, question_add, session_add
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("own_database")]


def opens_without_network(lead: Visitor) -> None:
    """Kept by choice; marked on a page that was opened without network; gone with who keeps it."""
    kept = "caches.has('attendance-v1').then(has => has ? caches.open('attendance-v1').then(cache => cache.keys()) : []).then(all => all.length)"
    lead.page.wait_for_selector("[data-pin]:visible")
    lead.page.locator("[data-pin]").click()
    lead.page.wait_for_selector("[data-pin][aria-pressed=true]")
    lead.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert lead.page.evaluate(kept) == 2
    lead.context.set_offline(True)
    lead.page.goto(lead.base + "/organise/training/")
    lead.page.get_by_role("link", name="First aid").click()
    lead.page.wait_for_selector("[data-attendance]")
    lead.page.select_option("select", "absent")
    expect(lead.page.locator("#attendance-saved")).to_contain_text("Geen netwerk")
    lead.context.set_offline(False)
    expect(lead.page.locator("#attendance-saved")).not_to_contain_text("Geen netwerk", timeout=15_000)
    lead.page.evaluate(
        "caches.open('attendance-v1').then(cache => cache.put('/organise/x/', new Response('x', {headers: {'X-Keeper': '0'}})))"
    )
    lead.page.reload()  # somebody else has kept something on this device
    lead.page.wait_for_selector("[data-pin][aria-pressed=false]:visible")
    assert lead.page.evaluate(kept) == 0
    lead.wrong.clear()  # the browser notes each file that it could not ask for


def says_what_was_refused(lead: Visitor, pk: int) -> None:
    """Marked too early without network, and the page left: whoever opens it again reads that the mark does not count."""
    line = lead.go(f"/organise/attendance/{pk}/").page.locator("#attendance-saved")
    lead.page.wait_for_load_state("networkidle")
    lead.context.set_offline(True)
    lead.page.select_option("select", "present")
    expect(line).to_contain_text("Geen netwerk")
    lead.page.goto("about:blank")
    lead.context.set_offline(False)
    lead.go(f"/organise/attendance/{pk}/")
    expect(line).to_contain_text("nog niet begonnen")
    lead.wrong.clear()  # it said that the network was away


def test_from_asking_for_a_seat_to_attendance(live_server, monkeypatch, member, browser_of):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    boss, trainer, learner = member("manager", name="Olga"), member("instructor", name="Tom"), member(name="Lea Brun")
    now = timezone.now().replace(microsecond=0)
    with open_scope(environment_id=boss.environment_id, person_id=boss.person_id):
        event = event_make(
            title="First aid", zone="Europe/Amsterdam", capacity=6, approval="organiser", cancel_hours=0, by=boss
        )
        session = session_add(
            event=event, starts_at=now + timedelta(hours=3), ends_at=now + timedelta(hours=5), place="Hall", room="A",
            trainer=trainer.person, by=boss,
        )  # fmt: skip
        question_add(event=event, kind="choice", text="Lunch", choices=["soup", "bread"], required=True, by=boss)
        other = event_make(title="Night walk", zone="UTC", by=boss)
        session_add(event=other, starts_at=now + timedelta(hours=4), ends_at=now + timedelta(hours=6), by=boss)
    base = f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"

    def visitor(browser, who, name: str, language: str) -> Visitor:
        found = Visitor(browser, base=base, name=name)
        cookies = {"session": browser_of(who).cookies["session"].value, "language": language}
        found.context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies.items()])
        return found

    def shifted(begins: timedelta, ends: timedelta) -> None:
        with open_scope(environment_id=boss.environment_id):
            Session.objects.filter(pk=session.pk).update(starts_at=now + begins, ends_at=now + ends)

    with chromium() as browser:
        own, desk = visitor(browser, learner, "event", "en"), visitor(browser, boss, "event-organised", "nl")
        lead = visitor(browser, trainer, "event-trainer", "nl")
        own.go("/events/first-aid/")
        own.page.select_option("select", "soup")
        own.press("Ask for a seat").look("asked")
        desk.go("/organise/requests/").look("requests", shoot_desktop=True)
        desk.page.locator("main button[value=yes]").click()
        desk.page.get_by_text("Niemand wacht op antwoord").wait_for()
        own.go("/events/first-aid/").look("booked", shoot_desktop=True)
        assert "Booked" in own.text()
        own.go("/events/night-walk/").look("clash")
        assert "You are also somewhere else then" in own.text()
        for view in ("month", "week", "list"):
            own.go(f"/calendar/?view={view}").look(f"calendar-{view}", shoot_desktop=True)
        desk.go("/organise/first-aid/")
        assert "Lunch: soup" in desk.text()
        says_what_was_refused(lead, session.pk)
        shifted(-timedelta(hours=2), timedelta(hours=1))
        lead.go("/organise/training/").look("to-mark", shoot_desktop=True)
        lead.page.get_by_role("link", name="First aid").click()
        line = lead.page.locator("#attendance-saved")
        lead.page.wait_for_load_state("networkidle")
        lead.context.set_offline(True)
        lead.page.select_option("select", "partly")
        expect(line).to_contain_text("Geen netwerk")
        lead.context.set_offline(False)
        expect(line).not_to_contain_text("Geen netwerk", timeout=15_000)
        lead.wrong.clear()  # it said that the network was away
        with open_scope(environment_id=boss.environment_id):
            assert Attendance.objects.get().presence == "partly"
        opens_without_network(lead)
        lead.page.select_option("select", "present")
        lead.press("Bewaar").look("attendance")
        shifted(-timedelta(hours=2), -timedelta(hours=1))
        own.go("/events/first-aid/").look("afterwards", shoot_desktop=True)
        own.page.select_option("[name=score]", "5")
        own.page.get_by_role("button", name="Send").click()
        own.page.get_by_text("You have said it").wait_for()
        assert own.wrong + desk.wrong + lead.wrong == []
    with open_scope(environment_id=boss.environment_id):
        assert Seat.objects.get(event=event, person=learner.person).completed_at is not None
        assert Event.objects.get(pk=event.pk).taken == 1
