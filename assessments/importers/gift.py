"""GIFT: a file of questions to ImportedQuestion, each left out with its line and the reason."""

from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from assessments.importers.building import Builder
from assessments.importers.cloze_text import number_text
from assessments.importers.gift_reading import blocks_in, parse_block
from assessments.importers.results import ImportResult, QuestionRefusedError
from assessments.importers.text_files import TextRefusedError, read_text
from ecosystem.markup import clean_html, clean_line, markdown_line_to_html, markdown_to_html, plain_text

Text = dict[str, str] | None


def parse_gift(data: bytes, *, filename: str) -> ImportResult:
    """Return the questions in the file and what could not be read. Never raises."""
    builder = Builder(filename=filename)
    try:
        file = read_text(data)
    except TextRefusedError as refused:
        builder.refuse(str(refused))
        return builder.result
    if file.notice:
        builder.notice(file.notice)
    category: tuple[str, ...] = ()
    for block in blocks_in(file.lines):
        if builder.is_full(line=block.line):
            break
        name = ""
        try:
            shape = parse_block(block)
            if shape["type"] == "Category":
                category = _category(shape["title"])
                continue
            name = shape["title"] or plain_text(_html(shape["stem"]))[:80]
            if shape["type"] == "Description":
                builder.notice(
                    _("Descriptions are text, not questions: put them on a page."), line=block.line, name=name
                )
                continue
            type_key, body, notices = _BODIES[shape["type"]](shape)
            builder.add(
                type_key, body, line=block.line, name=shape["title"] or "", stem=_html(shape["stem"]),
                feedback=_html(shape["globalFeedback"]), category=category, identifier=shape["id"] or "",
                tags=tuple(shape["tags"]) if shape["tags"] else None, notices=notices, kind="gift",
            )  # fmt: skip
        except QuestionRefusedError as refused:
            builder.refuse(str(refused), line=block.line, name=name)
    builder.finish()
    return builder.result


def _category(path: str) -> tuple[str, ...]:
    parts = [part.strip() for part in path.replace("//", "\x1f").split("/")]
    return tuple(part.replace("\x1f", "/")[:250] for part in parts if part and part != "top" and part[0] != "$")


def _html(text: Text) -> str:
    if text is None:
        return ""
    if text["format"] == "markdown":
        return markdown_to_html(text["text"])
    if text["format"] == "plain":
        return str(escape(text["text"])).replace("\n", "<br>")
    return clean_html(text["text"].replace("\n", "<br>") if text["format"] == "moodle" else text["text"])


def _line(text: Text) -> str:
    if text is not None and text["format"] == "markdown" and "\n" not in text["text"]:
        return markdown_line_to_html(text["text"])
    return clean_line(_html(text))


def _share(row: dict[str, Any]) -> Decimal:
    share = Decimal(row["weight"]) / 100 if row["weight"] is not None else Decimal(int(row["isCorrect"]))
    if not -1 <= share <= 1:
        raise QuestionRefusedError(_("The points of an answer are not a percentage."))
    return share


def _written(share: Decimal) -> str:
    return format(share.normalize(), "f")


def _choices(shape: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    """One = with or without ~ is a single choice; shares without = are several right answers, as Moodle reads them."""
    rows = shape["choices"]
    one = any(row["isCorrect"] for row in rows)
    choices, notices = [], list[str]()
    for row in rows:
        share = _share(row)
        choice: dict[str, Any] = {
            "text": _line(row["text"]),
            "correct": row["isCorrect"] and share == 1 if one else share > 0,
            "feedback": _html(row["feedback"]),
        }
        if not one or share not in (0, 1):
            choice["fraction"] = _written(share)
        choices.append(choice)
    body: dict[str, Any] = {"choices": choices}
    if one and any(Decimal(choice.get("fraction", 0)) < 0 for choice in choices):
        body["negative"] = True
    if not one and all(Decimal(choice["fraction"]) >= 0 for choice in choices):
        notices.append(_("No wrong choice costs anything, so ticking everything earns nearly everything."))
    return ("single" if one else "multiple"), body, notices


def _short(shape: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    answers = [
        {
            "text": plain_text(_html(row["text"])),
            "fraction": _written(_share(row)),
            "feedback": _html(row["feedback"]),
        }
        for row in shape["choices"]
    ]
    return "short_text", {"answers": answers, "case_sensitive": False}, []


def _number(shape: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    found, notices = shape["choices"], list[str]()
    if isinstance(found, dict):
        found = [{"isCorrect": True, "weight": None, "text": found, "feedback": None}]
    answers = []
    for row in found:
        if row["isCorrect"]:
            value, tolerance = _around(row["text"])
            answers.append(
                {
                    "value": value,
                    "tolerance": tolerance,
                    "fraction": _written(_share(row)),
                    "feedback": _html(row["feedback"]),
                }
            )
        elif row["feedback"]:
            notices.append(_("Feedback for every other number is not kept."))
    return "numeric", {"answers": answers, "unit": ""}, notices


def _around(text: dict[str, str]) -> tuple[str, str]:
    if text["type"] == "high-low":
        low, high = Decimal(number_text(text["numberLow"])), Decimal(number_text(text["numberHigh"]))
        if low > high:
            raise QuestionRefusedError(_("The lower end of a range is above the upper one."))
        return _written((low + high) / 2), _written((high - low) / 2)
    return number_text(text["number"]), number_text(text.get("range", "0"))


def _matching(shape: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    pairs, distractors = [], []
    for pair in shape["matchPairs"]:
        left, right = _line(pair["subquestion"]), plain_text(clean_html(pair["subanswer"]))
        if left:
            pairs.append({"text": left, "answer": right})
        elif right:
            distractors.append(right)
    return "matching", {"pairs": pairs, "distractors": distractors}, []


def _true_false(shape: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    """In Moodle the first feedback is for the wrong answer, the second for the right one."""
    right = shape["isTrue"]
    wrong_said, right_said = _html(shape["trueFeedback"]), _html(shape["falseFeedback"])
    said = (right_said, wrong_said) if right else (wrong_said, right_said)
    return "true_false", {"answer": right, "feedback_true": said[0], "feedback_false": said[1]}, []


def _essay(shape: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    return "essay", {"minimum_words": 0, "maximum_words": 0, "template": "", "marker_notes": ""}, []


_BODIES = {
    "MC": _choices,
    "Short": _short,
    "Numerical": _number,
    "Matching": _matching,
    "TF": _true_false,
    "Essay": _essay,
}
