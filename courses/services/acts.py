"""One edit of a draft by its name, for the builder's forms and the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from courses.exceptions import CourseError
from courses.models import CourseVersion, DraftEdit
from courses.services import editing
from courses.services.drafts import draft_redo, draft_undo
from ecosystem.models import Membership


@dataclass(frozen=True)
class Act:
    """``needs`` and ``takes`` name the facts that must and may be said."""

    do: Callable[..., DraftEdit | None]
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()


def _act(do: Callable[..., DraftEdit | None], *needs: str, takes: frozenset[str] = frozenset()) -> Act:
    return Act(do, frozenset(needs), takes)


PLACE = frozenset({"position"})
ACTS: dict[str, Act] = {
    "block_add": _act(editing.block_add, "title", takes=PLACE),
    "block_rename": _act(editing.block_rename, "uid", "title"),
    "block_move": _act(editing.block_move, "uid", "position"),
    "block_remove": _act(editing.block_remove, "uid"),
    "activity_add": _act(editing.activity_add, "block", "target", takes=PLACE | {"title"}),
    "activity_change": _act(editing.activity_change, "uid", takes=editing.CHANGEABLE),
    "activity_move": _act(editing.activity_move, "uid", "block", takes=PLACE),
    "activity_remove": _act(editing.activity_remove, "uid"),
    "up": _act(partial(editing.step_move, down=False), "uid"),
    "down": _act(partial(editing.step_move, down=True), "uid"),
    "undo": _act(draft_undo),
    "redo": _act(draft_redo),
}


def draft_edit(*, draft: CourseVersion, act: str, by: Membership, seen: int, facts: dict[str, Any]) -> DraftEdit | None:
    """Do one of ``ACTS`` with the facts it knows; others are left out. Refuses an unknown act and what is missing."""
    known = ACTS.get(act)
    if known is None:
        raise CourseError(_("There is no edit called “%(name)s”.") % {"name": act[:40]})
    said = {name: value for name, value in facts.items() if name in known.needs | known.takes and value is not None}
    if lacking := known.needs - said.keys():
        raise CourseError(_("“%(name)s” is missing.") % {"name": sorted(lacking)[0]})
    return known.do(draft=draft, by=by, seen=seen, **said)
