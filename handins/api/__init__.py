"""Assignments and hand-ins for other software."""

from handins.api.assignments import AssignmentViewSet
from handins.api.comments import SavedCommentViewSet
from handins.api.confirming import ConfirmationViewSet
from handins.api.conflicts import ConflictViewSet
from handins.api.exemplars import ExemplarViewSet
from handins.api.peer_plans import PeerPlanViewSet
from handins.api.peer_samples import PeerSampleViewSet
from handins.api.peers import PeerReviewViewSet
from handins.api.remarks import RemarkViewSet
from handins.api.rounds import RoundViewSet
from handins.api.teams import TeamViewSet
from handins.api.uploads import UploadViewSet

__all__ = [
    "AssignmentViewSet",
    "ConfirmationViewSet",
    "ConflictViewSet",
    "ExemplarViewSet",
    "PeerPlanViewSet",
    "PeerReviewViewSet",
    "PeerSampleViewSet",
    "RemarkViewSet",
    "RoundViewSet",
    "SavedCommentViewSet",
    "TeamViewSet",
    "UploadViewSet",
]
