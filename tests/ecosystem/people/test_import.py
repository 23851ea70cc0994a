"""People from a file: every bad line is named, all or nothing, twice is once, few statements for many."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem.csv_reading import MOST_LINES
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Group, Invitation, PeopleImport, Role
from ecosystem.people_csv import SAMPLE, Known, people_read
from ecosystem.scope import open_scope
from ecosystem.services.imports import people_import_confirm, people_import_read

KNOWN = Known(groups={"night shift": 7}, roles=frozenset({"learner", "author"}))


def problems(text, known=KNOWN):
    data = text.encode() if isinstance(text, str) else text
    return [(one.line, one.reason) for one in people_read(data, known).problems]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("email\nnobody", 2, "not an e-mail"),
        ("email,name\n,Ama", 2, "missing"),
        ("email\na@x.org\nA@x.org ", 3, "line 2"),
        ("email,group\na@x.org,day", 2, "no group"),
        ("email,roles\na@x.org,king", 2, "no role"),
        ("email,roles\na@x.org,admin", 2, "cannot give"),
        ("email,name\na@x.org," + "x" * 121, 2, "longer than 120"),
        ("email\na@x.org,b", 2, "more cells"),
        ("name\nAma", 0, "must name the columns"),
        ("", 0, "must name the columns"),
        ("email,shoe\na@x.org,42", 0, "no column called"),
        ("email,email\na@x.org,b", 0, "twice"),
        ("email\n", 0, "nobody"),
        ("email\n" + "a@x.org\n" * (MOST_LINES + 1), 0, "more than"),
        ("email,name\na@x.org,Zoë".encode("latin-1"), 0, "UTF-8"),
        (b"email\n\x00", 0, "not a CSV"),
        (b"x" * (4 * 1024 * 1024 + 1), 0, "4 MB"),
        ('email,name\na@x.org,"open\nb@x.org,B', 2, "quotation mark"),
    ],
)
def test_bad_files_and_lines_are_named(text, line, said):
    found = problems(text)
    assert any(number == line and said in reason for number, reason in found), found


def test_every_bad_line_is_named_with_every_reason():
    text = "email,roles,group\na@x.org,,\nb,king,day\n\nc@x.org,,\nA@x.org,,"
    assert [line for line, _reason in problems(text)] == [3, 3, 3, 6]
    assert [line for line, _reason in problems(f'{text}\nd@x.org,"boss"x,\ne')] == [3, 3, 3, 7]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_read_as_spreadsheets_write_it(delimiter):
    lines = ["\ufeffE-mail,Naam,Functie,Rol,Groep", "A@x.org,=cmd|calc,Nurse,author|learner,Night SHIFT"]
    reading = people_read("\r\n".join(lines).replace(",", delimiter).encode(), KNOWN)
    assert reading.problems == []
    assert reading.rows == [
        {
            "line": 2,
            "email": "a@x.org",
            "name": "=cmd|calc",
            "job_title": "Nurse",
            "roles": ["author", "learner"],
            "group": 7,
        }
    ]


def test_the_sample_is_good():
    roles = frozenset({"learner", "instructor"})
    assert people_read(SAMPLE.encode(), Known(groups={"night shift": 1}, roles=roles)).problems == []


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=120).map(lambda text: ("email,name\n" + text).encode())))
def test_no_file_breaks_the_reader_and_none_is_half_read(data):
    reading = people_read(data, KNOWN)
    assert reading.problems or reading.rows
    assert len({row["email"] for row in reading.rows}) == len(reading.rows)


@pytest.fixture
def manager(member):
    return member(Role.MANAGER)


def read(env, by, text):
    with open_scope(environment_id=env.pk):
        return people_import_read(data=text.encode(), by=by)


@pytest.mark.django_db
def test_looked_at_confirmed_and_confirmed_again(env, manager, browser_of):
    client = browser_of(manager)
    file = SimpleUploadedFile("people.csv", b"email,name\na@x.org,<b>=1+1</b>\nb@x.org,Ben")
    page = client.post("/people/import/", {"file": file})
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in page.text
    with open_scope(environment_id=env.pk):
        assert not Invitation.objects.exists()
        uid = PeopleImport.objects.get().uid
    for _ in range(2):
        assert client.post("/people/import/confirm/", {"uid": uid}).headers["Location"] == "/people/invitations/"
    with open_scope(environment_id=env.pk):
        assert list(Invitation.objects.order_by("email").values_list("email", "name")) == [
            ("a@x.org", "<b>=1+1</b>"),
            ("b@x.org", "Ben"),
        ]
        assert PeopleImport.objects.get().rows == []


@pytest.mark.django_db
def test_one_bad_line_keeps_everybody_out(env, manager, browser_of):
    text = f"email\ngood@x.org\n{manager.person.email}\n"
    kept, reading = read(env, manager, text)
    assert kept is None
    assert [(one.line, "member already" in one.reason) for one in reading.problems] == [(3, True)]
    page = browser_of(manager).post("/people/import/", {"file": SimpleUploadedFile("x.csv", text.encode())}).text
    assert "line 3" in page
    assert "Invite 1" not in page


@pytest.mark.django_db
def test_what_changed_since_stops_the_whole_file(env, manager, member):
    kept, _reading = read(env, manager, "email\na@x.org\nb@x.org")
    member(email="b@x.org")
    with open_scope(environment_id=env.pk):
        with pytest.raises(EcosystemError, match="Line 3"):
            people_import_confirm(uid=kept.uid, by=manager)
        assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_only_the_own_file_can_be_confirmed(env, other, manager, member):
    kept, _reading = read(env, manager, "email\na@x.org")
    for by in (member(Role.MANAGER), member(Role.MANAGER, environment=other)):
        with open_scope(environment_id=by.environment_id), pytest.raises(EcosystemError):
            people_import_confirm(uid=kept.uid, by=by)


@pytest.mark.django_db
def test_a_thousand_rows_cost_a_few_statements(env, manager):
    with open_scope(environment_id=env.pk):
        Group.objects.create(environment_id=env.pk, name="Night")
    text = "email,name,group\n" + "".join(f"p{n}@x.org,Person {n},night\n" for n in range(1000))
    with CaptureQueriesContext(
        connection,
    ) as reading:
        kept, _reading = read(env, manager, text)
    with open_scope(environment_id=env.pk), CaptureQueriesContext(connection) as confirming:
        people_import_confirm(uid=kept.uid, by=manager)
    with open_scope(environment_id=env.pk):
        assert Invitation.objects.count() == 1000
    assert len(reading) + len(confirming) < 30


@pytest.mark.django_db
def test_the_sample_is_a_file(manager, browser_of):
    answer = browser_of(manager).get("/people/import/sample.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert b"email,name" in answer.content
