"""Questions as their authors fill them in: one form for what all have, one sheet per type for what is its own."""

from assessments.question_forms.common import QuestionForm
from assessments.question_forms.sheet import Sheet
from assessments.question_forms.sheets import SHEETS

__all__ = ["SHEETS", "QuestionForm", "Sheet"]
