"""Elements, connections and people for other software."""

from ecosystem.api.elements import ConnectionViewSet, ElementViewSet
from ecosystem.api.members import MemberViewSet

__all__ = ["ConnectionViewSet", "ElementViewSet", "MemberViewSet"]
