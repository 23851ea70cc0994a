"""Moodle XML: a file of questions to ImportedQuestion, with every question that is left out named with its line and the
reason.

A question comes in whole or not at all: one whose picture, gap or answer cannot be kept is refused, never imported
without it.
Format: docs.moodle.org, "Moodle XML format". Nothing is fetched and nothing is written.
"""

import hashlib
import html as html_entities
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.importers.moodle_bodies import BODIES, QuestionReader
from assessments.importers.results import NOTICE, ImportedQuestion, ImportProblem, ImportResult, QuestionRefusedError
from assessments.importers.safe_xml import XmlElement, XmlRefusedError, read_xml
from assessments.importers.watching import one_read
from assessments.question_types.registry import question_type
from ecosystem.markup import plain_text

MOST_QUESTIONS = 20_000
LONGEST_NAME = 250
MOST_POINTS = 1000
_USUAL_FEEDBACK = frozenset(
    {
        "Your answer is correct.",
        "Your answer is partially correct.",
        "Your answer is incorrect.",
        "Correct",
        "Incorrect",
    }
)

# Moodle's name of a type -> the name its authors know, where the two differ.
_KNOWN_UNSUPPORTED = {
    "stack": "STACK",
    "calculated": "Calculated",
    "calculatedsimple": "Simple calculated",
    "calculatedmulti": "Calculated multiple choice",
    "ddimageortext": "Drag and drop onto image",
    "ddmarker": "Drag and drop markers",
    "randomsamatch": "Random short-answer matching",
    "coderunner": "CodeRunner",
    "oumultiresponse": "OU multiple response",
    "pmatch": "Pattern match",
    "regexp": "Regular expression short answer",
    "varnumeric": "Variable numeric",
    "wordselect": "Word select",
    "kprime": "Kprime",
    "mtf": "Multiple true/false",
    "recordrtc": "Record audio/video",
}


def parse_moodle_xml(data: bytes, *, filename: str) -> ImportResult:
    """Return the questions in the file and what could not be read. Never raises: a file that cannot be read is one
    problem.

    An XML mistake anywhere leaves the whole file out. Questions keep the order of the file; descriptions (no question)
    are left out with a notice.
    """
    result = ImportResult()
    try:
        root = _quiz(data)
    except XmlRefusedError as refused:
        result.problems.append(ImportProblem(file=filename, line=refused.line, name="", reason=str(refused)))
        return result
    category: tuple[str, ...] = ()
    identifiers: dict[str, int] = {}
    for element in root.all("question"):
        kind = element.attributes.get("type", "").strip()
        if kind == "category":
            category = _category(element)
            continue
        one_read()
        if len(result.questions) >= MOST_QUESTIONS:
            reason = _("Only the first %(most)s questions are imported.") % {"most": MOST_QUESTIONS}
            result.problems.append(ImportProblem(file=filename, line=element.line, name="", reason=reason))
            break
        _import_one(element, kind=kind, category=category, filename=filename, result=result, identifiers=identifiers)
    if not result.questions and not result.problems:
        result.problems.append(ImportProblem(file=filename, line=0, name="", reason=_("The file has no questions.")))
    return result


def _quiz(data: bytes) -> XmlElement:
    root = read_xml(data)
    if root.tag != "quiz":
        reason = _("This is XML, but not a Moodle question file (it should begin with <quiz>).")
        raise XmlRefusedError(reason, line=root.line)
    return root


def _import_one(
    element: XmlElement,
    *,
    kind: str,
    category: tuple[str, ...],
    filename: str,
    result: ImportResult,
    identifiers: dict[str, int],
) -> None:
    name = _name(element)
    try:
        question, notices = _question(element, kind=kind, name=name, category=category, identifiers=identifiers)
    except QuestionRefusedError as refused:
        level = {"level": NOTICE} if kind == "description" else {}
        result.problems.append(ImportProblem(file=filename, line=element.line, name=name, reason=str(refused), **level))
        return
    result.questions.append(question)
    result.problems.extend(
        ImportProblem(file=filename, line=element.line, name=name, reason=notice, level=NOTICE) for notice in notices
    )


def _question(
    element: XmlElement, *, kind: str, name: str, category: tuple[str, ...], identifiers: dict[str, int]
) -> tuple[ImportedQuestion, list[str]]:
    if kind == "description":
        raise QuestionRefusedError(_("Descriptions are text, not questions: put them on a page."))
    if kind not in BODIES:
        shown = _KNOWN_UNSUPPORTED.get(kind, kind or "?")
        raise QuestionRefusedError(_("%(kind)s questions are not supported yet.") % {"kind": shown})
    reader = QuestionReader(element)
    type_key, body = BODIES[kind](reader)
    stem = reader.stem()
    if not stem:
        raise QuestionRefusedError(_("The question has no text."))
    problems = question_type(type_key).validate(body)
    if problems:
        raise QuestionRefusedError(" ".join(problems))
    feedback = reader.html(element.first("generalfeedback"))
    question = ImportedQuestion(
        identifier=_identifier(element, kind=kind, name=name, category=category, seen=identifiers),
        type=type_key,
        name=name,
        stem=stem,
        body=body,
        feedback=feedback,
        category=category,
        tags=tuple(_tags(element)),
        line=element.line,
        has_math=reader.has_math,
        attachments=tuple(reader.attachments.values()),
        hints=reader.hints(),
        points=_points(element, reader),
    )
    _look_at_combined(element, reader)
    return question, reader.notices


def _points(element: XmlElement, reader: QuestionReader) -> int:
    """Return Moodle's default mark as whole points."""
    mark = element.first("defaultgrade")
    text = mark.text.strip() if mark is not None else ""
    found = re.fullmatch(r"([0-9]{1,4})(?:\.([0-9]{1,10}))?", text)
    if found and int(found[1]) and not (found[2] or "").strip("0"):
        return min(int(found[1]), MOST_POINTS)
    if text and not re.fullmatch(r"1(?:\.0*)?", text):
        reader.notice(
            _("The mark %(mark)s is no whole number of points; the question has 1 point.") % {"mark": text[:20]}
        )
    return 1


def _look_at_combined(element: XmlElement, reader: QuestionReader) -> None:
    """Feedback for "right", "partly right" and "wrong" has no place here; Moodle's own phrases are no loss."""
    for tag in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        said = plain_text(_nested_text(element.first(tag)))
        if said and said not in _USUAL_FEEDBACK:
            reader.notice(
                _("Feedback for right, partly right or wrong as a whole is not kept; that of each answer is.")
            )


def _name(element: XmlElement) -> str:
    return " ".join(_nested_text(element.first("name")).split())[:LONGEST_NAME]


def _nested_text(element: XmlElement | None) -> str:
    text = element.first("text") if element is not None else None
    return text.text if text is not None else ""


def _category(element: XmlElement) -> tuple[str, ...]:
    """Return the path of names. Moodle writes `$course$/top/Algebra`, and `//` for a slash inside a name."""
    path = _nested_text(element.first("category")).strip().replace("//", "\x1f")
    parts = [html_entities.unescape(part).replace("\x1f", "/").strip() for part in path.split("/")]
    return tuple(part[:LONGEST_NAME] for part in parts if part and part != "top" and not re.fullmatch(r"\$.*\$", part))


def _tags(element: XmlElement) -> Iterator[str]:
    for tags in element.all("tags"):
        yield from filter(None, (" ".join(_nested_text(tag).split())[:LONGEST_NAME] for tag in tags.all("tag")))


def _identifier(element: XmlElement, *, kind: str, name: str, category: tuple[str, ...], seen: dict[str, int]) -> str:
    """Return the id number, or a stable hash; a repeat within one file gets a number, so no question replaces another
    of its file."""
    number = element.first("idnumber")
    given = number.text.strip()[:LONGEST_NAME] if number is not None else ""
    facts = "\x1f".join([*category, name, kind])
    identifier = given or "moodle-" + hashlib.sha256(facts.encode()).hexdigest()[:24]
    seen[identifier] = seen.get(identifier, 0) + 1
    return identifier if seen[identifier] == 1 else f"{identifier}-{seen[identifier]}"
