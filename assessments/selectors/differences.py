"""What two versions of a question say differently, line by line."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import QuestionVersion
from assessments.question_types.registry import question_type
from assessments.texts import text_of

# The parts of a body as the page of its author calls them; what is not here is called by its own name.
CALLED = {
    "answer": gettext_lazy("Answer"), "all_or_nothing": gettext_lazy("All or nothing"), "case_sensitive": gettext_lazy("Capitals count"),
    "correct": gettext_lazy("Right"), "distractors": gettext_lazy("Answers that belong to nothing"), "feedback": gettext_lazy("What to say to it"),
    "fraction": gettext_lazy("Worth"), "group": gettext_lazy("Group"), "ignore_accents": gettext_lazy("Accents do not count"),
    "marker_notes": gettext_lazy("Notes for who marks it"), "negative": gettext_lazy("Wrong answers may cost points"),
    "shuffle": gettext_lazy("Answers in another order each time"), "template": gettext_lazy("To begin with"),
    "tolerance": gettext_lazy("Tolerance"), "unit": gettext_lazy("Unit"), "units": gettext_lazy("Other units"), "value": gettext_lazy("Number"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """``sign``: + only in the newer one, - only in the older one, or a space."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    title: str
    lines: list[Line] = field(default_factory=list)


def differences(older: QuestionVersion, newer: QuestionVersion) -> list[Difference]:
    """Only what differs, each part with its lines; plain texts."""
    parts = (
        (_("Question"), _stem),
        (_("Answers"), _body),
        (_("Why it is so"), _feedback),
        (_("Hints"), _hints),
        (_("Points"), _points),
    )
    found = []
    for title, said in parts:
        before, after = said(older), said(newer)
        if before != after:
            found.append(Difference(title, list(_lines(before, after))))
    if older.type != newer.type:
        labels = [str(question_type(one.type).label) for one in (older, newer)]
        found.insert(0, Difference(_("Type"), list(_lines([labels[0]], [labels[1]]))))
    return found


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    for line in difflib.ndiff(before, after):
        if line[0] in "+- ":
            yield Line(line[0], line[2:])


def _stem(version: QuestionVersion) -> list[str]:
    return text_of(version.stem).splitlines()


def _feedback(version: QuestionVersion) -> list[str]:
    return text_of(version.feedback).splitlines()


def _hints(version: QuestionVersion) -> list[str]:
    return [text_of(hint) for hint in version.hints]


def _points(version: QuestionVersion) -> list[str]:
    return [str(version.points)]


def _body(version: QuestionVersion) -> list[str]:
    """One line per answer, pair or option, its facts after it."""
    lines = []
    for name, value in version.body.items():
        if isinstance(value, list):
            lines += [_said(one) for one in value]
        elif value not in ("", None):
            lines.append(f"{_called(name)}: {_said(value)}")
    return lines


def _called(name: str) -> str:
    return str(CALLED.get(name, name.replace("_", " ")))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        facts = [
            f"{_called(name)}: {_said(one)}" for name, one in value.items() if name != "text" and one not in ("", None)
        ]
        return " · ".join(filter(None, [text_of(str(value.get("text", ""))), *facts]))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return text_of(value)
    return json.dumps(value, ensure_ascii=False)
