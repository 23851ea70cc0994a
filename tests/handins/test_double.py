"""Two markers, each on their own, then one mark: what neither sees before both are in, by every door there is."""

import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connections, transaction

from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Membership
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.exports import data_of_person
from ecosystem.services.people import member_add
from handins.exceptions import HandinError
from handins.models import Agreement, IndependentMark, Mark, Round, RoundState
from handins.selectors.double import is_sealed
from handins.services import (
    assignment_make,
    mark_give,
    marking_reopen,
    round_save,
    round_start,
    round_submit,
    rounds_release,
)
from handins.services.double import independent_mark_give, marks_agree, marks_average
from handins.services.feedback_files import feedback_file_add
from handins.services.remarks import remark_add
from notifications.models import Notice
from tests.handins.conftest import levels, within

pytestmark = pytest.mark.django_db
SECRET = b"hidden words"


@pytest.fixture
def second(member) -> Membership:
    return member("instructor", name="Max")


@pytest.fixture
def learner(member) -> Membership:
    return member(name="Lea")


@pytest.fixture
def round(make_assignment, handed_in, learner) -> Round:
    return handed_in(make_assignment(is_double=True, tolerance=10), learner)


def give(round: Round, who: Membership, *points: int, **said: object) -> IndependentMark:
    with within(who):
        return independent_mark_give(round=round, levels=levels(*points), by=who, **said)


def test_a_second_sees_nothing_of_the_first_by_any_door(round, marker, second, member, learner, browser_of):
    third, boss = member("instructor", name="Tom"), member("admin", name="Bo")
    with within(marker):
        remark_add(round=round, quote="this", words=f"A {SECRET.decode()}", by=marker)
        spoken = SimpleUploadedFile("hidden words.pdf", b"%PDF-1.7 x")
        file = feedback_file_add(round=round, upload=spoken, by=marker)
    give(round, marker, 2, 2, 1, 1, comment=SECRET.decode(), comments={"0": SECRET.decode()})
    place, api = f"/reviewing/{round.uid}/", f"/api/v1/handins/{round.uid}/"
    doors = (
        place, "/reviewing/", "/reviewing/?state=marked", "/reviewing/my-plan/worksheet/", api, "/api/v1/handins/",
        f"{api}independent/", "/api/v1/remarks/", f"/admin/handins/round/{round.pk}/change/",
    )  # fmt: skip
    for who in (second, third, boss):
        desk = browser_of(who)
        for door in doors:
            said = desk.get(door).content
            assert SECRET not in said, door
            assert b"75%" not in said, door
            assert not re.search(rb"(?<!\d)0\.75", said), door  # as a number: a time can be 12:00:20.75
        sheet = b"".join(desk.get("/reviewing/my-plan/worksheet/file/?sheet").streaming_content)
        assert SECRET not in sheet
        assert SECRET not in desk.post("/reviewing/release/", {"round": [round.uid]}).content
        assert desk.get(file.get_absolute_url()).status_code == 404
        desk.post(f"{place}files/", {"do": f"remove:{file.uid}"})
    with within(marker):
        assert round.feedback_files.count() == 1
        assert AuditEntry.objects.get(act="handin.independent_marked").after == {"round": 1}
    mine = browser_of(marker).get(place).content
    assert b"Your mark is in" in mine
    assert b"75%" in mine
    assert SECRET in browser_of(marker).get("/api/v1/remarks/").content
    give(round, second, 2, 1, 1, 1)
    for who in (marker, second, third):
        assert SECRET in browser_of(who).get(place).content
        assert SECRET in browser_of(who).get("/api/v1/remarks/").content
        assert len(browser_of(who).get(f"{api}independent/").json()) == 2
    pupil = browser_of(learner)
    assert SECRET not in pupil.get("/handins/my-plan/").content
    assert SECRET not in pupil.get(api).content
    assert pupil.get(f"{api}independent/").status_code == 403
    with within(learner):
        assert SECRET.decode() not in str(data_of_person(person=learner.person))


def test_two_marks_and_no_third(round, marker, second, member, learner):
    with within(marker):
        with pytest.raises(HandinError, match="Two people"):
            mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
        with pytest.raises(HandinError, match="needed first"):
            marks_average(round=round, by=marker)
    give(round, marker, 2, 2, 2, 2)
    with pytest.raises(HandinError, match="in already"):
        give(round, marker, 0, 0, 0, 0)
    with within(marker):
        assert is_sealed(round)
    give(round, second, 2, 2, 2, 1)
    with pytest.raises(HandinError, match="Two have marked"):
        give(round, member("instructor"), 1, 1, 1, 1)
    with within(marker):
        assert not is_sealed(round)
        assert Round.objects.get().state == RoundState.REVIEWING
        assert Notice.objects.filter(person=marker.person, body__contains="Both marks").count() == 1
        with pytest.raises(HandinError, match="Only what has a mark"):
            rounds_release(rounds=[round], by=marker)
        with pytest.raises(ProgrammingError), transaction.atomic():
            IndependentMark.objects.update(score=1)
        with pytest.raises(ProgrammingError), transaction.atomic():
            IndependentMark.objects.all().delete()


def test_near_enough_the_average_is_taken(round, marker, second, learner, browser_of):
    give(round, marker, 2, 2, 2, 2, comment="Warm.", comments={"3": "Deep"})
    give(round, second, 2, 2, 2, 1, comment="Clear.", comments={"3": "Some"})
    with within(second), pytest.raises(HandinError, match="too far"):
        marks_average(round=round, by=second)  # 12.5 apart
    desk = browser_of(second)
    assert b"Take the average" not in desk.get(f"/reviewing/{round.uid}/").content
    assert desk.post(f"/reviewing/{round.uid}/", {"do": "average"}).status_code == 400
    with within(second):
        round.submission.assignment.__class__.objects.update(tolerance=13)
    assert b"Take the average" in desk.get(f"/reviewing/{round.uid}/").content
    assert desk.post(f"/reviewing/{round.uid}/", {"do": "average"}).status_code == 302
    with within(second):
        mark = Mark.objects.get()
        assert mark.score == pytest.approx((1 + 7 / 8) / 2)
        assert mark.levels == levels(2, 2, 2)
        assert (mark.comment, mark.comments) == ("Warm.\n\nClear.", {"3": "Deep\n\nSome"})
        assert Agreement.objects.get().way == "average"
        with pytest.raises(HandinError, match="already"):
            marks_average(round=round, by=second)
        rounds_release(rounds=[round], by=second)
    page = browser_of(learner).get("/handins/my-plan/").content
    assert b"93%" in page
    assert b"Deep" in page


def test_they_agree_on_another_or_a_third_decides(round, marker, second, member, browser_of):
    give(round, marker, 2, 2, 2, 2)
    give(round, second, 0, 0, 1, 1)
    said = {f"level_{place}": "1" for place in range(4)}
    desk = browser_of(second)
    assert desk.post(f"/reviewing/{round.uid}/", {"do": "mark", **said}).status_code == 302
    with within(second):
        assert (Agreement.objects.get().way, Mark.objects.get().score) == ("talked", 0.5)
        assert Notice.objects.filter(person=marker.person, body__contains="agreed on").count() == 1
        assert AuditEntry.objects.get(act="handin.marks_agreed").after["marks"] == [100, 25]
        with pytest.raises(HandinError, match="stand for this mark"):
            mark_give(round=round, levels=levels(2, 2, 2, 2), by=second)
    assert b"Release it" in (page := desk.get(f"/reviewing/{round.uid}/")).content
    assert b"level_0" not in page.content, "one alone does not change it"
    with within(second):
        marking_reopen(round=round, because="Again", by=second)
    third = member("instructor", name="Tom")
    with within(third):
        marks_agree(round=round, levels=levels(2, 2, 1, 1), by=third)
        assert list(Agreement.objects.order_by("pk").values_list("way", flat=True)) == ["talked", "third"]


def test_who_disagree_about_passing_talk(make_assignment, handed_in, member, marker, second):
    round = handed_in(make_assignment(is_double=True, criteria=None, pass_mark=None, tolerance=100), member())
    for who, passed in ((marker, True), (second, False)):
        with within(who):
            independent_mark_give(round=round, percent=60, passed=passed, by=who)
    with within(second), pytest.raises(HandinError, match="too far"):
        marks_average(round=round, by=second)


def test_over_the_api_and_in_a_sheet(round, marker, second, browser_of):
    desk, other, api = browser_of(marker), browser_of(second), f"/api/v1/handins/{round.uid}/"
    json = "application/json"
    assert desk.post(f"{api}mark/", {"levels": levels(2, 2, 2, 2)}, json).status_code == 400
    assert desk.post(f"{api}independent/", {"levels": levels(2, 2, 2, 2)}, json).status_code == 201
    assert other.get(f"{api}independent/").json() == []
    head = "hand-in," + ",".join(
        f"{n + 1}. {name}" for n, name in enumerate(("Care", "Clarity", "Safety", "Reflection"))
    )
    place = "/reviewing/my-plan/worksheet/"
    assert other.post(place, {"do": "look", "text": f"{head}\n{round.uid},2,2,2,2"}).status_code == 200
    with within(second):
        assert IndependentMark.objects.count() == 1
    assert other.post(place, {"do": "apply", "text": f"{head}\n{round.uid},2,2,2,2"}).status_code == 302
    assert desk.post(f"{api}agree/", {"average": True}, json).json()["score"] == 1


def test_the_setting_is_the_authors(author, browser_of, make_assignment):
    make_assignment()
    desk = browser_of(author)
    page = desk.get("/assignments/my-plan/")
    data = {k: v for k, v in page.context["form"].initial.items() if v is not None}
    assert desk.post("/assignments/my-plan/", {**data, "is_double": "on", "tolerance": "5"}).status_code == 302
    found = browser_of(author).get("/api/v1/assignments/").json()["results"][0]
    assert (found["is_double"], found["tolerance"]) == (True, 5)


AT_ONCE = 6


@pytest.fixture
def two_desks(own_database) -> tuple[Round, list[Membership]]:
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    with open_scope(environment_id=here.pk):
        author = member_add(email="a@example.org", name="A", roles=["author"])
        learner = member_add(email="l@example.org", name="L", roles=["learner"])
        markers = [member_add(email=f"m{n}@example.org", name=f"M{n}", roles=["instructor"]) for n in range(AT_ONCE)]
        assignment = assignment_make(title="Plan", markdown="Write", is_double=True, by=author)
    with within(learner):
        draft = round_start(assignment=assignment, by=learner)
        round_save(round=draft, text="Mine", by=learner)
        return round_submit(round=draft, by=learner), markers


def all_at_once(markers: list[Membership], act) -> int:
    """How many were not refused."""
    barrier, done = threading.Barrier(len(markers)), []

    def run(who: Membership) -> None:
        try:
            barrier.wait(60)
            with within(who):
                act(who)
            done.append(who)
        except EcosystemError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[who]) for who in markers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return len(done)


def test_of_six_at_once_two_mark_and_one_agrees(two_desks):
    round, markers = two_desks

    def mark(who: Membership) -> None:
        independent_mark_give(round=round, percent=70, passed=True, by=who)

    assert all_at_once(markers, mark) == 2
    with within(markers[0]):
        assert sorted(IndependentMark.objects.values_list("place", flat=True)) == [1, 2]
    assert all_at_once(markers, lambda who: marks_average(round=round, by=who)) == 1
    with within(markers[0]):
        assert Mark.objects.count() == Agreement.objects.count() == 1


def test_the_naive_control_lets_more_than_two_mark(two_desks):
    """Counting without holding the hand-in: all of them believe that a place is free."""
    round, markers = two_desks
    seen, lock, counted = [], threading.Lock(), threading.Barrier(len(markers))

    def naive(who: Membership) -> None:
        free = IndependentMark.objects.filter(round_id=round.pk).count() < 2
        counted.wait(60)
        with lock:
            seen.append(free)

    all_at_once(markers, naive)
    assert sum(seen) > 2
