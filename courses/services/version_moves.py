"""A run goes to another version of its course: for new learners only, or with those who are in it."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import may_build, may_run
from courses.exceptions import CourseError
from courses.models import ActivityState, CourseRun, CourseVersion, Enrolment, VersionMove, VersionState
from courses.moving.impact import MOVABLE, activities_of, moves_here
from courses.services.catching_up import states_held
from courses.services.reconsidering import enrolment_reconsider
from courses.services.tally import enrolment_tally
from courses.tasks import move_learners
from ecosystem import clock
from ecosystem.hints import hint
from ecosystem.models import Membership
from ecosystem.scope import open_scope, system_rows
from ecosystem.services.audit import audit

logger = logging.getLogger(__name__)

STAY, NEW_ONLY, MIGRATE = "stay", "new", "migrate"
CHOICES = (STAY, NEW_ONLY, MIGRATE)
AT_ONCE = 25  # learners that are moved while somebody waits
BATCH = 25  # learners in one transaction
ROUND = 20  # moves looked at in one run of the task
MOST_ATTEMPTS = 5
AGAIN_AFTER = timedelta(minutes=5)


@transaction.atomic
def run_move(*, run: CourseRun, version: CourseVersion, how: str, by: Membership) -> VersionMove | None:
    """Give a run another published version of its course; the same again changes nothing.

    ``how``: ``stay`` does nothing, ``new`` is for those who enrol from now on, ``migrate`` takes the learners along: a few
    at once, many in the background (then the move is given). For who may build the course or enrol for it.
    Whatever is chosen takes the place of a move that is still under way: it takes nobody along any more.
    """
    if how not in CHOICES:
        raise CourseError(_("Choose what happens with each run."))
    if how == STAY:
        return None
    fresh = CourseRun.objects.select_for_update(of=("self",)).select_related("element").get(pk=run.pk)
    _refuse(fresh, version, by)
    before, fresh.version = fresh.version_id, version
    fresh.save(update_fields=["version"])
    total = _waiting(fresh, version).count() if how == MIGRATE else 0
    if before != version.pk or total:
        audit(
            act="run.version_changed", by=by.person, target=fresh,
            after={"version": version.number, "learners": how, "count": total},
        )  # fmt: skip
    if total > AT_ONCE:
        return _in_background(fresh, version, total, by)
    VersionMove.objects.filter(run=fresh, finished_at=None).update(finished_at=timezone.now(), due_at=None)
    if how == NEW_ONLY:
        return None
    for pk in _waiting(fresh, version).values_list("pk", flat=True):
        enrolment_move(enrolment_id=pk, version=version)
    return None


def _refuse(run: CourseRun, version: CourseVersion, by: Membership) -> None:
    if not (may_run(by, run.element_id) or may_build(by, run.element)):
        raise CourseError(_("You cannot change this run."))
    if version.state != VersionState.PUBLISHED or version.element_id != run.element_id:
        raise CourseError(_("A run can only go to a published version of its own course."))


def _waiting(run: CourseRun, version: CourseVersion) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(run=run, state__in=MOVABLE).exclude(version=version).order_by("pk")


def _in_background(run: CourseRun, version: CourseVersion, total: int, by: Membership) -> VersionMove:
    """One at a time: a move that is under way goes to the newer version instead."""
    move, _created = VersionMove.objects.update_or_create(
        environment_id=run.environment_id,
        run=run,
        finished_at=None,
        defaults={
            "element_id": run.element_id, "version": version, "by": by.person, "total": total, "done": 0,
            "attempts": 0, "due_at": timezone.now(),
        },
    )  # fmt: skip
    hint(move_learners, queue="default")
    return move


@transaction.atomic
def enrolment_move(*, enrolment_id: int, version: CourseVersion) -> bool:
    """One enrolment to a version; False when there is nothing to do (any more). Twice is once."""
    states = states_held(enrolment_id=enrolment_id)
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("run")
    enrolment = rows.filter(pk=enrolment_id, state__in=MOVABLE).first()
    if enrolment is None or enrolment.version_id == version.pk:
        return False
    _apply(enrolment, states, version)
    return True


def _apply(enrolment: Enrolment, states: list[ActivityState], version: CourseVersion) -> None:
    (move,) = moves_here(
        enrolments=[enrolment],
        states={enrolment.pk: states},
        activities=activities_of(version),
        complete_at=enrolment.run.complete_at,
    )
    ActivityState.objects.filter(pk__in=[state.pk for state in move.gone]).delete()
    changed = ["activity", "target", "state", "opened_at", "started_at", "completed_at", "passed"]
    ActivityState.objects.bulk_update(move.kept, changed, batch_size=500)
    ActivityState.objects.bulk_create(move.begun)
    enrolment.version = version
    enrolment.save(update_fields=["version"])
    enrolment_tally(enrolment=enrolment, at=clock.now())
    enrolment_reconsider(enrolment=enrolment)  # which also notes what waits for time


def moves_run_due() -> int:
    """Take learners along whose run has gone to another version; returns how many. Twice at once is once."""
    with system_rows():
        due = VersionMove.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
        rows = list(due.values_list("environment_id", "pk")[:ROUND])
    return sum(_work(environment_id, pk) for environment_id, pk in rows)


def _work(environment_id: int, move_id: int) -> int:
    moved = 0
    try:
        while (count := _batch(environment_id, move_id)) is not None:
            moved += count
    except Exception:
        logger.exception("move %s", move_id)
        with open_scope(environment_id=environment_id):
            move = VersionMove.objects.select_for_update().get(pk=move_id)
            move.attempts += 1
            move.due_at = timezone.now() + AGAIN_AFTER if move.attempts < MOST_ATTEMPTS else None
            move.save(update_fields=["attempts", "due_at"])
    return moved


def _batch(environment_id: int, move_id: int) -> int | None:
    """One transaction; None when the move is finished or somebody else works on it."""
    with open_scope(environment_id=environment_id):
        rows = VersionMove.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=move_id)
        move = rows.select_related("run", "version").filter(finished_at=None, due_at__isnull=False).first()
        if move is None:
            return None
        ids = list(_waiting(move.run, move.version).values_list("pk", flat=True)[:BATCH])
        for pk in ids:
            enrolment_move(enrolment_id=pk, version=move.version)
        move.done = F("done") + len(ids)
        if len(ids) < BATCH:
            move.finished_at, move.due_at = timezone.now(), None
        move.save(update_fields=["done", "finished_at", "due_at"])
    return len(ids)
