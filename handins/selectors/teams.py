"""Teams as people see them: who is in them, who did what in a round, and what one of them gets apart from the mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from ecosystem.models import Membership, Person
from handins.access import may_share, rounds_of, work_of
from handins.computations.apart import own_result
from handins.models import Adjustment, Assignment, Mark, Round, RoundState, Share, Submission, Team, TeamAct, TeamMember
from handins.selectors.queue import assignments_reviewed
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

    def agrees(self, person_id: int) -> bool:
        return any(part.agreed and part.person.pk == person_id for part in self.parts)

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
    """Give the rounds of teams their ``team``, in three queries. ``only``: whose adjustment may be seen once it is released,
    None for those of everybody at any time."""
    rounds = {one.round.pk: one for one in shown}
    found: dict[tuple[int, int], Part] = {}
    shares = Share.objects.filter(round__in=list(rounds)).select_related("person", "round__submission__team")
    for share in shares.order_by("person__name", "pk"):
        one = rounds[share.round_id]
        one.team = one.team or TeamRound(share.round.submission.team.name, [])
        part = Part(share.person, share.agreed_at is not None)
        one.team.parts.append(part)
        found[share.round_id, share.person_id] = part
    for act in TeamAct.objects.filter(round__in=list(rounds)).order_by("at", "pk"):
        if part := found.get((act.round_id, act.person_id)):
            part.acts.append(act)
    _apart_set(found, rounds, only)
    for (round_id, _person_id), part in found.items():
        if (mark := rounds[round_id].mark) is not None:
            apart = (part.apart.points, part.apart.passed) if part.apart else None
            score, part.passed = own_result(
                score=mark.score, passed=mark.passed, apart=apart, pass_mark=assignment.pass_mark
            )
            part.percent = Mark(score=score, passed=part.passed).percent


def _apart_set(found: dict[tuple[int, int], Part], rounds: dict[int, RoundShown], only: int | None) -> None:
    for apart in Adjustment.objects.filter(round__in=list(rounds)).order_by("pk"):
        part = found.get((apart.round_id, apart.person_id))
        is_released = rounds[apart.round_id].round.state == RoundState.RETURNED
        if part is not None and (only is None or (apart.person_id == only and is_released)):
            part.apart = apart


def teams_marked(membership: Membership) -> QuerySet[Team]:
    """For whoever marks everything here all of them; else those with somebody whose work they mark, and of those that nobody is
    in any more what has handed in or begun such work, or has begun nothing and is of an assignment that they mark."""
    if may_share(membership):
        return Team.objects.all()
    works = Round.objects.filter(work_of(membership)).exclude(submission__team=None).values("submission__team_id")
    of_theirs = Q(element__in=assignments_reviewed(membership).order_by().values("element_id"))
    is_new = ~Exists(Submission.objects.filter(team=OuterRef("pk")))
    is_empty = ~Exists(TeamMember.objects.filter(team=OuterRef("pk")))
    inside = Q(pk__in=TeamMember.objects.filter(work_of(membership)).values("team_id"))
    return Team.objects.filter(inside | Q(is_empty & (Q(pk__in=works) | of_theirs & is_new)))


def teams_of(assignment: Assignment, membership: Membership) -> QuerySet[Team]:
    """With their people, and ``has_begun``; for pages of whoever marks."""
    people = Prefetch("members", TeamMember.objects.select_related("person").order_by("person__name", "pk"))
    begun = Exists(Submission.objects.filter(team=OuterRef("pk")))
    rows = teams_marked(membership).filter(element_id=assignment.element_id).annotate(has_begun=begun)
    return rows.select_related("group").prefetch_related(people).order_by("name", "pk")
