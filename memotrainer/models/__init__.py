from memotrainer.models.cards import (
    MOST_HOLIDAYS,
    Card,
    Ease,
    Fit,
    Profile,
    QuestionReport,
    Review,
    Trainer,
    Training,
    Withdrawal,
    working_days,
)
from memotrainer.models.goals import Goal, GoalPart, GoalReached

__all__ = [
    "MOST_HOLIDAYS",
    "Card",
    "Ease",
    "Fit",
    "Goal",
    "GoalPart",
    "GoalReached",
    "Profile",
    "QuestionReport",
    "Review",
    "Trainer",
    "Training",
    "Withdrawal",
    "working_days",
]
