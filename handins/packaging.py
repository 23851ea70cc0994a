"""What hand-ins write into the package of a course: the assignment and its newest rubric; dates and work of people stay."""

from __future__ import annotations

from typing import Any

from ecosystem.models import Element
from ecosystem.packaging import Incoming, Outgoing, PackagedKind, closed_schema, or_null, packaged_kinds
from handins.files.types import ENDINGS, MOST_MB
from handins.models import Assignment, CompletedBy
from handins.selectors import newest_rubric
from handins.services import assignment_make

Part = dict[str, Any]
OWN = (
    "markdown", "takes_text", "takes_files", "takes_link", "takes_audio", "takes_video", "endings", "most_files", "most_mb", "most_words", "honour",
    "most_rounds", "pass_mark", "completed_by", "is_group", "all_agree", "is_compared", "is_on_the_job", "late_points",
)  # fmt: skip
YES = {"type": "boolean"}
TITLE = {"type": "string", "minLength": 1, "maxLength": 120}
LEVEL = closed_schema(title=TITLE, points={"type": "integer", "minimum": 0, "maximum": 1000})
CRITERION = closed_schema(
    title=TITLE,
    weight={"type": "integer", "minimum": 1, "maximum": 100},
    levels={"type": "array", "items": LEVEL, "minItems": 2, "maxItems": 8},
)
PART = closed_schema(
    markdown={"type": "string", "minLength": 1, "maxLength": 100_000},
    takes_text=YES,
    takes_files=YES,
    takes_link=YES,
    is_group=YES,
    all_agree=YES,
    is_compared=YES,
    is_on_the_job=YES,
    takes_audio=YES,
    takes_video=YES,
    endings={"type": "array", "items": {"enum": sorted(ENDINGS)}, "maxItems": len(ENDINGS)},
    most_files={"type": "integer", "minimum": 1, "maximum": 20},
    most_mb={"type": "integer", "minimum": 1, "maximum": MOST_MB},
    most_words=or_null({"type": "integer", "minimum": 1, "maximum": 100_000}),
    honour={"type": "string", "maxLength": 500},
    most_rounds={"type": "integer", "minimum": 1, "maximum": 20},
    pass_mark=or_null({"type": "integer", "minimum": 0, "maximum": 100}),
    completed_by={"enum": list(CompletedBy.values)},
    late_points={"type": "integer", "minimum": 0, "maximum": 100},
    criteria={"type": "array", "items": CRITERION, "maxItems": 12},
)
for _later in ("is_on_the_job", "late_points"):
    PART["required"].remove(
        _later
    )  # packages that were written before supervisors confirmed work, or late work lost points


def _write(element: Element, out: Outgoing) -> Part:
    row = Assignment.objects.get(element=element)
    rubric = newest_rubric(row)
    return {**{name: getattr(row, name) for name in OWN}, "criteria": rubric.criteria if rubric else []}


def _make(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    element: Element = assignment_make(by=coming.by, **part, **facts).element
    return element


packaged_kinds.register("handin", PackagedKind(PART, _write, _make))
