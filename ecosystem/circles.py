"""People who do an element together, such as those of one run of a course: who may read what the others write there.

Apps above say what circles there are (``circles``); this one knows none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from ecosystem.models import Membership
from ecosystem.registry import Registry


@dataclass(frozen=True)
class Circle:
    """One that a person is in. ``uid`` is that of what makes it (a run), ``where`` what that is about (a course).

    ``is_guide``: the person guides the others rather than learns with them.
    """

    uid: UUID
    title: str
    where: str
    is_guide: bool


@dataclass(frozen=True)
class Circles:
    """``of(membership=, element_id=)``: circles of the person that do this element, the newest first. ``guides(uid=)``:
    ids of those who guide one; empty when it is somebody else's."""

    of: Callable[..., list[Circle]]
    guides: Callable[..., Collection[int]]


circles: Registry[Circles] = Registry()


def circles_of(membership: Membership, *, element_id: int) -> list[Circle]:
    """Those in which the person does this element, or guides others who do."""
    return [one for known in circles for one in known.of(membership=membership, element_id=element_id)]


def guides_of_circle(*, uid: UUID) -> set[int]:
    """Who guides those who are in it."""
    return {one for known in circles for one in known.guides(uid=uid)}
