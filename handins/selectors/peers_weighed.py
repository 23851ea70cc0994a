"""What peers propose, how much each reviewer counts, and why; worked out when it is asked, so it is never out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ecosystem.models import Membership
from handins.access import rounds_of
from handins.computations.weights import Calibrated, Given, calibrated
from handins.models import Mark, PeerBlend, PeerPhase, PeerReview, PeerState, PeerTry, Round, RoundState, Share
from handins.selectors.peers import peer_phase_of, reviews_marked


@dataclass(frozen=True)
class Weighed:
    """``scores`` by round, of those with a review that counts; ``reviewing`` by person: what giving reviews was worth (0 to 1)."""

    found: Calibrated
    reviewing: dict[int, float]

    @property
    def scores(self) -> dict[int, float]:
        return self.found.scores


def weighed(phase: PeerPhase) -> Weighed:
    """Of all reviews that are given and not left out; two queries.

    Reviewing: the part of one's reviews that was given and counts, of which up to three tenths go with a low weight.
    """
    given, asked, counted = [], Counter[int](), Counter[int]()
    rows = PeerReview.objects.filter(phase=phase).exclude(state=PeerState.DROPPED).order_by("pk")
    for round_id, person_id, state, score, excluded in rows.values_list(
        "round_id", "person_id", "state", "score", "excluded"
    ):
        asked[person_id] += 1
        if state == PeerState.DONE and not excluded:
            counted[person_id] += 1
            if score is not None:
                given.append(Given(round_id, person_id, score))
    practice: dict[int, list[float]] = {}
    tries = PeerTry.objects.filter(sample__element_id=phase.element_id).order_by("pk")
    for person_id, score, sample in tries.values_list("person_id", "score", "sample__score"):
        practice.setdefault(person_id, []).append(abs(score - sample))
    found = calibrated(given, practice)
    reviewing = {
        who: counted[who] / count * min(1.0, 0.6 + 0.4 * (found.weights[who].weight if who in found.weights else 1.0))
        for who, count in asked.items()
    }
    return Weighed(found, reviewing)


@dataclass(frozen=True)
class ReviewWeighed:
    review: PeerReview
    weight: float | None
    apart: float | None
    apart_samples: float | None


@dataclass(frozen=True)
class Proposal:
    """For the page of who marks: what peers propose for a round, never more than that. Scores in percent."""

    phase: PeerPhase
    percent: int | None
    reviewing: int | None
    criteria: list[tuple[str, str]]
    reviews: list[ReviewWeighed]
    missing: int
    is_mixed: bool
    own: int


def proposal_of(round: Round, membership: Membership) -> Proposal | None:
    """None where no peer reviews this round."""
    phase = peer_phase_of(round.element_id)
    if phase is None:
        return None
    rows = list(reviews_marked(membership, element_id=round.element_id).filter(round=round).order_by("place", "pk"))
    if not rows:
        return None
    every = weighed(phase)
    score, reviewing = every.scores.get(round.pk), reviewing_of(round, every)
    shown = []
    for row in rows:
        of = every.found.weights.get(row.person_id)
        if row.state == PeerState.DONE:
            shown.append(
                ReviewWeighed(
                    row, of.weight if of else None, of.apart if of else None, of.apart_samples if of else None
                )
            )
    return Proposal(
        phase=phase,
        percent=None if score is None else round_down(score),
        reviewing=None if reviewing is None or round.hides_names else round_down(reviewing),
        criteria=_middle(shown),
        reviews=shown,
        missing=sum(row.state == PeerState.OPEN for row in rows),
        is_mixed=phase.plan.is_on and phase.plan.counts,
        own=100 - phase.plan.share - phase.plan.quality,
    )


def reviewing_of(round: Round, every: Weighed) -> float | None:
    """What the reviewing of whoever made it is worth; in a team the mean of its people."""
    people = [round.person_id]
    if round.submission.team_id is not None:
        people = list(Share.objects.filter(round=round, is_gone=False).values_list("person_id", flat=True))
    found = [every.reviewing[who] for who in people if who in every.reviewing]
    return sum(found) / len(found) if found else None


def round_down(score: float) -> int:
    return int(score * 100 + 1e-6)


def _middle(rows: list[ReviewWeighed]) -> list[tuple[str, str]]:
    """By criterion the level in the middle, weighted; of the rubric that most used."""
    counted = [
        one for one in rows if one.review.rubric is not None and not one.review.excluded and one.weight is not None
    ]
    if not counted:
        return []
    rubric_id = Counter(one.review.rubric_id for one in counted).most_common(1)[0][0]
    same = [one for one in counted if one.review.rubric_id == rubric_id]
    found = []
    for place, criterion in enumerate(same[0].review.rubric.criteria):
        votes = {}
        for one in same:
            level = one.review.levels.get(str(place))
            if level is not None:
                votes[level] = votes.get(level, 0.0) + (one.weight or 0.0)
        if votes:
            found.append((criterion["title"], criterion["levels"][_median(votes)]["title"]))
    return found


def _median(votes: Mapping[int, float]) -> int:
    half, seen = sum(votes.values()) / 2, 0.0
    for level in sorted(votes):
        seen += votes[level]
        if seen >= half - 1e-9:
            return level
    return max(votes)


def own_blends(membership: Membership, *, element_id: int) -> list[tuple[Round, PeerBlend]]:
    """How the released marks of one's own rounds were mixed, the newest round first."""
    rounds = Round.objects.filter(
        pk__in=rounds_of(membership.person_id), element_id=element_id, state=RoundState.RETURNED
    )
    found = list(rounds.order_by("-number", "-pk"))
    newest = {one.round_id: one for one in Mark.objects.filter(round__in=found).order_by("pk")}
    blends = {one.mark_id: one for one in PeerBlend.objects.filter(mark__in=list(newest.values()))}
    return [(row, blends[newest[row.pk].pk]) for row in found if row.pk in newest and newest[row.pk].pk in blends]


def proposals_of(phase: PeerPhase, membership: Membership) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """By round what is proposed, and by reviewer how much they count; of work that the person marks."""
    every = weighed(phase)
    rows = list(reviews_marked(membership, element_id=phase.element_id).order_by("round__uid", "pk"))
    rounds = {row.round_id: row.round.uid for row in rows if row.round_id in every.scores}
    people = {
        row.person_id: row.reviewer_called if row.round.hides_names else row.person.email
        for row in rows
        if row.person_id in every.found.weights
    }
    proposals = [{"handin": uid, "percent": round_down(every.scores[pk])} for pk, uid in rounds.items()]
    return proposals, [{"person": called, **asdict(every.found.weights[who])} for who, called in people.items()]
