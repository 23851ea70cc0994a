"""Work that is judged in a browser: by a peer on a phone, without a name by one, a moderator and the release, and by two."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handins.models import Mark, PeerPhase, PeerReview, PeerState, Round, RoundState
from handins.selectors.peers import reviews_by
from handins.services import assignment_make, round_save, round_start, round_submit
from handins.services.peers import peer_plan_set, peers_open
from tests.handins.conftest import CRITERIA, within
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("own_database")]
WORDS = "I look who is quiet today. Then I sit down beside them and ask one question, and wait for the answer."


@pytest.fixture
def visitor(live_server, monkeypatch, browser_of):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    base = f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"

    def make(browser, who, name: str, language: str = "en") -> Visitor:
        found = Visitor(browser, base=base, name=name)
        cookies = {"session": browser_of(who).cookies["session"].value, "language": language}
        found.context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies.items()])
        return found

    return make


@pytest.fixture
def asked(member):
    """An assignment that two have handed in."""
    author, people = member("author", name="Ada"), [member(name="Lea Brun"), member(name="Noor Vos")]

    def make(**facts):
        with within(author):
            said = {"criteria": CRITERIA, "pass_mark": 60, "markdown": "Whom do you look for?", **facts}
            assignment = assignment_make(title="Ten minutes", by=author, **said)
            if not facts:
                hours = {
                    "opens_at": timezone.now() - timedelta(hours=1),
                    "closes_at": timezone.now() + timedelta(days=3),
                }
                peer_plan_set(assignment=assignment, by=author, is_on=True, each=1, **hours)
        for one in people:
            with within(one):
                draft = round_save(round=round_start(assignment=assignment, by=one), text=WORDS, by=one)
                round_submit(round=draft, by=one)
        return people

    return make


def test_a_peer_reviews_on_a_phone_with_the_keyboard(asked, visitor, member):
    me, marker = asked()[0], member("instructor", name="Mia")
    with within(marker):
        peers_open(phase=PeerPhase.objects.get(), by=marker)
    with within(me):
        review = reviews_by(me).get()
    with chromium() as browser:
        phone, desk = visitor(browser, me, "peers"), visitor(browser, marker, "peers-desk", "nl")
        phone.go(f"/handins/peers/{review.uid}/")
        line, keys = phone.page.locator("#peer-saved"), phone.page.keyboard
        phone.page.locator("[name=level_0]").first.focus()
        keys.press("Space")
        keys.press("ArrowDown")
        expect(line).to_contain_text("Saved at")
        phone.page.locator("[name=strengths]").focus()
        keys.type("You wait for the answer.")
        expect(line).to_contain_text("Saved at")
        phone.go(f"/handins/peers/{review.uid}/")
        expect(phone.page.locator("[name=level_0]").nth(1)).to_be_checked()
        expect(phone.page.locator("[name=strengths]")).to_have_value("You wait for the answer.")
        for place in (1, 2, 3):
            phone.page.locator(f"[name=level_{place}]").nth(2).check()
        phone.page.fill("[name=advice]", "Say what you do when nobody answers.")
        phone.page.get_by_role("button", name="Give the review").focus()
        keys.press("Enter")
        phone.page.wait_for_url("**/handins/ten-minutes/peers/")
        phone.look("given", shoot_desktop=True)
        with within(me):
            assert PeerReview.objects.get(pk=review.pk).state == PeerState.DONE
        desk.go(f"/reviewing/peers/{review.uid}/").look("one", shoot_desktop=True)
        assert phone.wrong + desk.wrong == []


def test_without_a_name_through_a_moderator_to_the_release(asked, visitor, member):
    lea, _noor = asked(is_anonymous=True, moderation="failing")
    marker, second = member("instructor", name="Mia"), member("instructor", name="Max")
    with within(marker):
        round = Round.objects.get(person=lea.person)
    place = f"/reviewing/{round.uid}/"
    with chromium() as browser:
        desk, other = visitor(browser, marker, "nameless"), visitor(browser, second, "moderator", "nl")
        desk.go("/reviewing/?of=ten-minutes")
        assert "Participant" in desk.text()
        desk.go(place)
        for number in range(len(CRITERIA)):
            desk.page.locator(f"[name=level_{number}]").first.check()
        kept_beside_a_remark(desk)
        desk.look("work", shoot_desktop=True)
        assert "Brun" not in desk.text()
        desk.press("Mark and release").page.locator("#confirm [value=yes]").click()
        desk.page.wait_for_url("**/reviewing/**")
        other.go("/reviewing/?state=moderate").look("queue", shoot_desktop=True)
        other.go(place)
        other.page.locator("#moderation").scroll_into_view_if_needed()
        other.look("mark", shoot_desktop=True)
        other.page.locator("[name=do][value=uphold]").focus()
        other.page.keyboard.press("Enter")
        other.page.wait_for_url("**/reviewing/?state=moderate")
        desk.go("/reviewing/?state=marked").look("marked", shoot_desktop=True)
        desk.page.locator("[name=round]").first.uncheck()  # with the mouse: the line beside it is a link
        desk.page.locator("[name=round]").first.check()
        desk.press("Release what is ticked").look("release", shoot_desktop=True)
        desk.page.locator("[name=sure]").click()
        desk.page.wait_for_url("**/reviewing/?state=marked")
        with within(marker):
            assert Round.objects.get(pk=round.pk).state == RoundState.RETURNED
            assert Mark.objects.count() == 1
        assert "Lea Brun" in desk.go("/reviewing/?state=returned").text()
        own = visitor(browser, lea, "nameless-learner", "nl")
        own.go("/handins/ten-minutes/").look("feedback")
        nothing_stays_after_signing_out(desk.go(place))
        assert desk.wrong + other.wrong + own.wrong == []


def nothing_stays_after_signing_out(desk: Visitor) -> None:
    desk.page.evaluate("sessionStorage.setItem('review:' + location.pathname, '{}')")
    desk.page.locator("form[action='/accounts/logout/']").first.evaluate("form => form.requestSubmit()")
    desk.page.wait_for_selector("html[data-visitor]")
    desk.page.wait_for_function("sessionStorage.length === 0")


def kept_beside_a_remark(desk: Visitor) -> None:
    """What is typed of the mark stays when the page is loaded anew and while a remark is added; a remark that was refused
    stays, and holds the mark up."""
    words, quote = desk.page.locator("#remark-form [name=words]"), desk.page.locator("[name=quote]")
    desk.page.fill("[name=comment]", "You wait.")
    desk.page.reload()
    expect(desk.page.locator("[name=comment]")).to_have_value("You wait.")
    for text, found in (("Yes.", "ask one question"), ("Where?", "not there")):
        words.fill(text)
        quote.fill(found)
        desk.press("Add the remark")
        desk.page.wait_for_load_state()
        expect(desk.page.locator("[name=comment]")).to_have_value("You wait.")
        expect(desk.page.locator("[name=level_0]").first).to_be_checked()
    expect(words).to_have_value("Where?")
    desk.press("Mark and release")
    expect(desk.page.locator("#remark-left")).to_be_visible()
    expect(desk.page.locator("#confirm")).to_be_hidden()
    words.fill("")
    quote.fill("")


def test_two_mark_apart_agree_and_one_releases(asked, visitor, member):
    lea, _noor = asked(is_double=True)
    first, second = member("instructor", name="Mia"), member("instructor", name="Max")
    with within(first):
        place = f"/reviewing/{Round.objects.get(person=lea.person).uid}/"

    def judge(desk: Visitor, level: int, button: str) -> None:
        desk.go(place)
        for number in range(len(CRITERIA)):
            desk.page.locator(f"[name=level_{number}]").nth(level).check()
        desk.press(button)

    with chromium() as browser:
        desk, other = visitor(browser, first, "double"), visitor(browser, second, "double-second", "nl")
        for who, level, button in ((desk, 2, "Give my mark"), (other, 0, "Geef mijn oordeel")):
            judge(who, level, button)
            who.page.locator("#confirm [value=yes]").click()
            who.page.wait_for_url(lambda url: place not in url)
        desk.go(place).look("both", shoot_desktop=True)
        assert "Too far apart for the average" in desk.text()
        judge(desk, 2, "Record the agreed mark")
        desk.page.wait_for_url(lambda url: place not in url)
        other.go(place).look("agreed", shoot_desktop=True)
        other.press("Vrijgeven").page.locator("[name=sure]").click()
        other.page.wait_for_url("**/reviewing/?state=marked")
        assert "Passed" in visitor(browser, lea, "double-learner").go("/handins/ten-minutes/").text()
        assert desk.wrong + other.wrong == []
