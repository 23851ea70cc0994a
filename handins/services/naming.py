"""Marking without names: the pseudonym of a hand-in, and its name when an administrator asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import token_hex

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import EnvironmentAncestor, Membership
from ecosystem.rules import is_admin
from ecosystem.scope import current_scope, open_scope
from ecosystem.services.audit import audit
from handins.anonymity import is_hidden_from
from handins.exceptions import HandinError
from handins.models import Assignment, Reveal, Round, RoundState, Submission
from handins.services.locking import reason_kept, round_for_reviewer
from handins.services.turns import turns_follow

SIZES = (2, 2, 2, 2, 3, 3, 4, 8)  # bytes: short first, longer where many short ones are taken


def pseudonym_keep(*, submission: Submission) -> None:
    """Draw one by lot where work is marked without names, unless there is one. Nothing about the person leads to it."""
    if not submission.assignment.is_anonymous:
        return
    for size in SIZES:
        if submission.pseudonym:
            return
        drawn = token_hex(size).upper()
        try:
            with transaction.atomic():
                Submission.objects.filter(pk=submission.pk, pseudonym="").update(pseudonym=drawn)
        except IntegrityError:  # somebody else of this assignment has it
            continue
        submission.refresh_from_db(fields=["pseudonym"])


def names_follow(*, assignment: Assignment) -> None:
    """After an assignment has begun or ceased to hide names, here and wherever below it is used: what was begun gets its
    pseudonym, and what waits the place in the queue that tells no more than may be known."""
    for _place in here_and_below():
        begun = Submission.objects.filter(element_id=assignment.element_id, pseudonym="")
        for submission in begun.select_related("assignment").order_by("pk"):
            pseudonym_keep(submission=submission)
        turns_follow(element_id=assignment.element_id, is_anonymous=assignment.is_anonymous)


def is_being_marked(*, assignment: Assignment) -> bool:
    """Whether any of its work waits for marks or for their release, here or wherever below it is used."""
    under_way = Round.objects.filter(element_id=assignment.element_id)
    under_way = under_way.exclude(state__in=[RoundState.DRAFT, RoundState.RETURNED])
    return any(under_way.all().exists() for _place in here_and_below())


def here_and_below() -> Iterator[int]:
    """Each environment, in a scope of its own until the next: also where it may not be used any more, but was."""
    here = EnvironmentAncestor.objects.filter(ancestor_id=current_scope().environment_id).order_by("environment_id")
    for place in list(here.values_list("environment_id", flat=True)):
        with open_scope(environment_id=place):
            yield place


@transaction.atomic
def name_reveal(*, round: Round, because: str, by: Membership) -> Reveal:
    """Show this administrator whose work it is, before the release. The log keeps that, and why. Twice is once."""
    held, because = round_for_reviewer(round=round, by=by), reason_kept(because=because)
    if not is_admin(by):
        raise HandinError(_("Only an administrator can do that."))
    before: Reveal | None = Reveal.objects.filter(submission=held.submission, by=by.person).first()
    if before is not None:
        return before
    if not Round.objects.filter(is_hidden_from(by.person_id), pk=held.pk).exists():
        raise HandinError(_("The name is not hidden."))
    if not because:
        raise HandinError(_("Say why: the log keeps it."))
    made: Reveal = Reveal.objects.create(
        environment_id=held.environment_id, submission=held.submission, round=held, person_id=held.person_id,
        by=by.person, because=because, at=clock.now(),
    )  # fmt: skip
    audit(act="handin.name_revealed", by=by.person, target=held, after={"because": because})
    return made


def refuse_hidden(*, round: Round, by: Membership) -> None:
    """What is done to one person by name waits until names are back."""
    if Round.objects.filter(is_hidden_from(by.person_id), pk=round.pk).exists():
        raise HandinError(_("Names are hidden until the marks are released."))
