from handins.models.assignments import Assignment, CompletedBy, Extension, Rubric
from handins.models.rounds import HandinFile, Mark, Round, RoundState, Submission

__all__ = [
    "Assignment",
    "CompletedBy",
    "Extension",
    "HandinFile",
    "Mark",
    "Round",
    "RoundState",
    "Rubric",
    "Submission",
]
