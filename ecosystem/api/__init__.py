"""Elements, connections and people for other software."""

from ecosystem.api.delegations import DelegationViewSet
from ecosystem.api.elements import ConnectionViewSet, ElementViewSet
from ecosystem.api.environments import EnvironmentViewSet
from ecosystem.api.members import MemberViewSet
from ecosystem.api.people import GroupViewSet, InvitationViewSet
from ecosystem.api.transcripts import Transcript

__all__ = [
    "ConnectionViewSet",
    "DelegationViewSet",
    "ElementViewSet",
    "EnvironmentViewSet",
    "GroupViewSet",
    "InvitationViewSet",
    "MemberViewSet",
    "Transcript",
]
