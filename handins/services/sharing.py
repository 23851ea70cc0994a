"""A round that a team shares: who has part in it, who did what, who agrees. For work of one person all of it is that person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from handins.exceptions import ClashError, HandinError
from handins.models import Assignment, Round, RoundState, Share, Submission, Team, TeamAct, TeamDeed, TeamMember
from handins.services.locking import submission_held
from handins.services.telling import people_of, tell_person


def shared_submission(*, assignment: Assignment, by: Membership) -> Submission:
    """What the team of this person hands in for the assignment, held; two who begin at once begin the same."""
    mine = TeamMember.objects.filter(element_id=assignment.element_id, person_id=by.person_id)
    team = Team.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=mine.values("team_id")).first()
    if team is None:
        raise HandinError(_("Teams hand this in, and you are in none. Ask whoever gives feedback on it."))
    made, _new = Submission.objects.get_or_create(
        environment_id=team.environment_id,
        team=team,
        defaults={"person": by.person, "element": assignment.element, "assignment": assignment},
    )
    return submission_held(pk=made.pk)


def shares_follow(*, round: Round) -> None:
    """Who is in the team now has part in its draft, and nobody else. What is handed in stays as it was."""
    if round.submission.team_id is None or round.state != RoundState.DRAFT:
        return
    inside = set(TeamMember.objects.filter(team_id=round.submission.team_id).values_list("person_id", flat=True))
    shares = Share.objects.filter(round=round)
    shares.exclude(person_id__in=inside).delete()
    known = set(shares.values_list("person_id", flat=True))
    new = [Share(environment_id=round.environment_id, round=round, person_id=who) for who in sorted(inside - known)]
    Share.objects.bulk_create(new)
    list(own_submissions(round=round))  # so that it is among the work of each


def own_submissions(*, round: Round) -> Iterator[Submission]:
    """Where it is kept what each person of the round is worth."""
    if round.submission.team_id is None:
        yield round.submission
        return
    for person_id in people_of(round=round):
        found, _new = Submission.objects.get_or_create(
            environment_id=round.environment_id,
            person_id=person_id,
            element_id=round.element_id,
            team=None,
            defaults={"assignment": round.submission.assignment},
        )
        yield found


def clash_refuse(*, round: Round, by: Membership, seen: datetime | None) -> None:
    """Nobody writes over what was saved since without having seen it: by another of the team, or in another tab of their own.

    Whoever does not say what they saw may go on with words of their own.
    """
    if seen == round.saved_at:
        return
    wrote = TeamAct.objects.filter(round=round, deed=TeamDeed.WROTE).select_related("person")
    last = wrote.order_by("-at", "-pk").first() if round.submission.team_id else None
    if last is not None and last.person_id != by.person_id:
        raise ClashError(
            _("%(name)s has saved other words since. Look at them, then save yours.") % {"name": last.person.name}
        )
    if seen is not None:
        raise ClashError(
            _("You have saved other words since, in another tab or on another device. Look at them, then save these.")
        )


def deed_note(*, round: Round, by: Membership, deed: TeamDeed) -> None:
    """Keep who did it, for everybody in the team. What changes the work takes back who had agreed to it."""
    if round.submission.team_id is None:
        return
    if deed in (TeamDeed.WROTE, TeamDeed.ADDED, TeamDeed.REMOVED, TeamDeed.RETRACTED):
        Share.objects.filter(round=round).update(agreed_at=None)
    acts = TeamAct.objects.filter(round=round, person=by.person, deed=deed)
    if not acts.update(times=F("times") + 1, at=clock.now()):
        TeamAct.objects.create(
            environment_id=round.environment_id, round=round, person=by.person, deed=deed, at=clock.now()
        )


def all_agree(*, round: Round, by: Membership) -> bool:
    """Whether it can be handed in now. Where everybody agrees first, this person does, and the others are asked."""
    if round.submission.team_id is None or not round.submission.assignment.all_agree:
        return True
    shares = Share.objects.filter(round=round)
    if shares.filter(person_id=by.person_id, agreed_at=None).update(agreed_at=clock.now()):
        deed_note(round=round, by=by, deed=TeamDeed.AGREED)
    missing = list(shares.filter(agreed_at=None).order_by("pk").values_list("person_id", flat=True))
    for person_id in missing:
        body = gettext_lazy("Your team wants to hand this in. Do you agree?")
        tell_person(round=round, person_id=person_id, what=f"agree:{round.saved_at.timestamp()}", body=body)
    return not missing


def shares_freeze(*, round: Round) -> None:
    """Each keeps a copy of what was handed in; it is theirs, whatever becomes of the others."""
    if round.submission.team_id is not None:
        Share.objects.filter(round=round).update(text=round.text, link=round.link)


def shares_thaw(*, round: Round) -> None:
    """Taken back: a draft again, of those who are in the team now."""
    if round.submission.team_id is not None:
        Share.objects.filter(round=round).update(text="", link="", agreed_at=None)
        shares_follow(round=round)
