"""Help at the moment of need: found quickly, ticked by each for themselves, judged, missed, scanned, shown elsewhere."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from catalogue.services import offer_make, offer_take
from content.models import Image, MissedSearch, Page, Tick
from content.selectors import aids_here
from content.services import help_judge, image_add, page_create, page_embeddable, page_save, search_miss, support
from content.ticks import keys_of, parts_of
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Element
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer
from ecosystem.services.settings import setting_save
from ecosystem.setting_kinds import setting_kinds
from ecosystem.setting_tree import Own
from records.models import Fact, Statement
from records.services import record
from tests.content.test_writing import picture

pytestmark = pytest.mark.django_db
LIST = "Before you go:\n\n- [ ] Keys\n- [ ] Phone **charged**\n\nThen:\n\n- [ ] Keys\n"


def make(env, title="Night shift", markdown=LIST, kind="checklist", **facts) -> Page:
    with open_scope(environment_id=env.pk):
        return page_create(title=title, markdown=markdown, kind=kind, creators=["Ada"], **facts)


def test_lines_to_tick_off_are_found_in_the_text():
    parts = parts_of(f"{LIST}\n```\n- [ ] code\n```\n* [x] Lamp\n- [ ]\n")
    assert [len(part.items) for part in parts] == [0, 2, 0, 1, 0, 1, 0]
    assert parts[1].items[1].html == "Phone <strong>charged</strong>"
    keys = keys_of(LIST)
    assert len(set(keys)) == 3
    assert keys_of(LIST.replace("Phone", "Torch"))[0] == keys[0], "another line lost its tick"
    assert parts_of("- [ ] <script>x</script>[a](javascript:x)")[0].items[0].html.count("<") == 0


def test_ticks_are_ones_own_and_all_of_them_are_done(env, member, browser_of):
    page = make(env)
    one, two = member(), member()
    keys = keys_of(LIST)
    browser = browser_of(one)
    assert browser.post("/support/night-shift/ticks/", {"item": [keys[0], "nonsense", keys[0]]}).status_code == 302
    shown = browser.get("/support/night-shift/")
    assert (shown.context["ticked"], shown.text.count(" checked")) == (1, 1)
    assert browser_of(two).get("/support/night-shift/").context["ticked"] == 0
    for _again in range(2):
        browser.post("/support/night-shift/ticks/", {"item": keys})
    with open_scope(environment_id=env.pk):
        assert Tick.objects.filter(person=one.person).count() == 3
        assert Statement.objects.filter(verb="completed", person=one.person).count() == 1
        page_save(page=page, base=1, markdown=LIST.replace("Phone", "Torch"), by=one.person)
    assert browser.get("/support/night-shift/").context["ticked"] == 2, "a tick of a line that is gone still counts"
    browser.post("/support/night-shift/ticks/", {"again": "1", "item": keys})
    with open_scope(environment_id=env.pk):
        assert not Tick.objects.exists()
    assert browser.get("/support/night-shift/ticks/").status_code == 405


def test_the_answer_is_found_from_home_in_under_two_seconds(env, member, browser_of):
    for number in range(60):
        make(env, title=f"Aid {number}", markdown=f"Something about the kettle number{number}.", kind="job_aid")
    make(env, title="A page", markdown="The kettle, at length. number7", kind="page")
    browser = browser_of(member())
    assert 'action="/support/"' in browser.get("/").text
    start = time.monotonic()
    found = browser.get("/support/?q=kettle number7")
    assert time.monotonic() - start < 2
    assert [answer.element.title for answer in found.context["answers"]] == ["Aid 7", "A page"]
    assert "Something about the kettle" in found.text


# The first three are asked whether they are open.
@pytest.mark.parametrize("count", [3, 9])
def test_a_search_costs_the_same_however_much_it_finds(env, member, browser_of, count, django_assert_num_queries):
    for number in range(count):
        make(env, title=f"Kettle {number}", markdown="x", kind="job_aid")
    browser = browser_of(member())
    browser.get("/support/?q=kettle")
    with django_assert_num_queries(13):
        assert len(browser.get("/support/?q=kettle").context["answers"]) == count


def test_a100_what_one_may_not_open_is_not_found(env, other, member, browser_of):
    make(env, title="Secret kettle", markdown="x", visibility="private")
    make(other, title="Foreign kettle", markdown="x")
    answer = browser_of(member()).get("/support/?q=kettle")
    assert answer.context["answers"] == []
    assert "ecret kettle" not in answer.text


def test_help_that_was_used_most_stands_first_however_much_there_is(env, other, member):
    make(other, title="Foreign", kind="job_aid")
    often = make(env, title="Often", kind="job_aid")
    once = make(env, title="Once")
    with open_scope(environment_id=env.pk):
        for n in range(205):
            element_create(kind="job_aid", title=f"Aid {n}", slug=f"aid-{n}", creators=["Ada"], visibility="members")
        last = Element.objects.get(slug="aid-204")
        for times, page in ((3, often), (1, once)):
            for _n in range(times):
                record(verb="launched", element=page.element, person_id=member().person_id)
        found = [answer.element for answer in aids_here(membership=member(), limit=3)]
    assert found == [often.element, once.element, last]


def test_what_is_closed_to_the_person_shows_no_beginning(env, member, browser_of):
    rows = [
        make(env, title=f"Kettle {n}", markdown=f"Words of {n}", kind="page", summary="Tea").element for n in range(2)
    ]
    learner = member()
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="Tea", creators=["Ada"])
        plan = [PlannedActivity(target=rows[0]), PlannedActivity(target=rows[1], condition={"completed": rows[0].pk})]
        course_publish(element=course, blocks=[PlannedBlock("One", plan)])
        offer = offer_make(element=course, run=run_open(element=course))
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        offer_take(offer=offer, person=learner.person)
    browser = browser_of(learner)
    found = {answer.element.title: answer.begins for answer in browser.get("/support/?q=kettle").context["answers"]}
    assert found == {"Kettle 0": "Words of 0", "Kettle 1": ""}


def test_searches_in_vain_do_not_pile_up(env, other, monkeypatch):
    monkeypatch.setattr(support, "MOST_MISSED", 3)
    start = timezone.now()
    at = [start]
    monkeypatch.setattr(clock, "now", lambda: at[0])

    def miss(place, *words: str) -> list[str]:
        with open_scope(environment_id=place.pk):
            for word in words:
                at[0] += timedelta(seconds=1)
                search_miss(text=word)
            return list(MissedSearch.objects.filter(environment=place).order_by("pk").values_list("words", flat=True))

    miss(other, "elsewhere")
    assert miss(env, "tap", "kettle", "kettle", "lamp", "torch") == ["kettle", "lamp", "torch"]
    with open_scope(environment_id=env.pk):
        MissedSearch.objects.filter(words="lamp").update(handled_at=at[0])
    assert miss(env, "spade") == ["kettle", "lamp", "torch", "spade"]
    at[0] += support.HANDLED_KEPT_FOR
    assert miss(env, "rake") == ["kettle", "spade", "rake"]
    assert miss(other) == ["elsewhere"]


def test_searches_in_vain_are_counted_without_who_asked(env, other, member, browser_of):
    learner, gardener = browser_of(member()), browser_of(member("gardener"))
    for words in ("Leaking  Tap", "leaking tap", "x", "", "the\x00"):
        learner.get("/support/", {"q": words})
    with open_scope(environment_id=env.pk):
        rows = list(MissedSearch.objects.order_by("pk").values_list("words", "times"))
    assert rows[0] == ("leaking tap", 2)
    assert "x" not in dict(rows)
    assert "leaking tap" in gardener.get("/support/missed/").text
    with open_scope(environment_id=env.pk):
        row = MissedSearch.objects.get(words="leaking tap")
    assert (
        browser_of(member("gardener", environment=other)).post(f"/support/missed/{row.pk}/handled/").status_code == 404
    )
    assert learner.post(f"/support/missed/{row.pk}/handled/").status_code == 404
    assert learner.get("/support/missed/").status_code == 404
    for _again in range(2):
        assert gardener.post(f"/support/missed/{row.pk}/handled/").status_code == 302
    assert "leaking tap" not in gardener.get("/support/missed/").text
    learner.get("/support/", {"q": "leaking tap"})
    assert "leaking tap" in gardener.get("/support/missed/").text
    with open_scope(environment_id=env.pk):
        assert MissedSearch.objects.get(words="leaking tap").times == 3
        assert AuditEntry.objects.filter(act="search.handled").count() == 1


def test_whether_it_helped_is_a_fact_once_a_day(env, member, browser_of, monkeypatch):
    page, author = make(env), browser_of(member("author"))
    learner = member()
    browser = browser_of(learner)
    for _again in range(3):
        assert browser.post("/support/night-shift/helped/", {"helped": "yes"}).status_code == 302
    browser_of(member()).post("/support/night-shift/helped/", {"helped": "no"})
    with open_scope(environment_id=env.pk):
        assert sorted(Fact.objects.exclude(verb="launched").values_list("verb", "times")) == [
            ("helped", 1),
            ("not_helped", 1),
        ]
    assert "helped 1, not 1" in author.get("/content/").text
    monkeypatch.setattr(clock, "now", lambda: timezone.now() + timedelta(days=2))
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        assert help_judge(page=page, helped=True)


def test_a_code_to_scan_leads_to_it(env, member, browser_of):
    make(env)
    browser = browser_of(member())
    assert "http://alpha.localhost/support/night-shift/" in browser.get("/support/night-shift/code/").text
    drawn = browser.get("/support/night-shift/code.svg")
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")
    assert browser_of(env).get("/support/night-shift/code.svg").status_code == 302


def allow(env, hosts: str, by) -> None:
    with open_scope(environment_id=env.pk):
        setting_save(key="embed_hosts", own=Own(hosts), by=by)


def test_a99_only_what_is_let_out_and_only_for_the_sites_that_are_allowed(env, other, member, browser_of, client):
    page, admin, author = make(env), member("admin"), member("author")
    there = {"host": "alpha.localhost"}
    where = "/support/night-shift/embed/"
    assert client.get(where, headers=there).status_code == 404
    assert browser_of(member()).post("/support/night-shift/embeddable/", {"embeddable": "yes"}).status_code == 404
    assert browser_of(author).post("/support/night-shift/embeddable/", {"embeddable": "yes"}).status_code == 302
    assert client.get(where, headers=there).status_code == 404, "no site is allowed yet"
    allow(env, "https://intranet.example.org https://other.example.org:8443", admin)
    answer = client.get(where, headers=there)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://intranet.example.org https://other.example.org:8443")
    assert "X-Frame-Options" not in answer.headers
    assert "Phone <strong>charged</strong>" in answer.text
    assert author.person.name not in browser_of(author).get(where).text
    with open_scope(environment_id=env.pk):
        image_add(page=page, name="x", data=picture(), says="A cup")
        digest = Image.objects.get().sha256
    shown = client.get(f"{where}{digest}/", headers=there)
    assert b"".join(shown.streaming_content).startswith(b"RIFF")
    assert client.get(f"{where}{'0' * 64}/", headers=there).status_code == 404
    assert client.get(where, headers={"host": "beta.localhost"}).status_code == 404
    with open_scope(environment_id=env.pk):
        page_embeddable(page=Page.objects.get(), embeddable=False, by=author.person)
        assert AuditEntry.objects.filter(act="page.embeddable").count() == 2
    assert client.get(where, headers=there).status_code == 404


@pytest.mark.parametrize(
    "hosts", ["*", "https://*", "http://x.example.org", "https://x.example.org; script-src *", "'self'", "https://x.example.org/path", "https://a,https://b"]
)  # fmt: skip
def test_what_is_no_site_is_no_setting(hosts):
    assert not setting_kinds["embed_hosts"].accepts(hosts)


@pytest.mark.parametrize("hosts", ["", "https://x.example.org", "https://x.example.org https://y.example.org:444"])
def test_sites_are_a_setting(hosts):
    assert setting_kinds["embed_hosts"].accepts(hosts)


def test_below_a_list_from_above_is_ticked_there(env, member, make_environment, browser_of):
    below = make_environment("below", parent=env)
    page = make(env)
    with open_scope(environment_id=env.pk):
        element_offer(element=page.element, to=below)
    browser = browser_of(member(environment=below))
    assert browser.post("/support/night-shift/ticks/", {"item": keys_of(LIST)[:1]}).status_code == 302
    assert browser.get("/support/night-shift/").context["ticked"] == 1
    with open_scope(environment_id=env.pk):
        assert not Tick.objects.exists()
    with open_scope(environment_id=below.pk), pytest.raises(EcosystemError):
        page_embeddable(page=page, embeddable=True, by=member("author", environment=below).person)


def test_the_worker_and_software(env, member, browser_of):
    make(env)
    client, gardener = browser_of(member()), browser_of(member("gardener"))
    worker = client.get("/support/sw.js")
    assert (worker.headers["Content-Type"], "support-v1" in worker.text) == ("text/javascript", True)
    keys = keys_of(LIST)
    told = client.post("/api/v1/pages/night-shift/ticks/", {"items": keys[:2]}, content_type="application/json")
    assert [row["ticked"] for row in told.json()["items"]] == [True, True, False]
    assert [row["ticked"] for row in client.get("/api/v1/pages/night-shift/ticks/").json()["items"]] == [
        True,
        True,
        False,
    ]
    judged = client.post("/api/v1/pages/night-shift/helped/", {"helped": False}, content_type="application/json")
    assert judged.json() == {"done": True}
    wish = {"embeddable": True}
    assert (
        client.post("/api/v1/pages/night-shift/embeddable/", wish, content_type="application/json").status_code == 403
    )
    assert gardener.post("/api/v1/pages/night-shift/embeddable/", wish, content_type="application/json").json() == wish
    client.get("/support/?q=nowhere")
    rows = gardener.get("/api/v1/missed-searches/").json()["results"]
    assert [row["words"] for row in rows] == ["nowhere"]
    assert gardener.post(f"/api/v1/missed-searches/{rows[0]['id']}/handled/").json()["handled_at"]
    assert client.get("/api/v1/missed-searches/").status_code == 403
