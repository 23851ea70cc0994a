"""The transcript: everything one person has achieved, in every environment of theirs, and nothing of anybody else."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from assessments.models import Attempt
from certificates.models import Certificate
from certificates.services.issuing import template_save
from content.services import page_create
from courses.models import Enrolment
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.models import Environment, Role
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.memberships import members_end
from tests.assessments.answering import make_assessment

pytestmark = pytest.mark.django_db
PAGE, PDF, API = "/me/transcript/", "/me/transcript.pdf", "/api/v1/me/transcript/"


def achieved(environment, member, word: str, *, count: int = 1) -> None:
    """``count`` completed courses, passed quizzes (one only failed) and certificates."""
    now = timezone.now()
    with open_scope(environment_id=environment.pk, person_id=member.person_id):
        for number in range(count):
            page = page_create(
                title=f"{word} page", slug=f"{word}-page-{number}".lower(), markdown="x", creators=["Ada"]
            )
            course = element_create(
                kind="course", title=f"{word} course {number}", slug=f"{word}-{number}".lower(), creators=["Ada"]
            )
            course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(page.element)])])
            enrolment = enrolment_create(run=run_open(element=course), person=member.person)
            Enrolment.objects.filter(pk=enrolment.pk).update(state="completed", completed_at=now, progress=100)
            template = template_save(course=course, title="T")
            Certificate.objects.create(
                environment=environment, person=member.person, element=course, template=template,
                holder=member.person.name, title=f"{word} certificate {number}", issued_at=now,
            )  # fmt: skip


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def pia(env, other, member):
    here = member(email="pia@example.org", name="Pia Pot")
    return here, member(environment=other, email="pia@example.org")


def test_all_environments_of_the_person_and_nobody_elses(env, other, make_environment, member, pia, browser_of):
    here, there = pia
    achieved(env, here, "Here")
    achieved(other, there, "There")
    achieved(env, member(), "CANARY")
    gamma = make_environment("gamma")
    achieved(gamma, member(environment=gamma), "CANARY")
    client = browser_of(here)
    page = client.get(PAGE).text
    for word in ("Here course 0", "There course 0", "Here certificate 0", "There certificate 0"):
        assert word in page
    assert "CANARY" not in page
    assert 'href="http://beta.localhost:8000/verify/' in page
    Environment.objects.filter(pk=other.pk).update(archived_at=timezone.now())
    page = client.get(PAGE).text
    assert "There certificate 0" in page
    assert "beta.localhost:8000/verify/" not in page  # it would answer that it is archived
    pdf = client.get(PDF)
    assert pdf["Content-Type"] == "application/pdf"
    words = text_of(pdf.content)
    assert "Pia Pot" in words
    assert "There certificate 0" in words
    assert "CANARY" not in words


def test_software_reads_the_environment_of_its_key_only(env, other, pia, browser_of):
    here, there = pia
    achieved(env, here, "Here")
    achieved(other, there, "There")
    rows = browser_of(here).get(API).json()["results"]
    assert [(row["section"], row["title"]) for row in rows] == [
        ("courses", "Here course 0"),
        ("certificates", "Here certificate 0"),
    ]


def test_what_was_achieved_stays_after_leaving(env, other, pia, member, browser_of):
    here, there = pia
    achieved(other, there, "There")
    with open_scope(environment_id=other.pk):
        members_end(memberships=[there], by=member(Role.ADMIN, environment=other))
    page = browser_of(here).get(PAGE).text
    assert "There course 0" in page
    assert "left on" in page
    assert "beta.localhost" not in page  # there is no way in any more


def test_the_best_of_a_quiz_counts_and_failures_do_not(env, member, browser_of):
    who = member()
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        assessment = make_assessment()
        now = timezone.now()
        for number, (score, passed) in enumerate([(0.8, True), (0.956, True), (0.2, False)], 1):
            Attempt.objects.create(
                environment=env, person=who.person, element=assessment.element, assessment=assessment, number=number,
                started_at=now, finished_at=now, score=score, passed=passed,
            )  # fmt: skip
    rows = browser_of(who).get(API).json()["results"]
    assert [(row["section"], row["score"]) for row in rows] == [("assessments", 0.956)]
    assert "95%" in browser_of(who).get(PAGE).text


def test_a_withdrawn_certificate_says_so(env, member, browser_of):
    who = member()
    achieved(env, who, "Here")
    with open_scope(environment_id=env.pk):
        Certificate.objects.update(revoked_at=timezone.now())
    assert "withdrawn" in browser_of(who).get(PAGE).text


def test_nothing_yet_says_what_to_do(member, browser_of):
    client = browser_of(member())
    assert "Nothing completed yet" in client.get(PAGE).text
    assert client.get(PDF).status_code == 200


def test_the_cost_is_per_environment_not_per_line(env, other, pia, browser_of):
    here, there = pia
    client = browser_of(here)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    achieved(env, here, "Here")
    achieved(other, there, "There")
    cost()
    one = cost()
    achieved(env, here, "More", count=3)
    achieved(other, there, "More", count=3)
    assert cost() == one
