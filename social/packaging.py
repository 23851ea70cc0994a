"""What discussions write into the package of a course: what is asked; what people wrote stays."""

from __future__ import annotations

from typing import Any

from ecosystem.models import Element
from ecosystem.packaging import Incoming, Outgoing, PackagedKind, closed_schema, packaged_kinds
from social.models import Discussion
from social.models.discussions import MOST_ASKED
from social.services import discussion_make
from social.services.making import LONGEST, SET

Part = dict[str, Any]
ASKED = {"type": "integer", "minimum": 0, "maximum": MOST_ASKED}
PART = closed_schema(
    markdown={"type": "string", "minLength": 1, "maxLength": LONGEST},
    threads_asked=ASKED,
    replies_asked=ASKED,
    posts_first={"type": "boolean"},
)


def _write(element: Element, out: Outgoing) -> Part:
    row = Discussion.objects.get(element=element)
    return {name: getattr(row, name) for name in SET}


def _make(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    element: Element = discussion_make(by=coming.by, **part, **facts).element
    return element


packaged_kinds.register("discussion", PackagedKind(PART, _write, _make))
