"""Working through a package: where one is, what the package reports of it, and what that comes to.

Whatever a package reports was said by a browser. Scores are kept within bounds, the score to pass is judged here, and
the records say who reported.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.cmi import Reported, reported_by
from content.exceptions import ContentError
from content.models import Package, PackageUnit, UnitState, UnitStatus
from ecosystem import clock
from ecosystem.received import keepable
from ecosystem.scope import current_scope
from records.models import Fact
from records.services import record

LARGEST_STATE = 256 * 1024  # characters of JSON; SCORM 2004 asks for 64 000 of suspend data
DONE = (UnitStatus.COMPLETED, UnitStatus.PASSED)


@transaction.atomic
def unit_open(*, package: Package, unit: PackageUnit) -> UnitState:
    """The person of the scope opens the unit; what was known of them in it stays."""
    scope, now = current_scope(), clock.now()
    known = UnitState.objects.filter(person_id=scope.person_id, element_id=package.element_id)
    if not known.exists():
        record(verb="launched", element=package.element)
    row, _created = UnitState.objects.select_for_update().get_or_create(
        environment_id=scope.environment_id,
        person_id=scope.person_id,
        element_id=package.element_id,
        identifier=unit.identifier,
        defaults={"opened_at": now, "heard_at": now},
    )
    if not unit.reports:
        _take(package, unit, row, Reported(completed=True))
    return row


@transaction.atomic
def unit_report(*, package: Package, unit: PackageUnit, cmi: dict[str, Any], sequence: int) -> UnitState:
    """Keep the run-time data of the unit, and say what it comes to. An older ``sequence`` changes nothing.

    Refuses (ContentError) a unit that was not opened, and data without end. A sign takes the place of
    characters that cannot be kept.
    """
    row = (
        UnitState.objects.select_for_update()
        .filter(person_id=current_scope().person_id, element_id=package.element_id, identifier=unit.identifier)
        .first()
    )
    if row is None:
        raise ContentError(_("Open it first."))
    try:
        cmi = keepable(cmi)
        length = len(json.dumps(cmi, allow_nan=False))
    except (ValueError, RecursionError):
        raise ContentError(_("This cannot be read.")) from None
    if length > LARGEST_STATE:
        raise ContentError(_("The package wants to keep more than can be kept."))
    if sequence <= row.sequence:
        return row
    row.cmi, row.sequence, row.heard_at = cmi, sequence, clock.now()
    _take(package, unit, row, reported_by(package.standard, cmi, mastery=unit.mastery))
    return row


def unit_take(*, package: Package, unit: PackageUnit, row: UnitState, reported: Reported) -> None:
    """What a unit reported by another way (cmi5) comes to."""
    row.heard_at = clock.now()
    _take(package, unit, row, reported)


def _take(package: Package, unit: PackageUnit, row: UnitState, reported: Reported) -> None:
    before, score_before, was_done = row.status, _rounded(row.score), row.status in DONE
    if reported.score is not None:
        row.score = reported.score
    if reported.passed:
        row.status = UnitStatus.PASSED
    elif reported.passed is False and not was_done:
        row.status = UnitStatus.FAILED
    elif reported.completed and not was_done and reported.passed is None:
        row.status = UnitStatus.COMPLETED
    is_news = row.status in DONE and row.status != before
    if is_news:
        row.completed_at = row.completed_at or clock.now()
    row.save()
    is_other = (before, score_before) != (row.status, _rounded(row.score))
    if reported.passed is False and row.status == UnitStatus.FAILED and is_other:
        _tell_failed(package, row)
    if is_news:
        _tell_when_whole(package)


def _tell_failed(package: Package, row: UnitState) -> None:
    """Not passed: said of the whole only when it has one part."""
    if package.units.filter(reports=True).count() != 1:
        return
    result = {"success": False, "reported_by": "package", **_scaled(row.score)}
    record(verb="failed", element=package.element, result=result)


def _tell_when_whole(package: Package) -> None:
    """Every part is done: the package is completed, and passed when that was judged; once each."""
    person_id = current_scope().person_id
    wanted = set(package.units.values_list("identifier", flat=True))
    rows = UnitState.objects.filter(person_id=person_id, element_id=package.element_id, identifier__in=wanted)
    done = [row for row in rows if row.status in DONE]
    if len(done) < len(wanted):
        return
    scores = [row.score for row in done if row.score is not None]
    score = sum(scores) / len(scores) if scores else None
    said = {"reported_by": "package", **_scaled(score)}
    known = set(Fact.objects.filter(person_id=person_id, element_id=package.element_id).values_list("verb", flat=True))
    if "passed" not in known and any(row.status == UnitStatus.PASSED for row in done):
        record(verb="passed", element=package.element, result={"success": True, **said})
    if "completed" not in known:
        record(verb="completed", element=package.element, result={"completion": True, **said})


def _scaled(score: float | None) -> dict[str, float]:
    return {} if score is None else {"scaled": _rounded(score)}


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)
