"""Files, links, videos and packages of the demo, through the same services as a user's."""

import io
import zipfile
from typing import Any

from django.core.files.base import ContentFile

from content.services import document_create, link_create, package_create, video_create
from demo.loading.files import CONTENT, read
from ecosystem.models import Element, Person

FACTS = ("title", "slug", "summary", "language", "tags")


def things() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read("things.yaml")["things"]
    return rows


def thing_load(row: dict[str, Any], creators: list[Person | str]) -> Element:
    """One of them in the open environment."""
    facts = {name: row[name] for name in FACTS} | {"creators": creators}
    if "minutes" in row:
        facts["minutes"] = row["minutes"]
    made: Any
    if row["kind"] == "link":
        made = link_create(url=row["url"], **facts)
    elif row["kind"] == "package":
        made = package_create(upload=_zipped(row["slug"]), **facts)
    elif row["kind"] == "video":
        made = video_create(upload=_file(row["file"]), no_captions_because=row["no_captions_because"], **facts)
    else:
        made = document_create(upload=_file(row["file"]), **facts)
    element: Element = made.element
    return element


def _file(name: str) -> ContentFile:
    return ContentFile((CONTENT / "things" / name).read_bytes(), name=name)


def _zipped(slug: str) -> ContentFile:
    """The folder of a package as the ZIP that a tool would export."""
    out = io.BytesIO()
    folder = CONTENT / "packages" / slug
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return ContentFile(out.getvalue(), name=f"{slug}.zip")
