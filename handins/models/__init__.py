from handins.models.assignments import Assignment, CompletedBy, Extension, Rubric
from handins.models.exemplars import Exemplar, ExemplarState
from handins.models.remarks import Remark
from handins.models.rounds import FeedbackFile, HandinFile, Mark, Round, RoundState, Submission
from handins.models.teams import Adjustment, Share, Team, TeamAct, TeamDeed, TeamMember
from handins.models.uploads import Upload, UploadPart

__all__ = [
    "Adjustment",
    "Assignment",
    "CompletedBy",
    "Exemplar",
    "ExemplarState",
    "Extension",
    "FeedbackFile",
    "HandinFile",
    "Mark",
    "Remark",
    "Round",
    "RoundState",
    "Rubric",
    "Share",
    "Submission",
    "Team",
    "TeamAct",
    "TeamDeed",
    "TeamMember",
    "Upload",
    "UploadPart",
]
