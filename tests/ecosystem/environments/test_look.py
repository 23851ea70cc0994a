"""The look of an environment: saved, previewed, put back; own words, icon and legal pages."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import forget_hosts
from ecosystem.look import colour_verdicts
from ecosystem.models import AuditEntry, Environment, Role
from ecosystem.scope import open_scope
from ecosystem.services.entering import environment_enter
from ecosystem.services.environments import environment_restyle
from ecosystem.services.look import LOOK_CHANGED, look_restore, look_save
from memotrainer.enums import REMINDER
from notifications.registry import notice_kinds

pytestmark = pytest.mark.django_db

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
TYPED = {
    "name": "Alpha & Sons", "tagline": "We grow", "brand": "#123456", "accent": "#E8743B", "font": "nunito", "radius": "8",
    "word_courses": "My journeys", "legal_imprint": "Alpha **Ltd**",
}  # fmt: skip


def saved(environment):
    forget_hosts()  # as after the commit, which a test does not make
    return Environment.objects.get(pk=environment.pk)


def test_an_administrator_gives_a_look_and_everybody_sees_it(env, other, member, browser_of):
    admin, learner = member(Role.ADMIN), member()
    sent = {**TYPED, "logo_svg": SimpleUploadedFile("logo.svg", LOGO.encode())}
    assert browser_of(admin).post("/settings/look/", sent).status_code == 302
    mine = saved(env)
    assert (mine.name, mine.font, mine.radius, mine.words) == ("Alpha & Sons", "nunito", 8, {"courses": "My journeys"})
    home = browser_of(learner).get("/").text
    assert "My journeys" in home
    assert "My courses" not in home
    assert f'href="/theme/{mine.theme_hash}.svg"' in home
    assert mine.logo_svg in browser_of(learner).get(f"/theme/{mine.theme_hash}.svg").text
    assert Environment.objects.get(pk=other.pk).words == {}
    with open_scope(environment_id=env.pk):
        entry = AuditEntry.objects.get(act=LOOK_CHANGED)
    assert (entry.environment_id, entry.before["name"], entry.after["name"]) == (env.pk, "Alpha", "Alpha & Sons")
    assert "favicon_svg" not in entry.before


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"brand": "red"},
        {"radius": "25"},
        {"font": "comic"},
        {"word_courses": "x" * 31},
        {"logo_svg": "no"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(env, member, browser_of, wrong):
    sent = {**TYPED, **wrong}
    if "logo_svg" in wrong:
        sent["logo_svg"] = SimpleUploadedFile("logo.svg", b"<p>no drawing</p>")
    answer = browser_of(member(Role.ADMIN)).post("/settings/look/", sent)
    assert "needs your attention" in answer.text
    assert saved(env).name == "Alpha"


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MANAGER, Role.GARDENER])
def test_it_is_not_there_without_the_power(env, member, browser_of, role):
    who = member(role)
    client = browser_of(who)
    for address in ("/settings/look/", "/settings/look/preview/", "/settings/look/preview.css?brand=%23123456"):
        assert client.get(address).status_code == 404
    with open_scope(environment_id=env.pk), pytest.raises(EcosystemError):
        look_save(by=who, name="Mine")


def test_an_administrator_from_above_may_too_and_one_of_elsewhere_not(env, other, make_environment, member):
    below = make_environment("below", parent=env)
    above, stranger = member(Role.ADMIN), member(Role.ADMIN, environment=other)
    with open_scope(environment_id=below.pk, person_id=above.person_id):
        guest = environment_enter(person=above.person)
        assert look_save(by=guest, name="From above")
        assert environment_enter(person=stranger.person) is None
    assert saved(below).name == "From above"


def test_preview_shows_what_is_typed_and_keeps_nothing(env, member, browser_of):
    client = browser_of(member(Role.ADMIN))
    answer = client.post("/settings/look/preview/", {**TYPED, "brand": "#FFFF00"})
    assert "Alpha &amp; Sons" in answer.text
    assert "brand=%23FFFF00" in answer.text
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert saved(env).name == "Alpha"
    css = client.get("/settings/look/preview.css?brand=%23123456&accent=%23123456&font=nunito&radius=4")
    assert "--brand:#123456" in css.text
    for wrong in ("brand=red", "brand=%23123456&accent=%23123456&font=nunito&radius=99", "radius=%C2%B2"):
        assert client.get(f"/settings/look/preview.css?{wrong}").status_code == 404


def test_verdict_says_whether_a_colour_was_kept():
    found = colour_verdicts(brand="#0B6E69", accent="#808080")
    assert found["brand"].is_kept
    assert not found["accent"].is_kept
    assert all(one.ratio >= 4.5 for one in found.values())


def test_put_back_undoes_one_change_and_twice_is_once(env, other, member, browser_of):
    admin = member(Role.ADMIN)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        look_save(by=admin, brand="#111111")
        look_save(by=admin, tagline="Later")
        entry = AuditEntry.objects.filter(act=LOOK_CHANGED).earliest("id")
    client = browser_of(admin)
    assert "Put it back" in client.get("/settings/look/").text
    for _time in range(2):
        assert client.post(f"/settings/look/{entry.pk}/back/").status_code == 302
    mine = saved(env)
    assert (mine.brand, mine.tagline) == ("#0B6E69", "Later")
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.filter(act=LOOK_CHANGED).count() == 3
    stranger = member(Role.ADMIN, environment=other)
    assert browser_of(stranger).post(f"/settings/look/{entry.pk}/back/").status_code == 404
    with open_scope(environment_id=other.pk), pytest.raises(EcosystemError):
        look_restore(entry=entry, by=stranger)


def test_legal_pages_are_public_when_they_have_a_text(env, member):
    admin = member(Role.ADMIN)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        look_save(by=admin, legal={"imprint": "Alpha **Ltd** <script>alert(1)</script>"})
    forget_hosts()
    visitor = Client(HTTP_HOST="alpha.localhost")
    page = visitor.get("/legal/imprint/").text
    assert "<strong>Ltd</strong>" in page
    assert "<script>alert" not in page
    assert 'href="/legal/imprint/"' in visitor.get("/accounts/login/").text
    assert visitor.get("/legal/terms/").status_code == visitor.get("/legal/slug/").status_code == 404


@pytest.mark.parametrize("changes", [1, 4])
def test_the_page_costs_the_same_for_any_number_of_changes(env, member, browser_of, django_assert_num_queries, changes):
    admin = member(Role.ADMIN)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        for number in range(changes):
            look_save(by=admin, tagline=f"Number {number}")
    client = browser_of(admin)
    with django_assert_num_queries(10):
        client.get("/settings/look/")


def test_own_words_stand_wherever_the_name_of_a_page_stands(env, other, member, browser_of):
    """Titles, headings, ways back, the menu, filters and the names of kinds of messages; elsewhere nothing changes."""
    environment_restyle(environment=env, words={"courses": "Paths", "memo": "Sparks", "events": "Meetings"})
    forget_hosts()
    here, elsewhere = member(), member(environment=other)
    browser, stranger = browser_of(here), browser_of(elsewhere)
    for address, word, usual in (
        ("/courses/", "Paths", "My courses"),
        ("/memo/", "Sparks", "Daily cards"),
        ("/events/", "Meetings", "Events"),
    ):
        page = browser.get(address).text
        assert f"<title>{word}" in page
        assert re.search(rf"<h1[^>]*>{word}</h1>", page)
        assert usual not in re.sub(r"(?s)<nav.*?</nav>", "", page)
        assert usual in stranger.get(address).text
    assert ">Sparks</th>" in browser.get("/notices/preferences/").text.replace("\n", "")
    assert "Paths" in browser.get("/certificates/").text  # what an empty page leads to
    assert notice_kinds[REMINDER].called(env.words) == "Sparks"
    assert str(notice_kinds[REMINDER].called({})) == "Daily cards"
