"""The body of each Moodle question type, from its XML element."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from assessments.importers.pictures import take_out_pictures
from assessments.importers.results import Attachment, QuestionRefusedError
from assessments.importers.safe_xml import XmlElement
from assessments.question_types.base import storable
from ecosystem.markup import clean_html, clean_line, markdown_to_html, plain_text

LONGEST_TEXT = 200_000  # characters of one HTML text, pictures not counted

_MATH = re.compile(r"\\\(|\\\[|\$\$|\\begin\{|<math\b", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^>]*>")
_WITH_GAPS = ("gapselect", "ddwtos")
_GAP = re.compile(r"\[\[[0-9]{1,3}\]\]")


class QuestionReader:
    """Reads the texts of one question and remembers what they brought: pictures, mathematics, things for the author to
    look at."""

    def __init__(self, element: XmlElement) -> None:
        self.element = element
        self.attachments: dict[str, Attachment] = {}
        self.notices: list[str] = []
        self.has_math = False

    def stem(self) -> str:
        """Return the question text as clean HTML, with the gaps of a gap question as lines."""
        text = self.html(self.element.first("questiontext"))
        if self.element.attributes.get("type") in _WITH_GAPS:
            return _GAP.sub("____", text)
        if _GAP.search(text):
            self.notice(_("The text has a mark like [[1]], but this type of question has no gaps."))
        return text

    def html(self, holder: XmlElement | None) -> str:
        """Return the text inside `holder` as clean HTML. QuestionRefusedError: too long, or a picture that cannot be
        kept."""
        text = holder.first("text") if holder is not None else None
        if holder is None or text is None:
            return ""
        files = {file_path(file): file.text for file in holder.all("file")}
        raw = take_out_pictures(storable(text.text), files, self.attachments)
        if len(raw) > LONGEST_TEXT:
            raise QuestionRefusedError(_("A text of this question is too long."))
        cleaned = clean_html(_as_html(raw, holder.attributes.get("format", "html")))
        self._look_at(cleaned)
        return cleaned

    def line(self, holder: XmlElement | None) -> str:
        """Return the text inside `holder` as clean HTML for a label."""
        return clean_line(self.html(holder))

    def plain(self, holder: XmlElement | None) -> str:
        """Return the text inside `holder` as plain text. QuestionRefusedError: it needs a picture, which a list cannot
        show."""
        cleaned = self.html(holder)
        if "<img" in cleaned:
            raise QuestionRefusedError(_("The question has pictures in a list of answers, where only words can stand."))
        return plain_text(cleaned)

    def flag(self, tag: str, *, default: bool) -> bool:
        found = self.element.first(tag)
        return default if found is None else found.text.strip().lower() in {"true", "1", ""}

    def number(self, tag: str) -> int:
        found = self.element.first(tag)
        text = found.text.strip() if found is not None else ""
        return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0

    def _look_at(self, cleaned: str) -> None:
        self.has_math = self.has_math or _MATH.search(cleaned) is not None
        for image in _IMAGE.findall(cleaned):
            if " src=" not in image:
                raise QuestionRefusedError(_("The question shows a picture from another site."))
            if not re.search(r'\balt="[^"]+"', image):
                self.notice(_("A picture has no alternative text for people who cannot see it."))

    def notice(self, text: str) -> None:
        """Remember what the author should look at; the question still comes in."""
        if text not in self.notices:
            self.notices.append(text)


def file_path(file: XmlElement) -> str:
    """Return the path of an embedded file as the HTML names it."""
    return (file.attributes.get("path", "/").strip("/") + "/" + file.attributes.get("name", "")).lstrip("/")


def _as_html(text: str, text_format: str) -> str:
    if text_format == "markdown":
        return markdown_to_html(text)
    if text_format == "plain_text":
        return str(escape(text)).replace("\n", "<br>")
    if text_format == "moodle_auto_format" and "<" not in text:
        return text.strip().replace("\n", "<br>")
    return text


def _fraction(answer: XmlElement) -> Decimal:
    """Return the share of the points, -1..1; Moodle writes percent."""
    try:
        percent = Decimal(answer.attributes.get("fraction", "0").strip().replace(",", ".") or "0")
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite() or not -100 <= percent <= 100:
        raise QuestionRefusedError(_("The points of an answer are not a percentage."))
    return percent / 100


def _written(fraction: Decimal) -> str:
    return format(fraction.normalize(), "f")


def multichoice(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    one = reader.flag("single", default=True)
    choices = []
    for answer in reader.element.all("answer"):
        fraction = _fraction(answer)
        choice: dict[str, Any] = {
            "text": reader.line(answer),
            "correct": fraction == 1 if one else fraction > 0,
            "feedback": reader.html(answer.first("feedback")),
        }
        # In a single choice 100 and 0 are the type's own rule; several right choices always carry their shares.
        if not one or fraction not in (0, 1):
            choice["fraction"] = _written(fraction)
        choices.append(choice)
    if not one and choices and all(Decimal(choice["fraction"]) >= 0 for choice in choices):
        reader.notice(_("No wrong choice costs anything, so ticking everything earns nearly everything."))
    return ("single" if one else "multiple"), {
        "choices": choices,
        "shuffle": reader.flag("shuffleanswers", default=True),
    }


def true_false(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    answers = {_text(answer).strip().lower(): answer for answer in reader.element.all("answer")}
    right = [word for word, answer in answers.items() if _fraction(answer) == 1]
    if set(answers) != {"true", "false"} or len(right) != 1:
        raise QuestionRefusedError(_("Say whether the statement is true or false."))
    return "true_false", {
        "answer": right[0] == "true",
        "feedback_true": reader.html(answers["true"].first("feedback")),
        "feedback_false": reader.html(answers["false"].first("feedback")),
    }


def short_answer(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    answers = [
        {
            "text": storable(_text(answer)).strip(),
            "fraction": _written(_fraction(answer)),
            "feedback": reader.html(answer.first("feedback")),
        }
        for answer in reader.element.all("answer")
    ]
    return "short_text", {"answers": answers, "case_sensitive": reader.flag("usecase", default=False)}


def numerical(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    answers = [
        {
            "value": _decimal(_text(answer)),
            "tolerance": _decimal(_text_of(answer.first("tolerance")) or "0"),
            "fraction": _written(_fraction(answer)),
            "feedback": reader.html(answer.first("feedback")),
        }
        for answer in reader.element.all("answer")
        # A star catches every other number: it earns nothing and only carries feedback.
        if _text(answer).strip() != "*"
    ]
    return "numeric", {"answers": answers, "unit": _only_unit(reader.element)}


def matching(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    pairs, distractors = [], []
    for subquestion in reader.element.all("subquestion"):
        text, answer = reader.html(subquestion), reader.plain(subquestion.first("answer"))
        if text:
            pairs.append({"text": clean_line(text), "answer": answer})
        elif answer:
            distractors.append(answer)
    return "matching", {"pairs": pairs, "distractors": distractors}


def essay(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    response_format = reader.element.first("responseformat")
    if reader.number("attachmentsrequired") or (
        response_format is not None and response_format.text.strip() == "noinline"
    ):
        raise QuestionRefusedError(_("The question asks for a file. Make it a hand-in."))
    return "essay", {
        "minimum_words": reader.number("minwordlimit"),
        "maximum_words": reader.number("maxwordlimit"),
        "template": plain_text(reader.html(reader.element.first("responsetemplate"))),
        "marker_notes": reader.html(reader.element.first("graderinfo")),
    }


def gaps(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    boxes = [*reader.element.all("selectoption"), *reader.element.all("dragbox")]
    choices = [{"text": reader.plain(box), "group": _text_of(box.first("group")).strip() or "1"} for box in boxes]
    return "gap_select", {
        "text": reader.html(reader.element.first("questiontext")),
        "choices": choices,
        "shuffle": reader.flag("shuffleanswers", default=True),
    }


def _text_of(element: XmlElement | None) -> str:
    return element.text if element is not None else ""


def _text(holder: XmlElement) -> str:
    return _text_of(holder.first("text"))


def _decimal(text: str) -> str:
    number = text.strip().replace(",", ".")
    if not re.fullmatch(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?", number):
        raise QuestionRefusedError(_("The answer %(text)s is not a number.") % {"text": text.strip()[:40] or "?"})
    return number


def _only_unit(element: XmlElement) -> str:
    units = element.first("units")
    known = list(units.all("unit")) if units is not None else []
    if len(known) > 1 or any(_text_of(unit.first("multiplier")).strip() not in {"", "1", "1.0"} for unit in known):
        raise QuestionRefusedError(_("Numbers in more than one unit are not supported yet."))
    return " ".join(_text_of(known[0].first("unit_name")).split()) if known else ""


BODIES: dict[str, Callable[[QuestionReader], tuple[str, dict[str, Any]]]] = {
    "multichoice": multichoice,
    "truefalse": true_false,
    "shortanswer": short_answer,
    "numerical": numerical,
    "matching": matching,
    "essay": essay,
    "gapselect": gaps,
    "ddwtos": gaps,
}
