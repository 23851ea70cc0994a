r"""GIFT (docs.moodle.org, "GIFT format") as it stands in the file: blocks between empty lines, with their lines.

Only the shape is read here; what a question of ours becomes of it is in `gift`. The shape is that of the reference
parser gift-pegjs (MIT), so its expected results are our tests.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessments.importers.results import QuestionRefusedError

LONGEST_BLOCK = 200_000  # characters
MOST_ANSWERS = 300
GAP = "_____"

_ID = re.compile(r"\[id:((?:\\\]|[^\x00-\x1f\]])+?)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\x00-\x1f<>\]])+?)\]")
_TITLE = re.compile(r"::((?:\\.|[^:\\]|:(?!:))*)::", re.DOTALL)
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_OPEN = re.compile(r"\\.|[{}]", re.DOTALL)
_NUMBER = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
_SINGLE = re.compile(rf"({_NUMBER})\s*(?:(?P<how>:|\.\.)\s*({_NUMBER}))?\s*\Z")
_ESCAPE = re.compile(r"\\(\\|[~=#{}:n])")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)\s*(?=#|\Z)", re.IGNORECASE)
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{1,8})?)%")
_NEXT_ANSWER = re.compile(r"\\.|[~=]", re.DOTALL)
_NEXT_FEEDBACK = re.compile(r"\\.|#", re.DOTALL)
_NEXT_ARROW = re.compile(r"\\.|->", re.DOTALL)


@dataclass(slots=True)
class Block:
    """What stands between two empty lines, without comments. line: where it begins, from 1."""

    line: int
    lines: list[str] = field(default_factory=list)
    id: str | None = None
    tags: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def blocks_in(lines: list[str]) -> Iterator[Block]:
    """Yield the blocks of the file. An empty line inside braces ends nothing, unless the braces never close."""
    block, comments = Block(0), list[str]()
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("//"):
            comments.append(line)
            continue
        if not line.strip():
            if block.lines:
                yield _named(block, comments)
                block, comments = Block(0), []
            continue
        if line.startswith("$CATEGORY:") and not block.lines:
            yield _named(Block(number, [line]), comments)
            comments = []
            continue
        if not block.lines:
            block = Block(number)
        block.lines.append(line)
    if block.lines:
        yield _named(block, comments)


def _named(block: Block, comments: list[str]) -> Block:
    for comment in comments:
        found = _ID.search(comment)
        block.id = _bare(found[1]) if found else block.id
        block.tags += [_bare(tag) for tag in _TAG.findall(comment)]
    return block


def _bare(text: str) -> str:
    return text.replace("\\]", "]").strip()


def parse_block(block: Block) -> dict[str, Any]:
    """Return the shape of one block. QuestionRefusedError: it cannot be read, with the reason."""
    text = block.text
    if len(text) > LONGEST_BLOCK:
        raise QuestionRefusedError(_("A text of this question is too long."))
    if text.startswith("$CATEGORY:"):
        return {"type": "Category", "title": text.removeprefix("$CATEGORY:").strip()}
    found = _TITLE.match(text.lstrip())
    title = _unescaped(found[1]).strip() if found else None
    rest = text.lstrip()[found.end() :] if found else text
    stem, answers, tail = _around_answers(rest)
    form, stem = _format_of(stem.strip(), "moodle")
    shape: dict[str, Any] = {"id": block.id, "tags": block.tags or None, "title": title}
    if answers is None:
        return {**shape, "type": "Description", "stem": _text(form, stem), "hasEmbeddedAnswers": False}
    embedded = bool(tail.strip())
    whole = " ".join(filter(None, (stem.strip(), GAP, tail.strip()))) if embedded else stem
    shape |= {"stem": _text(form, whole), "hasEmbeddedAnswers": embedded}
    answers, general = _general_feedback(answers)
    shape["globalFeedback"] = _formatted(general, form) if general.strip() else None
    return shape | _answers(answers, form)


def _around_answers(text: str) -> tuple[str, str | None, str]:
    """Return what stands before, inside and after the braces."""
    begin = next((mark.start() for mark in _OPEN.finditer(text) if mark[0] == "{"), None)
    if begin is None:
        if any(mark[0] == "}" for mark in _OPEN.finditer(text)):
            raise QuestionRefusedError(_("There is a } without a { before it. Write \\} for the sign itself."))
        return text, None, ""
    marks = [mark for mark in _OPEN.finditer(text, begin + 1) if mark[0] in "{}"]
    if not marks or marks[0][0] != "}":
        raise QuestionRefusedError(_("The answers have no end: } is missing."))
    if len(marks) > 1 and "\n::" in text:
        raise QuestionRefusedError(_("An empty line is missing between this question and the next."))
    if len(marks) > 1:
        raise QuestionRefusedError(_("The question has answers in two places, or { and } that are not written as \\{."))
    return text[:begin], text[begin + 1 : marks[0].start()], text[marks[0].end() :]


def _answers(text: str, form: str) -> dict[str, Any]:
    inner = text.strip()
    if not inner:
        return {"type": "Essay"}
    if inner.startswith("#"):
        return {"type": "Numerical", "choices": _numbers(inner[1:].strip(), form)}
    if truth := _TRUTH.match(inner):
        return _true_false(inner[truth.end() :], form, right=truth[1].upper().startswith("T"))
    rows = _rows(inner, form)
    if rows and all(row["isCorrect"] for row in rows) and all(_has_arrow(row["raw"]) for row in rows):
        return {"type": "Matching", "matchPairs": [_pair(row, form) for row in rows]}
    for row in rows:
        row["text"] = _formatted(row.pop("raw"), form)
    wrong = any(not row["isCorrect"] for row in rows)
    return {"type": "MC" if wrong else "Short", "choices": rows}


def _true_false(text: str, form: str, *, right: bool) -> dict[str, Any]:
    parts = _divided(text, _NEXT_FEEDBACK, "#")[1:]
    said = [_formatted(part, form) if part.strip() else None for part in (*parts, "", "")][:2]
    return {"type": "TF", "isTrue": right, "trueFeedback": said[0], "falseFeedback": said[1]}


def _numbers(text: str, form: str) -> Any:
    if "=" not in text and "~" not in text:
        return number_in(text)
    rows = _rows(text, form)
    for row in rows:
        raw = row.pop("raw")
        row["text"] = number_in(raw) if row["isCorrect"] else _formatted(raw or "*", form)
    return rows


def number_in(text: str) -> dict[str, Any]:
    """Return {"type": "simple"|"range"|"high-low", ...}. QuestionRefusedError: no number."""
    found = _SINGLE.match(_unescaped(text).strip())
    if found is None:
        raise QuestionRefusedError(_("The answer %(text)s is not a number.") % {"text": text.strip()[:40] or "?"})
    first, second = found[1].replace(",", "."), (found[3] or "").replace(",", ".")
    if found["how"] == ":":
        return {"type": "range", "number": first, "range": second}
    if found["how"]:
        return {"type": "high-low", "numberHigh": second, "numberLow": first}
    return {"type": "simple", "number": first}


def _rows(text: str, form: str) -> list[dict[str, Any]]:
    """Return each answer as {"isCorrect", "weight", "raw", "feedback"}; one without a sign is right."""
    marks = [mark for mark in _NEXT_ANSWER.finditer(text) if mark[0] in "~="]
    starts = [mark.start() for mark in marks]
    if not marks or text[: starts[0]].strip():
        if marks:
            raise QuestionRefusedError(_("The answers begin without = or ~."))
        return [_row("=", text, form)]
    if len(marks) > MOST_ANSWERS:
        raise QuestionRefusedError(_("The question has more than %(most)s answers.") % {"most": MOST_ANSWERS})
    ends = [*starts[1:], len(text)]
    return [_row(mark[0], text[mark.end() : end], form) for mark, end in zip(marks, ends, strict=True)]


def _row(sign: str, text: str, form: str) -> dict[str, Any]:
    text = text.strip()
    weight = _WEIGHT.match(text)
    parts = _divided(text[weight.end() :] if weight else text, _NEXT_FEEDBACK, "#")
    feedback = "#".join(parts[1:])
    return {
        "isCorrect": sign == "=",
        "weight": weight[1] if weight else None,
        "raw": parts[0].strip(),
        "feedback": _formatted(feedback, form) if feedback.strip() else None,
    }


def _pair(row: dict[str, Any], form: str) -> dict[str, Any]:
    left, *right = _divided(row["raw"], _NEXT_ARROW, "->")
    answer = _formatted("->".join(right), "moodle")["text"]
    return {"subquestion": _formatted(left, form), "subanswer": answer}


def _has_arrow(text: str) -> bool:
    return len(_divided(text, _NEXT_ARROW, "->")) > 1


def _general_feedback(text: str) -> tuple[str, str]:
    """Return the answers and what stands after `####`."""
    at = text.find("####")
    return (text[:at], text[at + 4 :]) if at >= 0 else (text, "")


def _divided(text: str, marks: re.Pattern[str], wanted: str) -> list[str]:
    """Split at what is wanted where it is not escaped."""
    parts, start = list[str](), 0
    for mark in marks.finditer(text):
        if mark[0] == wanted:
            parts.append(text[start : mark.start()])
            start = mark.end()
    return [*parts, text[start:]]


def _format_of(text: str, default: str) -> tuple[str, str]:
    found = _FORMAT.match(text)
    return (found[1], text[found.end() :].strip()) if found else (default, text)


def _formatted(text: str, default: str) -> dict[str, str]:
    return _text(*_format_of(text.strip(), default))


def _text(form: str, text: str) -> dict[str, str]:
    if form == "moodle":
        text = re.sub(r"\s*\n\s*", " ", text)
    return {"format": form, "text": _unescaped(text).strip() if form != "markdown" else _unescaped(text).strip("\n ")}


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)
