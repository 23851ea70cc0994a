"""Opening an activity for one learner by hand, where its condition asks for that."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.conditions.trees import leaves_of
from courses.exceptions import CourseError
from courses.models import ActivityState, Enrolment
from courses.services.states import UNBEGUN, states_judge
from ecosystem import clock
from ecosystem.models import Membership, Power
from ecosystem.services.audit import audit
from ecosystem.spans import span_of


def asks_for_release(*, state: ActivityState) -> bool:
    return any(key == "released" for key, _value in leaves_of(state.activity.condition))


@transaction.atomic
def activity_release(*, state: ActivityState, by: Membership) -> ActivityState:
    """Say that the instructor opens it for this learner; it opens when nothing else is missing. Again changes nothing.

    For whoever marks the work of the course or of a group of the learner. Refuses an activity that does not wait for that.
    """
    fresh = _held(state, by)
    if not asks_for_release(state=fresh):
        raise CourseError(_("This activity does not wait for you to open it."))
    if fresh.released_at is None:
        _set(fresh, by, act="activity.released", released=True)
    return fresh


@transaction.atomic
def activity_hold(*, state: ActivityState, by: Membership) -> ActivityState:
    """Take that back; it locks again. Refuses when the learner has begun: begun work is never taken away."""
    fresh = _held(state, by)
    if fresh.released_at is None:
        return fresh
    if fresh.state not in UNBEGUN:
        raise CourseError(_("The learner has begun already."))
    _set(fresh, by, act="activity.held", released=False)
    return fresh


def _held(state: ActivityState, by: Membership) -> ActivityState:
    reached = Enrolment.objects.filter(span_of(by, Power.MARK).of_courses(), pk=state.enrolment_id)
    if not reached.exists():
        raise CourseError(_("Only an instructor of this learner can do that."))
    rows = ActivityState.objects.select_for_update(of=("self", "enrolment"), no_key=True)
    return rows.select_related("activity", "enrolment__run").get(pk=state.pk)


def _set(state: ActivityState, by: Membership, *, act: str, released: bool) -> None:
    now, before = clock.now(), state.released_at
    state.released_at = now if released else None
    state.save(update_fields=["released_at"])
    audit(
        act=act,
        by=by.person,
        target=state,
        before={"released_at": before},
        after={"released_at": state.released_at, "person": state.person_id, "activity": str(state.activity.uid)},
    )
    states_judge(states=[state], at=now)
