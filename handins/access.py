"""Who may do what with hand-ins: authors make assignments, whoever marks somebody's work gives feedback on it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ecosystem.models import Membership, Power
from ecosystem.powers import holds
from ecosystem.rules import may_somewhere
from ecosystem.spans import span_of
from handins.models import Round, Share

may_review = may_somewhere(Power.MARK)


def may_share(membership: Membership) -> bool:
    """What is shared with all who mark here comes from who marks everything here."""
    return holds(membership, Power.MARK)


def work_of(membership: Membership) -> Q:
    """Rows with ``element_id`` and ``person_id`` about work that this person marks."""
    return span_of(membership, Power.MARK).of_work()


def not_of(person_id: int) -> Q:
    """Rounds that this person has neither made nor had part in."""
    return ~Q(person_id=person_id) & ~Exists(Share.objects.filter(round_id=OuterRef("pk"), person_id=person_id))


def rounds_of(person_id: Any) -> QuerySet[Round]:
    """The ids of the rounds that are this person's: made alone, or with a team."""
    alone = Round.objects.filter(person_id=person_id, submission__team=None).order_by().values("pk")
    return alone.union(Share.objects.filter(person_id=person_id).values("round_id"))
