"""What settings come to along the tree: the nearest own value, unless an environment further up has locked its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from ecosystem.models import Environment, EnvironmentAncestor, EnvironmentSetting
from ecosystem.setting_kinds import SettingKind, setting_kinds


@dataclass(frozen=True)
class Own:
    """A value of an environment itself."""

    value: Any
    locked: bool = False


@dataclass(frozen=True)
class Held:
    """What holds somewhere, the environment it comes from (None: as the installation says) and who locked it."""

    value: Any
    source_id: int | None = None
    locked_by_id: int | None = None

    def below(self, *, environment_id: int, own: Own | None) -> Held:
        """What holds one step further down."""
        if self.locked_by_id is not None or own is None:
            return self
        return Held(own.value, environment_id, environment_id if own.locked else None)


@dataclass(frozen=True)
class Line:
    """One setting as an environment has it. ``is_locked``: by an environment above."""

    kind: SettingKind
    held: Held
    own: Own | None
    source_name: str
    is_here: bool
    is_locked: bool

    @property
    def words(self) -> str:
        return self.kind.show(self.held.value)


@dataclass(frozen=True)
class Effect:
    """What a change does in one environment. ``keeps_own``: it has a value of its own and is untouched."""

    environment_id: int
    name: str
    before: Held
    after: Held
    keeps_own: bool

    @property
    def changes(self) -> bool:
        return self.before.value != self.after.value


def resolve(*, default: Any, chain: Iterable[tuple[int, Own | None]]) -> Held:
    """What holds at the end of ``chain``, environment ids with their own values from the root down."""
    held = Held(default)
    for environment_id, own in chain:
        held = held.below(environment_id=environment_id, own=own)
    return held


def settings_here(*, environment_id: int) -> list[Line]:
    """Every setting with value, where it comes from and who locked it; one query."""
    rows = EnvironmentSetting.objects.filter(environment__descendant_links__environment_id=environment_id)
    found: dict[str, list[tuple[int, Own]]] = {}
    names: dict[int | None, str] = {}
    facts = rows.order_by("-environment__descendant_links__depth").values_list(
        "key", "value", "locked", "environment_id", "environment__name"
    )
    for key, value, locked, source_id, name in facts:
        found.setdefault(key, []).append((source_id, Own(value, locked)))
        names[source_id] = name
    return [_line(kind, found.get(kind.key, []), names, environment_id) for kind in setting_kinds]


def _line(kind: SettingKind, rows: list[tuple[int, Own]], names: dict[int | None, str], here: int) -> Line:
    held = resolve(default=kind.default, chain=rows)
    locked = held.locked_by_id is not None and held.locked_by_id != here
    own = dict(rows).get(here)
    return Line(kind, held, own, names.get(held.source_id, ""), held.source_id == here, locked)


def effects_of(*, environment_id: int, key: str, own: Own | None) -> list[Effect]:
    """What happens here and in every environment below when this one gets ``own`` (None: inherits); three queries."""
    kind = setting_kinds[key]
    above = EnvironmentAncestor.objects.filter(environment_id=environment_id, depth__gt=0).order_by("-depth")
    chain = list(above.values_list("ancestor_id", flat=True))
    below = Environment.objects.filter(ancestor_links__ancestor_id=environment_id)
    tree = below.order_by("ancestor_links__depth", "name").annotate(far=F("ancestor_links__depth"))
    places = list(tree.values_list("pk", "name", "parent_id"))
    ids = [*chain, *(pk for pk, _name, _parent in places)]
    rows = EnvironmentSetting.objects.filter(Q(environment_id__in=ids), key=key)
    owns = {row.environment_id: Own(row.value, row.locked) for row in rows}
    start = resolve(default=kind.default, chain=[(pk, owns.get(pk)) for pk in chain])
    old: dict[int | None, Held] = {}
    new: dict[int | None, Held] = {}
    effects = []
    for pk, name, parent_id in places:
        mine = owns.get(pk)
        old[pk] = old.get(parent_id, start).below(environment_id=pk, own=mine)
        new[pk] = new.get(parent_id, start).below(environment_id=pk, own=own if pk == environment_id else mine)
        keeps = pk != environment_id and new[pk].source_id == pk
        effects.append(Effect(pk, name, old[pk], new[pk], keeps))
    return effects
