"""Work marked without names: what whoever marks cannot see by any door, until the release or a deliberate look."""

import zipfile
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from pypdf import PdfWriter

from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_offer
from handins.exceptions import HandinError
from handins.models import Conflict, HandinFile, Reveal, Round, Submission
from handins.selectors.queue import in_turn, rounds_for
from handins.selectors.queue_pages import Part, queue_page
from handins.services import (
    assignment_set,
    handin_file_add,
    mark_give,
    review_begin,
    round_save,
    round_start,
    round_submit,
    rounds_allocate_group,
    rounds_release,
)
from handins.services.conflicts import conflict_declare, conflict_end, conflict_record
from handins.services.remarks import remark_add
from handins.services.results import adjustment_give
from handins.services.teams import team_make
from notifications.models import Notice
from tests.handins.conftest import levels, within

pytestmark = pytest.mark.django_db
NAME, MAIL, FILE = b"Leonora Quist", b"leonora@quist.example.org", b"quist-plan"
JSON = "application/json"


@pytest.fixture
def learner(member):
    return member(name=NAME.decode(), email=MAIL.decode())


@pytest.fixture
def assignment(make_assignment):
    return make_assignment(is_anonymous=True, is_double=False)


def a_pdf(author: str = NAME.decode()) -> bytes:
    made = PdfWriter()
    made.add_blank_page(100, 100)
    made.add_metadata({"/Author": author, "/Title": f"Plan of {author}"})
    made.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{author}</a></x:xmpmeta>".encode()
    out = BytesIO()
    made.write(out)
    return out.getvalue()


def handed(assignment, person, text="I listen first."):
    with within(person):
        draft = round_start(assignment=assignment, by=person)
        round_save(round=draft, text=text, by=person, seen=draft.saved_at)
        upload = SimpleUploadedFile(f"{FILE.decode()}.pdf", a_pdf())
        handin_file_add(round=draft, upload=upload, by=person)
        return round_submit(round=draft, by=person)


def shown(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def whole(answer) -> bytes:
    """All that stands in it, also packed."""
    data = shown(answer)
    if data[:2] != b"PK":
        return data
    with zipfile.ZipFile(BytesIO(data)) as packed:
        return b"\n".join([*(name.encode() for name in packed.namelist()), *map(packed.read, packed.namelist())])


def test_no_door_of_whoever_marks_says_whose_it_is(assignment, learner, marker, member, browser_of):
    round, boss = handed(assignment, learner), member("admin", name="Bo")
    with within(marker):
        review_begin(round=round, by=marker)
        file = HandinFile.objects.get()
        remark_add(round=round, words="Here.", file=file, page=1, by=marker)
        called = Submission.objects.get().pseudonym
    assert len(called) == 4
    api = f"/api/v1/handins/{round.uid}/"
    doors = [
        "/", "/reviewing/", "/reviewing/?of=my-plan", f"/reviewing/{round.uid}/", "/reviewing/my-plan/allocation/",
        "/reviewing/my-plan/worksheet/", "/reviewing/my-plan/worksheet/file/", "/reviewing/my-plan/worksheet/file/?sheet",
        api, "/api/v1/handins/", "/api/v1/remarks/", file.get_absolute_url(), f"{file.get_absolute_url()}?as-it-is",
        "/notices/", "/admin/handins/round/", f"/admin/handins/round/?q={NAME.decode()}", "/admin/handins/submission/",
        f"/admin/handins/round/{round.pk}/change/", f"/settings/audit/?q={round.pk}", "/api/v1/audit/",
    ]  # fmt: skip
    for who in (marker, boss):
        desk = browser_of(who)
        for door in doors:
            answer = desk.get(door)
            said = str(answer.headers).encode() + whole(answer)
            for secret in (NAME, MAIL, FILE):
                assert secret not in said.replace(f"?q={NAME.decode()}".encode(), b"").replace(
                    b'value="' + NAME + b'"', b""
                ), (who.person.name, door, secret)
        page = desk.get(f"/reviewing/{round.uid}/").text
        assert f"Participant {called}" in page
        assert f"Participant {called}" in desk.get("/reviewing/").text
        row = desk.get(api).json()
        assert (row["person"], row["people"], row["team"], row["called"]) == (None, [], None, f"Participant {called}")
        assert "T00:00:00" in row["submitted_at"]
    with within(marker):
        entries = AuditEntry.objects.filter(model="handins.round")
        assert set(entries.values_list("object_name", flat=True)) == {f"{str(round.uid)[:8]} #1"}
    own = browser_of(learner).get(api).json()
    assert (own["person"], own["called"], own["files"][0]["name"]) == (MAIL.decode(), NAME.decode(), "quist-plan.pdf")


def test_names_come_back_with_the_release_and_the_pseudonym_stays(assignment, learner, marker, browser_of):
    round, desk = handed(assignment, learner), browser_of(marker)
    with within(marker):
        called = Submission.objects.get().pseudonym
        mark_give(round=round, levels=levels(0, 0, 0, 0), by=marker)
    assert NAME not in desk.post("/reviewing/release/", {"round": [round.uid]}).content
    with within(marker):
        rounds_release(rounds=[round], by=marker)
    assert NAME in desk.get(f"/reviewing/{round.uid}/").content
    assert NAME in desk.get("/reviewing/?state=returned").content
    again = handed(assignment, learner, "I listen longer.")
    for page in (f"/reviewing/{again.uid}/", f"/reviewing/{round.uid}/", "/reviewing/?state=returned"):
        assert NAME not in desk.get(page).content  # the first round would name the second
    assert called in desk.get(f"/reviewing/{again.uid}/").text


def test_an_administrator_looks_a_name_up_and_the_log_keeps_why(assignment, learner, marker, member, browser_of):
    round, boss = handed(assignment, learner), member("admin", name="Bo")
    place = f"/reviewing/{round.uid}/"
    assert b"Look the name up" not in browser_of(marker).get(place).content
    assert browser_of(marker).post(f"{place}names/", {"because": "Curious"}).status_code == 404
    assert browser_of(marker).post(f"/api/v1/handins/{round.uid}/reveal/", {"because": "x"}, JSON).status_code == 400
    desk = browser_of(boss)
    assert b"Look the name up" in desk.get(place).content
    desk.post(f"{place}names/", {"because": " "})
    assert NAME not in desk.get(place).content
    for _time in range(2):
        desk.post(f"{place}names/", {"because": "Copied from another"})
    assert NAME in desk.get(place).content
    assert NAME not in browser_of(marker).get(place).content
    with within(boss):
        assert AuditEntry.objects.get(act="handin.name_revealed").after == {"because": "Copied from another"}
        with pytest.raises(ProgrammingError), transaction.atomic():
            Reveal.objects.all().delete()
        with pytest.raises(ProgrammingError), transaction.atomic():
            Reveal.objects.update(because="Nothing")


def test_teams_have_no_names_either(make_assignment, learner, member, marker, browser_of):
    assignment, other = make_assignment(is_group=True, is_anonymous=True), member(name="Tomas Berg")
    with within(marker):
        team_make(
            assignment=assignment, name="Quist and Berg", person_ids=[learner.person_id, other.person_id], by=marker
        )
    round = handed(assignment, learner)
    desk = browser_of(marker)
    for door in (f"/reviewing/{round.uid}/", "/reviewing/", f"/api/v1/handins/{round.uid}/"):
        said = desk.get(door).content
        for secret in (NAME, b"Tomas Berg", b"Quist and Berg", MAIL):
            assert secret not in said
    with within(marker):
        with pytest.raises(HandinError, match="hidden"):
            adjustment_give(round=round, person_id=other.person_id, points=-5, because="Away", by=marker)
        mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[round], by=marker)
    assert b"Quist and Berg" in desk.get(f"/reviewing/{round.uid}/").content


def test_it_is_the_authors_setting_and_stays_while_work_is_marked(make_assignment, author, marker, member, browser_of):
    plan, desk = make_assignment(), browser_of(author)
    first = handed(plan, member())
    data = {k: v for k, v in desk.get("/assignments/my-plan/").context["form"].initial.items() if v is not None}
    assert desk.post("/assignments/my-plan/", {**data, "is_anonymous": "on"}).status_code == 302
    with within(marker):
        assert Submission.objects.get().pseudonym
        with pytest.raises(HandinError, match="group"):
            rounds_allocate_group(group_id=1, element_id=plan.element_id, marker=marker, by=marker)
    assert b'name="group"' not in browser_of(marker).get("/reviewing/my-plan/allocation/").content
    with within(author), pytest.raises(HandinError, match="stay hidden"):
        assignment_set(assignment=plan, is_anonymous=False, by=author)
    with within(marker):
        mark_give(round=first, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[first], by=marker)
    assert browser_of(author).patch("/api/v1/assignments/my-plan/", {"is_anonymous": False}, JSON).status_code == 200
    with within(author):
        assert not Round.objects.get().submission.assignment.is_anonymous


def test_nobody_shares_a_pseudonym(assignment, member, marker, monkeypatch):
    drawn = iter(["AB", "ab", "cd", "ab", "ef01"])
    monkeypatch.setattr("handins.services.naming.token_hex", lambda _size: next(drawn))
    for _person in range(3):
        handed(assignment, member())
    with within(marker):
        rows = list(Submission.objects.order_by("pk"))
        assert [row.pseudonym for row in rows] == ["AB", "CD", "EF01"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.filter(pk=rows[0].pk).update(pseudonym="CD")


def test_who_it_may_be_given_to_does_not_tell_whose_it_is(assignment, learner, marker, member, browser_of):
    """Whoever made it and anybody else who does not mark are refused in the same words."""
    round, other = handed(assignment, learner), member(name="Leonard Quest", email="leonard@quist.example.org")
    desk, door = browser_of(marker), "/api/v1/handins/allocate/"
    answers = [
        desk.post(door, {"rounds": [str(round.uid)], "marker": one.person.email}, JSON) for one in (learner, other)
    ]
    assert [one.status_code for one in answers] == [400, 400]
    said = [
        one.json()["detail"].replace(who.person.name, "") for one, who in zip(answers, (learner, other), strict=True)
    ]
    assert said[0] == said[1]


def test_nobody_records_or_ends_a_conflict_of_their_own_to_learn_a_name(assignment, learner, member):
    round, boss = handed(assignment, learner), member("admin", name="Bo")
    with within(boss):
        with pytest.raises(HandinError):
            conflict_record(marker=boss, person=learner.person, by=boss)
        conflict_declare(round=round, by=boss)
        with pytest.raises(HandinError):
            conflict_end(conflict=Conflict.objects.get(), by=boss)
        assert Conflict.objects.filter(ended_at=None).exists()


def test_the_order_of_nameless_work_does_not_say_who_was_first(
    assignment, member, marker, browser_of, make_environment, env
):
    """Records say to the minute who handed in: a list in that order would be a list of names."""
    below = make_environment("ward", parent=env)
    rounds = [handed(assignment, member(name=f"Person {n}")) for n in range(5)]
    with within(marker):
        noon = rounds[0].turn_at + timedelta(hours=12)  # of the day in the environment's own zone
        for minute, (row, drawn) in enumerate(zip(rounds, "DBECA", strict=True)):
            Submission.objects.filter(pk=row.submission_id).update(pseudonym=drawn)
            Round.objects.filter(pk=row.pk).update(submitted_at=noon + timedelta(minutes=minute))
        drawn = {row.pk: name for row, name in zip(rounds, "DBECA", strict=True)}
        names = [f"Participant {drawn[row.pk]}" for row in sorted(rounds, key=lambda row: row.uid)]
        first = queue_page(Part(marker))
        assert [row.called for row in first.rows] == names
        beyond = queue_page(Part(marker), after=first.rows[1].uid)
        assert [row.called for row in beyond.rows] == names[2:]
    here = {"environment_id": marker.environment_id, "person_id": marker.person_id}
    with open_scope(**here, readable=(below.pk,)):  # whose SQL is not kept
        assert queue_page(Part(marker), after=first.rows[1].uid) == beyond
    with within(marker):
        told = set(Notice.objects.filter(kind="handin-review").values_list("href", flat=True))
        assert told == {"/reviewing/?of=my-plan"}, "a notice comes at the minute of the hand-in"
    desk = browser_of(marker)
    sheet = b"".join(desk.get("/reviewing/my-plan/worksheet/file/?sheet").streaming_content).decode()
    assert [line.split(",")[1] for line in sheet.splitlines()[1:]] == names
    listed = [row["uid"] for row in desk.get("/api/v1/handins/").json()["results"]]
    assert listed == sorted(str(row.uid) for row in rounds)
    assert b"Person" not in desk.get("/admin/handins/round/").content
    with within(marker):
        mark_give(round=rounds[0], levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[rounds[0]], by=marker)
        last = list(in_turn(rounds_for(marker)))[-1]
    assert last.called == "Person 0", "with its name back it stands by the time, after the nameless of its day"


def test_names_hidden_later_are_hidden_in_the_queues_below_too(
    make_assignment, author, handed_in, make_environment, env, member
):
    """What waits moves to its day, also where the assignment was offered down."""
    plan = make_assignment(is_anonymous=False)
    below = make_environment("ward", parent=env, time_zone="Pacific/Auckland")
    learners = [member(), member(environment=below)]
    with within(author):
        element_offer(element=plan.element, to=below)
    rounds = [handed_in(plan, learner) for learner in learners]

    def places() -> list[tuple[bool, bool]]:
        found = []
        for learner, round in zip(learners, rounds, strict=True):
            with within(learner):
                now = Round.objects.select_related("submission", "environment").get(pk=round.pk)
                local = now.submitted_at.astimezone(ZoneInfo(now.environment.time_zone))
                day = local.replace(hour=0, minute=0, second=0, microsecond=0)
                found.append((now.turn_at == day, bool(now.submission.pseudonym)))
        return found

    assert places() == [(False, False), (False, False)]
    with within(author):
        assignment_set(assignment=plan, is_anonymous=True, by=author)
    assert places() == [(True, True), (True, True)]
    with within(author):
        Round.objects.all().delete()  # nothing waits here any more, but it does below
        with pytest.raises(HandinError, match="stay hidden"):
            assignment_set(assignment=plan, is_anonymous=False, by=author)
    with within(learners[1]):
        assert Round.objects.get().submission.assignment.is_anonymous
