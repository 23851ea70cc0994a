"""Questions of a file gathered one by one: checked, named, counted, and each that is refused kept with its reason."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from assessments.importers.results import (
    ERROR,
    NOTICE,
    Attachment,
    ImportedQuestion,
    ImportProblem,
    ImportResult,
    QuestionRefusedError,
)
from assessments.importers.watching import one_read
from assessments.question_types.registry import question_type
from ecosystem.markup import clean_html

MOST_QUESTIONS = 20_000
LONGEST_NAME = 250
LONGEST_TEXT = 200_000  # characters of one text
_MATH = re.compile(r"\\\(|\\\[|\$\$|\\begin\{", re.IGNORECASE)


class Builder:
    """What an importer fills. Nothing here raises but `add`, with QuestionRefusedError."""

    def __init__(self, *, filename: str) -> None:
        self.filename = filename
        self.result = ImportResult()
        self._seen: dict[str, int] = {}

    def refuse(self, reason: str, *, line: int = 0, name: str = "", file: str = "") -> None:
        self._say(reason, line, name, file, ERROR)

    def notice(self, reason: str, *, line: int = 0, name: str = "", file: str = "") -> None:
        self._say(reason, line, name, file, NOTICE)

    def _say(self, reason: str, line: int, name: str, file: str, level: str) -> None:
        self.result.problems.append(
            ImportProblem(file=file or self.filename, line=line, name=name[:LONGEST_NAME], reason=reason, level=level)
        )

    def is_full(self, *, line: int) -> bool:
        """Asked before each question: say once that the rest is left out."""
        one_read()
        if len(self.result.questions) < MOST_QUESTIONS:
            return False
        self.refuse(_("Only the first %(most)s questions are imported.") % {"most": MOST_QUESTIONS}, line=line)
        return True

    def finish(self) -> None:
        if not self.result.questions and not self.result.errors:
            self.refuse(_("The file has no questions."))

    def add(
        self,
        type_key: str,
        body: dict[str, Any],
        *,
        line: int,
        kind: str,
        name: str = "",
        stem: str = "",
        feedback: str = "",
        category: tuple[str, ...] = (),
        identifier: str = "",
        tags: tuple[str, ...] | None = None,
        hints: Iterable[str] = (),
        attachments: Iterable[Attachment] = (),
        notices: Iterable[str] = (),
        points: int = 1,
        difficulty: int | None = None,
        objective: str = "",
        file: str = "",
    ) -> None:
        """Take the question. Texts are HTML, cleaned here. QuestionRefusedError: it cannot be asked or marked."""
        stem, feedback = clean_html(stem), clean_html(feedback)
        if max(len(stem), len(feedback)) > LONGEST_TEXT:
            raise QuestionRefusedError(_("A text of this question is too long."))
        if not stem:
            raise QuestionRefusedError(_("The question has no text."))
        problems = question_type(type_key).validate(body)
        if problems:
            raise QuestionRefusedError(" ".join(problems))
        name = " ".join(name.split())[:LONGEST_NAME]
        self.result.questions.append(
            ImportedQuestion(
                identifier=self._identifier(identifier, facts=[*category, name or stem, kind]),
                type=type_key,
                name=name,
                stem=stem,
                body=body,
                feedback=feedback,
                category=category,
                tags=None if tags is None else tuple(tag[:100] for tag in tags),
                line=line,
                has_math=_MATH.search(stem) is not None,
                attachments=tuple(attachments),
                hints=tuple(hints),
                points=points,
                difficulty=difficulty,
                objective=objective,
            )
        )
        for notice in dict.fromkeys(notices):
            self.notice(notice, line=line, name=name, file=file)

    def _identifier(self, given: str, *, facts: list[str]) -> str:
        """Return the one of the file, or a stable hash; a repeat gets a number, so no question replaces another."""
        hashed = f"{facts[-1]}-{hashlib.sha256(chr(31).join(facts).encode()).hexdigest()[:24]}"
        identifier = " ".join(given.split())[:LONGEST_NAME] or hashed
        self._seen[identifier] = self._seen.get(identifier, 0) + 1
        return identifier if self._seen[identifier] == 1 else f"{identifier}-{self._seen[identifier]}"
