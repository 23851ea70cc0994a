"""Files of work marked without names lose who made them; what cannot be freed is said, and what takes too long is left."""

import resource
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter

from ecosystem.nameless.cleaning import ALL_SECONDS, Cleaner, cleaned
from handins.models import HandinFile
from handins.services import (
    handin_file_add,
    round_start,
    round_submit,
)
from tests.handins.conftest import within
from tests.handins.test_anonymous import MAIL, NAME, a_pdf, shown, whole

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def learner(member):
    return member(name=NAME.decode(), email=MAIL.decode())


@pytest.fixture
def assignment(make_assignment):
    return make_assignment(is_anonymous=True, is_double=False)


def office(parts: dict[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "application/vnd.oasis.opendocument.text"


@pytest.fixture
def bare() -> Iterator[Callable[[bytes, str], bytes | None]]:
    """``bare(data, media_type)``: the file without its metadata; all of a test by one process, as all of an answer."""
    with Cleaner() as cleaner:
        yield lambda data, media_type: cleaner.cleaned(BytesIO(data), media_type=media_type, size=len(data))


def test_a_pdf_loses_who_made_it_and_keeps_its_pages(bare):
    data = bare(a_pdf(), "application/pdf")
    assert NAME not in data
    reader = PdfReader(BytesIO(data))
    assert len(reader.pages) == 1
    assert not (reader.metadata or {}).get("/Author")
    assert reader.xmp_metadata is None


def test_what_cannot_be_cleaned_is_said(bare, assignment, learner, marker, browser_of):
    locked = PdfWriter()
    locked.add_blank_page(10, 10)
    locked.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    locked.write(out)
    for data, kind in ((out.getvalue(), "application/pdf"), (b"%PDF-1.7 broken", "application/pdf"), (b"PK", WORD)):
        assert bare(data, kind) is None
    assert bare(b"x", "video/mp4") is None
    with within(learner):
        draft = round_start(assignment=assignment, by=learner)
        handin_file_add(round=draft, upload=SimpleUploadedFile("quist.pdf", out.getvalue()), by=learner)
        handin_file_add(round=draft, upload=SimpleUploadedFile("quist.mp3", b"ID3 sound"), by=learner)
        round = round_submit(round=draft, by=learner)
        pdf, sound = HandinFile.objects.order_by("pk")
    desk = browser_of(marker)
    page = desk.get(f"/reviewing/{round.uid}/").text
    assert page.count("may name its author inside") == 1
    assert "may name its author" in desk.get(pdf.get_absolute_url()).text
    as_is = desk.get(f"{pdf.get_absolute_url()}?as-it-is")
    assert "quist" not in as_is.headers["Content-Disposition"]
    assert shown(as_is) == out.getvalue()
    assert shown(desk.get(sound.get_absolute_url())) == b"ID3 sound"
    packed = whole(desk.get("/reviewing/my-plan/worksheet/file/"))
    assert b"may-name-their-author.txt" in packed
    assert b"quist" not in packed


def test_office_documents_lose_their_people(bare):
    name = NAME.decode()
    word = office(
        {
            "[Content_Types].xml": "<Types/>",
            "docProps/core.xml": f"<c><dc:creator>{name}</dc:creator></c>",
            "docProps/app.xml": f"<Properties><Company>{name}</Company></Properties>",
            "word/document.xml": f'<w:p><w:ins w:id="1" w:author="{name}" w:date="x"><w:t>Words stay</w:t></w:ins></w:p>',
            "word/comments.xml": f'<w:comment w:author="{name}" w:initials="{name}"/>',
            "word/people.xml": f'<w15:person w15:author="{name}"><w15:presenceInfo w15:userId="{name}"/></w15:person>',
        }
    )
    writer = office(
        {
            "mimetype": TEXT,
            "meta.xml": f"<m><meta:initial-creator>{name}</meta:initial-creator></m>",
            "content.xml": f"<a><dc:creator>{name}</dc:creator><text:p>Words stay</text:p></a>",
        }
    )
    for data, kind, place in ((word, WORD, "word/document.xml"), (writer, TEXT, "content.xml")):
        with zipfile.ZipFile(BytesIO(bare(data, kind))) as packed:
            assert all(NAME not in packed.read(part) for part in packed.namelist())
            assert b"Words stay" in packed.read(place)
    assert bare(office({f"word/{n}.xml": "" for n in range(2_001)}), WORD) is None
    assert bare(office({"_xmlsignatures/sig1.xml": name}), WORD) is None


def test_pictures_lose_what_the_camera_wrote_and_stand_upright(bare):
    picture, seen = Image.new("RGB", (40, 20), "red"), Image.Exif()
    seen[0x013B], seen[0x0112] = NAME.decode(), 6
    jpeg, png, words = BytesIO(), BytesIO(), PngImagePlugin.PngInfo()
    picture.save(jpeg, "JPEG", exif=seen)
    words.add_text("Author", NAME.decode())
    picture.save(png, "PNG", pnginfo=words, exif=seen)
    for data, kind in ((jpeg.getvalue(), "image/jpeg"), (png.getvalue(), "image/png")):
        assert NAME in data
        found = bare(data, kind)
        assert NAME not in found
        assert Image.open(BytesIO(found)).size == (20, 40)


def test_a_file_that_takes_too_long_or_too_much_is_left_as_it_is_and_holds_nobody(settings, monkeypatch):
    """Another process reads it, with limits; the next file gets another process."""

    def asked(cleaner: Cleaner, *, more: bytes = b"") -> bytes | None:
        return cleaner.cleaned(BytesIO(a_pdf() + more), media_type="application/pdf", size=9)

    settings.PDF_MEMORY_MB = 1
    with Cleaner() as cleaner:
        assert asked(cleaner, more=b"\n" * 4_000_000) is None  # a small file may fit into what Python has already
    settings.PDF_MEMORY_MB = 1024
    with Cleaner() as cleaner:
        with monkeypatch.context() as shorter:
            shorter.setattr("ecosystem.nameless.cleaning.SECONDS", 0)
            assert asked(cleaner) is None
        assert NAME not in asked(cleaner, more=b"\n" * 4_000_000)
        first = cleaner._process
        assert NAME not in asked(cleaner)
        assert cleaner._process is first, "one for all files, as long as it lives"
        limit = resource.prlimit(first.pid, resource.RLIMIT_CPU)
        assert limit == (ALL_SECONDS, ALL_SECONDS), "nor does it compute for ever for a worker that is gone"
    assert first.returncode is not None


def test_slow_files_do_not_add_up(monkeypatch):
    """All files of one answer have a time together; what comes after it goes as it is, and is said to."""
    monkeypatch.setattr("ecosystem.nameless.cleaning.ALL_SECONDS", 0)
    with Cleaner() as late:
        assert late.cleaned(BytesIO(a_pdf()), media_type="application/pdf", size=9) is None
        assert late._process is None, "no process is begun for it"
        assert late.cleaned(BytesIO(b"words"), media_type="text/plain; charset=utf-8", size=5) == b"words"


def test_a_part_made_to_be_slow_is_not(assignment):
    """Elements that never end made the search of each look at all the others: a minute at least, now a moment."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("ppt/commentAuthors.xml", b"<p:cmAuthor " * 400_000)
    media_type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    size = len(packed.getvalue())
    packed.seek(0)
    assert cleaned(packed, media_type=media_type, size=size) is not None
