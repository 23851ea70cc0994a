"""Packages of courses that strangers bring. Each test is named by its number in the list of abuse cases."""

import io
import random
import stat
import sys
import time
import zipfile

import pytest

from courses.models import Enrolment
from ecosystem.archives import PackageError
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Delegation, Element, Membership, Person, StoredFile
from ecosystem.scope import open_scope
from records.models import Statement
from tests.content.zips import zipped
from tests.courses.conftest import within
from tests.courses.packing import brought, changed, everything, looked_at, manifest_of, packed, part_of
from tests.guards.test_abuse_files import WORDS_OF_A_SHELL

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(member):
    return member("author", name="Ama")


@pytest.fixture
def there(member, other):
    return member("author", environment=other, name="Bea")


_kept: list[bytes] = []


@pytest.fixture
def whole(author):
    """Made once: the bytes know nothing of the database they came from."""
    if not _kept:
        with within(author):
            _kept.append(packed(everything(author), author))
    return _kept[0]


def test_a26_people_roles_and_enrolments_of_a_package_are_dropped(author, there, whole, member):
    learner = member("learner")

    def hostile(manifest):
        email = there.person.email
        manifest["roles"] = [{"person": email, "role": "admin"}]
        manifest["enrolments"] = [{"person": learner.person.email, "state": "completed"}]
        manifest["delegations"] = [{"person": email, "powers": ["manage_people"]}]
        manifest["elements"][0] |= {
            "owner": learner.person_id,
            "runs": [{"title": "Mine"}],
            "environment": author.environment_id,
        }

    data = changed(whole, hostile)
    before = _rows_of_people()
    with within(there):
        said = [what for what, _why in looked_at(data, there).notes]
        assert said == ["delegations", "enrolments", "environment", "owner", "roles", "runs"]
        course = brought(data, there)
        assert (course.environment_id, course.owner) == (there.environment_id, there.person)
        there.refresh_from_db()
        assert there.roles == ["author"]
    assert _rows_of_people() == before

    def inside(manifest):
        part_of(manifest, "Tea")["part"]["owner"] = 1

    with within(there), pytest.raises(PackageError, match="not as it should be"):
        brought(changed(whole, inside), there)


def _rows_of_people() -> list[int]:
    found = [Person.objects.count()]
    for slug in ("alpha", "beta"):
        from ecosystem.models import Environment

        with open_scope(environment_id=Environment.objects.get(slug=slug).pk):
            found += [model.objects.count() for model in (Membership, Delegation, Enrolment, Statement)]
    return found


def _link(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("files/link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


ARCHIVES = {
    "up": (lambda data: changed(data, more={"../evil": b"x"}), "leads elsewhere"),
    "absolute": (lambda data: changed(data, more={"/etc/evil": b"x"}), "leads elsewhere"),
    "drive": (lambda data: changed(data, more={"C:/evil": b"x"}), "leads elsewhere"),
    "case": (lambda data: changed(data, more={"a": b"x", "A": b"x"}), "same name"),
    "symlink": (_link, "not a file"),
    "bomb": (lambda data: changed(data, more={"files/" + "0" * 64: b"\0" * 60_000_000}), "looks like an attack"),
    "bomb in a package": (
        lambda data: _with_package(data, zipped({"imsmanifest.xml": b"x", "bomb": b"\0" * 60_000_000})), "looks like an attack"
    ),
    "many": (lambda data: zipped({f"f{n}": b"" for n in range(6001)}), "more than 6000 files"),
    "manifest": (lambda data: zipped({"manifest.json": random.Random(1).randbytes(17_000_000)}), "too large"),
    "deep": (lambda data: zipped({"manifest.json": b"[" * 100_000}), "cannot be read"),
    "nul": (lambda data: zipped({"manifest.json": b'{"format": "\\u0000"}'}), "cannot be read"),
    "no manifest": (lambda data: zipped({"x": b"x"}), "no manifest.json"),
    "other file": (lambda data: changed(data, more={_file_of(data, "Leaflet"): b"%PDF-evil"}), "not what its name says"),
    "no file": (lambda data: changed(data, without=_file_of(data, "Leaflet")), "is not in it"),
}  # fmt: skip


def _file_of(data: bytes, title: str) -> str:
    return "files/" + part_of(manifest_of(data), title)["part"]["file"]


def _with_package(data: bytes, inner: bytes) -> bytes:
    import hashlib

    name = hashlib.sha256(inner).hexdigest()

    def change(manifest):
        part_of(manifest, "Play")["part"]["file"] = name

    return changed(data, change, more={f"files/{name}": inner})


@pytest.mark.parametrize("name", ARCHIVES)
def test_a59_a60_a_bad_archive_of_a_course_is_refused_whole(there, whole, name):
    make, why = ARCHIVES[name]
    data = make(whole)
    with within(there):
        start = time.monotonic()
        with pytest.raises(PackageError, match=why):
            brought(data, there)
        assert time.monotonic() - start < 5
        for model in (Element, StoredFile):
            assert not model.objects.filter(environment_id=there.environment_id).exists()


@pytest.mark.parametrize("path", ["/etc/passwd", "../../config/settings.py", "file:///etc/passwd", "manifest.json"])
def test_a62_a_package_of_a_course_names_nothing_outside_it(there, whole, path):
    def of(title, field):
        def change(manifest):
            part_of(manifest, title)["part"][field] = path

        return changed(whole, change)

    def picture(manifest):
        part = part_of(manifest, "Tea")["part"]
        part["markdown"] = f"![A cup]({path})"

    bad = [
        of("Leaflet", "file"),
        of("Film", "captions"),
        of("Play", "file"),
        of("More", "url"),
    ]
    if not path.startswith("file:"):  # which Markdown shows as text
        bad.append(changed(whole, picture))
    with within(there):
        for data in bad:
            with pytest.raises(EcosystemError):
                brought(data, there)
        assert not Element.objects.filter(environment_id=there.environment_id).exists()


def test_a65_words_of_a_package_are_words(there, whole):
    """Names, texts and kinds that mean something to a shell, to pickle or to YAML: an audit hook of Python hears of any program."""
    heard: list[str] = []
    bad = {"subprocess.Popen", "os.system", "pickle.find_class", "os.exec", "os.posix_spawn", "import"}
    sys.addaudithook(
        lambda event, args: (
            heard.append(event)
            if watching and event in bad and (event != "import" or args[0] in {"pickle", "yaml"})
            else None
        )
    )
    words = [
        *WORDS_OF_A_SHELL[:2],
        "!!python/object/apply:os.system ['touch owned']",
        "{{ settings.SECRET_KEY }}",
        "__class__",
    ]
    watching = True
    try:
        with within(there):
            for text in words:

                def change(manifest, text=text):
                    part_of(manifest, "Pot")["part"]["markdown"] = text
                    part_of(manifest, "Pot")["title"] = text
                    manifest["elements"][0]["part"]["blocks"][0]["activities"][0]["condition"] = {text: text}

                course = brought(changed(whole, change), there)
                assert Element.objects.filter(title=text, kind="job_aid").exists()
                assert course.environment_id == there.environment_id
    finally:
        watching = False
    assert heard == []
