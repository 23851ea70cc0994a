"""Question banks and assessments (content), attempts and answers (private)."""

from assessments.models.analysis import Analysis, ItemFigures
from assessments.models.assessments import Assessment, AssessmentQuestion, Draw, Mode, Override, Section
from assessments.models.attempts import Answer, AnswerAside, AnswerFile, Aside, Attempt, Deadline
from assessments.models.banks import Difficulty, Objective, Picture, Question, QuestionVersion
from assessments.models.bulk_edits import BulkEdit
from assessments.models.feedback import Angle, FeedbackAnswer, FeedbackRound, FeedbackSeat
from assessments.models.imports import ENDED, RUNNING, BankImport, ImportState
from assessments.models.marking import Mark, Result, Rubric, Step
from assessments.models.surveys import SurveyAnswer

__all__ = [
    "ENDED",
    "RUNNING",
    "Analysis",
    "Angle",
    "Answer",
    "AnswerAside",
    "AnswerFile",
    "Aside",
    "Assessment",
    "AssessmentQuestion",
    "Attempt",
    "BankImport",
    "BulkEdit",
    "Deadline",
    "Difficulty",
    "Draw",
    "FeedbackAnswer",
    "FeedbackRound",
    "FeedbackSeat",
    "ImportState",
    "ItemFigures",
    "Mark",
    "Mode",
    "Objective",
    "Override",
    "Picture",
    "Question",
    "QuestionVersion",
    "Result",
    "Rubric",
    "Section",
    "Step",
    "SurveyAnswer",
]
