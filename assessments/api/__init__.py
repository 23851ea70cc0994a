"""Banks, assessments and attempts for other software."""

from assessments.api.assessments import AssessmentViewSet
from assessments.api.attempts import AttemptViewSet
from assessments.api.banks import BankViewSet, QuestionViewSet

__all__ = ["AssessmentViewSet", "AttemptViewSet", "BankViewSet", "QuestionViewSet"]
