"""A plan in memory: blocks and activities as rows by uid, what two of them differ in, and how one is rearranged.

Nothing here reads the database. A row of a block is ``{"kind": "block", "title", "position"}``; one of an activity has
``{"kind": "activity", "block": uid}`` and what ``FACTS`` names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Rows = dict[str, Row]
Changes = dict[str, list[Row | None]]  # uid -> [before, after]

BLOCK_FACTS = ("title",)
FACTS = ("target", "type", "title", "minutes", "weight", "optional", "condition")


class NotInPlanError(LookupError):
    """There is no block or activity with this uid."""


@dataclass
class Plan:
    """``blocks`` in order; ``inside``: the activities of each block in order; ``facts`` of both, by uid."""

    blocks: list[str] = field(default_factory=list)
    inside: dict[str, list[str]] = field(default_factory=dict)
    facts: Rows = field(default_factory=dict)

    @classmethod
    def of_rows(cls, rows: Rows) -> Plan:
        plan = cls(facts={uid: _facts(row) for uid, row in rows.items()})
        ordered = sorted(rows.items(), key=lambda item: item[1]["position"])
        plan.blocks = [uid for uid, row in ordered if row["kind"] == "block"]
        plan.inside = {uid: [] for uid in plan.blocks}
        for uid, row in ordered:
            if row["kind"] == "activity":
                plan.inside[row["block"]].append(uid)
        return plan

    def rows(self) -> Rows:
        found: Rows = {}
        for at, block in enumerate(self.blocks):
            found[block] = {"kind": "block", **self.facts[block], "position": at}
            for index, uid in enumerate(self.inside[block]):
                found[uid] = {"kind": "activity", **self.facts[uid], "block": block, "position": index}
        return found

    @property
    def activities(self) -> list[str]:
        return [uid for block in self.blocks for uid in self.inside[block]]

    def title(self, uid: str) -> str:
        return str(self._known(uid)["title"])

    def block_of(self, uid: str) -> str:
        return next(block for block in self.blocks if uid in self.inside[block])

    def block_put(self, uid: str, *, title: str, position: int | None = None) -> None:
        self.facts[uid], self.inside[uid] = {"title": title}, []
        _insert(self.blocks, uid, position)

    def block_move(self, uid: str, *, position: int) -> None:
        self._known(uid, block=True)
        self.blocks.remove(uid)
        _insert(self.blocks, uid, position)

    def block_remove(self, uid: str) -> None:
        self._known(uid, block=True)
        self.blocks.remove(uid)
        for gone in [*self.inside.pop(uid), uid]:
            del self.facts[gone]

    def activity_put(self, uid: str, *, block: str, facts: Row, position: int | None = None) -> None:
        self._known(block, block=True)
        self.facts[uid] = facts
        _insert(self.inside[block], uid, position)

    def activity_move(self, uid: str, *, block: str, position: int | None) -> None:
        self._known(uid, block=False)
        self._known(block, block=True)
        self.inside[self.block_of(uid)].remove(uid)
        _insert(self.inside[block], uid, position)

    def activity_remove(self, uid: str) -> None:
        self._known(uid, block=False)
        self.inside[self.block_of(uid)].remove(uid)
        del self.facts[uid]

    def change(self, uid: str, **facts: Any) -> None:
        self._known(uid).update(facts)

    def step(self, uid: str, by: int) -> None:
        """One place up (-1) or down (1); an activity at the edge of its block goes into the next one."""
        if uid in self.inside:
            self.block_move(uid, position=max(self.blocks.index(uid) + by, 0))
            return
        self._known(uid, block=False)
        block = self.block_of(uid)
        index = self.inside[block].index(uid) + by
        if 0 <= index < len(self.inside[block]):
            self.activity_move(uid, block=block, position=index)
            return
        neighbour = self.blocks.index(block) + by
        if 0 <= neighbour < len(self.blocks):
            self.activity_move(uid, block=self.blocks[neighbour], position=0 if by > 0 else None)

    def _known(self, uid: str, *, block: bool | None = None) -> Row:
        if uid not in self.facts or (block is not None and block != (uid in self.inside)):
            raise NotInPlanError(uid)
        return self.facts[uid]


def _facts(row: Row) -> Row:
    names = BLOCK_FACTS if row["kind"] == "block" else FACTS
    return {name: row[name] for name in names}


def _insert(items: list[str], uid: str, position: int | None) -> None:
    items.insert(len(items) if position is None else max(position, 0), uid)


def changes_between(before: Rows, after: Rows) -> Changes:
    """Rows that differ, whole."""
    uids = [*before, *(uid for uid in after if uid not in before)]
    return {uid: [before.get(uid), after.get(uid)] for uid in uids if before.get(uid) != after.get(uid)}


def turned_round(changes: Changes) -> Changes:
    return {uid: [after, before] for uid, (before, after) in changes.items()}


def with_changes(rows: Rows, changes: Changes) -> Rows:
    found = {uid: row for uid, row in rows.items() if uid not in changes}
    found |= {uid: after for uid, (_before, after) in changes.items() if after is not None}
    return found


def touched(changes: Changes) -> set[str]:
    """What somebody changed on purpose: more than its place, which others get when one is put before them."""
    return {uid for uid, (before, after) in changes.items() if _content(before) != _content(after)}


def _content(row: Row | None) -> Row | None:
    return None if row is None else {name: value for name, value in row.items() if name != "position"}
