"""The sponsor's report: true, only about this environment, the same on page, in the CSV and in the PDF."""

import csv
import io
import re
import zlib
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Min
from django.db.models.functions import TruncMonth
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from ecosystem.models import Membership
from ecosystem.registry import measures
from ecosystem.scope import open_scope
from ecosystem.spans import Span
from gardening.services import charter_save, kpi_save, kpi_value_save
from records.models import Statement
from records.services import record
from reporting.measures import last_months
from reporting.selectors import ecosystem_report
from tests.cast import People, environment
from tests.gardening.scene import Grown, grow, people
from tests.standing import World, stands

PAGE, CSV, PDF = "/reports/ecosystem/", "/reports/ecosystem.csv", "/reports/ecosystem.pdf"


def charter(environment, *, issue="People leave."):
    with open_scope(environment_id=environment.pk):
        saved = charter_save(business_issue=issue, why="They stay.", budget_eur=12000, budget_hours=100)
        kpi = kpi_save(
            charter=saved,
            name="Days",
            unit="days",
            direction="down",
            baseline=31,
            target=24,
            target_on=date(2027, 6, 30),
        )
        for month, value in ((1, 31.4), (2, 30.9), (3, 28.7)):
            kpi_value_save(kpi=kpi, month=date(2026, month, 1), value=value)


@stands("env", "other", "scene", folder="tests/reporting/test_report.py")
def reported() -> World:
    env, other = environment("alpha"), environment("beta")
    member = People(env)
    return {"env": env, "other": other, "scene": lived(env, other, member), "count": member.count}


@pytest.fixture
def scene(env, other, member, standing):
    return standing.get("scene") or lived(env, other, member)


def lived(env, other, member) -> Grown:
    """Six enrolled here: one only enrolled, five read the page, three of these passed first time, one the second
    time, one not. The neighbour has two who did everything."""
    mine, theirs = grow(env, title="Our course"), grow(other, title="CANARY course")
    ours = people(member, 6, env)
    for one in ours:
        mine.enrol(one)
    for one in ours[1:]:
        mine.read(one)
    for place, one in enumerate(ours[1:]):
        mine.answer(one, right=place < 3)
    mine.answer(ours[4], right=True)
    for one in people(member, 2, other):
        theirs.enrol(one)
        theirs.read(one)
        theirs.answer(one, right=True)
    charter(env)
    mine.settle()
    theirs.settle()
    return mine


def computed(environment) -> dict[str, object]:
    with open_scope(environment_id=environment.pk):
        return {
            key: measures[key].compute(timezone.now())
            for key in ("reached", "enrolled", "started", "finished", "pass_rate", "funnel")
        }


def test_measures_are_true_and_about_this_environment_only(scene, env, other):
    mine, theirs = computed(env), computed(other)
    assert {key: figure.value for key, figure in mine.items()} == {
        "reached": 6, "enrolled": 6, "started": 5, "finished": 4, "pass_rate": 60, "funnel": 4,
    }  # fmt: skip
    assert {key: figure.value for key, figure in theirs.items()} == {
        "reached": 2, "enrolled": 2, "started": 2, "finished": 2, "pass_rate": 100, "funnel": 2,
    }  # fmt: skip
    assert mine["funnel"].series == [("Enrolled", 6), ("Started", 5), ("Half way", 5), ("Finished", 4)]
    assert (mine["reached"].of, theirs["reached"].of) == (6, 2)
    assert mine["finished"].series[-1][1] == 4
    assert len(mine["finished"].series) == 12


def test_who_is_reached_is_who_has_a_record(scene, env, member):
    """Facts are counted; the records say the same, of each month and of the past."""
    now = timezone.now()
    with open_scope(environment_id=env.pk):
        for days, one in zip((400, 70, 35, 35), people(member, 4, env), strict=True):
            then = now - timedelta(days=days)
            record(verb="completed", element=scene.page, person_id=one.person_id, occurred_at=then)
        record(verb="launched", element=scene.page, person_id=one.person_id, occurred_at=now - timedelta(days=100))
        Membership.objects.filter(person_id=one.person_id).update(ended_at=now)
        for at in (now, now - timedelta(days=60), now - timedelta(days=500)):
            here = Membership.objects.filter(ended_at=None).values("person_id")
            rows = Statement.objects.filter(occurred_at__lte=at, person_id__in=here).values("person_id")
            months = [
                f"{first:%Y-%m}"
                for first in rows.annotate(month=TruncMonth(Min("occurred_at"))).values_list("month", flat=True)
            ]
            figure = measures["reached"].compute(at)
            assert (figure.value, figure.of) == (len(months), 9)
            assert figure.series == [(label, sum(month <= label for month in months)) for label in last_months(at)]
        assert measures["reached"].compute(now, span=Span()).value == 0


def test_the_table_per_course_adds_up(scene, env):
    with open_scope(environment_id=env.pk):
        report = ecosystem_report(at=timezone.now())
    assert report.courses.rows == [["Our course", 6, 4, 60]]


def test_a_small_group_is_not_told_about(scene, other, member, browser_of):
    page = browser_of(member("sponsor", environment=other)).get(PAGE).content.decode()
    cells = re.findall(r"<td class=\"num\">(.*?)</td>", page[page.index('id="courses"') :])
    assert cells == ["fewer than 5"] * 3


def lines_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_every_number_on_the_page_is_in_the_file(scene, member, browser_of):
    browser = browser_of(member("sponsor"))
    page, rows = browser.get(PAGE).content.decode(), lines_of(browser.get(CSV))
    values = {(part, about, measure): value for part, about, measure, value in rows}
    cards = re.findall(r'<p class="l">(.*?)</p>.*?<p class="v">(.*?)(?: <small>/ (\d+)</small>)?</p>', page)
    assert len(cards) >= 4
    for label, shown, whole in cards:
        unit = next(measure for part, about, measure in values if about == label and measure != "of")
        assert values["Key figures", label, unit] == shown.replace("–", "").removesuffix("%"), label
        if whole:
            assert values["Key figures", label, "of"] == whole
    tables = re.findall(r"<table class=\"data\">.*?</table>", page, re.DOTALL)
    checked = 0
    for table, part in zip(
        tables,
        ("Business signal", "Courses finished per month", "How far people come", "By course", "What is remembered"),
        strict=True,
    ):
        columns = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)[1:]
        for about, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL):
            for column, cell in zip(columns, re.findall(r"<td[^>]*>(.*?)</td>", cells), strict=True):
                assert values[part, about, column] == cell.replace("–", ""), (part, about, column)
                checked += 1
    in_tables = [row for row in rows if row[0] in {"Courses finished per month", "How far people come", "By course"}]
    assert checked >= len(in_tables) > 12
    for label, shown in re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+)</dd>", page):
        assert values["Cost", label, ""] == shown.replace(",", "")
    assert f'<b class="say">{rows[2][3].split(".")[0]}.</b>' in page


def unpacked(pdf: bytes) -> bytes:
    """The file with its compressed streams opened."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return b"".join(found)


def test_the_pdf_is_tagged_and_says_who_it_is_for(scene, env, member, browser_of):
    answer = browser_of(member("sponsor")).get(PDF)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfuaid" in unpacked(answer.content)
    assert f"report-{env.slug}.pdf" in answer["Content-Disposition"]


def test_nobody_is_named_and_nothing_leaks(scene, env, member, browser_of):
    browser = browser_of(member("sponsor", name="Sam Sponsor"))
    for path in (PAGE, CSV):
        text = browser.get(path).content.decode().replace("Sam Sponsor", "")
        assert "Person " not in text
        assert "CANARY" not in text


@pytest.mark.parametrize("path", ["/reports/", PAGE, CSV, PDF])
def test_only_those_with_the_power_read_reports(env, member, browser_of, path):
    assert resolve(path).func.access_rule is resolve(PAGE).func.access_rule
    # Each reads the page; a PDF by the same rule takes a second to make.
    for role in ("sponsor",) if path == PDF else ("sponsor", "gardener", "manager", "admin"):
        assert browser_of(member(role)).get(path).status_code == 200, role
    for role in ("learner", "author", "instructor"):
        assert browser_of(member(role)).get(path).status_code == 404, role
    answer = browser_of(env).get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_more_courses_and_people_cost_no_more_queries(scene, env, member, browser_of):
    browser = browser_of(member("sponsor"))
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        browser.get(PAGE)
    for number in range(4):
        course = grow(env, title=f"Course {number}", slug=f"more-{number}")
        for one in people(member, 2, env):
            course.enrol(one)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE)
    assert len(many) == len(few)


def test_a_title_cannot_become_a_formula(env, member, browser_of):
    course = grow(env, title='=HYPERLINK("http://x")')
    for one in people(member, 5, env):
        course.enrol(one)
    rows = lines_of(browser_of(member("sponsor")).get(CSV))
    titles = {row[1] for row in rows if row[0] == "By course"}
    assert titles == {'\'=HYPERLINK("http://x")'}


def test_an_empty_environment_has_a_calm_report(env, member, browser_of):
    page = browser_of(member("sponsor")).get(PAGE).content.decode()
    assert "Nothing to report yet." in page
    assert "Nobody is enrolled yet" in page
