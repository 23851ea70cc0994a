"""Daily cards in real processes: a session on a phone with and without network, and workers killed at their work.

Worth it: the only proof that the script of the cards, its outbox and the service worker keep an answer and its time, and
that a killed worker neither forgets nor repeats a reminder or a fit.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from demo.loading.forest import PASSWORD
from tests import databases
from tests.live.browsing import Visitor, chromium
from tests.live.site import Site, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("daily-cards")]
EMAIL, HOST = "learner@demo.example.org", "demo.localhost"

# Everything is made by the services. `people`, `each` and `answers` come before.
SCENE = """
import uuid
from datetime import timedelta
from decimal import Decimal
from django.utils import timezone
from assessments.models import QuestionVersion
from ecosystem.models import Environment, Membership, Person
from ecosystem.scope import open_scope
from ecosystem.services.people import member_add
from memotrainer.models import Trainer
from memotrainer.services.remembering import Remembered, answers_remember
from memotrainer.services.trainers import trainer_lock, zone_here

env = Environment.objects.get(slug="demo")
with open_scope(environment_id=env.pk):
    if people == 1:
        ids = [Person.objects.get(email="learner@demo.example.org").pk]
    else:
        ids = [member_add(email=f"memo{n}@demo.example.org", name=f"Memo {n}").person_id for n in range(people)]
    rows = QuestionVersion.objects.filter(type__in=kinds).order_by("type", "question_id", "-number").distinct("type", "question_id")
    by_type = {}
    for row in rows:
        by_type.setdefault(row.type, []).append(row)
    versions = [row for kind in kinds for row in by_type[kind][:each]]
    topics = {}
    if people == 1:  # one card per objective comes on a day, so take questions of different ones
        versions = [one for one in versions if one.question.objective_id is None or topics.setdefault(one.question.objective_id, one.pk) == one.pk]
for number, person_id in enumerate(ids):
    with open_scope(environment_id=env.pk, person_id=person_id):
        for turn in range(answers):
            at = timezone.now() - timedelta(days=4 * (answers - turn), minutes=number)
            given = [
                Remembered(uid=uuid.uuid4(), question_id=v.question_id, bank_id=v.element_id, version_id=v.pk,
                    fraction=Decimal(int(turn == 0 or (v.pk * 7 + number * 3 + turn * 5) % 10 > 5)), answered_at=at)
                for v in versions
            ]
            answers_remember(trainer=trainer_lock(person_id=person_id), zone=zone_here(), answers=given)
        Trainer.objects.filter(person_id=person_id).update(next_reminder_at=timezone.now() - timedelta(minutes=1))
print(env.pk, len(versions))
"""


def scene(site: Site, *, people: int, kinds: tuple[str, ...], each: int, answers: int) -> tuple[int, int]:
    """(environment, cards of each person)."""
    told = site.run(f"people, kinds, each, answers = {people}, {kinds!r}, {each}, {answers}\n{SCENE}").split()
    return int(told[-2]), int(told[-1])


def letters_to(site: Site, words: str) -> list[str]:
    return [
        text for path in (site.folder / "mail").rglob("*") if path.is_file() and words in (text := path.read_text())
    ]


def cards_left(learner: Visitor) -> int:
    return int(learner.page.locator("[data-count]").inner_text().split()[-1])


# Now and then Chromium's database on the device never answers. Both what is read and what is kept of values, once.
UNANSWERED = """() => {
  const answers = IDBDatabase.prototype.transaction, silent = new Set(['readonly', 'readwrite']);
  IDBDatabase.prototype.transaction = function (table, mode, how) {
    if (table !== 'values' || !silent.delete(mode)) return answers.call(this, table, mode, how);
    return {objectStore: () => ({get: () => ({}), put: () => ({})})};
  };
}"""


def answer(learner: Visitor) -> None:
    """The card that is shown, by keyboard."""
    page = learner.page
    field = page.locator(".qcard input[name=answer]:not([type])")
    if field.count():
        field.fill("42")
        field.press("Enter")
    elif page.locator(".qcard input[type=checkbox]").count():
        page.locator(".qcard h1").press("1")
        page.get_by_role("button", name="Check", exact=True).click()
    else:
        page.locator(".qcard h1").press("1" if page.locator(".qcard .opts").count() else "ArrowLeft")
    page.wait_for_selector(".sheet")


def test_a_daily_session_online_and_on_the_train(site):
    site.start("broker", "web")
    _environment, count = scene(site, people=1, kinds=("true_false", "single", "multiple"), each=12, answers=1)
    assert count >= 3
    site.run("from memotrainer.services import trainer_remind\nassert trainer_remind() == 1")
    ((href,),) = site.sql("SELECT href FROM notifications_notice WHERE kind = 'memo-reminder'")
    assert href == "/memo/"
    with chromium() as browser:
        learner = Visitor(browser, base=f"http://{HOST}:{site.port}", name="daily-cards")
        learner.sign_in(EMAIL, PASSWORD).go(href)  # one tap from the reminder to the first question
        page = learner.page
        page.wait_for_selector("memo-trainer .qcard h1")
        page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
        learner.look("1-question", shoot_desktop=True)
        total = cards_left(learner)
        page.evaluate(UNANSWERED)
        answer(learner)
        learner.look("2-answered")
        page.get_by_role("button", name="Take back").click()
        page.wait_for_selector(".qcard .opt:not([disabled])")
        answer(learner)
        page.locator("summary", has_text="Something wrong?").click()
        page.fill("#report-text", "Both are right.")
        page.get_by_role("button", name="Tell its author").click()
        expect(page.get_by_text("Who made this question will see it")).to_be_visible()
        wait_for(lambda: given(site) == 1, what="the answer, its undo and the second answer on the server")
        swiped = False
        for left in range(total - 1, 0, -1):
            if left > 1:
                page.get_by_role("button", name="Continue").click()
            else:
                assert given(site) == 2
                # Without network: served by the worker, and the device knows what was answered. The page that a window loads
                # has the network for a moment, whatever the window was told; so nobody is there.
                site.kill("web")
                page.reload()
            page.wait_for_selector(".qcard .opt:not([disabled]), .qcard input:not([disabled])")
            if not swiped and page.locator(".qcard .two").count():
                swipe(learner)
                swiped = True
            else:
                answer(learner)
            if left == total - 1:
                wait_for(lambda: given(site) == 2, what="two answers")
                page.context.set_offline(True)
        expect(page.locator("[data-net]")).to_be_visible()
        page.get_by_role("button", name="See how it went").click()
        expect(page.locator("[data-sent]")).to_contain_text("kept on this device")
        learner.look("3-done-offline")
        ended = site.sql("SELECT now()")[0][0]
        assert given(site) == 2
        site.start("web")
        time.sleep(1.2)  # so that the time it was given is told from the time it came
        page.context.set_offline(False)
        # Not one is left on the device, of those that were given online neither.
        expect(page.locator("[data-sent]")).to_have_text("All answers sent", timeout=30_000)
        assert given(site) == total
        page.reload()
        page.wait_for_load_state("networkidle")
        offline = [
            one for one in learner.wrong if "ERR_INTERNET_DISCONNECTED" not in one and "CONNECTION_REFUSED" not in one
        ]
        assert offline == []
        learner.close()
    rows = site.sql(
        "SELECT count(*), count(DISTINCT uid), max(answered_at), bool_and(received_at >= answered_at)"
        " FROM memotrainer_review WHERE kind <> 'first'"
    )
    assert rows[0][:2] == (total + 1, total + 1)  # the one taken back stays in the log
    assert rows[0][2] < ended < site.sql("SELECT max(received_at) FROM memotrainer_review")[0][0]
    assert site.sql("SELECT count(*) FROM memotrainer_withdrawal") == [(1,)]
    assert site.sql("SELECT text FROM memotrainer_questionreport") == [("Both are right.",)]


def given(site: Site) -> int:
    """Answers of today that count."""
    ((count,),) = site.sql(
        "SELECT count(*) FROM memotrainer_review r WHERE kind <> 'first'"
        " AND NOT EXISTS (SELECT 1 FROM memotrainer_withdrawal w WHERE w.uid = r.uid)"
    )
    return count


def swipe(learner: Visitor) -> None:
    box = learner.page.locator(".qcard h1, .qcard .prose").first.bounding_box()
    x, y = box["x"] + 20, box["y"] + box["height"] / 2
    mouse = learner.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 60, y)
    mouse.move(x + 160, y)
    mouse.up()
    learner.page.wait_for_selector(".sheet")


def test_workers_killed_while_reminding_and_fitting_do_each_once(site):
    people = 24
    site.start("broker")
    environment, _count = scene(site, people=people, kinds=("single",), each=4, answers=3)
    site.start("worker", "beat")
    told = "SELECT count(*) FROM notifications_notice WHERE kind = 'memo-reminder'"
    for least in (1, 8):
        wait_for(lambda least=least: site.sql(told)[0][0] >= least, seconds=60, what="the first reminders")
        site.kill("worker")
        site.start("worker")
    waiting = "SELECT count(*) FROM memotrainer_trainer WHERE next_reminder_at <= now()"
    wait_for(lambda: site.sql(waiting) == [(0,)], seconds=60, what="reminders")
    assert site.sql(told) == [(people,)]
    twice = "SELECT person_id FROM notifications_notice WHERE kind = 'memo-reminder' GROUP BY 1 HAVING count(*) > 1"
    assert site.sql(twice) == []

    ask = f"from memotrainer.tasks import fit_environment\nfit_environment.apply_async(kwargs={{'environment_id': {environment}}}, queue='bulk')"
    behind = "SELECT count(*) FROM memotrainer_profile WHERE replayed_at IS NULL"
    with databases.admin(site.database) as somebody:  # who learns, so that the worker waits for the last one
        somebody.execute("BEGIN")
        somebody.execute("SELECT FROM memotrainer_trainer ORDER BY person_id DESC LIMIT 1 FOR UPDATE")
        site.run(ask)
        wait_for(lambda: site.sql(behind)[0][0] < people, seconds=60, what=f"a fit: {site.log('worker')}")
        site.kill("worker")
        ((left,),) = site.sql(behind)
    site.run(ask)  # as the next day does
    site.start("worker")
    wait_for(lambda: site.sql(behind) == [(0,)], seconds=60, what="cards made anew")
    assert 0 < left < people, "the worker was not killed at its work"
    assert site.sql("SELECT count(*) FROM memotrainer_fit WHERE scope = 'environment'") == [(1,)]
    before = site.sql("SELECT id, stability, difficulty FROM memotrainer_card ORDER BY 1")
    site.run(
        f"from ecosystem.scope import open_scope\nfrom memotrainer.services import people_replay\n"
        f"with open_scope(environment_id={environment}):\n    people_replay()"
    )
    assert site.sql("SELECT id, stability, difficulty FROM memotrainer_card ORDER BY 1") == before
    assert not re.search("Traceback", site.log("worker"))
