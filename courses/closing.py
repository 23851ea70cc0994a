"""Why a course is closed to somebody today, whatever they have done in it."""

from __future__ import annotations

from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.models import Enrolment, EnrolmentState
from ecosystem import clock

# Who is in a course, be it that they have paused.
IN_COURSE = (*EnrolmentState.living(), EnrolmentState.PAUSED)


def closed_because(enrolment: Enrolment, *, today: date | None = None) -> str:
    """A whole sentence; empty when it is open. Who has completed the course may always look back."""
    day = today or timezone.localdate(clock.now())
    if enrolment.state == EnrolmentState.COMPLETED:
        return ""
    if enrolment.state == EnrolmentState.PAUSED:
        return _("Your course is paused. What you have done is kept.")
    first, last = enrolment.first_day, enrolment.last_day
    if first and day < first:
        return _("This course starts on %(day)s.") % {"day": formats.date_format(first, "DATE_FORMAT")}
    if last and day > last:
        return _("This course ended on %(day)s.") % {"day": formats.date_format(last, "DATE_FORMAT")}
    return ""
