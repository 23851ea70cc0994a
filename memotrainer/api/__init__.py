from memotrainer.api.cards import CardViewSet
from memotrainer.api.goals import GoalViewSet, TrainingViewSet

__all__ = ["CardViewSet", "GoalViewSet", "TrainingViewSet"]
