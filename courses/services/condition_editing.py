"""Saving the condition of an activity in the draft of a course."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.conditions import elements_of, problems
from courses.exceptions import CourseError
from courses.models import Activity
from courses.services.drafts import draft_locked
from courses.services.editing import activity_change
from ecosystem.models import Element, Membership
from ecosystem.visibility import elements_for


def condition_mark(*, condition: dict[str, Any] | None) -> str:
    """What tells one condition from another: so that a change of something that is no longer there is refused."""
    return hashlib.sha256(json.dumps(condition, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def condition_set(
    *, activity: Activity, condition: dict[str, Any] | None, by: Membership, seen: str | None = None
) -> Activity:
    """Let an activity of a draft open under another condition; None is open from the start. An edit like any other.

    ``seen`` is the mark of the condition that the author looked at. Refuses what has changed since, a published plan, a
    condition that cannot be judged, and one about elements that are not available here, or not open to ``by``.
    """
    draft = draft_locked(draft=activity.version, by=by)
    fresh = Activity.objects.get(pk=activity.pk)
    if seen is not None and seen != condition_mark(condition=fresh.condition):
        raise CourseError(_("Somebody else has changed this condition meanwhile. Here is what it is now."))
    wrong = problems(condition)
    if wrong:
        raise CourseError(" ".join(wrong))
    named = elements_of(condition)
    # What the author meets in this plan anyway may be named in it; anything else must be open to them.
    met = elements_of(fresh.condition) | set(Activity.objects.filter(version=draft).values_list("target_id", flat=True))
    for rows, wanted in ((Element.objects.all(), named), (elements_for(by), named - met)):
        if wanted and rows.filter(pk__in=wanted).count() != len(wanted):
            raise CourseError(_("Some of the elements in its conditions are not available here."))
    activity_change(draft=draft, uid=str(fresh.uid), by=by, seen=draft.edit_count, condition=condition)
    fresh.refresh_from_db()
    return fresh
