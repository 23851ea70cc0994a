"""What gardeners and administrators change in the admin, and what is refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Connection, Element, Membership
from ecosystem.scope import open_scope
from ecosystem.search import hits
from ecosystem.services.elements import element_create, element_offer, element_update, elements_connect
from ecosystem.services.people import member_roles_set
from gardening.models import Charter, KpiValue

LISTS = (
    "/admin/ecosystem/element/",
    "/admin/ecosystem/connection/",
    "/admin/gardening/charter/",
    "/admin/gardening/kpi/",
)
MEMBERS = "/admin/ecosystem/membership/"


def tool(environment, title="A wiki", slug="wiki"):
    with open_scope(environment_id=environment.pk):
        return element_create(kind="external", title=title, slug=slug, creators=["Ada"], url="https://example.org")


def element_form(element, **changes):
    facts = {
        "title": element.title, "slug": element.slug, "summary": "", "why": "", "lifecycle": "growing",
        "visibility": "members", "language": "en", "tags": "", "minutes": "0", "url": element.url, "owner": "",
        "review_on": "", "credits-TOTAL_FORMS": "0", "credits-INITIAL_FORMS": "0",
    }  # fmt: skip
    return {**facts, **changes}


@pytest.mark.parametrize("path", LISTS)
def test_gardeners_see_the_lists_and_learners_do_not(env, member, browser_of, path):
    assert browser_of(member("gardener")).get(path).status_code == 200
    assert browser_of(member("learner")).get(path).status_code in {302, 404}
    assert browser_of(member("sponsor")).get(path).status_code in {302, 404}


def test_lists_show_only_this_environment(env, other, member, browser_of):
    mine = [tool(env, "Our wiki"), tool(env, "Our map", "map")]
    theirs = [tool(other, "CANARY wiki"), tool(other, "CANARY map", "map")]
    for environment, pair in ((env, mine), (other, theirs)):
        with open_scope(environment_id=environment.pk):
            elements_connect(source=pair[0], target=pair[1], kind="reinforces", hypothesis=environment.name)
    member("learner", environment=other, name="CANARY person")
    admin = browser_of(member("admin"))
    for path in (*LISTS, MEMBERS, "/admin/ecosystem/connection/add/", "/admin/gardening/charter/add/"):
        page = admin.get(path)
        assert page.status_code == 200, path
        assert "CANARY" not in page.content.decode(), path
    assert admin.get(f"/admin/ecosystem/element/{theirs[0].pk}/change/").status_code in {302, 404}


@pytest.mark.parametrize("path", [*LISTS[:2], MEMBERS])
def test_longer_lists_cost_no_more_queries(env, member, browser_of, path):
    admin = browser_of(member("admin"))

    def more(first, last):
        for number in range(first, last):
            one, two = tool(env, slug=f"a{number}"), tool(env, slug=f"b{number}")
            member("learner")
            with open_scope(environment_id=env.pk):
                elements_connect(source=one, target=two, kind="reinforces")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(path).status_code == 200
        return sum("SAVEPOINT" not in query["sql"] for query in queries)

    more(0, 1)
    admin.get(path)
    before = cost()
    more(1, 6)
    assert cost() == before


def test_editing_an_element_makes_it_findable_by_its_new_name(env, member, browser_of):
    element = tool(env)
    browser = browser_of(member("gardener"))
    answer = browser.post(f"/admin/ecosystem/element/{element.pk}/change/", element_form(element, title="Handbook"))
    assert answer.status_code == 302, answer.context["errors"]
    with open_scope(environment_id=env.pk):
        assert Element.objects.get(pk=element.pk).title == "Handbook"
        assert hits(text="handbook") == [element.pk]


def test_a_taken_address_is_refused_at_its_field(env, member, browser_of):
    element, taken = tool(env), tool(env, "Other", "taken")
    browser = browser_of(member("gardener"))
    page = browser.post(f"/admin/ecosystem/element/{element.pk}/change/", element_form(element, slug=taken.slug))
    assert "There is already an element with this address." in page.content.decode()
    with open_scope(environment_id=env.pk), pytest.raises(EcosystemError):
        element_update(element=element, slug=taken.slug)


def test_a_stranger_cannot_be_made_owner(env, other, member, browser_of):
    element, stranger = tool(env), member("author", environment=other)
    form = element_form(element, owner=stranger.person_id)
    page = browser_of(member("gardener")).post(f"/admin/ecosystem/element/{element.pk}/change/", form)
    assert page.status_code == 200
    with open_scope(environment_id=env.pk):
        assert Element.objects.get(pk=element.pk).owner_id is None


def test_an_outside_tool_is_added_with_its_maker(env, member, browser_of):
    gardener = member("gardener", name="Gus")
    form = element_form(Element(title="Wiki", slug="wiki", url="https://example.org/"))
    answer = browser_of(gardener).post("/admin/ecosystem/element/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    with open_scope(environment_id=env.pk):
        element = Element.objects.get(slug="wiki")
        assert (element.kind, element.owner_id) == ("external", gardener.person_id)
        assert [credit.name for credit in element.credits.all()] == ["Gus"]


def test_what_is_offered_from_above_is_changed_there(env, make_environment, member, browser_of):
    below, element = make_environment("below", parent=env), tool(env)
    with open_scope(environment_id=env.pk):
        element_offer(element=element, to=below)
    browser = browser_of(member("gardener", environment=below))
    path = f"/admin/ecosystem/element/{element.pk}/change/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, element_form(element, title="Taken over")).status_code == 403
    with open_scope(environment_id=below.pk), pytest.raises(EcosystemError):
        element_update(element=element, title="Taken over")


def test_connections_are_made_reworded_and_taken_away(env, member, browser_of):
    one, two = tool(env), tool(env, "Map", "map")
    browser = browser_of(member("gardener"))
    form = {"source": one.pk, "target": two.pk, "kind": "reinforces", "hypothesis": "It helps.", "owner": ""}
    assert browser.post("/admin/ecosystem/connection/add/", form).status_code == 302
    with open_scope(environment_id=env.pk):
        connection_id = Connection.objects.get(hypothesis="It helps.").pk
    path = f"/admin/ecosystem/connection/{connection_id}"
    assert browser.post(f"{path}/change/", {"hypothesis": "It really helps.", "owner": ""}).status_code == 302
    with open_scope(environment_id=env.pk):
        assert Connection.objects.get(pk=connection_id).hypothesis == "It really helps."
    assert browser.post(f"{path}/delete/", {"post": "yes"}).status_code == 302
    with open_scope(environment_id=env.pk):
        assert not Connection.objects.filter(pk=connection_id).exists()


def test_the_charter_and_a_month_of_its_kpi(env, member, browser_of):
    browser = browser_of(member("gardener"))
    charter = {
        "business_issue": "People leave.", "why": "They stay.", "audience": "All", "sponsor": "", "champion": "",
        "budget_eur": "10", "budget_hours": "2",
    }  # fmt: skip
    assert browser.post("/admin/gardening/charter/add/", charter).status_code == 302
    with open_scope(environment_id=env.pk):
        pk = Charter.objects.get().pk
    kpi = {
        "charter": pk, "name": "Days", "unit": "days", "direction": "down", "baseline": "31", "target": "24",
        "target_on": "2027-06-30", "values-TOTAL_FORMS": "1", "values-INITIAL_FORMS": "0",
        "values-0-month": "2026-10-01", "values-0-value": "27.5",
    }  # fmt: skip
    answer = browser.post("/admin/gardening/kpi/add/", kpi)
    assert answer.status_code == 302, answer.context["errors"]
    with open_scope(environment_id=env.pk):
        assert KpiValue.objects.get().value == 27.5
    assert browser.get("/admin/gardening/charter/add/").status_code == 403  # there is one already
    wrong = browser.post("/admin/gardening/kpi/add/", {**kpi, "name": "More", "target": "40"}, follow=True)
    assert "The target must be better than the baseline" in wrong.content.decode()


def test_only_administrators_change_roles(env, member, browser_of):
    admin, learner = member("admin"), member("learner")
    path = f"{MEMBERS}{learner.pk}/change/"
    assert browser_of(member("gardener")).get(path).status_code in {302, 403, 404}
    assert browser_of(member("manager")).post(path, {"roles": ["admin"]}).status_code == 403
    assert browser_of(admin).post(path, {"roles": ["learner", "author"]}).status_code == 302
    with open_scope(environment_id=env.pk):
        assert Membership.objects.get(pk=learner.pk).roles == ["author", "learner"]


def test_the_last_administrator_stays_one(env, other, member, browser_of):
    admin = member("admin")
    member("admin", environment=other)  # an administrator elsewhere does not count
    page = browser_of(admin).post(f"{MEMBERS}{admin.pk}/change/", {"roles": ["learner"]}, follow=True)
    assert "is the last administrator here" in page.content.decode()
    with open_scope(environment_id=env.pk):
        assert Membership.objects.get(pk=admin.pk).roles == ["admin"]
    second = member("admin")
    with open_scope(environment_id=env.pk):
        member_roles_set(membership=admin, roles=["learner"], by=second)
        with pytest.raises(EcosystemError):
            member_roles_set(membership=second, roles=["learner"], by=second)


def test_nobody_gives_roles_without_being_administrator(env, other, member):
    learner, gardener, stranger = member("learner"), member("gardener"), member("admin", environment=other)
    with open_scope(environment_id=env.pk):
        for by in (learner, gardener, stranger):
            with pytest.raises(EcosystemError):
                member_roles_set(membership=learner, roles=["admin"], by=by)
        for roles in ([], ["king"]):
            with pytest.raises(EcosystemError):
                member_roles_set(membership=learner, roles=roles, by=member("admin"))
