from assessments.selectors.asking import question_shown, version_shown
from assessments.selectors.attempts import (
    answer_at,
    assessment_to_open,
    attempt_of,
    attempt_state,
    parts_named,
    parts_of,
    start_facts,
)
from assessments.selectors.banks import bank_questions, banks_here
from assessments.selectors.pictures import is_unfinished, with_pictures
from assessments.selectors.questions import (
    MARKED_BY_PEOPLE,
    NOT_COUNTED,
    AnsweredQuestion,
    answered_questions,
    newest_versions,
    questions_of,
)
from assessments.selectors.results import answer_checked, quizzes_passed, review_of
from assessments.selectors.terms import Terms, terms_of
from assessments.selectors.withholding import answers_withheld, asked_questions, attempts_withheld, scores_withheld

__all__ = [
    "MARKED_BY_PEOPLE",
    "NOT_COUNTED",
    "AnsweredQuestion",
    "Terms",
    "answer_at",
    "answer_checked",
    "answered_questions",
    "answers_withheld",
    "asked_questions",
    "assessment_to_open",
    "attempt_of",
    "attempt_state",
    "attempts_withheld",
    "bank_questions",
    "banks_here",
    "is_unfinished",
    "newest_versions",
    "parts_named",
    "parts_of",
    "question_shown",
    "questions_of",
    "quizzes_passed",
    "review_of",
    "scores_withheld",
    "start_facts",
    "terms_of",
    "version_shown",
    "with_pictures",
]
