"""The body of each Moodle question type, from its XML element."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from assessments.importers.cloze_text import cloze_gap, cloze_text, number_text
from assessments.importers.pictures import take_out_pictures
from assessments.importers.results import Attachment, QuestionRefusedError
from assessments.importers.safe_xml import XmlElement
from assessments.question_types.base import storable
from assessments.question_types.file_upload import MOST_FILES
from ecosystem.markup import clean_html, clean_line, markdown_to_html, plain_text

LONGEST_TEXT = 200_000  # characters of one HTML text, pictures not counted

_MATH = re.compile(r"\\\(|\\\[|\$\$|\\begin\{|<math\b", re.IGNORECASE)
# Moodle's ways to mark an order that the type knows too.
ORDER_GRADINGS = {
    "": "place", "0": "place", "ABSOLUTE_POSITION": "place", "-1": "exact", "ALL_OR_NOTHING": "exact",
    "1": "next", "RELATIVE_NEXT_EXCLUDE_LAST": "next", "5": "longest", "LONGEST_ORDERED_SUBSET": "longest",
}  # fmt: skip
_IMAGE = re.compile(r"<img\b[^>]*>")
_WITH_GAPS = ("gapselect", "ddwtos", "cloze", "multianswer")
_CLOZE = ("cloze", "multianswer")
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
        if self.element.attributes.get("type") in _CLOZE:
            return self.cleaned(cloze_text(self.raw(self.element.first("questiontext")))[0].replace("[[0]]", "____"))
        text = self.html(self.element.first("questiontext"))
        if self.element.attributes.get("type") in _WITH_GAPS:
            return _GAP.sub("____", text)
        if _GAP.search(text):
            self.notice(_("The text has a mark like [[1]], but this type of question has no gaps."))
        return text

    def html(self, holder: XmlElement | None) -> str:
        """Return the text inside `holder` as clean HTML. QuestionRefusedError: too long, or a picture that cannot be
        kept."""
        return self.cleaned(self.raw(holder))

    def raw(self, holder: XmlElement | None) -> str:
        """Return the text inside `holder` as HTML that nobody has cleaned yet, its files taken out."""
        text = holder.first("text") if holder is not None else None
        if holder is None or text is None:
            return ""
        files = {file_path(file): file.text for file in holder.all("file")}
        raw = take_out_pictures(storable(text.text), files, self.attachments)
        if len(raw) > LONGEST_TEXT:
            raise QuestionRefusedError(_("A text of this question is too long."))
        return as_html(raw, holder.attributes.get("format", "html"))

    def cleaned(self, raw: str) -> str:
        """Return the HTML as it may be shown, looked at for what its author should know."""
        cleaned = clean_html(raw)
        self._look_at(cleaned)
        return cleaned

    def hints(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.html(hint) for hint in self.element.all("hint"))))

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


def as_html(text: str, text_format: str) -> str:
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
    body = {"choices": choices, "shuffle": reader.flag("shuffleanswers", default=True)}
    if one and any(Decimal(choice.get("fraction", 0)) < 0 for choice in choices):
        body["negative"] = True
    return ("single" if one else "multiple"), body


def choice_set(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    """All or nothing: a type of its own in Moodle."""
    choices = [
        {
            "text": reader.line(answer),
            "correct": _fraction(answer) > 0,
            "feedback": reader.html(answer.first("feedback")),
        }
        for answer in reader.element.all("answer")
    ]
    shuffle = reader.flag("shuffleanswers", default=True)
    return "multiple", {"choices": choices, "shuffle": shuffle, "all_or_nothing": True}


def ordering(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    wanted = _text_of(reader.element.first("gradingtype")).strip().upper()
    grading = ORDER_GRADINGS.get(wanted)
    if grading is None:
        reader.notice(_("The order is marked in another way than in Moodle: each item in its place earns its share."))
    if _text_of(reader.element.first("selecttype")).strip().upper() not in {"", "ALL", "0"}:
        reader.notice(_("Moodle asks for some of these items, chosen by chance; here all of them are asked."))
    answers = sorted(reader.element.all("answer"), key=_order_number)
    return "ordering", {"items": [{"text": reader.line(one)} for one in answers], "grading": grading or "place"}


def _order_number(answer: XmlElement) -> Decimal:
    try:
        number = Decimal(answer.attributes.get("fraction", "0").strip() or "0")
    except InvalidOperation:
        number = Decimal("NaN")
    return number if number.is_finite() else Decimal(0)


def cloze(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    text, found = cloze_text(reader.raw(reader.element.first("questiontext")))
    numbers = iter(range(1, len(found) + 1))
    numbered = re.sub(r"\[\[0\]\]", lambda _found: f"[[{next(numbers)}]]", text)
    return "cloze", {"text": reader.cleaned(numbered), "gaps": [cloze_gap(gap, reader.cleaned) for gap in found]}


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
            "value": number_text(_text(answer)),
            "tolerance": number_text(_text_of(answer.first("tolerance")) or "0"),
            "fraction": _written(_fraction(answer)),
            "feedback": reader.html(answer.first("feedback")),
        }
        for answer in reader.element.all("answer")
        # A star catches every other number: it earns nothing and only carries feedback.
        if _text(answer).strip() != "*"
    ]
    return "numeric", {"answers": answers, **_units(reader)}


def _units(reader: QuestionReader) -> dict[str, Any]:
    """Return unit, other units and whether one is needed. Moodle's base unit has the multiplier 1."""
    holder = reader.element.first("units")
    factors: dict[str, str] = {}
    for unit in holder.all("unit") if holder is not None else ():
        name = " ".join(_text_of(unit.first("unit_name")).split())
        if name:
            factors.setdefault(name, number_text(_text_of(unit.first("multiplier")).strip() or "1"))
    if not factors:
        return {"unit": ""}
    base = next((name for name, factor in factors.items() if Decimal(factor) == 1), None)
    if base is None:
        raise QuestionRefusedError(_("None of the units has the multiplier 1."))
    facts: dict[str, Any] = {"unit": base}
    others = [{"name": name, "factor": factor} for name, factor in factors.items() if name != base]
    if others:
        facts["units"] = others
    if _text_of(reader.element.first("unitgradingtype")).strip() in {"1", "2"}:
        facts["unit_needed"] = True
        penalty = _text_of(reader.element.first("unitpenalty")).strip()
        if penalty and not re.fullmatch(r"1(?:\.0*)?", penalty):
            reader.notice(_("A wrong unit costs a share in Moodle; here the answer is wrong."))
    return facts


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
    response_format = _text_of(reader.element.first("responseformat")).strip()
    notes = reader.html(reader.element.first("graderinfo"))
    if response_format == "noinline":
        most = reader.element.first("attachments")
        count = reader.number("attachments") if most is not None and most.text.strip() != "-1" else MOST_FILES
        return "file_upload", {
            "most_files": min(max(count, 1), MOST_FILES),
            "endings": _endings(_text_of(reader.element.first("filetypeslist"))),
            "marker_notes": notes,
        }
    if reader.number("attachmentsrequired"):
        raise QuestionRefusedError(_("The question asks for a text and a file. Make two questions of it."))
    if reader.number("attachments"):
        reader.notice(_("In Moodle a file may be added to the text; here it asks for a text only."))
    return "essay", {
        "minimum_words": reader.number("minwordlimit"),
        "maximum_words": reader.number("maxwordlimit"),
        "template": plain_text(reader.html(reader.element.first("responsetemplate"))),
        "marker_notes": notes,
    }


def _endings(text: str) -> list[str]:
    """Return the endings in a list of Moodle; its groups ("document") say no endings and are left out."""
    return [one[1:].lower() for one in re.split(r"[,;\s]+", text) if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", one)]


def gaps(reader: QuestionReader) -> tuple[str, dict[str, Any]]:
    boxes = [*reader.element.all("selectoption"), *reader.element.all("dragbox")]
    dragged = reader.element.attributes.get("type") == "ddwtos"
    choices = []
    for box in boxes:
        choice: dict[str, Any] = {"text": reader.plain(box), "group": _text_of(box.first("group")).strip() or "1"}
        if dragged and box.first("infinite") is not None:
            choice["again"] = True
        choices.append(choice)
    return "drag_text" if dragged else "gap_select", {
        "text": reader.html(reader.element.first("questiontext")),
        "choices": choices,
        "shuffle": reader.flag("shuffleanswers", default=True),
    }


def _text_of(element: XmlElement | None) -> str:
    return element.text if element is not None else ""


def _text(holder: XmlElement) -> str:
    return _text_of(holder.first("text"))


BODIES: dict[str, Callable[[QuestionReader], tuple[str, dict[str, Any]]]] = {
    "multichoice": multichoice,
    "truefalse": true_false,
    "shortanswer": short_answer,
    "numerical": numerical,
    "matching": matching,
    "essay": essay,
    "ddmatch": matching,
    "multichoiceset": choice_set,
    "ordering": ordering,
    "gapselect": gaps,
    "ddwtos": gaps,
    "cloze": cloze,
    "multianswer": cloze,
}
