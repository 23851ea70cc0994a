"""The process that frees files of strangers of their makers' names (``ecosystem.nameless.cleaning`` starts it).

Lines come in, each a kind of file, where it lies and where to put it; a word goes out for each. It knows neither settings nor
database, and its memory and time are limited: a file that swells takes only this process, and one that never ends ends also
when nobody waits for it any more.
"""

from __future__ import annotations

import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject

from ecosystem.process_limits import limits_set

LARGEST_UNPACKED, MOST_PARTS, MOST_PIXELS = 100 * 1024 * 1024, 2_000, 60_000_000
LARGEST_MADE = 100 * 1024 * 1024

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = b"http://schemas.openxmlformats.org/"
# What takes the place of a part that says who, when and with what.
_BLANK = {
    "docProps/core.xml": _HEAD + b'<cp:coreProperties xmlns:cp="' + _SCHEMAS + b'package/2006/metadata/core-properties"/>',
    "docProps/app.xml": _HEAD + b'<Properties xmlns="' + _SCHEMAS + b'officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": _HEAD + b'<Properties xmlns="' + _SCHEMAS + b'officeDocument/2006/custom-properties"/>',
    "meta.xml": _HEAD + b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' office:version="1.3"><office:meta/></office:document-meta>',
}  # fmt: skip
# Who said a comment or changed a word, inside the other parts. None of them looks further than one element, so that a
# part made to be slow is not.
_SAID = (
    (re.compile(rb'(\s(?:w|w15|w16du|p188):(?:author|initials|userId|name)=")[^"]*(")'), rb"\1\2"),
    (re.compile(rb'(<p:cmAuthor\b[^<>]{0,2000}?\sname=")[^"]*(")'), rb"\1\2"),
    (re.compile(rb'(<p:cmAuthor\b[^<>]{0,2000}?\sinitials=")[^"]*(")'), rb"\1\2"),
    (re.compile(rb'(<(?:\w+:)?person\b[^<>]{0,2000}?\sdisplayName=")[^"]*(")'), rb"\1\2"),
    (re.compile(rb'(<(?:\w+:)?person\b[^<>]{0,2000}?\suserId=")[^"]*(")'), rb"\1\2"),
    (re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)"), rb"\1\2"),
    (re.compile(rb"(<dc:creator>)[^<]*(</)"), rb"\1\2"),
    (re.compile(rb"(<meta:creator-initials>)[^<]*(</)"), rb"\1\2"),
)
_SPEAKING = re.compile(
    r"(word/|ppt/(comments|commentAuthors|authors)|xl/(persons|comments|threadedComments)|content\.xml$|styles\.xml$)"
)


def _pdf(data: bytes) -> bytes | None:
    reader = PdfReader(BytesIO(data))
    root = reader.root_object
    if reader.is_encrypted or "/Perms" in root or "/SigFlags" in _under(root, "/AcroForm"):
        return None  # a signature names its person, and would be void
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for number in range(1, len(writer._objects) + 1):  # noqa: SLF001 -- pypdf has no public way to every object
        held = writer._objects[number - 1]  # noqa: SLF001
        if isinstance(held, DictionaryObject):
            for name in ("/Metadata", "/PieceInfo", "/LastModified"):
                held.pop(name, None)
            if held.get("/Type") == "/Annot" or ("/Subtype" in held and "/Rect" in held):
                held.pop("/T", None)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)  # among them what was metadata
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _under(held: DictionaryObject, name: str) -> DictionaryObject:
    found = held.get(name)
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _picture(data: bytes, kind: str) -> bytes | None:
    with Image.open(BytesIO(data), formats=[kind]) as found:
        if found.width * found.height > MOST_PIXELS or getattr(found, "n_frames", 1) > 1:
            return None
        turned = ImageOps.exif_transpose(found)  # which way is up was in what is taken out
        colours = found.info.get("icc_profile")
    bare = turned.copy()
    bare.info = {}
    out = BytesIO()
    bare.save(out, kind, quality=92, exif=b"", icc_profile=colours)
    return out.getvalue()


def _packed(data: bytes) -> bytes | None:
    """An office document: its properties are blank, and comments and changes are nobody's."""
    out, room = BytesIO(), LARGEST_UNPACKED
    with zipfile.ZipFile(BytesIO(data)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or any(part.filename.startswith("_xmlsignatures/") for part in parts):
            return None
        for part in parts:
            room -= part.file_size
            if room < 0:
                return None
            plain = zipfile.ZipInfo(part.filename)
            plain.compress_type = zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(plain, _part(packed, part))
    return out.getvalue()


def _part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    if part.filename in _BLANK:
        return _BLANK[part.filename]
    with packed.open(part) as opened:
        data = opened.read(part.file_size + 1)
    if len(data) > part.file_size:
        raise zipfile.BadZipFile
    if part.filename.endswith(".xml") and _SPEAKING.search(part.filename):
        for pattern, bare in _SAID:
            data = pattern.sub(bare, data)
    return data


def cleaned(data: bytes, kind: str) -> bytes | None:
    """None for what cannot be freed of its maker: locked, signed or odd."""
    try:
        if kind == "pdf":
            return _pdf(data)
        return _packed(data) if kind == "packed" else _picture(data, kind)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- libraries that read strangers' files raise whatever they like; it stays as it is
        return None


def main() -> None:
    megabytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    limits_set(megabytes=megabytes, seconds=seconds, largest=LARGEST_MADE)
    for line in sys.stdin:
        kind, source, target = line.rstrip("\n").split("\t")
        data = cleaned(Path(source).read_bytes(), kind)
        if data is not None:
            Path(target).write_bytes(data)
        print("no" if data is None else "yes", flush=True)  # noqa: T201 -- this is how it answers


if __name__ == "__main__":
    main()
