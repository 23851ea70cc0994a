"""What an importer hands back."""

from dataclasses import dataclass, field
from typing import Any

NOTICE, ERROR = "notice", "error"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, sound or film that came with a question; HTML names it `attachment:<sha256>`. media_type is what the
    bytes are, not what they said."""

    sha256: str
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ImportedQuestion:
    """A question that can be asked and marked. stem and feedback are clean HTML; body is the JSON of its question type.

    identifier: the file's own id number, or a hash of category, name and type: the same file gives the same identifiers
    again.
    category: path of names, outermost first. has_math: some text holds TeX between delimiters. tags, difficulty (1 very
    easy, 5 very hard): None where the format does not say, so what the bank knows stays. hints: clean HTML.
    """

    identifier: str
    type: str
    name: str
    stem: str
    body: dict[str, Any]
    feedback: str
    category: tuple[str, ...]
    tags: tuple[str, ...] | None
    line: int
    has_math: bool
    attachments: tuple[Attachment, ...] = ()
    hints: tuple[str, ...] = ()
    points: int = 1
    difficulty: int | None = None
    objective: str = ""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Why something was not imported (level `error`), or what to look at in something that was (`notice`). line counts
    from 1; 0: whole file. In an archive, file is the path in it."""

    file: str
    line: int
    name: str
    reason: str
    level: str = ERROR


@dataclass(frozen=True, slots=True)
class ImportResult:
    questions: list[ImportedQuestion] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)

    @property
    def errors(self) -> list[ImportProblem]:
        return [problem for problem in self.problems if problem.level == ERROR]


class QuestionRefusedError(ValueError):
    """This question is not imported; the message says why, in words for its author."""
