"""Who is told what about hand-ins, each in their own language."""

from __future__ import annotations

from django.utils.functional import Promise

from handins.models import Round
from notifications.services import notify

HANDINS, REVIEWING = "handin", "handin-review"


def tell_learner(*, round: Round, what: str, body: str | Promise, action: str | Promise = "") -> None:
    """``what`` names the occasion: the same of the same round is told once."""
    notify(
        person_id=round.person_id,
        key=f"handin:{round.pk}:{what}",
        kind=HANDINS,
        title=round.element.title,
        body=body,
        href=f"/handins/{round.element.slug}/",
        action=action,
        mail=True,
    )


def tell_reviewer(*, round: Round, what: str, body: str | Promise) -> None:
    """Whoever gave feedback on the round before, else whoever looks after the assignment; nobody about their own work."""
    before = Round.objects.filter(submission_id=round.submission_id, number=round.number - 1)
    person_id = round.reviewer_id or before.values_list("reviewer_id", flat=True).first()
    if person_id is None and round.element.environment_id == round.environment_id:
        person_id = round.element.owner_id
    if person_id is None or person_id == round.person_id:
        return
    notify(
        person_id=person_id,
        key=f"handin-review:{round.pk}:{what}",
        kind=REVIEWING,
        title=round.element.title,
        body=body,
        href=f"/reviewing/{round.uid}/",
    )
