"""Assignments and hand-ins for other software."""

from handins.api.assignments import AssignmentViewSet
from handins.api.exemplars import ExemplarViewSet
from handins.api.remarks import RemarkViewSet
from handins.api.rounds import RoundViewSet
from handins.api.uploads import UploadViewSet

__all__ = ["AssignmentViewSet", "ExemplarViewSet", "RemarkViewSet", "RoundViewSet", "UploadViewSet"]
