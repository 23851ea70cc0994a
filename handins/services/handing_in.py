"""A round as its learner writes it: begun, saved, handed in, taken back. Each of these twice is once."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.documents import plain_name
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from ecosystem.services.storage import file_remove
from handins.exceptions import HandinError
from handins.models import Assignment, CompletedBy, HandinFile, Round, RoundState, Submission, TeamDeed
from handins.selectors import terms_of, words_in
from handins.selectors.confirming import terms_again
from handins.services.checking import address_checked
from handins.services.confirming import confirmation_ask, confirmation_withdraw
from handins.services.filing import file_keep
from handins.services.locking import draft_held, own_round, submission_held
from handins.services.naming import pseudonym_keep
from handins.services.pages import pages_remove
from handins.services.peers import peers_joined
from handins.services.progress import state_changed, submission_complete
from handins.services.sharing import (
    all_agree,
    clash_refuse,
    deed_note,
    own_submissions,
    shared_submission,
    shares_follow,
    shares_freeze,
)
from handins.services.taking_back import draft_again
from handins.services.telling import people_of, tell_reviewer
from handins.services.turns import turn_set
from records.services import record

LONGEST, LONGEST_LINK = 200_000, Round._meta.get_field("link").max_length


@transaction.atomic
def round_start(*, assignment: Assignment, by: Membership) -> Round:
    """The draft of the person or their team: the one there is, or a new round with the words of the last one.

    Refuses while a round is handed in, after passing, and when there have been as many as are allowed.
    """
    here = current_scope().environment_id
    if assignment.is_group:
        held = shared_submission(assignment=assignment, by=by)
    else:
        submission, _made = Submission.objects.get_or_create(
            environment_id=here,
            person=by.person,
            element=assignment.element,
            team=None,
            defaults={"assignment": assignment},
        )
        held = submission_held(pk=submission.pk)
    last = Round.objects.filter(submission=held).order_by("-number").first()
    if last is not None and last.state == RoundState.DRAFT:
        return last
    if last is not None and last.state != RoundState.RETURNED:
        raise HandinError(_("You have handed it in already."))
    if last is not None and held.passed and not held.is_open:
        raise HandinError(_("You have passed this, so there is nothing to improve."))
    if last is not None and last.number >= held.assignment.most_rounds + held.more_rounds:
        raise HandinError(_("You have handed in as often as this assignment allows."))
    made: Round = Round.objects.create(
        environment_id=here,
        submission=held,
        person=by.person,
        element=assignment.element,
        number=last.number + 1 if last else 1,
        text=last.text if last else "",
        link=last.link if last else "",
        saved_at=clock.now(),
    )
    shares_follow(round=made)
    return made


@transaction.atomic
def round_save(
    *, round: Round, by: Membership, text: str | None = None, link: str | None = None, seen: datetime | None = None
) -> Round:
    """Keep what was written so far; the same again changes nothing.

    ``seen``: the ``saved_at`` that the writer began from. It refuses to write over what was saved since.
    """
    held = draft_held(round=round, by=by)
    before = held.text, held.link
    if text is not None:
        held.text = text.replace("\x00", "").replace("\r\n", "\n")[:LONGEST]
    if link is not None:
        held.link = address_checked(link=link, schemes=["http", "https"], most=LONGEST_LINK)
    if (held.text, held.link) != before:
        clash_refuse(round=held, by=by, seen=seen)
        held.saved_at = clock.now()
        held.save(update_fields=["text", "link", "saved_at"])
        deed_note(round=held, by=by, deed=TeamDeed.WROTE)
    return held


@transaction.atomic
def handin_file_add(*, round: Round, upload: File, by: Membership) -> HandinFile:
    """Put a file into the draft. Refuses (HandinError, DocumentError) other kinds, larger ones and more than are allowed."""
    return file_keep(round=round, name=plain_name(upload.name or ""), content=upload, size=upload.size, by=by)


@transaction.atomic
def handin_file_remove(*, file: HandinFile, by: Membership) -> None:
    """Take a file out of the draft. Twice is once."""
    held = draft_held(round=file.round, by=by)
    found = HandinFile.objects.filter(round=held, pk=file.pk).first()
    if found is not None:
        path = found.file.name
        pages_remove(file=found)
        found.delete()
        file_remove(path=path)
        deed_note(round=held, by=by, deed=TeamDeed.REMOVED)


@transaction.atomic
def round_submit(*, round: Round, by: Membership, declares: bool = False) -> Round:
    """Hand in the draft. Refuses an empty one, too many words, without the declaration, and after it has closed.

    Where everybody in the team agrees first, it stays a draft until the last of them does this.
    """
    held = own_round(round=round, by=by)
    if held.state in RoundState.waiting():
        return held
    if held.state != RoundState.DRAFT:
        raise HandinError(_("This round is over."))
    submission, now = held.submission, clock.now()
    assignment, terms = submission.assignment, terms_of(submission.assignment, person_ids=people_of(round=held))
    terms = terms_again(terms, held) if assignment.is_on_the_job else terms
    _refuse_unfinished(held, assignment)
    if assignment.honour and not declares:
        raise HandinError(_("Tick the declaration first."))
    if terms.closes_at is not None and now > terms.closes_at:
        raise HandinError(_("The time to hand in is over. Ask whoever marks it for more time."))
    if not all_agree(round=held, by=by):
        return held
    held.state, held.submitted_at = RoundState.SUBMITTED, now
    turn_set(round=held)
    held.is_late = terms.due_at is not None and now > terms.due_at
    held.declared = assignment.honour
    held.save(update_fields=["state", "submitted_at", "turn_at", "is_late", "declared"])
    pseudonym_keep(submission=submission)
    shares_freeze(round=held)
    deed_note(round=held, by=by, deed=TeamDeed.SUBMITTED)
    _record(held, "submitted", now)
    state_changed(round=held)
    asked = confirmation_ask(held=held)
    if assignment.completed_by == CompletedBy.SUBMITTED and asked is None:
        for one in own_submissions(round=held):
            submission_complete(submission=one)
    again = held.number > 1
    body = gettext_lazy("A next round waits for you.") if again else gettext_lazy("Work was handed in.")
    tell_reviewer(round=held, what=f"submitted:{now.timestamp()}", body=body)
    peers_joined(round=held)
    return held


@transaction.atomic
def round_withdraw(*, round: Round, by: Membership) -> Round:
    """Take it back to go on writing, as long as nobody has begun to look at it."""
    held = own_round(round=round, by=by)
    if held.state == RoundState.DRAFT:
        return held
    if held.state != RoundState.SUBMITTED:
        raise HandinError(_("Somebody is looking at it already, so it stays handed in."))
    draft_again(held=held)
    confirmation_withdraw(held=held)
    deed_note(round=held, by=by, deed=TeamDeed.RETRACTED)
    told = f"retracted:{clock.now().timestamp()}"
    tell_reviewer(round=held, what=told, body=gettext_lazy("It was taken back."))
    return held


def _refuse_unfinished(held: Round, assignment: Assignment) -> None:
    files = HandinFile.objects.filter(round=held).count() if assignment.takes_uploads else 0
    words = words_in(held.text) if assignment.takes_text else 0
    if not (words or files or (assignment.takes_link and held.link)):
        raise HandinError(_("There is nothing to hand in yet."))
    if assignment.most_words and words > assignment.most_words:
        raise HandinError(
            _("It has %(words)s words; %(most)s are the most.") % {"words": words, "most": assignment.most_words}
        )


def _record(held: Round, verb: str, at: datetime) -> None:
    for who in people_of(round=held):
        record(verb=verb, element=held.element, person_id=who, context={"round": held.number}, occurred_at=at)
