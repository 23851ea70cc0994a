"""People who do an element together, such as those of one run of a course: who may read what the others write there.

Apps above say what circles there are (``circles``); this one knows none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ecosystem.models import Membership
from ecosystem.registry import Registry


@dataclass(frozen=True)
class Circle:
    """One that a person is in. ``uid`` is that of what makes it (a run), ``where`` what that is about (a course).

    ``is_learner``: the person learns with the others, ``is_guide``: guides them. Somebody may be both.
    """

    uid: UUID
    title: str
    where: str
    is_learner: bool
    is_guide: bool


@dataclass(frozen=True)
class Circles:
    """``of(membership=, element_id=, uid=)``: circles of the person that do this element, the newest first; only that one,
    when ``uid`` says which. ``guides(uid=)``:
    ids of those who guide one; empty when it is somebody else's. ``uids(membership=, guided=)``: all that the person
    guides, or all that they learn in, as a subquery."""

    of: Callable[..., list[Circle]]
    guides: Callable[..., Collection[int]]
    uids: Callable[..., QuerySet[Any, Any]]


circles: Registry[Circles] = Registry()


def circles_of(membership: Membership, *, element_id: int, uid: UUID | None = None) -> list[Circle]:
    """Those in which the person does this element, or guides others who do."""
    return [one for known in circles for one in known.of(membership=membership, element_id=element_id, uid=uid)]


def in_circles(membership: Membership, *, circle: str, guided: bool) -> Q:
    """Rows of circles that the person guides, or learns in; ``circle`` is the path to the uid of theirs."""
    found = Q(pk__in=[])
    for known in circles:
        found |= Q(**{f"{circle}__in": known.uids(membership=membership, guided=guided)})
    return found


def guides_of_circle(*, uid: UUID) -> set[int]:
    """Who guides those who are in it."""
    return {one for known in circles for one in known.guides(uid=uid)}
