"""Teams as people see them: who is in them, who did what in a round, and what one of them gets apart from the mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from ecosystem.models import Membership, Person
from handins.access import rounds_of
from handins.apart import own_result
from handins.models import Adjustment, Assignment, Mark, Round, RoundState, Share, Submission, Team, TeamAct, TeamMember
from handins.selectors.rounds import RoundShown, rounds_shown


@dataclass
class Part:
    """One person's part in a round. ``apart`` is for whoever may see it: the person, and who marks the work."""

    person: Person
    agreed: bool
    acts: list[TeamAct] = field(default_factory=list)
    apart: Adjustment | None = None
    percent: int | None = None
    passed: bool | None = None


@dataclass
class TeamRound:
    name: str
    parts: list[Part]

    @property
    def waiting(self) -> list[str]:
        return [part.person.name for part in self.parts if not part.agreed]


@dataclass(frozen=True)
class TeamWork:
    """The team of a person for an assignment, what it hands in, and its newest round, which may be from before they came."""

    team: Team | None
    submission: Submission | None
    last: Round | None


def team_work(membership: Membership, *, element_id: int) -> TeamWork:
    mine = (
        TeamMember.objects.filter(element_id=element_id, person_id=membership.person_id).select_related("team").first()
    )
    if mine is None:
        return TeamWork(None, None, None)
    shared = Submission.objects.filter(team=mine.team).select_related("assignment").first()
    last = Round.objects.filter(submission=shared).order_by("-number").first() if shared else None
    return TeamWork(mine.team, shared, last)


def team_rounds_shown(membership: Membership, work: TeamWork, *, element_id: int) -> list[RoundShown]:
    """The rounds that the person had part in: with former teams first, then with the team of now."""
    mine = Round.objects.filter(pk__in=rounds_of(membership.person_id), element_id=element_id)
    shown = rounds_shown(work.submission or Submission(), for_reviewer=False, rounds=mine)
    now = work.submission.pk if work.submission else None
    return sorted(shown, key=lambda one: one.round.submission_id == now)


def team_parts_set(shown: Iterable[RoundShown], *, assignment: Assignment, only: int | None = None) -> None:
    """Give the rounds of teams their ``team``; ``only``: whose adjustment may be seen, None for those of everybody."""
    rounds = list(shown)
    by_round: dict[int, list[Part]] = {}
    names: dict[int, str] = {}
    found: dict[tuple[int, int], Part] = {}
    shares = Share.objects.filter(round__in=[one.round.pk for one in rounds]).select_related(
        "person", "round__submission__team"
    )
    for share in shares.order_by("person__name", "pk"):
        part = Part(share.person, share.agreed_at is not None)
        found[share.round_id, share.person_id] = part
        by_round.setdefault(share.round_id, []).append(part)
        names[share.round_id] = share.round.submission.team.name
    if not found:
        return
    for act in TeamAct.objects.filter(round__in=list(by_round)).order_by("at", "pk"):
        if part := found.get((act.round_id, act.person_id)):
            part.acts.append(act)
    for apart in Adjustment.objects.filter(round__in=list(by_round)).order_by("pk"):
        if (part := found.get((apart.round_id, apart.person_id))) and only in (None, apart.person_id):
            part.apart = apart
    for one in rounds:
        if one.round.pk not in by_round:
            continue
        one.team = TeamRound(names[one.round.pk], by_round[one.round.pk])
        for part in one.team.parts:
            if one.mark is not None:
                score, part.passed = own_result(mark=one.mark, apart=part.apart, pass_mark=assignment.pass_mark)
                part.percent = Mark(score=score, passed=part.passed).percent
            elif one.round.state != RoundState.RETURNED and only is not None:
                part.apart = None


def teams_of(assignment: Assignment) -> QuerySet[Team]:
    """With their people; for pages of whoever marks."""
    people = Prefetch("members", TeamMember.objects.select_related("person").order_by("person__name", "pk"))
    return (
        Team.objects.filter(element_id=assignment.element_id)
        .select_related("group")
        .prefetch_related(people)
        .order_by("name", "pk")
    )
