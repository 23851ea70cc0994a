"""What an activity in a tool writes into the package of a course: where it leads. Keys and people stay.

The tool is found again by its client id, which is right where the package was written, or by its name. Otherwise the activity
comes in without one, and a note says so.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ecosystem.models import Element
from ecosystem.packaging import UID, Incoming, Outgoing, PackagedKind, closed_schema, or_null, packaged_kinds
from lti.exceptions import LtiError
from lti.models import DoneWhen, OpensIn, Tool, ToolLink
from lti.selectors import tools_here
from lti.services import link_make
from lti.services.linking import KIND, LONGEST_CUSTOM, MOST_CUSTOM, refuse_elsewhere

Part = dict[str, Any]
OWN = ("target_url", "custom", "opens_in", "done_when", "pass_mark", "points")
PART = closed_schema(
    tool=or_null(closed_schema(client_id=or_null(UID), name={"type": "string", "maxLength": 120})),
    target_url={"type": "string", "maxLength": 500},
    custom={
        "type": "object",
        "maxProperties": MOST_CUSTOM,
        "propertyNames": {"pattern": "^[A-Za-z0-9_.-]{1,64}(?![\\s\\S])"},
        "additionalProperties": {"type": "string", "maxLength": LONGEST_CUSTOM},
    },
    opens_in={"enum": list(OpensIn.values)},
    done_when={"enum": list(DoneWhen.values)},
    pass_mark=or_null({"type": "integer", "minimum": 0, "maximum": 100}),
    points={"type": "integer", "minimum": 1, "maximum": 10_000},
)


def _write(element: Element, out: Outgoing) -> Part:
    row = ToolLink.objects.get(element=element)
    tool = Tool.objects.filter(pk=row.tool_id).first() if row.tool_id else None
    named = {"client_id": str(tool.client_id), "name": tool.name} if tool else None
    if tool is None and row.wanted:
        named = {"client_id": None, "name": row.wanted}
    return {"tool": named, **{name: getattr(row, name) for name in OWN}}


def _make(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    own = {name: part[name] for name in OWN}
    named = part["tool"] or {"client_id": None, "name": ""}
    tool = _tool(named, own["target_url"]) if part["tool"] else None
    if part["tool"] and tool is None:
        why = _("The tool “%(name)s” is not registered here. Choose one in the settings of this activity.")
        coming.notes.append((facts["title"], why % {"name": named["name"]}))
    element: Element = link_make(by=coming.by, tool=tool, wanted=named["name"], **own, **facts).element
    return element


def _tool(named: dict[str, Any], target_url: str) -> Tool | None:
    """Ours of that client id, or else of that name; not one that lies elsewhere than the activity leads."""
    rows = tools_here()
    found = rows.filter(client_id=named["client_id"]).first() if named["client_id"] else None
    found = found or rows.filter(name=named["name"]).first()
    try:
        if found is not None:
            refuse_elsewhere(tool=found, url=target_url)
    except LtiError:
        return None
    return found


packaged_kinds.register(KIND, PackagedKind(PART, _write, _make))
