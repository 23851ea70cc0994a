"""When an activity opens: a tree over predicates (``ecosystem.predicates``), judged from facts. Pure, no database.

``{"all": [...]}``, ``{"any": [...]}`` and ``{"not": tree}`` over leaves ``{predicate: value}``. No tree (None) is open from
the start. It is open while its tree holds; what somebody has begun they may finish.
"""

from courses.conditions import clock  # noqa: F401 -- registers its predicates
from courses.conditions.check import Finding, Step, check
from courses.conditions.trees import (
    Group,
    Lacking,
    Missing,
    Tree,
    elements_of,
    holds,
    missing,
    next_change,
    problems,
    topics_of,
)

__all__ = [
    "Finding",
    "Group",
    "Lacking",
    "Missing",
    "Step",
    "Tree",
    "check",
    "elements_of",
    "holds",
    "missing",
    "next_change",
    "problems",
    "topics_of",
]
