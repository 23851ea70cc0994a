"""Edits of a draft. Each locks the draft, changes the plan in memory, and keeps what differs, so it can be undone.

``seen`` is the ``edit_count`` the author looked at: what others changed since stays, and who changes the same thing is
told (``DraftChangedError``). Each gives the edit, or None when nothing had to change. ``by`` may build the course.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses import conditions
from courses.exceptions import CourseError, DraftChangedError
from courses.models import Activity, CourseVersion, DraftEdit
from courses.plans.draft_words import edit_words
from courses.plans.plan import NotInPlanError, Plan, changes_between
from courses.plans.rows import rows_of
from courses.services.drafts import added_already, draft_locked, edit_keep
from ecosystem.models import Element, Membership
from ecosystem.registry import activity_types
from ecosystem.visibility import elements_for

CHANGEABLE = frozenset({"title", "minutes", "weight", "optional", "condition"})
MOST_ACTIVITIES = 1000
LARGEST = {"minutes": 10_000, "weight": 1000}


def _edit(
    draft: CourseVersion, by: Membership, seen: int, act: str, uid: str, change: Callable[[Plan], Any]
) -> DraftEdit | None:
    fresh = draft_locked(draft=draft, by=by)
    before = rows_of(fresh)
    plan = Plan.of_rows(before)
    title = before[uid]["title"] if uid in before else ""
    try:
        change(plan)
    except NotInPlanError as error:
        raise _gone(fresh, str(error)) from None
    if len(plan.activities) > MOST_ACTIVITIES:
        raise CourseError(_("A course has at most %(most)s activities.") % {"most": MOST_ACTIVITIES})
    changes = changes_between(before, plan.rows())
    title = title or (plan.title(uid) if uid in plan.facts else "")
    return edit_keep(draft=fresh, changes=changes, act=act, title=title, by=by, seen=seen)


def _gone(draft: CourseVersion, uid: str) -> CourseError:
    """Who removed it, when somebody did."""
    edits = DraftEdit.objects.filter(version=draft, changes__has_key=uid).select_related("by").order_by("-number")
    edit = edits.first()
    if edit is None:
        return CourseError(_("This is not in the draft."))
    return DraftChangedError(_("This is not in the draft any more: %(what)s.") % {"what": edit_words(edit)})


def _title(text: str) -> str:
    title = " ".join(text.replace("\x00", "").split())
    if not title:
        raise CourseError(_("Give it a title."))
    if len(title) > 200:
        raise CourseError(_("A title has at most %(most)s characters.") % {"most": 200})
    return title


@transaction.atomic
def block_add(
    *, draft: CourseVersion, title: str, by: Membership, seen: int, position: int | None = None
) -> DraftEdit | None:
    """A new chapter, at the end or at ``position`` (from 0). The same form sent twice adds one."""
    uid, named = str(uuid.uuid4()), _title(title)
    fresh = draft_locked(draft=draft, by=by)
    if twice := added_already(draft=fresh, by=by, seen=seen, title=named, kind="block"):
        return twice
    return _edit(draft, by, seen, "block_added", uid, lambda plan: plan.block_put(uid, title=named, position=position))


@transaction.atomic
def block_rename(*, draft: CourseVersion, uid: str, title: str, by: Membership, seen: int) -> DraftEdit | None:
    """Another title for a chapter."""
    named = _title(title)
    return _edit(draft, by, seen, "block_renamed", uid, lambda plan: plan.change(uid, title=named))


@transaction.atomic
def block_move(*, draft: CourseVersion, uid: str, position: int, by: Membership, seen: int) -> DraftEdit | None:
    """A chapter with all in it to another place (from 0)."""
    return _edit(draft, by, seen, "block_moved", uid, lambda plan: plan.block_move(uid, position=position))


@transaction.atomic
def block_remove(*, draft: CourseVersion, uid: str, by: Membership, seen: int) -> DraftEdit | None:
    """A chapter out of the draft, with its activities; their elements stay."""
    return _edit(draft, by, seen, "block_removed", uid, lambda plan: plan.block_remove(uid))


@transaction.atomic
def activity_add(
    *, draft: CourseVersion, block: str, target: Element, by: Membership, seen: int, title: str = "",
    position: int | None = None,
) -> DraftEdit | None:  # fmt: skip
    """An element as an activity of a chapter, at its end or at ``position``. The same form sent twice adds one.

    Refuses what cannot be an activity, and what ``by`` may not open.
    """
    if target.kind not in activity_types:
        raise CourseError(_("“%(title)s” cannot be an activity.") % {"title": target.title})
    if not elements_for(by).filter(pk=target.pk).exists():
        raise CourseError(_("Some of these elements are not available here."))
    uid, named = str(uuid.uuid4()), _title(title or target.title)
    fresh = draft_locked(draft=draft, by=by)
    if twice := added_already(draft=fresh, by=by, seen=seen, title=named, block=block, target=target.pk):
        return twice
    facts = {
        "target": target.pk,
        "type": target.kind,
        "title": named,
        "minutes": min(target.minutes, LARGEST["minutes"]),
        "weight": Activity._meta.get_field("weight").get_default(),
        "optional": False,
        "condition": None,
    }
    return _edit(
        draft, by, seen, "activity_added", uid,
        lambda plan: plan.activity_put(uid, block=block, facts=facts, position=position),
    )  # fmt: skip


@transaction.atomic
def activity_change(*, draft: CourseVersion, uid: str, by: Membership, seen: int, **facts: Any) -> DraftEdit | None:
    """Title, minutes, weight, optional or condition of an activity; the others stay as they are."""
    if not set(facts) <= CHANGEABLE:
        raise CourseError(_("This cannot be changed."))
    if "title" in facts:
        facts["title"] = _title(facts["title"])
    for name in LARGEST.keys() & facts.keys():
        if not 0 <= facts[name] <= LARGEST[name]:
            raise CourseError(_("Choose a number from 0 to %(most)s.") % {"most": LARGEST[name]})
    if wrong := conditions.problems(facts.get("condition")):
        raise CourseError(" ".join(wrong))
    act = "condition_changed" if "condition" in facts else "activity_changed"

    def change(plan: Plan) -> None:
        if uid in plan.inside:
            raise NotInPlanError(uid)
        plan.change(uid, **facts)

    return _edit(draft, by, seen, act, uid, change)


@transaction.atomic
def activity_move(
    *, draft: CourseVersion, uid: str, block: str, by: Membership, seen: int, position: int | None = None
) -> DraftEdit | None:
    """An activity to another place, in its chapter or another one."""
    return _edit(
        draft, by, seen, "activity_moved", uid, lambda plan: plan.activity_move(uid, block=block, position=position)
    )


@transaction.atomic
def activity_remove(*, draft: CourseVersion, uid: str, by: Membership, seen: int) -> DraftEdit | None:
    """An activity out of the draft; its element stays."""
    return _edit(draft, by, seen, "activity_removed", uid, lambda plan: plan.activity_remove(uid))


@transaction.atomic
def step_move(*, draft: CourseVersion, uid: str, by: Membership, seen: int, down: bool) -> DraftEdit | None:
    """A chapter or an activity one place up or down; past the edge of its chapter an activity goes into the next."""
    fresh = draft_locked(draft=draft, by=by)
    kind = "block_moved" if fresh.blocks.filter(uid=uid).exists() else "activity_moved"
    return _edit(fresh, by, seen, kind, uid, lambda plan: plan.step(uid, 1 if down else -1))
