"""What the builder shows: the plan as an outline, what can be undone, and what could be put into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.conditions.wording import condition_sentence
from courses.learning.facts import names_for
from courses.models import Activity, Block, CourseVersion, DraftEdit, VersionState
from courses.plans.draft_words import edit_words, histories
from courses.selectors.naming import labels_of
from ecosystem.models import Element, Membership
from ecosystem.registry import activity_types
from ecosystem.search import hits
from ecosystem.visibility import elements_for

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_FOUND = 20


@dataclass
class OutlineStep:
    activity: Activity
    icon: str
    kind: str
    opens_when: str = ""

    @property
    def uid(self) -> str:
        return str(self.activity.uid)

    @property
    def facts(self) -> list[tuple[str, str]]:
        found = [("", self.kind)]
        if self.activity.minutes:
            found.append(("clock", _("%(minutes)s min") % {"minutes": self.activity.minutes}))
        if self.activity.weight != 1:
            found.append(("scale", _("counts %(weight)s times") % {"weight": self.activity.weight}))
        return found


@dataclass
class OutlineBlock:
    block: Block
    steps: list[OutlineStep] = field(default_factory=list)

    @property
    def uid(self) -> str:
        return str(self.block.uid)

    @property
    def only_activities(self) -> list[Activity]:
        return [step.activity for step in self.steps]

    @property
    def minutes(self) -> int:
        return sum(step.activity.minutes for step in self.steps)

    @property
    def facts(self) -> str:
        steps = ngettext("%(n)s step", "%(n)s steps", len(self.steps)) % {"n": len(self.steps)}
        return _("%(steps)s, %(minutes)s min") % {"steps": steps, "minutes": self.minutes}


@dataclass
class Outline:
    """``version`` is the draft, or what is published when there is none; None for a course without any."""

    version: CourseVersion | None
    blocks: list[OutlineBlock]
    last: DraftEdit | None = None
    undo: str = ""
    redo: str = ""

    @property
    def is_draft(self) -> bool:
        return self.version is not None and self.version.state == VersionState.DRAFT

    @property
    def steps(self) -> list[OutlineStep]:
        return [step for block in self.blocks for step in block.steps]

    @property
    def minutes(self) -> int:
        return sum(block.minutes for block in self.blocks)

    def find(self, uid: str) -> OutlineStep | OutlineBlock | None:
        return next((row for row in [*self.blocks, *self.steps] if row.uid == uid), None)


def outline_of(*, element: Element) -> Outline:
    """A few queries, however long the course."""
    version = CourseVersion.objects.filter(element=element).order_by("state", "-number").first()  # "draft" comes first
    if version is None:
        return Outline(None, [])
    blocks = {block.pk: OutlineBlock(block) for block in Block.objects.filter(version=version).order_by("position")}
    activities = list(
        Activity.objects.filter(version=version).select_related("target").order_by("block__position", "position")
    )
    titles = {activity.target_id: activity.title for activity in activities}
    names = names_for(trees=[activity.condition for activity in activities], titles=titles)
    labels = labels_of((activity.type, activity.target_id) for activity in activities)
    for activity in activities:
        opens = condition_sentence(activity.condition, names=names) if activity.condition else ""
        step = OutlineStep(activity, activity_types[activity.type].icon, str(labels[activity.target_id]), opens)
        blocks[activity.block_id].steps.append(step)
    outline = Outline(version, list(blocks.values()))
    if outline.is_draft:
        edits = list(DraftEdit.objects.filter(version=version).select_related("by").defer("changes").order_by("number"))
        done, undone = histories(edits)
        outline.last = edits[-1] if edits else None
        outline.undo = edit_words(done[-1]) if done else ""
        outline.redo = edit_words(undone[-1]) if undone else ""
    return outline


def elements_to_add(*, membership: Membership, text: str, used: Iterable[int]) -> list[Element]:
    """Elements that can be an activity and that the author may open: what was searched for, or the newest ones."""
    rows = elements_for(membership).filter(kind__in=[kind.key for kind in activity_types]).exclude(pk__in=list(used))
    if not text:
        return list(rows.order_by("-updated_at", "-pk")[:MOST_FOUND])
    found = hits(text=text)
    known = {row.pk: row for row in rows.filter(pk__in=found)}
    return [known[pk] for pk in found if pk in known][:MOST_FOUND]
