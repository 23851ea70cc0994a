"""What courses write into a package, and make from one: the plan, with its conditions, as a draft.

Runs, enrolments, guides and what anybody did stay where they are.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from courses.conditions.carrying import tree_packed, tree_unpacked
from courses.models import CourseVersion
from courses.plans.plan import Plan, Rows
from courses.plans.rows import rows_of
from courses.services.drafts import draft_of, draft_write
from courses.services.editing import LARGEST, MOST_ACTIVITIES
from ecosystem.archives import PackageError
from ecosystem.models import Element
from ecosystem.packaging import UID, Incoming, Outgoing, PackagedKind, closed_schema, packaged_kinds
from ecosystem.registry import activity_types
from ecosystem.services.elements import element_create

Part = dict[str, Any]
TITLE = {"type": "string", "minLength": 1, "maxLength": 200}
STEP = closed_schema(
    element=UID,
    title=TITLE,
    optional={"type": "boolean"},
    condition={"type": ["object", "null"]},
    **{name: {"type": "integer", "minimum": 0, "maximum": most} for name, most in LARGEST.items()},
)
COURSE = closed_schema(
    blocks={"type": "array", "items": closed_schema(title=TITLE, activities={"type": "array", "items": STEP})}
)


def course_out(element: Element, out: Outgoing, version: CourseVersion | None) -> Part:
    """The plan of a version; of a course without any, an empty one."""
    rows = rows_of(version) if version else {}
    plan = Plan.of_rows(rows)
    return {
        "blocks": [
            {
                "title": plan.title(block),
                "activities": [_step_out(plan.facts[uid], out) for uid in plan.inside[block]],
            }
            for block in plan.blocks
        ]
    }


def _step_out(facts: Part, out: Outgoing) -> Part:
    same = {name: facts[name] for name in ("title", "minutes", "weight", "optional")}
    return {"element": out.element(facts["target"]), **same, "condition": tree_packed(facts["condition"], out)}


def _newest_out(element: Element, out: Outgoing) -> Part:
    """What is published; before that, the draft."""
    return course_out(element, out, CourseVersion.objects.filter(element=element).order_by("-number").first())


def _course_in(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    return element_create(kind="course", **facts)


def _plan_in(*, element: Element, part: Part, coming: Incoming) -> None:
    rows: Rows = {}
    for at, block in enumerate(part["blocks"]):
        uid = str(uuid.uuid4())
        rows[uid] = {"kind": "block", "title": block["title"], "position": at}
        steps = [row for step in block["activities"] if (row := _step_in(step, coming)) is not None]
        rows |= {
            str(uuid.uuid4()): {"kind": "activity", "block": uid, "position": place, **row}
            for place, row in enumerate(steps)
        }
    if len(rows) - len(part["blocks"]) > MOST_ACTIVITIES:
        raise PackageError(_("A course has at most %(most)s activities.") % {"most": MOST_ACTIVITIES})
    draft_write(draft=draft_of(element=element, by=coming.by), rows=rows)


def _step_in(step: Part, coming: Incoming) -> Part | None:
    target = coming.elements.get(step["element"])
    if target is None:
        coming.notes.append((step["title"], _("This step is left out: what is done in it is not in the package.")))
        return None
    if target.kind not in activity_types:
        coming.notes.append((step["title"], _("This step is left out: it is nothing that can be done in a course.")))
        return None
    condition, is_same = tree_unpacked(step["condition"], coming)
    if not is_same:
        why = _("Its condition asks for something that is not here. An instructor opens it until you change that.")
        coming.notes.append((step["title"], why))
    same = {name: step[name] for name in ("title", "minutes", "weight", "optional")}
    return {**same, "target": target.pk, "type": target.kind, "condition": condition}


packaged_kinds.register(
    "course", PackagedKind(COURSE, _newest_out, _course_in, join=_plan_in, order=4)
)  # fmt: skip
