"""Packages made for a test: good ones, and ones that mean harm."""

import io
import zipfile
from pathlib import Path

from ecosystem.scope import open_scope
from records.models import Statement

SAMPLES = Path(__file__).parent / "packages"
SCORM12 = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
MANIFEST = (
    '<?xml version="1.0"?><manifest identifier="m" xmlns="{ns}" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
    "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
    '<organizations default="o"><organization identifier="o"><title>Tea</title>{items}</organization></organizations>'
    "<resources>{resources}</resources></manifest>"
)
ITEM = '<item identifier="i{n}" identifierref="r{n}"><title>Part {n}</title>{more}</item>'
RESOURCE = '<resource identifier="r{n}" type="webcontent" adlcp:scormtype="sco" href="{href}"/>'


def manifest(*hrefs: str, more: str = "") -> bytes:
    items = "".join(ITEM.format(n=n, more=more) for n, _href in enumerate(hrefs, 1))
    resources = "".join(RESOURCE.format(n=n, href=href) for n, href in enumerate(hrefs, 1))
    return MANIFEST.format(ns=SCORM12, items=items, resources=resources).encode()


def zipped(files: dict[str, bytes], *, pack: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", pack) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, pack)
    return out.getvalue()


def package(**files: bytes) -> bytes:
    """A small SCORM 1.2 package with one part."""
    return zipped({"imsmanifest.xml": manifest("index.html"), "index.html": b"<p>Tea</p>", **files})


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def said(env) -> list[tuple[str, object]]:
    """What is recorded, without that it was opened: (verb, result)."""
    with open_scope(environment_id=env.pk):
        rows = Statement.objects.exclude(verb="launched").order_by("stored_at", "verb")
        return [(row.verb, row.result.get("scaled")) for row in rows]
