"""Packages: bad ones leave nothing behind; what good ones say is kept, bounded and counted once."""

import io
import stat
import struct
import time
import warnings
import zipfile

import pytest

from content.cmi import beginning, reported_by
from content.models import Package, PackageFile, PackageUnit, UnitState
from content.packages import PackageError, archive_read, plan_read
from content.services import package_create, package_save, unit_open, unit_report
from ecosystem.exceptions import EcosystemError
from ecosystem.isolated import sign
from ecosystem.models import AuditEntry, Element, StoredFile
from ecosystem.scope import open_scope
from records.models import Statement
from tests.content.making import upload
from tests.content.zips import manifest, package, said, sample, zipped

pytestmark = pytest.mark.django_db
THERE = {"host": "packages.alpha.localhost"}


def special(name: str, mode: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest("index.html"))
        archive.writestr("index.html", "x")
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def twice(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library says that this is no good ZIP, which is the point
        for name in ("imsmanifest.xml", "index.html", *names):
            archive.writestr(name, manifest("index.html"))
    return out.getvalue()


def damaged() -> bytes:
    data = bytearray(zipped({"imsmanifest.xml": manifest("index.html"), "index.html": b"x" * 5000}, pack=0))
    place = data.index(b"xxxx")
    data[place] = ord("y")
    return bytes(data)


ENTITY = b'<!DOCTYPE m [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BAD = {  # the large ones are not packed by each process that only collects the tests
    "no zip": (b"not a zip", "no ZIP"),
    "empty": (b"", "no ZIP"),
    "no manifest": (zipped({"index.html": b"x"}), "no imsmanifest.xml"),
    "in a folder": (zipped({"a/imsmanifest.xml": manifest("index.html"), "a/index.html": b"x"}), "folder a"),
    "up": (package(**{"../evil": b"x"}), "leads elsewhere"),
    "up inside": (package(**{"a/../../evil": b"x"}), "leads elsewhere"),
    "absolute": (package(**{"/etc/evil": b"x"}), "leads elsewhere"),
    "drive": (package(**{"C:/evil": b"x"}), "leads elsewhere"),
    "backslash": (package(**{"..\\evil": b"x"}), "leads elsewhere"),
    "control": (package(**{"a\nb": b"x"}), "leads elsewhere"),
    "long": (package(**{"a" * 300: b"x"}), "leads elsewhere"),
    "symlink": (special("link", stat.S_IFLNK | 0o777), "not a file"),
    "device": (special("dev", stat.S_IFCHR | 0o600), "not a file"),
    "case": (twice("A.html", "a.HTML"), "same name"),
    "same": (twice("a.html", "a.html"), "same name"),
    "bomb": (lambda: package(bomb=b"\0" * 60_000_000), "looks like an attack"),
    "too many": (lambda: package(**{f"f{n}": b"" for n in range(1500)}), "more than 1500"),
    "damaged": (damaged(), "damaged"),
    "xxe": (zipped({"imsmanifest.xml": ENTITY + b"<m>&e;</m>", "index.html": b"x"}), "can be an attack"),
    "laughs": (zipped({"imsmanifest.xml": LAUGHS + b"<m>&b;</m>", "index.html": b"x"}), "can be an attack"),
    "no xml": (zipped({"imsmanifest.xml": b"<manifest", "index.html": b"x"}), "no valid XML"),
    "other standard": (zipped({"imsmanifest.xml": b"<manifest><organizations/><resources/></manifest>"}), "another standard"),
    "leads out": (zipped({"imsmanifest.xml": manifest("https://evil.example/x"), "index.html": b"x"}), "leads to"),
    "leads up": (zipped({"imsmanifest.xml": manifest("../../settings.py"), "index.html": b"x"}), "not in it"),
    "file address": (zipped({"imsmanifest.xml": manifest("file:///etc/passwd"), "index.html": b"x"}), "leads to"),
    "missing page": (zipped({"imsmanifest.xml": manifest("gone.html"), "index.html": b"x"}), "not in it"),
    "no parts": (zipped({"imsmanifest.xml": manifest(), "index.html": b"x"}), "nothing that could be opened"),
    "cmi5 elsewhere": (
        zipped({"cmi5.xml": b"<courseStructure><course id='x'/><au id='a'><url>https://e.example/</url></au></courseStructure>"}),
        "leads to",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a59_a60_a62_a64_a_bad_package_is_refused_with_the_reason_and_leaves_nothing(env, name):
    data, why = BAD[name]
    data = data() if callable(data) else data
    start = time.monotonic()
    with open_scope(environment_id=env.pk), pytest.raises(PackageError, match=why):
        package_create(title="x", upload=upload("a.zip", data), creators=["Ada"])
    assert time.monotonic() - start < 2
    with open_scope(environment_id=env.pk):
        for model in (Element, Package, PackageFile, PackageUnit, StoredFile):
            assert not model.objects.exists(), model


def ended(data: bytes, *, count: int = 2, length: int, start: int, large: bool) -> bytes:
    """``data`` with an end that says where the directory lies; in a large ZIP the small numbers say nothing."""
    if not large:
        return data + struct.pack("<4s6xHLL2x", b"PK\5\6", count, length, start)
    record = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start)
    return (
        data
        + record
        + struct.pack("<4sLQL", b"PK\6\7", 0, len(data), 1)
        + struct.pack("<4s4xHHLL2x", b"PK\5\6", 2**16 - 1, 2**16 - 1, 2**32 - 1, 2**32 - 1)
    )


@pytest.mark.parametrize("large", [False, True])
def test_what_the_end_says_is_judged_before_the_directory_is_read(large):
    def read(data: bytes) -> set[str]:
        return set(archive_read(io.BytesIO(data), size=len(data)))

    whole = package()
    _count, length, start = struct.unpack("<10xHLL2x", whole[-22:])
    names = {"imsmanifest.xml", "index.html"}
    assert read(ended(whole[:-22], length=length, start=start, large=large)) == names
    # No directory at all: whoever began to read it would say that it is damaged.
    many = bytes(2 * 1024 * 1024)
    for data, count in ((many, 2), (b"", 1501)):
        with pytest.raises(PackageError, match="more than 1500 files"):
            read(ended(data, count=count, length=len(data), start=0, large=large))
    for length_said, start_said in ((length, start - 1), (length - 47, start), (length + 47, start)):
        with pytest.raises(PackageError, match="damaged"):
            read(ended(whole[:-22], length=length_said, start=start_said, large=large))


def test_a_password_is_refused(env):
    data = bytearray(package())
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.find(start)
        while at >= 0:
            data[at + (6 if start == b"PK\x03\x04" else 8)] |= 1
            at = data.find(start, at + 4)
    with pytest.raises(PackageError, match="password"):
        archive_read(io.BytesIO(bytes(data)), size=len(data))


@pytest.mark.parametrize(
    ("name", "standard", "units", "title"),
    [
        ("golf-scorm12.zip", "scorm12", 18, "Golf Explained - Minimum Run-time Calls"),
        ("golf-scorm2004.zip", "scorm2004", 1, "Golf Explained - Run-time Basic Calls"),
        ("geology-cmi5.zip", "cmi5", 1, "Introduction to Geology - Responsive Style"),
    ],
)
def test_the_samples_are_read(name, standard, units, title):
    data = sample(name)
    plan = plan_read(archive_read(io.BytesIO(data), size=len(data)))
    assert (plan.standard, len(plan.units), plan.title) == (standard, units, title)


def brought_in(env, data: bytes | None = None, **facts):
    with open_scope(environment_id=env.pk):
        return package_create(title="Tea", upload=upload("tea.zip", data or package()), creators=["Ada"], **facts)


def test_an_author_brings_one_in_and_replaces_it(env, member, browser_of):
    browser = browser_of(member("author"))
    form = {"title": "Tea", "summary": "", "language": "en", "minutes": 5, "tags": "", "visibility": "members"}
    refused = browser.post("/content/new/package/", {**form, "upload": upload("x.zip", BAD["up"][0])})
    assert "leads elsewhere" in str(refused.context["form"].errors["upload"])
    assert browser.post("/content/new/package/", {**form, "upload": upload("x.zip", package())}).status_code == 302
    newer = package(**{"more.html": b"x"})
    assert browser.post("/content/tea/edit/", {**form, "upload": upload("y.zip", newer)}).status_code == 302
    with open_scope(environment_id=env.pk):
        row = Package.objects.get()
        assert (row.revision, row.files.count(), row.units.count()) == (2, 3, 1)
        assert set(StoredFile.objects.values_list("path", flat=True)) == set(row.files.values_list("file", flat=True))
        assert AuditEntry.objects.filter(act="package.replaced").count() == 1
    other = upload("z.zip", sample("golf-scorm2004.zip"))
    again = browser.post("/content/tea/edit/", {**form, "title": "Other", "upload": other})
    assert "another standard" in str(again.context["form"].errors)
    with open_scope(environment_id=env.pk):
        assert Element.objects.get(kind="package").title == "Tea", "half of a refused change stayed"


def report(env, member, row, cmi, sequence=1, position=1):
    with open_scope(environment_id=env.pk, person_id=member.person_id):
        unit = row.units.get(position=position)
        unit_open(package=row, unit=unit)
        return unit_report(package=row, unit=unit, cmi=cmi, sequence=sequence)


def test_what_a_package_says_counts_once_and_says_who_said_it(env, member):
    row, person = brought_in(env), member()
    passed = {"core": {"lesson_status": "passed", "score": {"raw": "80"}}, "suspend_data": "here"}
    report(env, person, row, {"core": {"lesson_status": "incomplete", "lesson_location": "3"}}, 1)
    assert said(env) == []
    for sequence in (2, 3, 3):
        report(env, person, row, passed, sequence)
    assert sorted(said(env)) == [("completed", 0.8), ("passed", 0.8)]
    report(env, person, row, {"core": {"lesson_status": "failed", "score": {"raw": "10"}}}, 9)
    assert len(said(env)) == 2, "a later try took away what was passed"
    with open_scope(environment_id=env.pk):
        state = UnitState.objects.get()
        assert state.status == "passed"
        assert Statement.objects.get(verb="passed").result["reported_by"] == "package"


def test_not_passed_is_said_anew_only_when_status_or_score_changed(env, member):
    row, person = brought_in(env), member()

    def failed(raw: str, sequence: int, most: str = "100") -> None:
        score = {"raw": raw, "min": "0", "max": most}
        report(env, person, row, {"core": {"lesson_status": "failed", "score": score}}, sequence)

    for sequence in (1, 2, 3):
        failed("2", sequence, most="3")
    assert said(env) == [("failed", 0.6667)]
    for sequence in (4, 5):
        failed("40", sequence)
    for sequence in (6, 7, 8):
        failed("30", sequence)
    assert said(env) == [("failed", 0.6667), ("failed", 0.4), ("failed", 0.3)]


def test_an_older_report_changes_nothing(env, member):
    row, person = brought_in(env), member()
    report(env, person, row, {"core": {"lesson_location": "9"}}, 5)
    assert report(env, person, row, {"core": {"lesson_location": "1"}}, 4).cmi == {"core": {"lesson_location": "9"}}


def test_all_parts_must_be_done(env, member):
    data = zipped({"imsmanifest.xml": manifest("a.html", "b.html"), "a.html": b"x", "b.html": b"x"})
    row, person = brought_in(env, data), member()
    done = {"core": {"lesson_status": "completed"}}
    report(env, person, row, done, position=1)
    assert said(env) == []
    report(env, person, row, done, position=2)
    assert said(env) == [("completed", None)]


@pytest.mark.parametrize(
    ("standard", "cmi", "mastery", "expected"),
    [
        ("scorm12", {"core": {"lesson_status": "passed", "score": {"raw": "150"}}}, None, (True, True, None)),
        ("scorm12", {"core": {"lesson_status": "passed", "score": {"raw": "NaN"}}}, None, (True, True, None)),
        ("scorm12", {"core": {"lesson_status": "passed", "score": {"raw": "5", "max": "10"}}}, 0.8, (True, False, 0.5)),
        ("scorm12", {"core": {"lesson_status": "completed", "score": {"raw": "90"}}}, 0.8, (True, True, 0.9)),
        ("scorm12", {"core": {"lesson_status": "incomplete", "score": {"raw": "90"}}}, 0.8, (False, None, 0.9)),
        ("scorm12", {"core": "x"}, None, (False, None, None)),
        ("scorm2004", {"completion_status": "completed", "success_status": "passed", "score": {"scaled": "9"}}, None, (True, True, None)),
        ("scorm2004", {"completion_status": "completed", "score": {"scaled": "-0.5"}}, None, (True, None, 0.0)),
        ("scorm2004", {"success_status": "passed", "score": {"scaled": "0.4"}}, 0.5, (False, False, 0.4)),
        ("scorm2004", {"score": {"raw": 7, "min": 5, "max": 5}}, None, (False, None, None)),
    ],
)  # fmt: skip
def test_a40_scores_stay_within_bounds_and_the_score_to_pass_decides(standard, cmi, mastery, expected):
    found = reported_by(standard, cmi, mastery=mastery)
    assert (found.completed, found.passed, found.score) == expected


def test_what_a_package_kept_it_gets_back_and_nothing_more():
    facts = {"name": "Ada", "learner": "abc", "launch_data": "x", "mastery": 0.7}
    kept = {
        "core": {
            "lesson_location": "4",
            "lesson_status": "incomplete",
            "student_name": "Eve",
            "score": {"raw": "5", "x": "y"},
        },
        "suspend_data": "s",
    }
    back = beginning("scorm12", kept, **facts)
    assert back["core"]["lesson_location"] == "4"
    assert (back["core"]["student_name"], back["core"]["entry"], back["suspend_data"]) == ("Ada", "resume", "s")
    assert back["core"]["score"] == {"raw": "5"}
    assert back["student_data"] == {"mastery_score": "70"}
    assert beginning("scorm12", {}, **facts)["core"]["entry"] == "ab-initio"
    again = beginning("scorm2004", {"location": "4", "exit": "suspend", "learner_id": "eve"}, **facts)
    assert (again["location"], again["entry"], again["learner_id"]) == ("4", "resume", "abc")


def test_pages_and_reports(env, other, member, browser_of):
    brought_in(env)
    person = member()
    browser, stranger = browser_of(person), browser_of(member(environment=other))
    page = browser.get("/packages/tea/1/")
    assert page.headers["Content-Security-Policy"].endswith("; frame-src http://packages.alpha.localhost")
    assert "allow-top-navigation" not in page.text
    good = {"cmi": {"core": {"lesson_status": "completed"}}, "sequence": 1}
    assert (
        browser.post("/packages/tea/1/report/", good, content_type="application/json").json()["status"] == "completed"
    )
    for bad in (
        "[]",
        "{",
        '{"cmi": 3, "sequence": 1}',
        '{"cmi": {}, "sequence": "x"}',
        '{"cmi": {}, "sequence": 1e99}',
        '{"cmi": {}, "sequence": -1}',
        '{"cmi": {"x": NaN}, "sequence": 2}',
        '{"cmi": {"x": 1e999}, "sequence": 2}',
    ):
        assert browser.post("/packages/tea/1/report/", bad, content_type="application/json").status_code == 400, bad
    odd = r'{"cmi": {"core": {"lesson_location": "a\u0000b\ud800c\ud83d\ude00"}, "x\u0000": [1.5]}, "sequence": 2}'
    assert browser.post("/packages/tea/1/report/", odd, content_type="application/json").status_code == 200
    with open_scope(environment_id=env.pk):
        kept = UnitState.objects.get().cmi
    assert kept == {"core": {"lesson_location": "a\ufffdb\ufffdc\U0001f600"}, "x\ufffd": [1.5]}
    deep = '{"cmi": {"x": ' + "[" * 600 + "]" * 600 + '}, "sequence": 3}'
    assert browser.post("/packages/tea/1/report/", deep, content_type="application/json").status_code in {400, 409}
    large = {"cmi": {"x": "y" * 300_000}, "sequence": 3}
    assert browser.post("/packages/tea/1/report/", large, content_type="application/json").status_code == 409
    assert browser_of(env).post("/packages/tea/1/report/", good, content_type="application/json").status_code == 401
    for path in ("/packages/tea/", "/packages/tea/1/"):
        assert stranger.get(path).status_code == 404
    assert stranger.post("/packages/tea/1/report/", good, content_type="application/json").status_code == 404
    assert browser.get("/packages/tea/2/").status_code == 404
    assert "Completed" in browser.get("/packages/tea/").text


def test_a45_files_are_on_the_other_host_only_with_a_signed_address(env, other, member, browser_of, client):
    row = brought_in(env)
    token = sign("package", env.pk, row.pk)
    there = client.get(f"/packages/{token}/files/index.html", headers=THERE)
    assert b"".join(there.streaming_content) == b"<p>Tea</p>"
    policy = there.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-top-navigation" not in policy
    assert "frame-ancestors 'self' http://alpha.localhost" in policy
    assert there.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in there.headers
    assert not there.cookies
    player = client.get(f"/packages/{token}/player/", headers=THERE)
    assert 'data-site="http://alpha.localhost"' in player.text
    assert "unsafe" not in player.headers["Content-Security-Policy"]
    beta = {"host": "packages.beta.localhost"}
    refused = [
        (f"/packages/{token}/files/index.html", {"host": "alpha.localhost"}),
        (f"/packages/{token}/files/index.html", beta),
        (f"/packages/{sign('package', other.pk, row.pk)}/files/index.html", beta),
        (f"/packages/{sign('document', env.pk, row.pk)}/files/index.html", THERE),
        (f"/packages/{token}x/files/index.html", THERE),
        (f"/packages/{token}/files/../../x", THERE),
        (f"/packages/{token}/files/gone.html", THERE),
    ]
    for path, host in refused:
        assert client.get(path, headers=host).status_code == 404, path


@pytest.mark.parametrize("count", [1, 12])
def test_the_parts_cost_the_same_however_many(env, member, browser_of, count, django_assert_num_queries):
    names = [f"p{n}.html" for n in range(count)]
    brought_in(env, zipped({"imsmanifest.xml": manifest(*names), **dict.fromkeys(names, b"x")}))
    browser = browser_of(member())
    browser.get("/packages/tea/")
    with django_assert_num_queries(12):
        assert browser.get("/packages/tea/").status_code == 200


def test_software_brings_them_in_too(env, member, browser_of):
    client, learner = browser_of(member("author")), browser_of(member())
    made = client.post(
        "/api/v1/packages/", {"title": "Tea", "upload": upload("t.zip", package()), "visibility": "members"}
    )
    assert (made.status_code, made.json()["standard"]) == (201, "scorm12")
    refused = client.post("/api/v1/packages/", {"title": "Bad", "upload": upload("t.zip", b"x")})
    assert (refused.status_code, "no ZIP" in refused.json()["detail"]) == (400, True)
    assert learner.get("/api/v1/packages/tea/units/").json()["results"][0]["status"] == ""
    assert (
        learner.post("/api/v1/packages/tea/open/", {"position": 1}, content_type="application/json").status_code == 200
    )
    wish = {"position": 1, "sequence": 1, "cmi": {"core": {"lesson_status": "completed"}}}
    told = learner.post("/api/v1/packages/tea/report/", wish, content_type="application/json")
    assert told.json()["status"] == "completed"
    assert learner.post("/api/v1/packages/", {"title": "x", "upload": upload("t.zip", package())}).status_code == 403


def test_one_from_above_is_played_below_and_changed_above(env, member, make_environment, browser_of):
    from ecosystem.services.elements import element_offer

    below = make_environment("below", parent=env)
    row = brought_in(env)
    with open_scope(environment_id=env.pk):
        element_offer(element=row.element, to=below)
    browser = browser_of(member(environment=below))
    assert browser.get("/packages/tea/1/").status_code == 200
    good = {"cmi": {"core": {"lesson_status": "completed"}}, "sequence": 1}
    assert browser.post("/packages/tea/1/report/", good, content_type="application/json").status_code == 200
    path = browser.get("/packages/tea/1/").context["frame"].removeprefix("http://packages.below.localhost")
    assert browser.get(path, headers={"host": "packages.below.localhost"}).status_code == 200
    author = member("author", environment=below)
    with open_scope(environment_id=below.pk), pytest.raises(EcosystemError):
        package_save(package=row, by=author.person, title="Ours")
    with open_scope(environment_id=env.pk):
        assert not UnitState.objects.exists()
