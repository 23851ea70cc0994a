"""Work on the job: whoever looks after the learner is asked whether it was done, and it counts once they say so."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from ecosystem.supervising import supervisors_of
from handins.exceptions import HandinError
from handins.models import CompletedBy, Confirmation, ConfirmationState, Confirmer, Round, RoundState
from handins.selectors.confirming import confirmations_for
from handins.services.checking import words_kept
from handins.services.locking import round_held
from handins.services.peers import peers_joined
from handins.services.progress import submission_complete
from handins.services.sharing import own_submissions
from handins.services.taking_back import draft_again
from handins.services.telling import tell_confirmer, tell_learner, tell_reviewer

LONGEST = 4000


def confirmation_ask(*, held: Round) -> Confirmation | None:
    """The round has just been handed in: ask who looks after the learner now. None where nobody has to confirm it.

    Where nobody looks after them, whoever marks their work may say it.
    """
    if not held.submission.assignment.is_on_the_job:
        return None
    made: Confirmation = Confirmation.objects.create(
        environment_id=held.environment_id,
        round=held,
        person_id=held.person_id,
        element_id=held.element_id,
        asked_at=held.submitted_at,
        was_late=held.is_late,
    )
    for person_id in supervisors_of(person_id=held.person_id, element_id=held.element_id):
        Confirmer.objects.create(environment_id=held.environment_id, confirmation=made, person_id=person_id)
        tell_confirmer(confirmation=made, held=held, person_id=person_id)
    return made


def confirmation_withdraw(*, held: Round) -> None:
    """The learner takes the round back: nobody is asked any more, and whoever has confirmed it is asked anew later."""
    rows = Confirmation.objects.filter(round=held, state__in=[ConfirmationState.WAITING, ConfirmationState.CONFIRMED])
    rows.update(state=ConfirmationState.WITHDRAWN, answered_at=clock.now())


def refuse_unconfirmed(*, held: Round) -> None:
    """Nobody marks what was not confirmed to be done."""
    if Confirmation.objects.filter(round=held, state=ConfirmationState.WAITING).exists():
        raise HandinError(_("First somebody at their work confirms that it was done."))


@transaction.atomic
def confirmation_answer(*, confirmation: Confirmation, confirm: bool, words: str, by: Membership) -> Confirmation:
    """Confirm that it was done, or say what is missing: then the round is a draft of the learner again.

    For who was asked, and whoever marks their work; never the learner. The same answer twice is once. Refuses another answer
    to what is answered or taken back, and "not yet" without a word.
    """
    words = words_kept(said=words, most=LONGEST)
    if not confirmations_for(by).filter(pk=confirmation.pk).exists():
        raise HandinError(_("Only who looks after this learner can say that."))
    held = round_held(pk=confirmation.round_id)
    fresh = Confirmation.objects.select_related("element", "person").get(pk=confirmation.pk)
    wanted = ConfirmationState.CONFIRMED if confirm else ConfirmationState.SENT_BACK
    if fresh.state == wanted:
        return fresh
    if fresh.state == ConfirmationState.WITHDRAWN or held.state == RoundState.DRAFT:
        raise HandinError(_("It was taken back."))
    if fresh.state != ConfirmationState.WAITING:
        raise HandinError(_("Somebody has answered this already."))
    if not confirm and not words:
        raise HandinError(_("Say what is missing, so that they know what to do."))
    fresh.state, fresh.words, fresh.by, fresh.answered_at = wanted, words, by.person, clock.now()
    fresh.save(update_fields=["state", "words", "by", "answered_at"])
    after = {"round": held.number, "person": held.person_id}
    if confirm:
        audit(act="handin.confirmed", by=by.person, target=held, after=after)
        _confirmed(held, what=f"confirmed:{fresh.pk}")
    else:
        audit(act="handin.not_confirmed", by=by.person, target=held, after=after)
        draft_again(held=held)
        body = format_lazy(gettext_lazy("Not yet: {why}"), why=words[:200])
        tell_learner(round=held, what=f"unconfirmed:{fresh.pk}", body=body, action=gettext_lazy("Go on"))
        tell_reviewer(round=held, what=f"unconfirmed:{fresh.pk}", body=gettext_lazy("It was sent back to the learner."))
    return fresh


def _confirmed(held: Round, *, what: str) -> None:
    if held.submission.assignment.completed_by == CompletedBy.SUBMITTED:
        for one in own_submissions(round=held):
            submission_complete(submission=one)
    tell_learner(round=held, what=what, body=gettext_lazy("It is confirmed that you have done this."))
    tell_reviewer(round=held, what=what, body=gettext_lazy("It is confirmed, and waits for you."))
    peers_joined(round=held)
