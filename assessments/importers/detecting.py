"""What kind of file it is, told from its content; names and endings prove nothing."""

import re
from enum import StrEnum
from pathlib import PurePath

from django.utils.translation import gettext as _

from assessments.importers.aiken import ANSWER, parse_aiken
from assessments.importers.csv_questions import is_header, parse_csv
from assessments.importers.gift import parse_gift
from assessments.importers.moodle_xml import parse_moodle_xml
from assessments.importers.qti import parse_qti_item
from assessments.importers.qti_package import parse_archive
from assessments.importers.results import ImportProblem, ImportResult
from assessments.importers.text_files import TextRefusedError, read_text

LARGEST_FILE = 100 * 1024 * 1024  # bytes
_ROOT = re.compile(r"<(?![?!])(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")


class Format(StrEnum):
    """The formats that come in."""

    MOODLE_XML = "moodle_xml"
    QTI = "qti"
    ARCHIVE = "archive"
    GIFT = "gift"
    AIKEN = "aiken"
    CSV = "csv"
    QTI_1 = "qti_1"
    OTHER_XML = "other_xml"


def format_of(data: bytes) -> Format:
    """Return the format. Text that is nothing else is read as GIFT, whose reader says what is wrong with it."""
    if data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return Format.ARCHIVE
    start = _start_of(data)
    if start.lstrip().startswith("<") and (found := _ROOT.match(_after_prolog(start))):
        return _xml_format(found[1])
    if start.lstrip().startswith(("<?xml", "<!DOCTYPE")):
        return Format.OTHER_XML
    lines = [line for line in start.splitlines() if line.strip()]
    if lines and is_header(lines[0]):
        return Format.CSV
    if any(ANSWER.match(line) for line in lines) and "{" not in start:
        return Format.AIKEN
    return Format.GIFT


def _after_prolog(text: str) -> str:
    """Return the text from its first element on: what stands before is instructions, comments and document types."""
    at = 0
    for _step in range(200):
        at += len(text[at:]) - len(text[at:].lstrip())
        end = next(
            (mark for begin, mark in (("<!--", "-->"), ("<?", "?>"), ("<!", ">")) if text.startswith(begin, at)), ""
        )
        found = text.find(end, at) if end else -1
        if found < 0:
            break
        at = found + len(end)
    return text[at:]


def _xml_format(root: str) -> Format:
    known = {
        "quiz": Format.MOODLE_XML,
        "assessmentItem": Format.QTI,
        "qti-assessment-item": Format.QTI,
        "questestinterop": Format.QTI_1,
    }
    return known.get(root, Format.OTHER_XML)


def _start_of(data: bytes) -> str:
    start = data[:60_000]
    start = start[: len(start) // 4 * 4] if len(data) > len(start) else start
    try:
        return read_text(start).text
    except TextRefusedError:
        return start.decode("latin-1")


def parse_questions(data: bytes, filename: str) -> ImportResult:
    """Return the questions of a file of any format and what could not be read, each with file, line and reason.

    Never raises, whatever the bytes are.
    """
    if len(data) > LARGEST_FILE:
        most = LARGEST_FILE // 1024 // 1024
        return _refused(filename, _("The file is larger than %(most)s MB. Export it in parts.") % {"most": most})
    kind = format_of(data)
    if kind is Format.QTI_1:
        return _refused(filename, _("This is QTI 1.2. Export it as QTI 2.1, 2.2 or 3.0, or as Moodle XML."))
    if kind is Format.GIFT and PurePath(filename).suffix.lower() == ".csv" and b"{" not in data[:60_000]:
        return _refused(
            filename, _("The first line of a CSV names its columns, and “type” and “question” must be among them.")
        )
    if kind is Format.ARCHIVE:
        return parse_archive(data, filename=filename, read_one=_read_one)
    return _PARSERS[kind](data, filename=filename)


def _read_one(data: bytes, path: str) -> ImportResult:
    if format_of(data) is Format.ARCHIVE:
        return _refused(path, _("An archive inside the archive is not opened."))
    return parse_questions(data, path)


def _refused(filename: str, reason: str) -> ImportResult:
    return ImportResult(problems=[ImportProblem(file=filename, line=0, name="", reason=reason)])


_PARSERS = {
    Format.MOODLE_XML: parse_moodle_xml,
    Format.OTHER_XML: parse_moodle_xml,
    Format.QTI: parse_qti_item,
    Format.GIFT: parse_gift,
    Format.AIKEN: parse_aiken,
    Format.CSV: parse_csv,
}
