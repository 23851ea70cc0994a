"""What pages of content show."""

from content.selectors.making import (
    MADE_HERE,
    links_here,
    made_here,
    own_element,
    own_page,
    own_row,
    shown_row,
    versions_of,
)
from content.selectors.packages import UnitShown, units_shown
from content.selectors.pictures import parts_shown, with_images
from content.selectors.support import (
    AIDS,
    aids_here,
    answers_to,
    embeddable_page,
    help_counts,
    missed_searches,
    ticked_by,
)

__all__ = [
    "AIDS",
    "MADE_HERE",
    "UnitShown",
    "aids_here",
    "answers_to",
    "embeddable_page",
    "help_counts",
    "links_here",
    "made_here",
    "missed_searches",
    "own_element",
    "own_page",
    "own_row",
    "parts_shown",
    "shown_row",
    "ticked_by",
    "units_shown",
    "versions_of",
    "with_images",
]
