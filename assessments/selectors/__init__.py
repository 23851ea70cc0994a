from assessments.selectors.pictures import with_pictures
from assessments.selectors.questions import (
    MARKED_BY_PEOPLE,
    AnsweredQuestion,
    answered_questions,
    newest_versions,
    questions_of,
)

__all__ = [
    "MARKED_BY_PEOPLE",
    "AnsweredQuestion",
    "answered_questions",
    "newest_versions",
    "questions_of",
    "with_pictures",
]
