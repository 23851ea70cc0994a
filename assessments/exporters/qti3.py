"""Questions as a package of QTI 3.0 items, which `importers.qti` reads back."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from assessments.exporters.qti3_bodies import BODIES, not_carried
from assessments.exporters.qti3_item import ItemWriter
from assessments.exporters.reasons import LeftOut, NotCarriedError, reason_of
from assessments.exporters.sources import Exported, Media, Source, xml_safe
from assessments.question_types.registry import question_type

NAME = "QTI 3"
_DIFFICULTIES = {1: "very easy", 2: "easy", 3: "medium", 4: "difficult", 5: "very difficult"}
_DATE = (2020, 1, 1, 0, 0, 0)  # the same questions give the same bytes


def write_qti3(sources: Iterable[Source], media: Mapping[str, Media], *, filename: str) -> Exported:
    """Return a ZIP with a manifest, an item per question and its pictures; what does not fit is named."""
    done = Exported(filename=f"{filename}-qti3.zip", media_type="application/zip")
    files: dict[str, bytes] = {}
    used: dict[str, Media] = {}
    resources = []
    for source in sources:
        writer = ItemWriter(source, media)
        try:
            item = writer.item(BODIES.get(source.version.type, not_carried))
        except NotCarriedError as error:
            reason = reason_of(error, format_name=NAME, label=str(question_type(source.version.type).label))
            done.left_out.append(LeftOut(source.question.identifier, source.question.name, reason))
            continue
        path = f"items/item-{done.written + 1:05}.xml"
        files[path] = xml_safe(item).encode()
        used |= writer.used
        resources.append(_resource(source, path, writer.used, done.written + 1))
        done.written += 1
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" '
        'identifier="grove-bank"><metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata>'
        f"<organizations/><resources>{''.join(resources)}</resources></manifest>\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {"imsmanifest.xml": xml_safe(manifest).encode(), **files}.items():
            archive.writestr(zipfile.ZipInfo(path, _DATE), content, zipfile.ZIP_DEFLATED)
        for one in used.values():
            archive.writestr(zipfile.ZipInfo(f"items/media/{one.filename}", _DATE), one.read())
    done.content = packed.getvalue()
    return done


def _resource(source: Source, path: str, used: Mapping[str, Media], number: int) -> str:
    words = "".join(f"<keyword><string>{escape(tag)}</string></keyword>" for tag in source.question.tags)
    difficulty = _DIFFICULTIES.get(source.question.difficulty or 0, "")
    hard = f"<educational><difficulty><value>{difficulty}</value></difficulty></educational>" if difficulty else ""
    files = "".join(f'<file href="items/media/{one.filename}"/>' for one in used.values())
    return (
        f'<resource identifier="r{number}" type="imsqti_item_xmlv3p0" href="{path}"><metadata>'
        f'<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>{words}</general>{hard}</lom></metadata>'
        f'<file href="{path}"/>{files}</resource>'
    )
