from handins.models.assignments import Assignment, CompletedBy, Extension, Rubric
from handins.models.exemplars import Exemplar, ExemplarState
from handins.models.remarks import Remark
from handins.models.rounds import FeedbackFile, HandinFile, Mark, Round, RoundState, Submission
from handins.models.uploads import Upload, UploadPart

__all__ = [
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
    "Submission",
    "Upload",
    "UploadPart",
]
