"""Who may read and write where: those of a circle among themselves, and who guides them."""

from __future__ import annotations

from uuid import UUID

from ecosystem.circles import Circle, circles_of
from ecosystem.models import Membership
from social.models import Thread


def circle_in(membership: Membership, *, element_id: int, uid: UUID) -> Circle | None:
    """This circle of the discussion, when the person is in it."""
    return next(iter(circles_of(membership, element_id=element_id, uid=uid)), None)


def circle_of_thread(membership: Membership, thread: Thread) -> Circle | None:
    """The circle that a thread is of; None when the person is not in it. ``thread`` comes with its room."""
    return circle_in(membership, element_id=thread.element_id, uid=thread.room.circle)
