from social.selectors.counting import counted
from social.selectors.discussions import discussions_for

__all__ = ["counted", "discussions_for"]
