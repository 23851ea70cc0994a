"""Faces: drawn anew from what is uploaded, shown to those who share an environment, gone with the erasure."""

import io
import struct
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from ecosystem.exceptions import EcosystemError
from ecosystem.models import DataExport, Person, Role
from ecosystem.pictures import LARGEST, SIDE, face_drawn
from ecosystem.scope import open_scope
from ecosystem.services.erasure import erasure_confirm, erasures_run_due
from ecosystem.services.exports import data_export_ask, data_exports_run_due
from ecosystem.services.pictures import picture_remove, picture_set

pytestmark = pytest.mark.usefixtures("own_media")  # faces are named after what they show

SECRET = b"52 22 N, 4 53 E"


def drawn(form="JPEG", size=(600, 400), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#336699").save(out, form, **more)
    return out.getvalue()


def with_place(form: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = SECRET.decode(), 6  # what it is of; turned by a quarter
    if form == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", SECRET.decode())
        return drawn(form, exif=exif, pnginfo=info)
    return drawn(form, exif=exif)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_only_the_drawing_is_kept(form):
    data = with_place(form)
    assert SECRET in data
    face = face_drawn(data + b"<script>alert(1)</script>")
    assert SECRET not in face
    assert b"script" not in face
    with Image.open(io.BytesIO(face)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("WEBP", (SIDE, SIDE), {})


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16"])
def test_pictures_of_any_kind_of_colour(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (30, 900)).save(out, form)
    assert face_drawn(out.getvalue())[:4] == b"RIFF"


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30 000 x 30 000."""
    data = bytearray(drawn("PNG", (8, 8)))
    data[16:24] = (30_000).to_bytes(4, "big") * 2
    return bytes(data)


def with_exif(tag: int, kind: int, value: int = 0) -> bytes:
    """A JPEG that is to be turned, with one more entry of a wrong kind in its EXIF."""
    entries = struct.pack("<HHLL", 0x0112, 3, 1, 6) + struct.pack("<HHLL", tag, kind, 1, value)
    return drawn(exif=b"Exif\0\0II*\0" + struct.pack("<LH", 8, 2) + entries + bytes(4))


HOSTILE = {
    "nothing": b"",
    "text": b"GIF89a is only a word here",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<html><script>alert(1)</script></html>",
    "pdf": b"%PDF-1.7\n1 0 obj",
    "gif": drawn("GIF"),
    "tiff": drawn("TIFF"),
    "cut off": drawn("PNG")[:60],
    "a resolution that is a byte": with_exif(0x011A, 1),
    "a resolution below nothing": with_exif(0x011A, 6, 0x90),
    "a maker that is a fraction": with_exif(0x010F, 5),
    "a bomb": bomb(),
    "too many pixels": lambda: drawn("PNG", (9000, 5000)),  # not drawn by each process that only collects the tests
    "too large": drawn() + b"0" * LARGEST,
}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused(data, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint sets it
    with pytest.raises(EcosystemError):
        face_drawn(data() if callable(data) else data)


@pytest.mark.django_db
def test_chosen_shown_replaced_and_taken_away(env, other, member, browser_of, django_capture_on_commit_callbacks):
    pia, colleague, stranger = member(name="Pia"), member(), member(environment=other)
    client = browser_of(pia)
    assert "/people/faces/" not in client.get("/").text
    client.post("/me/picture/", {"picture": SimpleUploadedFile("../../x.php", drawn(), content_type="text/html")})
    first = Person.objects.get(pk=pia.person_id)
    assert first.photo in client.get("/").text
    answer = browser_of(colleague).get(first.photo)
    assert (answer["Content-Type"], answer.status_code) == ("image/webp", 200)
    assert b"".join(answer.streaming_content)[:4] == b"RIFF"
    assert browser_of(stranger).get(first.photo).status_code == 404
    assert browser_of(env).get(first.photo).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        picture_set(person=pia.person, data=drawn("PNG"))
    assert not default_storage.exists(first.picture.name)
    second = Person.objects.get(pk=pia.person_id)
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            picture_remove(person=pia.person)
    assert not default_storage.exists(second.picture.name)
    assert Person.objects.get(pk=pia.person_id).photo == ""
    assert browser_of(colleague).get(second.photo).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [{}, {"picture": "text"}, {"picture": SimpleUploadedFile("x.png", b"no")}])
def test_what_is_no_picture_changes_nothing(member, browser_of, sent):
    pia = member()
    assert browser_of(pia).post("/me/picture/", sent).status_code == 302
    assert Person.objects.get(pk=pia.person_id).photo == ""


@pytest.mark.django_db
def test_a_copy_of_ones_data_holds_the_picture(env, member):
    pia = member()
    name = picture_set(person=pia.person, data=drawn()).picture.name
    with open_scope(environment_id=env.pk, person_id=pia.person_id):
        data_export_ask(membership=pia)
    assert data_exports_run_due() == 1
    with open_scope(environment_id=env.pk):
        path = DataExport.objects.get().file.name
    with default_storage.open(path) as packed, default_storage.open(name) as picture:
        assert zipfile.ZipFile(packed).read(name) == picture.read()


@pytest.mark.django_db
def test_an_erasure_takes_the_picture(env, member):
    pia, admin = member(), member(Role.ADMIN)
    name = picture_set(person=pia.person, data=drawn()).picture.name
    with open_scope(environment_id=env.pk):
        erasure_confirm(membership=pia, by=admin)
    assert erasures_run_due() == 1
    assert not default_storage.exists(name)
    assert Person.objects.get(pk=pia.person_id).photo == ""
