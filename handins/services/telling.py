"""Who is told what about hand-ins, each in their own language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from ecosystem.models import Element
from handins.models import Confirmation, Extension, PeerPhase, Round, RoundState, Share
from notifications.services import notify

HANDINS, REVIEWING, CONFIRMING = "handin", "handin-review", "handin-confirm"


def tell_learner(*, round: Round, what: str, body: str | Promise, action: str | Promise = "") -> None:
    """``what`` names the occasion: the same of the same round is told once, to each who had part in it."""
    for person_id in people_of(round=round):
        tell_person(round=round, person_id=person_id, what=what, body=body, action=action)


def tell_person(*, round: Round, person_id: int, what: str, body: str | Promise, action: str | Promise = "") -> None:
    _tell(person_id, round.element, key=f"handin:{round.pk}:{what}", body=body, action=action)


def people_of(*, round: Round) -> list[int]:
    """Everybody whose work it is."""
    if round.submission.team_id is None:
        return [round.person_id]
    shares = Share.objects.filter(round=round, is_gone=False)
    return list(shares.order_by("person_id").values_list("person_id", flat=True))


def tell_extended(*, extension: Extension) -> None:
    """More time, once for each time that is given."""
    key = f"handin-extended:{extension.pk}:{extension.until.isoformat()}"
    _tell(extension.person_id, extension.element, key=key, body=gettext_lazy("You have more time for this."))


def _tell(person_id: int, element: Element, *, key: str, body: str | Promise, action: str | Promise = "") -> None:
    notify(
        person_id=person_id,
        key=key,
        kind=HANDINS,
        title=element.title,
        body=body,
        href=f"/handins/{element.slug}/",
        action=action,
        mail=True,
    )


def tell_peer(
    *, phase: PeerPhase, what: str, body: str | Promise, person_id: int | None = None, round: Round | None = None
) -> None:
    """Somebody who takes part in a peer review, or everybody whose work ``round`` is."""
    people = people_of(round=round) if round is not None else [person_id]
    for one in people:
        if one is not None:
            notify(
                person_id=one,
                key=f"handin-peers:{phase.pk}:{what}:{one}",
                kind=HANDINS,
                title=phase.element.title,
                body=body,
                href=f"/handins/{phase.element.slug}/peers/",
                mail=True,
            )


def tell_reviewer(*, round: Round, what: str, body: str | Promise) -> None:
    """Whom it is allocated to or gave feedback before, else whoever looks after the assignment; nobody about their own work."""
    before = Round.objects.filter(submission_id=round.submission_id, number=round.number - 1)
    person_id = round.marker_id or round.reviewer_id or before.values_list("reviewer_id", flat=True).first()
    if person_id is None and round.element.environment_id == round.environment_id:
        person_id = round.element.owner_id
    if person_id is None or person_id in (round.person_id, *people_of(round=round)):
        return
    notify(
        person_id=person_id,
        key=f"handin-review:{round.pk}:{what}",
        kind=REVIEWING,
        title=round.element.title,
        body=body,
        href=_place_of(round),
    )


def _place_of(round: Round) -> str:
    """Where names are hidden a notice, which comes at the minute of the hand-in, leads to the queue and not to the work."""
    if round.submission.assignment.is_anonymous and round.state != RoundState.RETURNED:
        return f"/reviewing/?of={round.element.slug}"
    return f"/reviewing/{round.uid}/"


def tell_confirmer(*, confirmation: Confirmation, held: Round, person_id: int) -> None:
    """Somebody who looks after the learner at work; by mail too, with a link to the page on which they answer."""
    notify(
        person_id=person_id,
        key=f"handin-confirm:{confirmation.pk}:{person_id}",
        kind=CONFIRMING,
        title=held.element.title,
        body=gettext_lazy("Somebody at your work says it is done. Was it?"),  # it outlives them, so it names nobody
        href=f"/confirming/{confirmation.uid}/",
        action=gettext_lazy("Look at it"),
        mail=True,
    )


def tell_marker(*, round: Round, person_id: int, what: str, body: str | Promise) -> None:
    """One of those who mark this round."""
    notify(
        person_id=person_id,
        key=f"handin-review:{round.pk}:{what}:{person_id}",
        kind=REVIEWING,
        title=round.element.title,
        body=body,
        href=f"/reviewing/{round.uid}/",
    )
