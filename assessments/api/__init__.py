"""Banks, assessments and attempts for other software."""

from assessments.api.assessments import AssessmentViewSet
from assessments.api.attempts import AttemptViewSet
from assessments.api.banks import BankViewSet, QuestionViewSet
from assessments.api.holding import QuizViewSet
from assessments.api.marking import MarkingViewSet

__all__ = ["AssessmentViewSet", "AttemptViewSet", "BankViewSet", "MarkingViewSet", "QuestionViewSet", "QuizViewSet"]
