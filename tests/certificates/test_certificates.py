"""A certificate is given once, can be read by everybody's software, and says the truth to whoever checks it."""

import io
from datetime import UTC, datetime, timedelta

import pypdf
import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from catalogue.services import offer_make, offer_take
from certificates.exceptions import CertificateError
from certificates.models import Certificate
from certificates.services import certificate_render, certificate_revoke, template_save
from content.services import page_create, page_finish
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem.models import Person
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from records.models import Delivery, DeliveryState, Statement
from records.services import record
from tests.settle import settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


@pytest.fixture
def page(env):
    with open_scope(environment_id=env.pk):
        return page_create(title="Page", markdown="x", creators=["Ada"]).element


@pytest.fixture
def course(env, page):
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="Bread from scratch", creators=["Ada"])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=page)])])
        offer_make(element=course, run=run_open(element=course))
        template_save(course=course, title="Baker", text="Can bake a bread", validity_months=12)
        return course


@pytest.fixture
def holder(env, member, course, page):
    holder = member(name="Zoë Đặng")
    with open_scope(environment_id=env.pk, person_id=holder.person_id):
        offer_take(offer=course.offers.get(), person=holder.person)
        page_finish(element=page)
    settle(env)
    return holder


def the_one(env) -> Certificate:
    with open_scope(environment_id=env.pk):
        return Certificate.objects.get()


def test_it_is_given_once_however_often_it_is_heard_of(env, holder, course):
    first = the_one(env)
    with open_scope(environment_id=env.pk):
        Delivery.objects.update(state=DeliveryState.WAITING, done_at=None, due_at=timezone.now())
    assert settle(env) >= 2
    with open_scope(environment_id=env.pk, person_id=holder.person_id):
        record(verb="completed", element=course)
    settle(env)
    again = the_one(env)
    assert (again.serial, again.issued_at, again.file.name) == (first.serial, first.issued_at, first.file.name)
    with open_scope(environment_id=env.pk):
        assert Statement.objects.filter(verb="issued").count() == 1


def test_who_did_everything_before_enrolling_gets_it_too(env, member, course, page):
    early = member()
    with open_scope(environment_id=env.pk, person_id=early.person_id):
        page_finish(element=page)
        offer_take(offer=course.offers.get(), person=early.person)
    settle(env)
    assert the_one(env).person_id == early.person_id


def test_it_keeps_the_name_and_ends_after_its_months(env, holder):
    certificate = the_one(env)
    Person.objects.filter(pk=holder.person_id).update(name="Another Name")
    assert the_one(env).holder == "Zoë Đặng"
    assert (certificate.expires_at.year, certificate.expires_at.month) == (
        certificate.issued_at.year + 1,
        certificate.issued_at.month,
    )


def test_the_pdf_can_be_read_and_is_tagged(env, holder, browser_of):
    certificate = the_one(env)
    answer = browser_of(holder).get(f"/certificates/{certificate.uid}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    content = b"".join(answer.streaming_content)
    reader = pypdf.PdfReader(io.BytesIO(content))
    text = (
        pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded().replace("\x02", "-")
    )  # as Chromium reads it, with its sign for a hyphen at the end of a line
    for words in ("Zoë Đặng", "Baker", "Can bake a bread", env.name, certificate.serial):
        assert "".join(words.split()) in "".join(text.split())  # lines break inside the address
    assert len(reader.pages) == 1
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Baker – Zoë Đặng"


def test_making_the_pdf_again_changes_nothing(env, holder):
    before = the_one(env).file.name
    with open_scope(environment_id=env.pk):
        certificate_render(certificate_id=the_one(env).pk)
    assert the_one(env).file.name == before


def test_the_pdf_is_for_its_holder(env, other, holder, member, browser_of):
    address = f"/certificates/{the_one(env).uid}.pdf"
    assert b"".join(browser_of(holder).get(address).streaming_content).startswith(b"%PDF-")
    for stranger in (member(), member("admin"), member("admin", environment=other)):
        assert browser_of(stranger).get(address).status_code == 404
    assert Client(HTTP_HOST="alpha.localhost").get(address).status_code in (302, 404)


def checked(certificate: Certificate, host: str = "alpha") -> tuple[int, str]:
    answer = Client(HTTP_HOST=f"{host}.localhost").get(f"/verify/{certificate.serial}/")
    return answer.status_code, answer.content.decode()


def test_anybody_can_check_that_it_is_valid(env, holder):
    status, page = checked(the_one(env))
    assert status == 200
    for words in ("This certificate is valid", "Zoë Đặng", "Baker", env.name):
        assert words in page


def test_an_expired_one_says_so(env, holder):
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with open_scope(environment_id=env.pk):
        Certificate.objects.update(issued_at=past, expires_at=past + timedelta(days=1))
    status, page = checked(the_one(env))
    assert (status, "This certificate has expired" in page) == (200, True)
    assert "is valid" not in page


def test_a_withdrawn_one_says_so_and_why(env, holder):
    with open_scope(environment_id=env.pk):
        with pytest.raises(CertificateError):
            certificate_revoke(certificate=the_one(env), because="  ", by=None)
        certificate_revoke(certificate=the_one(env), because="Given by mistake", by=None)
        certificate_revoke(certificate=the_one(env), because="Another story", by=None)
    status, page = checked(the_one(env))
    assert status == 200
    assert "This certificate has been withdrawn" in page
    assert "Given by mistake" in page
    assert "is valid" not in page


def test_an_unknown_one_says_so_here_and_next_door(env, other, holder):
    certificate = the_one(env)
    status, page = checked(certificate, host="beta")
    assert status == 404
    assert "We do not know this certificate" in page
    assert "Zoë" not in page
    assert Client(HTTP_HOST="alpha.localhost").get("/verify/AAAA-BBBB-CCCC/").status_code == 404
