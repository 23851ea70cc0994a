"""Events abroad, with equipment and a price, in a browser: who plans them and who books, phone and desk, light and dark."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from ecosystem.scope import open_scope
from events.services import (
    code_add,
    equipment_add,
    event_make,
    seat_give,
    seat_take,
    series_make,
    session_add,
)
from tests.live.browsing import DAY, NIGHT, chromium
from tests.live.walking import Walker

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("own_database")]
THERE = ZoneInfo("America/New_York")


def test_planned_abroad_with_equipment_and_a_price(live_server, monkeypatch, member, browser_of):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    boss, learner, gardener = member("manager", name="Olga"), member(name="Lea Brun"), member("gardener", name="Gus")
    day = timezone.now().astimezone(THERE).date() + timedelta(days=20)
    begins = datetime.combine(day, datetime.min.time(), tzinfo=THERE).replace(hour=9)
    with open_scope(environment_id=boss.environment_id, person_id=boss.person_id):
        lecture = event_make(title="Grief without words", zone="Europe/Amsterdam", price=Decimal("85.00"), by=boss)
        car = equipment_add(name="Adapted van", pieces=1, by=boss)
        session_add(
            event=lecture, starts_at=begins, ends_at=begins + timedelta(hours=2), zone="America/New_York", place="Pier 9",
            room="Loft", equipment={car.pk: 1}, by=boss,
        )  # fmt: skip
        code_add(event=lecture, code="FIRST-FIVE", price=Decimal(0), most=5, by=boss)
        series_make(event=lecture, frequency="weekly", count=3, by=boss)
        seat_give(event=lecture, person=learner.person, by=boss)
        other = event_make(title="Driving at night", zone="Europe/Amsterdam", by=boss)
        wish = event_make(title="Night shift exchange", zone="Europe/Amsterdam", by=boss)
        for number in range(3):
            seat_take(event=wish, town="Utrecht", by=member(name=f"Person {number}"))
    base = f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"

    def visitor(browser, who, name: str, language: str, *, schemes=(DAY,)) -> Walker:
        found = Walker(browser, base=base, name=name, schemes=schemes)
        cookies = {"session": browser_of(who).cookies["session"].value, "language": language}
        found.context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies.items()])
        return found

    with chromium() as browser:
        own, dark = (
            visitor(browser, learner, "abroad", "en"),
            visitor(browser, learner, "abroad-dark", "nl", schemes=(NIGHT,)),
        )
        desk, night = (
            visitor(browser, boss, "planned", "en"),
            visitor(browser, boss, "planned-dark", "nl", schemes=(NIGHT,)),
        )
        green = visitor(browser, gardener, "garden", "nl")
        for one in (own, dark):
            one.go("/events/").look("list", shoot_desktop=True)
            one.go("/events/grief-without-words/").look("event", shoot_desktop=True)
            one.go("/events/night-shift-exchange/").look("wish", shoot_desktop=True)
        for one in (desk, night):
            for name, path in (
                ("home", "/organise/"), ("event", "/organise/grief-without-words/"), ("equipment", "/organise/lending/all/"),
                ("price", "/organise/grief-without-words/price/"),
            ):  # fmt: skip
                one.go(path).look(name, shoot_desktop=True)
            one.go(f"/organise/{other.element.slug}/sessions/").page.fill("[name=day]", day.isoformat())
            one.page.fill("[name=begins]", "09:30")
            one.page.fill("[name=ends]", "10:30")
            one.page.select_option("[name=zone]", "America/New_York")
            one.page.fill(f"[name=equipment-{car.pk}]", "1")
            one.page.locator("main form button").first.click()
            one.page.get_by_text("1 × Adapted van").wait_for()
            one.wrong.clear()  # the browser notes an answer that is no success
            one.look("clash", shoot_desktop=True)
        assert "3 in Utrecht" in desk.go("/organise/").text()
        green.go("/garden/").look("waits", shoot_desktop=True)
        assert "3 in Utrecht" in green.text()
        own.go("/events/grief-without-words/").page.get_by_text("Come on another date").click()
        own.page.get_by_role("button", name="Move my seat").click()
        own.page.get_by_text("You have a seat on the other date").wait_for()
        assert own.wrong + dark.wrong + desk.wrong + night.wrong + green.wrong == []
