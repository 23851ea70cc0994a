"""A draft becomes the next version of its course."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from courses.conditions import elements_of, topics_of
from courses.exceptions import CourseError, DraftChangedError
from courses.models import Activity, CourseRun, CourseVersion, VersionState
from courses.services.checking import version_findings
from courses.services.dependencies import RECORDS, dependencies_write
from courses.services.drafts import draft_locked
from courses.services.version_moves import run_move
from ecosystem import clock
from ecosystem.models import Element, Membership
from ecosystem.services.audit import audit
from ecosystem.services.lending import element_lend_anew, lent_without


@transaction.atomic
def draft_publish(
    *, draft: CourseVersion, by: Membership, seen: int, runs: Mapping[CourseRun, str] | None = None
) -> CourseVersion:
    """Publish the draft. ``runs`` says of each run what happens with it (courses.services.version_moves); others stay.

    Refuses what nobody could complete, what ``by`` has not looked at (``seen``), and a draft that is published already.
    What is new becomes available wherever the course has been lent; refused when ``by`` may not lend.
    """
    fresh = draft_locked(draft=draft, by=by)
    if seen != fresh.edit_count:
        raise DraftChangedError(_("Meanwhile somebody changed the draft. Look at it again before you publish it."))
    if wrong := plan_problems(version=fresh):
        raise CourseError(" ".join(wrong))
    numbers = CourseVersion.objects.filter(element_id=fresh.element_id).order_by("-number")
    last = numbers.values_list("number", flat=True).first() or 0
    fresh.number, fresh.state, fresh.published_at = last + 1, VersionState.PUBLISHED, clock.now()
    fresh.save(update_fields=["number", "state", "published_at"])
    dependencies_write(activities=Activity.objects.filter(version=fresh))
    element_lend_anew(element=fresh.element, by=by)
    audit(act="course.published", by=by.person, target=fresh.element, after={"version": fresh.number})
    for run, how in (runs or {}).items():
        run_move(run=run, version=fresh, how=how, by=by)
    return fresh


def plan_warnings(*, version: CourseVersion) -> list[str]:
    """What publishing does not refuse and an author should know: below, where the course has been lent, a condition would
    ask for something that does not go along with it, so that its step would stay closed there. In words."""
    trees = list(Activity.objects.filter(version=version).values_list("title", "target_id", "condition"))
    along = {target for _title, target, _tree in trees}
    along |= {subject for _title, _target, tree in trees for source, subject in topics_of(tree) if source == RECORDS}
    named = {pk for _title, _target, tree in trees for pk in elements_of(tree)} - along
    if not named:
        return []
    lacking = lent_without(element=version.element, ids=named)
    titles = dict(Element.objects.filter(pk__in=lacking).values_list("pk", "title"))
    return [
        _("“%(step)s” asks for “%(what)s”, which is not available in %(places)s: the step stays closed there.")
        % {"step": title, "what": titles.get(pk, "?"), "places": ", ".join(lacking[pk])}
        for title, _target, tree in trees
        for pk in sorted(elements_of(tree) & lacking.keys())
    ]


def plan_problems(*, version: CourseVersion) -> list[str]:
    """Why a draft cannot be published, in words; empty when it can."""
    steps = list(Activity.objects.filter(version=version).values_list("target_id", "optional"))
    targets = {target for target, _optional in steps}
    if not targets:
        return [_("A course needs at least one activity.")]
    if all(optional for _target, optional in steps):
        return [_("Nobody could complete this course: every activity is optional. Make at least one of them count.")]
    if Element.objects.filter(pk__in=targets).count() != len(targets):
        return [_("Some of these elements are not available here.")]
    return [finding.words for finding in version_findings(version=version)]
