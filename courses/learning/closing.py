"""Why a course is closed to somebody today, whatever they have done in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from courses.learning.facts import zone_here
from courses.models import Enrolment, EnrolmentState
from ecosystem import clock

# Who is in a course, be it that they have paused.
IN_COURSE = (*EnrolmentState.living(), EnrolmentState.PAUSED)


def today_here() -> date:
    """The day it is for the people of the open scope, wherever somebody looks from."""
    return clock.now().astimezone(zone_here()).date()


def today_for(enrolments: Iterable[Enrolment]) -> date | None:
    """For ``closed_because`` of many: asked once, and only when one of them has dates."""
    return today_here() if any(one.first_day or one.last_day for one in enrolments) else None


def closed_because(enrolment: Enrolment, *, today: date | None = None) -> str:
    """A whole sentence; empty when it is open. Who has completed the course may always look back."""
    if enrolment.state == EnrolmentState.COMPLETED:
        return ""
    if enrolment.state == EnrolmentState.PAUSED:
        return _("Your course is paused. What you have done is kept.")
    first, last = enrolment.first_day, enrolment.last_day
    if first is None and last is None:
        return ""
    day = today or today_here()
    if first and day < first:
        return _("This course starts on %(day)s.") % {"day": formats.date_format(first, "DATE_FORMAT")}
    if last and day > last:
        return _("This course ended on %(day)s.") % {"day": formats.date_format(last, "DATE_FORMAT")}
    return ""
