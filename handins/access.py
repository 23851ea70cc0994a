"""Who may do what with hand-ins: authors make assignments, whoever marks somebody's work gives feedback on it."""

from typing import Any

from django.db.models import Q, QuerySet

from ecosystem.models import Membership, Power
from ecosystem.powers import holds
from ecosystem.rules import may_somewhere
from ecosystem.spans import span_of
from handins.models import Conflict, Round, Share, Submission

may_review = may_somewhere(Power.MARK)


def may_share(membership: Membership) -> bool:
    """What is shared with all who mark here comes from who marks everything here."""
    return holds(membership, Power.MARK)


def work_of(membership: Membership) -> Q:
    """Rows with ``element_id`` and ``person_id`` about work that this person marks."""
    return span_of(membership, Power.MARK).of_work()


def not_of(person_id: int) -> Q:
    """Rounds that this person may mark at all: not their own, nor of a team they had part in or are in now, nor of anybody
    they know too well. Each part is one look for the person, however many rounds there are."""
    shared = Share.objects.filter(person_id=person_id).values("round_id")
    inside = Submission.objects.filter(team__members__person_id=person_id).values("pk")
    known = Conflict.objects.filter(marker_id=person_id, ended_at=None).values("person_id")
    theirs = Share.objects.filter(person_id__in=known).values("round_id")
    own = Q(person_id=person_id) | Q(pk__in=shared) | Q(submission_id__in=inside)
    return ~own & ~Q(person_id__in=known) & ~Q(pk__in=theirs)


def rounds_of(person_id: Any) -> QuerySet[Round]:
    """The ids of the rounds that are this person's: made alone, or with a team."""
    alone = Round.objects.filter(person_id=person_id, submission__team=None).order_by().values("pk")
    return alone.union(Share.objects.filter(person_id=person_id).values("round_id"))
