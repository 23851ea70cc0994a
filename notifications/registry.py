"""Kinds of notices that apps above want people to be able to stop by mail."""

from dataclasses import dataclass

from ecosystem.registry import Registry, Words


@dataclass(frozen=True)
class StoppableKind:
    """``label`` completes "You get no more mail about ...". ``settings_href``: where it can be turned on again."""

    key: str
    label: Words
    why: Words
    settings_href: str = ""


stoppable_kinds: Registry[StoppableKind] = Registry()
