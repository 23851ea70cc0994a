"""Gardeners see what happened and what did not work, and can have it tried again."""

import pytest

from ecosystem.scope import open_scope
from records import dispatch
from records.models import Delivery, DeliveryState
from records.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_up(env, member, monkeypatch) -> Delivery:
    monkeypatch.setattr(dispatch, "_reactions", {})
    dispatch.on("tested")(lambda statement: None)
    with open_scope(environment_id=env.pk):
        record(verb="tested", person_id=member(name="Ada Lovelace").person_id)
        Delivery.objects.update(state=DeliveryState.GIVEN_UP, attempts=8, error="ValueError: no paper")
        return Delivery.objects.get()


def test_gardeners_find_what_was_given_up_and_try_it_again(env, member, browser_of, given_up):
    browser = browser_of(member("gardener"))
    page = browser.get("/admin/records/delivery/?state__exact=given_up")
    assert "no paper" in page.content.decode()
    wish = {"action": "try_again", "_selected_action": [given_up.pk]}
    assert browser.post("/admin/records/delivery/", wish).status_code == 302
    with open_scope(environment_id=env.pk):
        assert Delivery.objects.get().state == DeliveryState.WAITING
        Delivery.objects.filter(pk=given_up.pk).update(state=DeliveryState.DONE, done_at=given_up.due_at)
    page = browser.post("/admin/records/delivery/", wish, follow=True)
    assert "This has been done already." in page.content.decode()
    with open_scope(environment_id=env.pk):
        assert Delivery.objects.get().state == DeliveryState.DONE


def test_records_are_looked_at_and_not_touched(env, member, browser_of, given_up):
    browser = browser_of(member("gardener", "manager"))
    assert "Ada Lovelace" in browser.get("/admin/records/statement/?q=ada").content.decode()
    for model in ("statement", "delivery"):
        assert browser.get(f"/admin/records/{model}/add/").status_code == 403
    assert browser.get(f"/admin/records/delivery/{given_up.pk}/change/").status_code == 200
    assert browser.post(f"/admin/records/delivery/{given_up.pk}/change/", {"state": "done"}).status_code == 403
    assert browser_of(member("learner")).get("/admin/records/delivery/").status_code != 200
