"""Who may do what with hand-ins: authors make assignments, whoever marks somebody's work gives feedback on it."""

from typing import Any

from django.db.models import Q, QuerySet, Value

from ecosystem.models import Membership, Power
from ecosystem.powers import holds
from ecosystem.prepared import Among, Given, prepared
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


def not_of(person_id: Given) -> Q:
    """Rounds that this person may mark at all: not their own, nor of a team they had part in or are in now, nor of anybody
    they know too well. Each part is one look for the person, however many rounds there are."""
    shared = Share.objects.filter(person_id=person_id).values("round_id")
    inside = Submission.objects.filter(team__members__person_id=person_id).values("pk")
    known = Conflict.objects.filter(marker_id=person_id, ended_at=None).values("person_id")
    theirs = Share.objects.filter(person_id__in=known).values("round_id")
    own = Q(person_id=person_id) | Q(pk__in=shared) | Q(submission_id__in=inside)
    return ~own & ~Q(person_id__in=known) & ~Q(pk__in=theirs)


def not_among(rounds: Given, submissions: Given, people: Given) -> Q:
    """What ``not_of`` says, with the ids of ``barred_from``: of sub-queries PostgreSQL expects that each leaves half."""
    return ~Among("pk", rounds) & ~Among("submission_id", submissions) & ~Among("person_id", people)


def barred_from(person_id: int) -> dict[str, list[int]]:
    """Whose and which work this person does not mark, as ``not_of`` says it; one query."""
    found: dict[str, list[int]] = {"rounds": [], "submissions": [], "people": [person_id]}
    for kind, pk in _barred(person=person_id):
        found[kind].append(pk)
    return found


@prepared
def _barred(*, person: Given) -> QuerySet[Any]:
    known = Conflict.objects.filter(marker_id=person, ended_at=None).order_by()
    shares = Share.objects.filter(Q(person_id=person) | Q(person_id__in=known.values("person_id"))).order_by()
    inside = Submission.objects.filter(team__members__person_id=person).order_by()
    parts = [("rounds", shares, "round_id"), ("submissions", inside, "pk"), ("people", known, "person_id")]
    first, *others = [rows.annotate(kind=Value(kind)).values_list("kind", key) for kind, rows, key in parts]
    return first.union(*others, all=True)


def rounds_of(person_id: Any) -> QuerySet[Round]:
    """The ids of the rounds that are this person's: made alone, or with a team. Found by the hand-ins of the person, which an
    index has; of rounds PostgreSQL would read all there are."""
    alone = Round.objects.filter(submission__person_id=person_id, submission__team=None).order_by().values("pk")
    return alone.union(Share.objects.filter(person_id=person_id).order_by().values("round_id"), all=True)
