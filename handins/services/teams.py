"""Teams of an assignment: formed from groups, by chance or by hand; who joins and who leaves, also after they have begun."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Group, GroupMember, Membership
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import Assignment, Round, RoundState, Submission, Team, TeamMember
from handins.services.locking import submission_held
from handins.services.marking_rights import marks_people
from handins.services.sharing import shares_follow

MOST_TEAMS, MOST_PEOPLE, LONGEST = 200, 30, 80


@transaction.atomic
def team_make(
    *, assignment: Assignment, name: str, person_ids: Collection[int], by: Membership, group: Group | None = None
) -> Team:
    """A team of these people. Refuses whom ``by`` does not mark, whoever is in a team of it already, and a name that is taken."""
    _refuse_alone(assignment)
    name = name.replace("\x00", "").strip()
    if not name or len(name) > LONGEST:
        raise HandinError(_("Give the team a name of at most %(most)s characters.") % {"most": LONGEST})
    if not person_ids:
        raise HandinError(_("A team needs somebody in it."))
    _held_assignment(assignment)
    teams = Team.objects.filter(element_id=assignment.element_id)
    if teams.filter(name__iexact=name).exists():
        raise HandinError(_("There is a team with this name already."))
    if teams.count() >= MOST_TEAMS:
        raise HandinError(_("At most %(most)s teams.") % {"most": MOST_TEAMS})
    made: Team = Team.objects.create(
        environment_id=current_scope().environment_id, element_id=assignment.element_id, name=name, group=group
    )
    audit(act="handin.team_made", by=by.person, target=made, after={"name": name})
    _put_in(made, sorted(person_ids), by)
    return made


@transaction.atomic
def teams_from_groups(*, assignment: Assignment, groups: Iterable[Group], by: Membership) -> int:
    """A team of each group that has none yet; returns how many were made. Whoever is in a team already stays there."""
    _refuse_alone(assignment)
    known = set(Team.objects.filter(element_id=assignment.element_id).values_list("group_id", flat=True))
    made = 0
    for group in groups:
        free = _free(assignment, GroupMember.objects.filter(group=group).values_list("person_id", flat=True), by)
        if group.pk not in known and free:
            team_make(assignment=assignment, name=group.name, person_ids=free, group=group, by=by)
            made += 1
    return made


@transaction.atomic
def teams_draw(*, assignment: Assignment, group: Group, size: int, by: Membership) -> int:
    """The people of a group in teams of about ``size``, drawn by lot; returns how many were made. None differs by more than one."""
    _refuse_alone(assignment)
    if not 2 <= size <= MOST_PEOPLE:
        raise HandinError(_("A team has 2 to %(most)s people.") % {"most": MOST_PEOPLE})
    people = _free(assignment, GroupMember.objects.filter(group=group).values_list("person_id", flat=True), by)
    if not people:
        raise HandinError(_("Everybody of this group is in a team already, or nobody is in the group."))
    secrets.SystemRandom().shuffle(people)
    count = max(1, round(len(people) / size))
    taken = {
        name.lower() for name in Team.objects.filter(element_id=assignment.element_id).values_list("name", flat=True)
    }
    numbers = (n for n in range(1, MOST_TEAMS * 2) if f"{group.name[:70]} {n}".lower() not in taken)
    for place, number in zip(range(count), numbers, strict=False):
        name = f"{group.name[:70]} {number}"
        team_make(assignment=assignment, name=name, person_ids=people[place::count], by=by)
    return count


@transaction.atomic
def team_join(*, team: Team, person_id: int, by: Membership) -> None:
    """Put somebody into a team; twice is once. They have part in its draft, not in what it handed in before."""
    held = _held(team)
    _put_in(held, [person_id], by)


@transaction.atomic
def team_leave(*, team: Team, person_id: int, by: Membership) -> None:
    """Take somebody out; twice is once. What they handed in with the team stays theirs, and so does its mark."""
    held = _held(team)
    if not marks_people(by=by, element_id=held.element_id, person_ids=[person_id]):
        raise HandinError(_("Only who marks the work of this person can do that."))
    gone, _rows = TeamMember.objects.filter(team=held, person_id=person_id).delete()
    if gone:
        audit(act="handin.team_left", by=by.person, target=held, before={"person": person_id})
        _draft_follows(held)


@transaction.atomic
def team_remove(*, team: Team, by: Membership) -> None:
    """Take a team away that has not begun. Twice is once."""
    held = Team.objects.select_for_update(of=("self",), no_key=True).filter(pk=team.pk).first()
    if held is None:
        return
    inside = list(TeamMember.objects.filter(team=held).values_list("person_id", flat=True))
    if not marks_people(by=by, element_id=held.element_id, person_ids=inside):
        raise HandinError(_("Only who marks the work of these people can do that."))
    if Submission.objects.filter(team=held).exists():
        raise HandinError(_("This team has begun, so it stays. Take people out of it instead."))
    audit(act="handin.team_removed", by=by.person, target=held, before={"name": held.name, "people": inside})
    held.delete()


def group_joined(*, group: Group, person_ids: Collection[int]) -> None:
    """Who comes into a group comes into the teams that were formed from it, unless they are in another team already."""
    for team in Team.objects.filter(group=group).order_by("pk"):
        held = _held(team)
        busy = TeamMember.objects.filter(element_id=held.element_id, person_id__in=list(person_ids))
        _rows_add(held, sorted(set(person_ids) - set(busy.values_list("person_id", flat=True))))


def _put_in(held: Team, person_ids: Sequence[int], by: Membership) -> None:
    inside = dict(
        TeamMember.objects.filter(element_id=held.element_id, person_id__in=person_ids).values_list(
            "person_id", "team_id"
        )
    )
    if any(team_id != held.pk for team_id in inside.values()):
        raise HandinError(_("Somebody of them is in another team of this assignment. Take them out of that first."))
    present = TeamMember.objects.filter(team=held).values_list("person_id", flat=True)
    if not marks_people(by=by, element_id=held.element_id, person_ids=[*person_ids, *present]):
        raise HandinError(_("Only who marks the work of these people can do that."))
    new = [person_id for person_id in person_ids if person_id not in inside]
    if TeamMember.objects.filter(team=held).count() + len(new) > MOST_PEOPLE:
        raise HandinError(_("A team has 2 to %(most)s people.") % {"most": MOST_PEOPLE})
    if new:
        _rows_add(held, new)
        # Another at the same moment may have been first.
        if TeamMember.objects.filter(team=held, person_id__in=new).count() < len(new):
            raise HandinError(_("Somebody of them is in another team of this assignment. Take them out of that first."))
        audit(act="handin.team_joined", by=by.person, target=held, after={"people": new})


def _rows_add(held: Team, person_ids: Iterable[int]) -> None:
    rows = [
        TeamMember(
            environment_id=held.environment_id,
            team=held,
            element_id=held.element_id,
            person_id=one,
            joined_at=clock.now(),
        )
        for one in person_ids
    ]
    TeamMember.objects.bulk_create(rows, ignore_conflicts=True)
    _draft_follows(held)


def _draft_follows(held: Team) -> None:
    submission = Submission.objects.filter(team=held).first()
    if submission is None:
        return
    submission = submission_held(pk=submission.pk)
    draft = Round.objects.filter(submission=submission, state=RoundState.DRAFT).first()
    if draft is not None:
        draft.submission = submission
        shares_follow(round=draft)


def _free(assignment: Assignment, person_ids: Iterable[int], by: Membership) -> list[int]:
    """Members here of whom ``by`` marks the work, and who are in no team of it."""
    busy = set(TeamMember.objects.filter(element_id=assignment.element_id).values_list("person_id", flat=True))
    here = Membership.objects.filter(person_id__in=list(person_ids), ended_at=None).order_by("person_id")
    free = [one for one in here.values_list("person_id", flat=True) if one not in busy]
    if not marks_people(by=by, element_id=assignment.element_id, person_ids=free):
        raise HandinError(_("Only who marks the work of these people can do that."))
    return free


def _refuse_alone(assignment: Assignment) -> None:
    if not assignment.is_group:
        raise HandinError(_("Everybody hands this in on their own. Change the assignment first."))


def _held_assignment(assignment: Assignment) -> None:
    """One after the other, so that nobody comes into two teams."""
    list(Team.objects.select_for_update(no_key=True).filter(element_id=assignment.element_id).values_list("pk"))


def _held(team: Team) -> Team:
    found: Team | None = Team.objects.select_for_update(of=("self",), no_key=True).filter(pk=team.pk).first()
    if found is None:
        raise HandinError(_("This team is no longer there."))
    return found
