"""Aiken: one question per block, its choices by letter, `ANSWER: B` at the end (docs.moodle.org, "Aiken format")."""

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.translation import gettext as _

from assessments.importers.building import Builder
from assessments.importers.results import ImportResult, QuestionRefusedError
from assessments.importers.text_files import TextRefusedError, read_text

_CHOICE = re.compile(r"\s{0,10}([A-Z])[.)]\s+(\S.*)")
ANSWER = re.compile(r"\s{0,10}ANSWER:\s*([A-Z])\s*\Z")
_ANY_ANSWER = re.compile(r"\s{0,10}ANSWER\b", re.IGNORECASE)


def parse_aiken(data: bytes, *, filename: str) -> ImportResult:
    """Return the questions in the file and what could not be read. Never raises."""
    builder = Builder(filename=filename)
    try:
        file = read_text(data)
    except TextRefusedError as refused:
        builder.refuse(str(refused))
        return builder.result
    if file.notice:
        builder.notice(file.notice)
    for line, block in _blocks(file.lines):
        if builder.is_full(line=line):
            break
        _take(builder, block, line)
    builder.finish()
    return builder.result


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each question with the line it begins on; empty lines inside do not end it, its answer does."""
    block: list[str] = []
    begin = 1
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        begin = begin if block else number
        block.append(line)
        if _ANY_ANSWER.match(line):
            yield begin, block
            block = []
    if block:
        yield begin, block


def _take(builder: Builder, block: list[str], line: int) -> None:
    name = block[0].strip()
    try:
        _add(builder, block, line)
    except QuestionRefusedError as refused:
        builder.refuse(str(refused), line=line, name=name)


def _add(builder: Builder, block: list[str], line: int) -> None:
    if not _ANY_ANSWER.match(block[-1]):
        raise QuestionRefusedError(_("The question has no line that begins with ANSWER:."))
    answer = ANSWER.match(block[-1])
    if answer is None:
        raise QuestionRefusedError(_("The line of the answer must be ANSWER: and one letter."))
    texts: list[str] = []
    letters: dict[str, str] = {}
    for row in block[:-1]:
        choice = _CHOICE.match(row)
        if choice and (letters or texts):
            if choice[1] in letters:
                raise QuestionRefusedError(_("The letter %(letter)s stands twice.") % {"letter": choice[1]})
            letters[choice[1]] = choice[2].strip()
        elif letters:
            raise QuestionRefusedError(_("Between the choices there is a line without a letter."))
        else:
            texts.append(row.strip())
    if answer[1] not in letters:
        raise QuestionRefusedError(_("There is no choice %(letter)s.") % {"letter": answer[1]})
    choices = [{"text": str(escape(text)), "correct": letter == answer[1]} for letter, text in letters.items()]
    builder.add(
        "single",
        {"choices": choices},
        line=line,
        kind="aiken",
        stem="<p>" + "<br>".join(str(escape(text)) for text in texts) + "</p>",
    )
