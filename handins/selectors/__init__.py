from handins.selectors.assignments import (
    Terms,
    assignments_for,
    handin_todos,
    newest_rubric,
    passed_assignments,
    terms_of,
    words_in,
)
from handins.selectors.rounds import (
    CriterionShown,
    RoundShown,
    file_for,
    own_submission,
    progress_words,
    rounds_shown,
)

__all__ = [
    "CriterionShown",
    "RoundShown",
    "Terms",
    "assignments_for",
    "file_for",
    "handin_todos",
    "newest_rubric",
    "own_submission",
    "passed_assignments",
    "progress_words",
    "rounds_shown",
    "terms_of",
    "words_in",
]
