"""Work on the job as supervisors see it: what waits for their word, and what was said of a round."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.addresses import address
from ecosystem.models import Membership
from ecosystem.prepared import Given, prepared
from ecosystem.registry import Todo
from handins.access import may_review, not_of, work_of
from handins.models import Confirmation, ConfirmationState, Confirmer, Round, RoundState
from handins.selectors.assignments import MOST_TODOS, Terms

if TYPE_CHECKING:
    from handins.selectors.rounds import RoundShown

AGAIN = timedelta(days=14)  # to hand in what was sent back, also after the assignment has closed
COUNTS = (ConfirmationState.WAITING, ConfirmationState.CONFIRMED)


def _asked(person: Given) -> Q:
    return Q(Exists(Confirmer.objects.filter(confirmation=OuterRef("pk"), person_id=person)))


def confirmations_for(membership: Membership) -> QuerySet[Confirmation]:
    """What the person was asked to confirm, and what those hand in whose work they mark; never their own."""
    mine = _asked(membership.person_id)
    if may_review(membership):
        rounds = Round.objects.filter(work_of(membership), not_of(membership.person_id))
        mine |= Q(round_id__in=rounds.order_by().values("pk"))
    rows = Confirmation.objects.filter(mine).exclude(person_id=membership.person_id)
    return rows.select_related("person", "element", "by")


def confirmations_seen(membership: Membership) -> QuerySet[Confirmation]:
    """Those, and what is said of one's own work."""
    theirs = confirmations_for(membership).order_by().values("pk")
    rows = Confirmation.objects.filter(Q(pk__in=theirs) | Q(person_id=membership.person_id))
    return rows.select_related("person", "element", "by", "round")


def asked_of(membership: Membership) -> QuerySet[Confirmation]:
    """Of these, what the person was asked themselves; what waits comes first, the longest first."""
    rows = confirmations_for(membership).filter(_asked(membership.person_id))
    return rows.exclude(state=ConfirmationState.WITHDRAWN).order_by(
        F("answered_at").desc(nulls_first=True), "asked_at", "pk"
    )


@prepared
def _waiting(*, person: Given) -> QuerySet[Any]:
    """(uid, title, name of the learner) of what waits for this person, the longest first."""
    rows = Confirmation.objects.filter(_asked(person), state=ConfirmationState.WAITING)
    return rows.order_by("asked_at", "pk").values_list("uid", "element__title", "person__name")[:MOST_TODOS]


def confirming_todos(membership: Membership) -> list[Todo]:
    """What somebody at work waits for, the longest first."""
    return [
        Todo(
            rank=20,
            kind=gettext_lazy("Work to confirm"),
            icon="clipboard-list",
            title=title,
            href=address("confirming:one", uid),
            action=gettext_lazy("Look at it"),
            why=_("%(name)s says it is done. Was it?") % {"name": name},
        )
        for uid, title, name in _waiting(person=membership.person_id)
    ]


def is_unconfirmed() -> Exists:
    """Of rounds: they wait for the word of a supervisor."""
    return Exists(Confirmation.objects.filter(round=OuterRef("pk"), state=ConfirmationState.WAITING))


def may_read_work(membership: Membership, round_id: int) -> bool:
    """Asked about this round, as it is handed in: not what has become a draft again."""
    return _legible().filter(_asked(membership.person_id), round_id=round_id).exists()


def is_legible(confirmation: Confirmation) -> bool:
    return _legible().filter(pk=confirmation.pk).exists()


def _legible() -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(state__in=COUNTS).exclude(round__state=RoundState.DRAFT)


def confirmations_set(shown: Iterable[RoundShown]) -> None:
    """Give each round what was said of it on the job; two queries, none where there is nothing."""
    by_id = {one.round.pk: one for one in shown}
    rows = Confirmation.objects.filter(round__in=list(by_id)).exclude(state=ConfirmationState.WITHDRAWN)
    for row in rows.select_related("by").prefetch_related("confirmers__person").order_by("-pk"):
        by_id[row.round_id].confirmations.append(row)


def terms_again(terms: Terms, round: Round | None) -> Terms:
    """What was sent back is taken for some days, whatever the assignment says, and is as late as it was at first."""
    rows = Confirmation.objects.filter(round=round, state=ConfirmationState.SENT_BACK).order_by("-pk")
    last: Confirmation | None = rows.first() if round is not None else None
    if last is None or last.answered_at is None:
        return terms
    until = last.answered_at + AGAIN
    return Terms(
        terms.due_at if last.was_late or terms.due_at is None else max(terms.due_at, until),
        max(terms.closes_at, until) if terms.closes_at else None,
        terms.is_extended,
    )
