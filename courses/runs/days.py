"""Days that can be meant: between them every sum of days stays a day."""

from datetime import date

from django.utils.translation import gettext as _

from ecosystem.predicates import FIRST_YEAR, LAST_YEAR


def day_problem(day: date | None) -> str:
    """Why it cannot be the first or last day of anything, in words; empty when it can."""
    if day is None or FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    return _("Choose a day between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
