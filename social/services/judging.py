"""Who is done with a discussion by what they wrote before: since less is asked now, or since they learn now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ecosystem.circles import circles_of
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.lending import places_lent_to
from social.models import Discussion, Participation
from social.services.locking import participation_held
from social.services.progress import part_judge


@transaction.atomic
def part_look(*, discussion: Discussion, by: Membership) -> datetime | None:
    """When the person was done, also when that is now. Only who learns in a circle of it can be."""
    part = participation_held(element_id=discussion.element_id, by=by)
    if part.completed_at is None and _learns(by, discussion):
        part_judge(discussion=discussion, part=part)
    done_at: datetime | None = part.completed_at
    return done_at


def parts_judge(*, environment_id: int, element_id: int) -> int:
    """Everybody who wrote and is not done yet, here and where it is lent; each in a transaction of their own.

    Twice is once. Returns how many are done by it.
    """
    with open_scope(environment_id=environment_id):
        found = Discussion.objects.filter(element_id=element_id).select_related("element").first()
    if found is None:
        return 0
    places = [environment_id, *(place.pk for place in places_lent_to(element=found.element))]
    return sum(_judge_in(place, found) for place in places)


def _judge_in(environment_id: int, discussion: Discussion) -> int:
    with open_scope(environment_id=environment_id):
        waiting = Participation.objects.filter(element_id=discussion.element_id, completed_at=None)
        people = sorted(waiting.values_list("person_id", flat=True))
    done = 0
    for person_id in people:
        with open_scope(environment_id=environment_id, person_id=person_id):
            rows = Membership.objects.select_related("person", "environment")
            by = rows.filter(environment_id=environment_id, person_id=person_id, ended_at=None).first()
            done += by is not None and part_look(discussion=discussion, by=by) is not None
    return done


def _learns(by: Membership, discussion: Discussion) -> bool:
    return any(one.is_learner for one in circles_of(by, element_id=discussion.element_id))
