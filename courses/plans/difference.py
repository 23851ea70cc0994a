"""What a draft changes compared with what is published, in sentences. Nothing here reads the database."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.plans.plan import Plan, Row, Rows

Says = Callable[[Row], str]  # a row of an activity -> when it opens, as a sentence


@dataclass(frozen=True)
class Difference:
    """``sort`` is added, removed, moved or changed."""

    sort: str
    text: str


def differences(before: Rows, after: Rows, *, opens: Says) -> list[Difference]:
    """Everything that differs, chapters first, in the order of the plan."""
    old, new = Plan.of_rows(before), Plan.of_rows(after)
    return [*_blocks(old, new), *_activities(old, new, before, after, opens)]


def _blocks(old: Plan, new: Plan) -> Iterator[Difference]:
    for uid in old.blocks:
        if uid not in new.inside:
            yield Difference("removed", _("The chapter “%(title)s” is out.") % {"title": old.title(uid)})
    moved = out_of_order([uid for uid in new.blocks if uid in old.inside], old.blocks)
    for uid in new.blocks:
        if uid not in old.inside:
            yield Difference("added", _("The chapter “%(title)s” is new.") % {"title": new.title(uid)})
            continue
        if old.title(uid) != new.title(uid):
            words = {"title": old.title(uid), "new": new.title(uid)}
            yield Difference("changed", _("The chapter “%(title)s” is now called “%(new)s”.") % words)
        if uid in moved:
            yield Difference("moved", _("The chapter “%(title)s” stands in another place.") % {"title": new.title(uid)})


def _activities(old: Plan, new: Plan, before: Rows, after: Rows, opens: Says) -> Iterator[Difference]:
    kept = set(old.activities) & set(new.activities)
    for uid in old.activities:
        if uid not in kept:
            yield Difference("removed", _("“%(title)s” is out.") % {"title": old.title(uid)})
    moved = out_of_order([uid for uid in new.activities if uid in kept], old.activities)
    for uid in new.activities:
        words = {"title": new.title(uid), "chapter": new.title(new.block_of(uid))}
        if uid not in kept:
            yield Difference("added", _("“%(title)s” is new, in the chapter “%(chapter)s”.") % words)
            continue
        if new.block_of(uid) != old.block_of(uid):
            yield Difference("moved", _("“%(title)s” stands in the chapter “%(chapter)s” now.") % words)
        elif uid in moved:
            yield Difference("moved", _("“%(title)s” stands in another place.") % words)
        yield from (Difference("changed", text) for text in _facts(before[uid], after[uid], opens))


def _facts(old: Row, new: Row, opens: Says) -> Iterator[str]:
    title = {"title": new["title"]}
    if old["title"] != new["title"]:
        yield _("“%(title)s” is now called “%(new)s”.") % {"title": old["title"], "new": new["title"]}
    for name, text in (
        ("minutes", _("“%(title)s” takes %(new)s minutes instead of %(old)s.")),
        ("weight", _("“%(title)s” has weight %(new)s instead of %(old)s.")),
    ):
        if old[name] != new[name]:
            yield text % {**title, "old": old[name], "new": new[name]}
    if old["optional"] != new["optional"]:
        yield (_("“%(title)s” is optional now.") if new["optional"] else _("“%(title)s” must be done now.")) % title
    if old["condition"] != new["condition"]:
        was, now = opens(old), opens(new)
        if was == now:
            yield _("“%(title)s” opens on another condition.") % title
        else:
            yield _("When “%(title)s” opens: “%(now)s” instead of “%(was)s”") % {**title, "now": now, "was": was}


def out_of_order(items: list[str], before: list[str]) -> set[str]:
    """As few of ``items`` as had to be moved to bring them from the order of ``before`` into theirs."""
    places = {uid: at for at, uid in enumerate(before)}
    ends: list[int] = []  # the smallest last place of a rising row of each length
    lasts: list[str] = []
    came_from: dict[str, str | None] = {}
    for uid in items:
        at = bisect_left(ends, places[uid])
        came_from[uid] = lasts[at - 1] if at else None
        if at == len(ends):
            ends.append(places[uid])
            lasts.append(uid)
        else:
            ends[at], lasts[at] = places[uid], uid
    stayed, one = set(), lasts[-1] if lasts else None
    while one is not None:
        stayed.add(one)
        one = came_from[one]
    return set(items) - stayed
