"""Hand-ins that are alike: found among thousands, told as a hint to whoever marks both, and to nobody else."""

import io
import random
import threading
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.models import Membership, Role
from ecosystem.pdf import render_pdf
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from handins.computations.shingles import RUN, passages, sample_of, shingles_of, words_of
from handins.files.words import words_in_file
from handins.models import Fingerprint, FingerprintValue, HandinFile, OutsideReport, Round, Similarity
from handins.selectors.similarity import hints_of, pairs_of
from handins.services import (
    assignment_make,
    handin_file_add,
    round_save,
    round_start,
    round_submit,
    round_withdraw,
)
from handins.services.similarity import round_compare
from tests.handins.conftest import within
from tests.settle import settle

pytestmark = pytest.mark.django_db
WORDS = [
    f"{a}{b}"
    for a in ("sto", "mira", "lun", "pel", "dor", "vish")
    for b in ("ne", "ka", "rit", "lom", "sa", "ton", "we")
]


def prose(seed: int, count: int) -> str:
    """Words in an order that no other seed has."""
    draw = random.Random(seed)
    return " ".join(draw.choice(WORDS) + ("." if place % 9 == 8 else "") for place in range(count))


@pytest.fixture
def pair(make_assignment, handed_in, member, env) -> tuple[Round, Round]:
    """The second has a third of its words from the first, and 200 of its own."""
    task = make_assignment(markdown=prose(1, 60))
    first = handed_in(task, member(name="Ann"), f"{prose(1, 60)} {prose(2, 300)}")
    second = handed_in(task, member(name="Bob"), f"{prose(1, 60)} {prose(3, 200)} {prose(2, 300)[:700].upper()}")
    settle(env)
    return first, second


def shares(row: Round) -> list[float]:
    with open_scope(environment_id=row.environment_id):
        found = Similarity.objects.filter(fingerprint__round=row).order_by("-share")
        return [round(one.share, 3) for one in found]


def test_each_is_told_how_much_of_it_is_in_the_other(pair, env, marker):
    first, second = pair
    with open_scope(environment_id=env.pk):
        here, there = (set(Fingerprint.objects.get(round=one).shingles) for one in pair)
    both = len(here & there)
    assert both > 90
    assert shares(first) == [round(both / len(here), 3)]
    assert shares(second) == [round(both / len(there), 3)]
    with within(marker):
        pairs = pairs_of(first, second)
    assert len(pairs) == 1
    assert pairs[0].here.words.upper() == pairs[0].there.words
    assert pairs[0].words == len(pairs[0].here.words.split()) == both + RUN - 1


def test_words_of_the_assignment_are_nobodys(make_assignment, handed_in, member, env):
    given_words = prose(1, 80)
    task = make_assignment(markdown=given_words)
    rows = [
        handed_in(task, member(name=name), f"{given_words} {prose(seed, 80)}") for seed, name in ((4, "A"), (5, "B"))
    ]
    settle(env)
    assert [shares(row) for row in rows] == [[], []]


def test_their_own_work_and_drafts_are_no_hint(make_assignment, handed_in, member, env, marker):
    ann, bob, text = member(name="Ann"), member(name="Bob"), prose(6, 200)
    one, other = make_assignment(title="One"), make_assignment(title="Other")
    first = handed_in(one, ann, text)
    handed_in(other, ann, text)
    settle(env)
    assert shares(first) == []
    taken_back = handed_in(one, bob, text)
    settle(env)
    assert shares(first) == [1.0]
    with within(bob):
        round_withdraw(round=taken_back, by=bob)
    # At once, before anything was compared anew.
    with within(marker):
        assert not hints_of(first, marker)
    settle(env)
    with open_scope(environment_id=env.pk):
        assert not Fingerprint.objects.filter(round=taken_back).exists()
        assert not FingerprintValue.objects.filter(fingerprint__round=taken_back).exists()
    assert shares(first) == []


def test_where_it_is_switched_off_nothing_is_kept(make_assignment, handed_in, member, env):
    task = make_assignment(is_compared=False)
    handed_in(task, member(name="Ann"), prose(7, 90))
    settle(env)
    with open_scope(environment_id=env.pk):
        assert not Fingerprint.objects.exists()


def test_another_environment_has_no_numbers_in_common(pair, other, env):
    words = words_of(prose(2, 300))
    here, there = (set(shingles_of(words, salt=one.pk)) for one in (env, other))
    assert here.isdisjoint(there)
    assert set(sample_of(here)).isdisjoint(sample_of(there))


def office(part: str, body: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(part, body)
    return packed.getvalue()


def docx(text: str, head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    runs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split(". "))
    return office("word/document.xml", f'{head}<w:document xmlns:w="{space}"><w:body>{runs}</w:body></w:document>')


def odt(text: str) -> bytes:
    spaces = 'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    lines = "".join(f"<t:p>{line[:20]}<t:span>{line[20:]}</t:span></t:p>" for line in text.split(". "))
    return office("content.xml", f"<o:document-content {spaces}><o:body>{lines}</o:body></o:document-content>")


def with_file(assignment, person: Membership, name: str, content: bytes) -> Round:
    with within(person):
        draft = round_start(assignment=assignment, by=person)
        handin_file_add(round=draft, upload=SimpleUploadedFile(name, content), by=person)
        return round_submit(round=draft, by=person)


@pytest.mark.parametrize("kind", ["pdf", "docx", "odt", "txt"])
def test_words_in_files_are_compared_too(kind, make_assignment, handed_in, member, env):
    text = prose(8, 120)
    contents = {
        "pdf": lambda: render_pdf(html=f"<html lang='en'><title>T</title><p>{text}</p>", css=""),
        "docx": lambda: docx(text),
    }
    content = {**contents, "odt": lambda: odt(text), "txt": text.encode}[kind]()
    task = make_assignment()
    copied = handed_in(task, member(name="Ann"), text)
    filed = with_file(task, member(name="Bob"), f"work.{kind}", content)
    settle(env)
    assert shares(copied) == shares(filed) == [1.0]


ENTITY = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'


UNREADABLE = {
    "bad.pdf": lambda: b"%PDF-1.7 this is none",
    "bomb.docx": lambda: docx("a" * 70_000_000),
    "entity.docx": lambda: docx("&b;", ENTITY),
    "nothing.docx": lambda: office("other.xml", "<x/>"),
    "torn.odt": lambda: odt(prose(1, 50))[:-40],
}


def test_files_that_cannot_be_read_have_no_words(make_assignment, member, env):
    ann = member(name="Ann")
    with within(ann):
        draft = round_start(assignment=make_assignment(most_files=len(UNREADABLE)), by=ann)
        for name, content in UNREADABLE.items():
            handin_file_add(round=draft, upload=SimpleUploadedFile(name, content()), by=ann)
        row = round_submit(round=draft, by=ann)
    with open_scope(environment_id=env.pk):
        found = {file.name: words_in_file(file) for file in HandinFile.objects.filter(round=row)}
    assert found == dict.fromkeys(UNREADABLE, "")
    settle(env)
    assert shares(row) == []


def test_on_pages_for_who_marks_both(pair, marker, member, browser_of, other):
    first, second = pair
    desk = browser_of(marker)
    page = desk.get(f"/reviewing/{first.uid}/").text
    with open_scope(environment_id=first.environment_id):
        door = f"/reviewing/similar/{Similarity.objects.get(fingerprint__round=first, other__round=second).uid}/"
    assert door in page
    compared = desk.get(door).text
    assert compared.count("<mark>") == 2
    for stranger in (
        browser_of(member(name="Eve")),
        browser_of(member(Role.INSTRUCTOR, environment=other, name="Max")),
    ):
        assert stranger.get(door).status_code == 404


def test_the_learner_is_told_that_it_is_compared(make_assignment, member, browser_of):
    make_assignment(title="Seen")
    make_assignment(title="Apart", is_compared=False)
    mine = browser_of(member(name="Ann"))
    assert "is compared with other work" in mine.get("/handins/seen/").text
    assert "is compared with other work" not in mine.get("/handins/apart/").text


def test_reports_of_services_outside_over_the_api(pair, marker, member, browser_of, env):
    first, second = pair
    desk, door = browser_of(marker), f"/api/v1/handins/{first.uid}/similarity/"
    said = {"service": "Elsewhere", "percent": 23, "link": "https://elsewhere.example/r/1"}
    assert desk.post(door, said, "application/json").status_code == 201
    assert desk.post(door, {**said, "percent": 24}, "application/json").status_code == 201
    shown = desk.get(door).json()
    assert [(one["service"], one["percent"]) for one in shown["outside"]] == [("Elsewhere", 24)]
    assert [one["handin"] for one in shown["own"]] == [str(second.uid)]
    for wrong in ({**said, "percent": 101}, {**said, "link": "http://plain.example/"}, {**said, "service": " "}):
        answer = desk.post(door, wrong, "application/json")
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert "Elsewhere" in desk.get(f"/reviewing/{first.uid}/").text
    stranger = browser_of(member(name="Eve"))
    assert stranger.get(door).status_code == 404
    with open_scope(environment_id=env.pk):
        assert OutsideReport.objects.count() == 1


def test_queries_do_not_grow_with_hints(pair, make_assignment, handed_in, member, env, marker, browser_of):
    first, _second = pair
    desk = browser_of(marker)
    desk.get(f"/reviewing/{first.uid}/")
    with CaptureQueriesContext(connections["default"]) as one:
        desk.get(f"/reviewing/{first.uid}/")
    for number in range(6):
        handed_in(first.submission.assignment, member(name=f"Copy {number}"), prose(2, 300))
    settle(env)
    assert len(shares(first)) == 7
    with CaptureQueriesContext(connections["default"]) as many:
        desk.get(f"/reviewing/{first.uid}/")
    assert len(many) == len(one)


@given(st.lists(st.sampled_from(WORDS[:6]), max_size=60), st.lists(st.sampled_from(WORDS[:6]), max_size=60))
def test_passages_are_exactly_the_words_in_shared_runs(mine, theirs):
    words, others = words_of(" ".join(mine)), words_of(" ".join(theirs))
    shared = set(shingles_of(words, salt=1)) & set(shingles_of(others, salt=1))
    runs = {tuple(theirs[place : place + RUN]) for place in range(len(theirs) - RUN + 1)}
    covered = {
        place + step
        for place in range(len(mine) - RUN + 1)
        if tuple(mine[place : place + RUN]) in runs
        for step in range(RUN)
    }
    found = passages(words, shingles_of(words, salt=1), shared)
    said = {
        place
        for place, word in enumerate(words)
        if any(one.start <= word.start and word.end <= one.end for one in found)
    }
    assert said == covered


@pytest.mark.parametrize(("part", "least"), [(0.08, 85), (0.15, 97), (0.3, 100)])
def test_the_sample_finds_what_is_alike(part, least):
    """Of a hundred pairs of which each has ``part`` of the other; and nothing of those that have nothing in common."""
    met = strangers = 0
    for seed in range(100):
        text, own = prose(seed, 400).split(), prose(1000 + seed, 400).split()
        copied = text[: int(400 * part)] + own[int(400 * part) :]
        samples = [set(sample_of(shingles_of(words_of(" ".join(one)), salt=1))) for one in (text, copied, own)]
        met += bool(samples[0] & samples[1])
        strangers += bool(samples[0] & samples[2])
    assert met >= least
    assert strangers == 0


@pytest.fixture
def twins(own_database) -> list[tuple[Membership, Round]]:
    """Two people with the same words, neither compared yet."""
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    rows = []
    with open_scope(environment_id=here.pk):
        author = member_add(email="a@example.org", name="A", roles=["author"])
        task = assignment_make(title="Plan", markdown="Write", by=author)
        for name in ("l", "m"):
            person = member_add(email=f"{name}@example.org", name=name, roles=["learner"])
            draft = round_start(assignment=task, by=person)
            round_save(round=draft, text=prose(9, 120), by=person)
            rows.append((person, round_submit(round=draft, by=person)))
    return rows


def test_two_compared_at_once_find_each_other(twins):
    barrier = threading.Barrier(2)

    def run(row: Round) -> None:
        barrier.wait(60)
        try:
            with open_scope(environment_id=row.environment_id):
                round_compare(round=Round.objects.select_related("submission__assignment").get(pk=row.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(row,)) for _person, row in twins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert [shares(row) for _person, row in twins] == [[1.0], [1.0]]


def test_who_looks_without_waiting_misses_the_other(twins):
    """The naive control: both keep their words and look before either has committed."""
    barrier, found = threading.Barrier(2), []

    def run(row: Round) -> None:
        try:
            with open_scope(environment_id=row.environment_id):
                sample = sample_of(shingles_of(words_of(row.text), salt=row.environment_id))
                made = Fingerprint.objects.create(
                    environment_id=row.environment_id,
                    round=row,
                    person_id=row.person_id,
                    element_id=row.element_id,
                    at=row.saved_at,
                )
                values = [
                    FingerprintValue(environment_id=row.environment_id, fingerprint=made, value=value)
                    for value in sample
                ]
                FingerprintValue.objects.bulk_create(values)
                barrier.wait(60)
                found.append(FingerprintValue.objects.filter(value__in=sample).exclude(fingerprint=made).count())
                barrier.wait(60)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(row,)) for _person, row in twins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert found == [0, 0]
