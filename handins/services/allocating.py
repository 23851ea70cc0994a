"""Who marks what: by hand, by group, or to whoever has the fewest waiting. An allocation is a plan and bars nobody else."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecosystem.models import GroupMember, Membership
from ecosystem.services.audit import audit, audit_many
from handins.access import not_of, work_of
from handins.exceptions import HandinError
from handins.models import Assignment, Round, RoundState
from handins.selectors.allocating import loads_of
from handins.selectors.queue import in_turn
from handins.services.locking import round_for_reviewer, submissions_held

MOST_AT_ONCE = 500


@transaction.atomic
def rounds_allocate(
    *, rounds: Iterable[Round], marker: Membership | None, by: Membership, is_second: bool = False
) -> int:
    """These are for ``marker`` to mark, or for nobody in particular; returns how many changed. All or none.

    ``is_second``: as the second of two who mark.

    Refuses what the marker may not mark: their own work, and work of people outside what they mark.
    """
    changed, rounds = 0, list(rounds)
    submissions_held(pks=[one.submission_id for one in rounds])
    _markers_held([marker] if marker else [])
    for one in sorted(rounds, key=lambda found: found.submission_id):
        held = round_for_reviewer(round=one, by=by)
        if held.state not in (*RoundState.waiting(), *RoundState.judged()):
            raise HandinError(_("Only work that waits for a mark or for release can be allocated."))
        if is_second and not held.submission.assignment.is_double:
            raise HandinError(_("This is marked by one person."))
        changed += _allocated(held, marker, by, place="second" if is_second else "marker")
    return changed


@transaction.atomic
def rounds_allocate_group(*, group_id: int, element_id: int, marker: Membership, by: Membership) -> int:
    """What waits from the people of a group, of one assignment, is for ``marker``."""
    if Assignment.objects.filter(element_id=element_id, is_anonymous=True).exists():
        raise HandinError(_("It is marked without names, so it cannot be shared by group."))
    inside = GroupMember.objects.filter(group_id=group_id).values("person_id")
    waiting = _waiting(by, element_id).filter(person_id__in=inside).filter(not_of(marker.person_id))
    return rounds_allocate(rounds=list(waiting[:MOST_AT_ONCE]), marker=marker, by=by)


@transaction.atomic
def rounds_allocate_balanced(*, element_id: int, markers: Sequence[Membership], by: Membership) -> int:
    """What waits of one assignment and is for nobody goes to whoever has the fewest waiting; returns how many were given.

    What none of them may mark stays for nobody. As many queries for few as for many.
    """
    people = {one.person_id: one for one in markers}
    free = in_turn(_waiting(by, element_id).filter(marker=None))
    wanted = list(free.values_list("submission_id", flat=True)[:MOST_AT_ONCE])
    submissions_held(pks=wanted)
    _markers_held(markers)
    rounds = list(free.filter(submission_id__in=wanted))  # as they are now that nobody moves them
    pks = [one.pk for one in rounds]
    may = {
        who: set(Round.objects.filter(work_of(one), pk__in=pks).filter(not_of(who)).values_list("pk", flat=True))
        for who, one in people.items()
    }
    fewest = [(load, who) for who, load in loads_of(people).items()]
    heapq.heapify(fewest)
    given: dict[int, list[Round]] = {}
    for one in rounds:
        barred = []
        while fewest and (one.pk not in may[fewest[0][1]] or one.second_id == fewest[0][1]):
            barred.append(heapq.heappop(fewest))
        if fewest:
            load, who = heapq.heappop(fewest)
            given.setdefault(who, []).append(one)
            heapq.heappush(fewest, (load + 1, who))
        for entry in barred:
            heapq.heappush(fewest, entry)
    for who, rows in given.items():
        changes = [(one, {"marker": one.marker_id}, {"marker": who}) for one in rows]
        Round.objects.filter(pk__in=[one.pk for one in rows]).update(marker=who)
        audit_many(act="handin.allocated", by=by.person, changes=changes)
    return sum(map(len, given.values()))


def _markers_held(markers: Iterable[Membership]) -> None:
    """Those of now do not leave meanwhile: whoever leaves hands back what is allocated to them (``leaving.py``)."""
    ids = {one.pk for one in markers}
    held = Membership.objects.select_for_update(no_key=True).filter(pk__in=ids, ended_at=None).order_by("pk")
    if len(held) < len(ids):
        raise HandinError(_("Somebody whom you chose is no longer here."))


def _waiting(by: Membership, element_id: int) -> QuerySet[Round]:
    rows = Round.objects.filter(work_of(by), element_id=element_id, state__in=RoundState.waiting())
    return rows.filter(not_of(by.person_id))


def _allocated(held: Round, marker: Membership | None, by: Membership, *, place: str = "marker") -> bool:
    person_id = marker.person_id if marker else None
    before: int | None = getattr(held, f"{place}_id")
    if before == person_id:
        return False
    if marker is not None:
        # The same words for whoever made it, for who knows them and for who marks other work: they must not tell whose it is.
        if not Round.objects.filter(work_of(marker), pk=held.pk).filter(not_of(marker.person_id)).exists():
            raise HandinError(_("%(name)s does not mark this work.") % {"name": marker.person.name})
        if person_id in (held.marker_id, held.second_id):
            raise HandinError(_("Two different people mark this."))
    setattr(held, f"{place}_id", person_id)
    held.save(update_fields=[place])
    audit(act="handin.allocated", by=by.person, target=held, before={place: before}, after={place: person_id})
    return True
