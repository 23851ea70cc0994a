"""Good work is shown to others with the consent of whoever made it, for as long as they want, and with their name."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import Exemplar, ExemplarState, Round, RoundState
from handins.services.feedback_files import reviewed_round_held
from handins.services.telling import HANDINS, REVIEWING
from notifications.services import notify


@transaction.atomic
def exemplar_ask(*, round: Round, by: Membership) -> Exemplar:
    """Ask the learner whether others may see this round. Twice is once.

    Refuses work that has not been released as passed, and to ask again whoever has said no.
    """
    held = reviewed_round_held(round=round, by=by)
    if held.submission.team_id is not None:
        raise HandinError(_("Work of a team cannot be an example yet."))
    if held.state != RoundState.RETURNED or not held.submission.passed:
        raise HandinError(_("Only work that is released and has passed can be an example."))
    found: Exemplar | None = Exemplar.objects.filter(round=held).first()
    if found is not None:
        if found.state in (ExemplarState.REFUSED, ExemplarState.WITHDRAWN):
            raise HandinError(_("They have said no, so they are not asked again."))
        return found
    made: Exemplar = Exemplar.objects.create(
        environment_id=current_scope().environment_id,
        element=held.element,
        round=held,
        person_id=held.person_id,
        asked_by=by.person,
        asked_at=clock.now(),
    )
    audit(act="handin.exemplar_asked", by=by.person, target=held, after={"round": held.number})
    notify(
        person_id=held.person_id,
        key=f"exemplar:{made.pk}:asked",
        kind=HANDINS,
        title=held.element.title,
        body=gettext_lazy("May others learn from what you made? You decide."),
        href=f"/handins/{held.element.slug}/",
        action=gettext_lazy("Answer"),
        mail=True,
    )
    return made


@transaction.atomic
def exemplar_answer(*, exemplar: Exemplar, agrees: bool, by: Membership, with_name: bool = True) -> Exemplar:
    """The learner says yes or no, or another time takes a yes back or gives it after all. The same again changes nothing."""
    held: Exemplar = Exemplar.objects.select_for_update(of=("self",)).select_related("element").get(pk=exemplar.pk)
    if held.person_id != by.person_id:
        raise HandinError(_("Only who made it can say that."))
    if agrees:
        state, credit = ExemplarState.AGREED, by.person.name if with_name else ""
    else:
        was_shown = held.state in (ExemplarState.AGREED, ExemplarState.WITHDRAWN)
        state, credit = (ExemplarState.WITHDRAWN if was_shown else ExemplarState.REFUSED), ""
    if (held.state, held.credit) == (state, credit):
        return held
    before, held.state, held.credit, held.answered_at = held.state, state, credit, clock.now()
    held.save(update_fields=["state", "credit", "answered_at"])
    audit(act="handin.exemplar_answered", by=by.person, target=held, before={"state": before}, after={"state": state})
    if held.asked_by_id is not None:
        said = gettext_lazy("They agree: it is an example now.") if agrees else gettext_lazy("They would rather not.")
        notify(
            person_id=held.asked_by_id,
            key=f"exemplar:{held.pk}:{held.answered_at.timestamp()}",
            kind=REVIEWING,
            title=held.element.title,
            body=said,
            href=f"/handins/{held.element.slug}/",
        )
    return held
