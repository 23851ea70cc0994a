from handins.models.assignments import Assignment, CompletedBy, Extension, Rubric
from handins.models.remarks import Remark
from handins.models.rounds import FeedbackFile, HandinFile, Mark, Round, RoundState, Submission
from handins.models.uploads import Upload, UploadPart

__all__ = [
    "Assignment",
    "CompletedBy",
    "Extension",
    "FeedbackFile",
    "HandinFile",
    "Mark",
    "Remark",
    "Round",
    "RoundState",
    "Rubric",
    "Submission",
    "Upload",
    "UploadPart",
]
